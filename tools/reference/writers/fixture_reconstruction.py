"""reconstruction.json: the four panels of the original authors' figure; format in README.md.

Source: demo/mae_visualize.ipynb of facebookresearch/mae, functions show_image and run_one_image.
"""

import numpy as np
import torch

from .arrays import encode
from .checkpoints import IMAGENET_MEAN, IMAGENET_STD
from .fixture_patches import model_for
from .fixture_processor import hub_config, process, table
from .recipe import Stream
from .synthetic import image


def show_image(image, mean, std):
    """[H, W, 3] float32 tensor -> uint8 [H, W, 3], as the notebook's show_image hands it to imshow.

    The notebook's mean and deviation are NumPy's float64 arrays, so the arithmetic is in float64.
    """
    mean, std = torch.tensor(mean, dtype=torch.float64), torch.tensor(std, dtype=torch.float64)
    values = torch.clip((image * std + mean) * 255, 0, 255)
    assert values.dtype == torch.float64
    return values.int().numpy().astype(np.uint8)


def panels(model, pixel_values, logits, mask, mean, std):
    """The notebook's run_one_image after the forward pass; pixel_values [1, 3, S, S], logits [1, L, N], mask [1, L]."""
    y = torch.einsum("nchw->nhwc", model.unpatchify(logits))
    m = mask.unsqueeze(-1).repeat(1, 1, model.config.patch_size**2 * 3)
    m = torch.einsum("nchw->nhwc", model.unpatchify(m))
    x = torch.einsum("nchw->nhwc", pixel_values)
    drawn = {
        "original": x[0],
        "masked": (x * (1 - m))[0],
        "reconstruction": y[0],
        "pasted": (x * (1 - m) + y * m)[0],
    }
    return {name: encode(show_image(image, mean, std)) for name, image in drawn.items()}


def case(name, recipe, size, patch_size, seed, mean, std):
    config = hub_config(size) | {"image_mean": mean, "image_std": std}
    width, height = 2 * size, size + 5
    pixel_values = torch.from_numpy(process(config, image(recipe, width, height)))[None]
    model = model_for(size, patch_size, False)
    stream = Stream(seed)
    patches = model.patchify(pixel_values)
    # Near the image, but also far outside of what an image can hold, so that clipping shows.
    logits = patches + torch.from_numpy(stream.uniform(tuple(patches.shape), 0, 2.5))
    mask = (stream.rand(1, patches.shape[1]) < 0.7).float()
    assert 0 < mask.sum() < mask.numel()
    return {
        "name": name,
        "image": recipe,
        "width": width,
        "height": height,
        "patch_size": patch_size,
        "image_size": size,
        "image_mean": mean,
        "image_std": std,
        "pixel_values": encode(pixel_values[0]),
        "logits": encode(logits[0]),
        "mask": mask[0].int().tolist(),
        "panels": panels(model, pixel_values, logits, mask, mean, std),
    }


def roundtrip(mean, std):
    """uint8 [3, 256]: byte -> processor -> display."""
    values = table(hub_config(16) | {"image_mean": mean, "image_std": std})
    shown = show_image(torch.from_numpy(values.T[None].copy()), mean, std)
    return {"image_mean": mean, "image_std": std, "values": encode(shown[0].T.copy())}


def build():
    half = [0.5, 0.5, 0.5]
    return {
        "cases": [
            case("gradient, patch 4", {"kind": "gradient"}, 16, 4, 500, IMAGENET_MEAN, IMAGENET_STD),
            case("noise, patch 7", {"kind": "noise", "seed": 9}, 21, 7, 501, IMAGENET_MEAN, IMAGENET_STD),
            case("gradient, mean and deviation 0.5", {"kind": "gradient"}, 16, 8, 502, half, half),
        ],
        "roundtrip": [roundtrip(IMAGENET_MEAN, IMAGENET_STD), roundtrip(half, half)],
    }
