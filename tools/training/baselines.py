"""What one can paint without a model: the four fillings a masked autoencoder must beat.

All work in normalised pixel space on patches [L, N] with mask [L] (1 = hidden) and
return patches [L, N] whose visible rows are the original ones.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import factorized
from torch import Tensor

from model import patchify, unpatchify


def fill_grey(patches: Tensor, mask: Tensor) -> Tensor:
    """Zero in normalised space: the mean colour of ImageNet, which the figures show."""
    return torch.where(mask[:, None] > 0, torch.zeros_like(patches), patches)


def fill_mean(patches: Tensor, mask: Tensor) -> Tensor:
    """The mean of the visible pixels, per channel."""
    mean = patches[mask == 0].reshape(-1, 3).mean(0)
    filled = mean.repeat(patches.shape[1] // 3)[None].expand_as(patches)
    return torch.where(mask[:, None] > 0, filled, patches)


def fill_nearest(patches: Tensor, mask: Tensor) -> Tensor:
    """The mean colour of the nearest visible patch (Euclidean; the first of equals)."""
    side = math.isqrt(len(patches))
    places = torch.stack(torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij"), -1)
    places = places.reshape(-1, 2).double()
    visible = (mask == 0).nonzero()[:, 0]
    nearest = torch.cdist(places, places[visible]).argmin(1)
    means = patches[visible].reshape(len(visible), -1, 3).mean(1)
    filled = means[nearest].repeat(1, patches.shape[1] // 3)
    return torch.where(mask[:, None] > 0, filled, patches)


def harmonic(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Solve Laplace's equation where `known` is false: values [H, W, C], known [H, W].

    Five-point stencil; at the picture's edge the missing neighbours are left out, which is
    the natural (zero slope) condition. Solved directly by sparse LU, so it is exact.
    """
    height, width = known.shape
    index = np.full(known.shape, -1)
    count = int((~known).sum())
    if count == 0:
        return values.copy()
    index[~known] = np.arange(count)
    rows, columns, entries = [], [], []
    right = np.zeros((count, values.shape[2]))
    degree = np.zeros(count)
    everything = slice(None)
    for axis in (0, 1):
        low = [everything, everything]
        high = [everything, everything]
        low[axis], high[axis] = slice(None, -1), slice(1, None)
        for here, there in ((tuple(low), tuple(high)), (tuple(high), tuple(low))):
            unknown = index[here] >= 0
            i, j = index[here][unknown], index[there][unknown]
            np.add.at(degree, i, 1)
            inner = j >= 0
            rows.append(i[inner])
            columns.append(j[inner])
            entries.append(-np.ones(inner.sum()))
            np.add.at(right, i[~inner], values[there][unknown][~inner])
    rows.append(np.arange(count))
    columns.append(np.arange(count))
    entries.append(degree)
    matrix = coo_matrix(
        (np.concatenate(entries), (np.concatenate(rows), np.concatenate(columns))),
        shape=(count, count),
    )
    solve = factorized(matrix.tocsc())
    out = values.astype(np.float64)
    out[~known] = np.stack([solve(right[:, c]) for c in range(right.shape[1])], axis=1)
    return out


def fill_harmonic(patches: Tensor, mask: Tensor) -> Tensor:
    """Harmonic inpainting: the smoothest surface through the visible pixels."""
    size = math.isqrt(patches.shape[1] // 3)
    image = unpatchify(patches[None], size)[0].permute(1, 2, 0).double().numpy()
    hidden = mask[:, None].expand_as(patches).contiguous()
    known = unpatchify(hidden[None], size)[0, 0].numpy() == 0
    filled = torch.from_numpy(harmonic(image, known)).to(patches.dtype)
    return patchify(filled.permute(2, 0, 1)[None], size)[0]


BASELINES = {
    "grey": fill_grey,
    "mean of the visible pixels": fill_mean,
    "nearest visible patch": fill_nearest,
    "harmonic inpainting": fill_harmonic,
}
