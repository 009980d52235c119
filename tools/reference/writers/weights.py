"""Scales for the weights of a golden checkpoint: sane activations, and nothing left at its initial value."""

import math

import numpy as np
import torch
from transformers.models.vit_mae.modeling_vit_mae import get_2d_sincos_pos_embed

from .recipe import Stream, f32

# A uniform value in [-a, a) has standard deviation a / sqrt(3).
SQRT3 = math.sqrt(3)


def scale_of(name, shape):
    """(center, scale) of a parameter of ViTMAEForPreTraining, by its name.

    Linear weights get deviation gain / sqrt(fan_in), which keeps unit variance through a layer. Queries and keys
    have gain 1.3: attention scores then deviate by about 1.7, so the softmax is neither flat nor one-hot.
    """
    if "layernorm" in name or "decoder_norm" in name:
        return (1.0, SQRT3 * 0.2) if name.endswith("weight") else (0.0, SQRT3 * 0.1)
    if name.endswith(("position_embeddings", "decoder_pos_embed", "cls_token", "mask_token")):
        return 0.0, SQRT3 * 0.5
    if name.endswith("bias"):
        return 0.0, SQRT3 * 0.2
    gain = 1.3 if ".query." in name or ".key." in name else 1.0
    return 0.0, SQRT3 * gain / math.sqrt(math.prod(shape[1:]))


def recipe_for(model, seed):
    """A recipe for every parameter, in the order of the state dict."""
    tensors = []
    for name, value in model.state_dict().items():
        center, scale = scale_of(name, tuple(value.shape))
        tensors.append({"name": name, "shape": list(value.shape), "center": f32(center), "scale": f32(scale)})
    return {"seed": seed, "tensors": tensors}


def randomise(model, seed, shrink=None):
    """Fills a small model's parameters in place.

    As `recipe_for`, but the position embeddings are the sin-cos ones plus noise. `shrink` maps parameter-name
    endings to a factor.
    """
    stream = Stream(seed)
    grid = int(model.vit.embeddings.num_patches**0.5)
    with torch.no_grad():
        for name, value in model.state_dict().items():
            center, scale = scale_of(name, tuple(value.shape))
            if name.endswith(("position_embeddings", "decoder_pos_embed")):
                center = get_2d_sincos_pos_embed(value.shape[-1], grid, add_cls_token=True)[None]
            for ending, factor in (shrink or {}).items():
                if name.endswith(ending):
                    center, scale = np.asarray(center) * factor, scale * factor
            value.copy_(torch.from_numpy(stream.uniform(tuple(value.shape), center, scale)))
