"""random.json: torch.rand and np.random.uniform after seeding; format in README.md."""

import numpy as np
import torch

from .arrays import encode, numbers, sha256

COUNT = 196
COMMON = [*range(201), 2**31 - 1, 2**31, 2**32 - 1]
TORCH_ONLY = [-1, -2, -12345, -(2**31), -(2**63), 2**32, 2**32 + 2, 2**40 + 7, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1]
FULL = [0, 1, 2, 42, 2**31, 2**32 - 1]
CONSECUTIVE = [1, 7, 16, 600, 3, 1000]

TRIED_TORCH = [2**64, 2**64 + 2, -(2**63) - 1, -(2**64)]
TRIED_NUMPY = [-1, -12345, 2**32, 2**63 - 1, 2**64]


def torch_rand(seed, *counts):
    """[count] float32 per count, after one seeding."""
    torch.manual_seed(seed)
    return [torch.rand(1, count).numpy()[0] for count in counts]


def numpy_uniform(seed, *counts):
    """[count] float64 per count, after one seeding."""
    np.random.seed(seed)
    return [np.random.uniform(size=(1, count))[0] for count in counts]


def refused(draw, seeds):
    """Those seeds that the library refuses; all of the given ones must be."""
    for seed in seeds:
        try:
            draw(seed, 1)
        except ValueError:
            continue
        raise AssertionError(f"seed {seed} is accepted")
    return [str(seed) for seed in seeds]


def group(draw, seeds, tried):
    """What one library answers."""
    (long,) = draw(2, 100_000)
    values = {seed: draw(seed, COUNT)[0] for seed in seeds}
    return {
        "count": COUNT,
        "seeds": [{"seed": str(s), "first": numbers(v[:4]), "sha256": sha256(v)} for s, v in values.items()],
        "full": [{"seed": str(s), "values": encode(values[s])} for s in FULL],
        "long": [
            {
                "seed": "2",
                "count": long.size,
                "first": numbers(long[:4]),
                "last": numbers(long[-4:]),
                "sha256": sha256(long),
            }
        ],
        "consecutive": [
            {"seed": "2", "counts": CONSECUTIVE, "sha256": [sha256(v) for v in draw(2, *CONSECUTIVE)]}
        ],
        "refused": refused(draw, tried),
    }


def build():
    return {
        "torch": group(torch_rand, COMMON + TORCH_ONLY, TRIED_TORCH),
        "numpy": group(numpy_uniform, COMMON, TRIED_NUMPY),
    }
