"""Images that a formula or a seed makes; the table stands in README.md under resample.json."""

import numpy as np

from .recipe import draws


def image(recipe, width, height):
    """uint8 [height, width, 3] from a recipe such as {"kind": "noise", "seed": 7}."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    kind = recipe["kind"]
    if kind == "noise":
        out = draws(recipe["seed"], height * width * 3).reshape(height, width, 3) & 255
    elif kind == "gradient":
        across = 255 * x // max(1, width - 1)
        down = 255 * y // max(1, height - 1)
        out = np.where(c == 0, across, np.where(c == 1, down, (3 * x + 5 * y) & 255))
    elif kind == "checker":
        out = 255 * ((x + y + c) & 1)
    elif kind == "stripes":
        out = 255 * ((x // recipe["period"] + c) & 1)
    elif kind == "constant":
        out = np.broadcast_to(np.array(recipe["rgb"]), (height, width, 3))
    elif kind == "dot":
        out = 255 * ((x == recipe["x"]) & (y == recipe["y"]))
    else:
        raise ValueError(f"unknown image {kind!r}")
    return out.astype(np.uint8)
