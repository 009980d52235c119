"""position.json: the real 2-D sin-cos position embeddings; format in README.md."""

import numpy as np
import torch
from transformers import ViTMAEConfig, ViTMAEForPreTraining
from transformers.models.vit_mae.modeling_vit_mae import get_2d_sincos_pos_embed

from .arrays import encode
from .recipe import Stream


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


def interpolated(side, rows, columns):
    """What the reference's two `interpolate_pos_encoding` make of a table of random values."""
    config = ViTMAEConfig(
        image_size=4 * side, patch_size=4, hidden_size=4, num_attention_heads=1, intermediate_size=4,
        num_hidden_layers=1, decoder_hidden_size=4, decoder_num_attention_heads=1, decoder_intermediate_size=4,
        decoder_num_hidden_layers=1,
    )
    model = ViTMAEForPreTraining(config).eval()
    table = torch.from_numpy(Stream(side).uniform((1, 1 + side * side, 4), 0, 1.0).astype("float32"))
    model.vit.embeddings.position_embeddings.data.copy_(table)
    model.decoder.decoder_pos_embed.data.copy_(table)
    tokens = torch.zeros(1, 1 + rows * columns, 4)
    with torch.no_grad():
        encoder = model.vit.embeddings.interpolate_pos_encoding(tokens, 4 * rows, 4 * columns)
        decoder = model.decoder.interpolate_pos_encoding(tokens)
    return {
        "side": side, "rows": rows, "columns": columns,
        "table": encode(table[0].numpy()), "encoder": encode(encoder[0].numpy()), "decoder": encode(decoder[0].numpy()),
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
        ],
        "interpolated": [
            interpolated(3, 3, 5),
            interpolated(3, 2, 1),
            interpolated(3, 9, 1),
            interpolated(4, 7, 6),
            interpolated(5, 5, 5),
        ],
    }
