"""Float32 values that any language can repeat: one MT19937 stream, elementwise arithmetic, nothing else.

See "recipe.json" in README.md for the definition.
"""

import hashlib

import numpy as np
import torch

from .arrays import to_bytes


def draws(seed, count):
    """The first `count` 32-bit draws of MT19937 after integer seeding, uint32 [count]."""
    return np.random.RandomState(seed).randint(0, 2**32, size=count, dtype=np.uint32)


class Stream:
    """Uniform float32 values in [0, 1), one draw each, through torch.rand on one generator."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def rand(self, *shape):
        """[...shape] float32: the next draws as (draw & 0xFFFFFF) * 2^-24."""
        return torch.rand(*shape, generator=self.generator)

    def uniform(self, shape, center, scale):
        """center + scale * (2u - 1), every step rounded to float32. `center` may be an array of that shape."""
        # Steps are separate NumPy calls: a fused multiply-add would round once instead of twice.
        u = self.rand(*shape).numpy()
        symmetric = np.float32(2) * u - np.float32(1)
        scaled = np.float32(scale) * symmetric
        return np.asarray(center, np.float32) + scaled


def f32(value):
    """The double that equals the nearest float32, for writing into JSON."""
    return float(np.float32(value))


def fill(recipe):
    """Yields (name, float32 array) for every tensor of a recipe, in its order."""
    stream = Stream(recipe["seed"])
    for entry in recipe["tensors"]:
        yield entry["name"], stream.uniform(entry["shape"], entry["center"], entry["scale"])


def check_values(recipe):
    """Adds what a reader can check itself by: the count, each tensor's first value, the hash of all values."""
    digest, count = hashlib.sha256(), 0
    for entry, (_, values) in zip(recipe["tensors"], fill(recipe)):
        entry["first"] = float(values.reshape(-1)[0])
        digest.update(to_bytes(values))
        count += values.size
    return {"seed": recipe["seed"], "params": count, "sha256": digest.hexdigest(), "tensors": recipe["tensors"]}
