"""position.json: the real 2-D sin-cos position embeddings; format in README.md."""

import numpy as np
from transformers.models.vit_mae.modeling_vit_mae import get_2d_sincos_pos_embed

from .arrays import encode, numbers


def case(dim, grid, rows=None):
    values = get_2d_sincos_pos_embed(dim, grid, add_cls_token=True)
    rows = list(range(grid * grid + 1)) if rows is None else rows
    return {
        "dim": dim,
        "grid": grid,
        "rows": rows,
        "values": encode(values[rows].astype(np.float32)),
        "row_sums": encode(values.sum(axis=1)),
    }


def build():
    # CLS, the first row's second patch, the second row's first patch, somewhere in the middle, the end.
    rows14 = [0, 2, 15, 97, 196]
    return {
        "cases": [
            case(64, 5),
            case(768, 14, rows14),
            case(512, 14, rows14),
            case(1280, 16, [0, 17, 250]),
        ]
    }
