"""harmonic.json: harmonic inpainting by a direct sparse solver; format in README.md."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

from .arrays import encode
from .fixture_masking import random_masking
from .recipe import Stream

SMALL = 20
SAMPLES = 192


def laplace(values, unknown):
    """Fills `unknown` [S, S] of float64 [3, S, S]: each is the mean of its neighbours within the image."""
    size = len(unknown)
    number = np.full(unknown.shape, -1)
    number[unknown] = np.arange(unknown.sum())
    rows, columns, entries = [], [], []
    b = np.zeros((unknown.sum(), 3))
    for y, x in np.argwhere(unknown):
        row = number[y, x]
        around = [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)]
        around = [(v, u) for v, u in around if 0 <= v < size and 0 <= u < size]
        rows.append(row), columns.append(row), entries.append(len(around))
        for v, u in around:
            if unknown[v, u]:
                rows.append(row), columns.append(number[v, u]), entries.append(-1)
            else:
                b[row] += values[:, v, u]
    matrix = coo_matrix((entries, (rows, columns))).tocsc()
    filled = values.copy()
    filled[:, unknown] = spsolve(matrix, b).T
    return filled


def case(name, size, patch_size, mask, seed):
    """`mask` is a list of 0 and 1; the image is noise in [-2, 2), from Stream(seed)."""
    grid = size // patch_size
    unknown = np.kron(np.array(mask).reshape(grid, grid), np.ones((patch_size, patch_size))).astype(bool)
    values = Stream(seed).rand(3, size, size).numpy().astype(np.float64) * 4 - 2
    filled = laplace(values, unknown)
    assert np.isfinite(filled).all() and np.abs(filled).max() <= 2
    entry = {"name": name, "image_size": size, "patch_size": patch_size, "seed": seed, "mask": mask}
    filled = filled.astype(np.float32)
    if size <= SMALL:
        return entry | {"filled": encode(filled)}
    index = np.arange(SAMPLES) * 7919 % filled.size
    return entry | {"samples": encode(filled.reshape(-1)[index])}


def random_mask(length, ratio, seed):
    return random_masking(Stream(seed).rand(length).numpy(), ratio)[2]


def all_but(length, *visible):
    return [int(i not in visible) for i in range(length)]


def build():
    return {
        "cases": [
            case("random, 20", 20, 4, random_mask(25, 0.75, 2), 600),
            case("one visible patch in the corner, 15", 15, 5, all_but(9, 8), 601),
            case("random, 224", 224, 16, random_mask(196, 0.75, 2), 602),
            case("almost everything, 224", 224, 16, random_mask(196, 0.95, 3), 603),
            case("one visible patch in the corner, 224", 224, 16, all_but(196, 0), 604),
            case("opposite corners, 224, patch 14", 224, 14, all_but(256, 0, 255), 605),
        ]
    }
