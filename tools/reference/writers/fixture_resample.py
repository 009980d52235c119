"""resample.json: Pillow's bilinear resize; format in README.md."""

import numpy as np
from PIL import Image

from .arrays import encode, sha256
from .synthetic import image

# Outputs up to this many bytes are stored whole.
SMALL = 600

# (width, height) -> (out_width, out_height)
NOISE_SIZES = [
    ((1, 1), (1, 1)),
    ((1, 1), (2, 2)),
    ((1, 1), (224, 224)),
    ((2, 2), (3, 3)),
    ((3, 3), (2, 2)),
    ((2, 1), (7, 1)),
    ((1, 2), (1, 7)),
    ((5, 4), (1, 1)),
    ((7, 5), (5, 7)),
    ((5, 7), (10, 14)),
    ((10, 14), (5, 7)),
    ((13, 11), (8, 8)),
    ((16, 16), (14, 14)),
    ((17, 16), (16, 16)),
    ((16, 17), (16, 16)),
    ((32, 32), (32, 32)),
    ((32, 20), (32, 32)),
    ((20, 32), (32, 32)),
    ((31, 33), (64, 64)),
    ((64, 64), (33, 31)),
    ((97, 89), (53, 61)),
    ((1, 500), (224, 224)),
    ((1, 500), (1, 8)),
    ((500, 1), (224, 224)),
    ((500, 1), (8, 1)),
    ((700, 3), (224, 224)),
    ((3, 700), (224, 224)),
    ((700, 3), (9, 9)),
    ((2, 1000), (224, 2)),
    ((1000, 2), (2, 224)),
    ((223, 223), (224, 224)),
    ((225, 225), (224, 224)),
    ((224, 300), (224, 224)),
    ((300, 224), (224, 224)),
    ((224, 224), (224, 224)),
    ((448, 448), (224, 224)),
    ((640, 480), (224, 224)),
    ((480, 640), (224, 224)),
    ((333, 250), (224, 224)),
    ((512, 341), (224, 224)),
    ((1023, 767), (224, 224)),
    ((112, 112), (224, 224)),
    ((56, 100), (224, 224)),
    ((224, 224), (512, 384)),
    ((224, 224), (64, 64)),
    ((100, 75), (1, 224)),
    ((100, 75), (224, 1)),
    # On both sides of the rule that decides which pass comes first, and photographs that it concerns.
    ((20, 30), (15, 20)),
    ((20, 31), (15, 20)),
    ((20, 22), (20, 21)),
    ((20, 22), (21, 21)),
    ((21, 23), (20, 21)),
    ((21, 24), (20, 21)),
    ((10, 12), (20, 11)),
    ((10, 12), (20, 13)),
    ((200, 300), (224, 224)),
    ((250, 400), (224, 224)),
    ((300, 377), (224, 224)),
    ((300, 376), (224, 224)),
]

OTHERS = [
    ({"kind": "gradient"}, (640, 480), (224, 224)),
    ({"kind": "gradient"}, (50, 37), (224, 224)),
    ({"kind": "gradient"}, (9, 13), (10, 12)),
    ({"kind": "gradient"}, (256, 1), (100, 1)),
    ({"kind": "checker"}, (9, 9), (12, 12)),
    ({"kind": "checker"}, (12, 12), (9, 9)),
    ({"kind": "checker"}, (449, 447), (224, 224)),
    ({"kind": "checker"}, (640, 480), (224, 224)),
    ({"kind": "checker"}, (101, 3), (224, 224)),
    ({"kind": "stripes", "period": 1}, (300, 200), (224, 224)),
    ({"kind": "stripes", "period": 3}, (61, 7), (14, 14)),
    ({"kind": "stripes", "period": 50}, (100, 100), (224, 224)),
    ({"kind": "constant", "rgb": [255, 255, 255]}, (613, 419), (224, 224)),
    ({"kind": "constant", "rgb": [255, 128, 1]}, (31, 57), (224, 224)),
    ({"kind": "constant", "rgb": [0, 254, 127]}, (999, 5), (224, 224)),
    ({"kind": "dot", "x": 3, "y": 2}, (7, 5), (14, 14)),
    ({"kind": "dot", "x": 0, "y": 0}, (8, 8), (13, 13)),
    ({"kind": "dot", "x": 7, "y": 7}, (8, 8), (13, 13)),
    ({"kind": "dot", "x": 200, "y": 100}, (400, 300), (224, 224)),
]


def resize(pixels, width, height):
    """uint8 [H, W, 3] -> uint8 [height, width, 3], by Pillow, without reducing_gap."""
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR))


def vertical_first(size, out_size):
    """Pillow 13's rule (ImagingResampleInner in src/libImaging/Resample.c)."""
    shrinks_x, shrinks_y = size[0] - out_size[0], size[1] - out_size[1]
    return shrinks_y > 0 and shrinks_y > 2 * shrinks_x


def case(recipe, size, out_size):
    pixels = image(recipe, *size)
    output = resize(pixels, *out_size)
    # One pass at a time: each changes one dimension, and Pillow skips the other.
    across_then_down = resize(resize(pixels, out_size[0], size[1]), *out_size)
    down_then_across = resize(resize(pixels, size[0], out_size[1]), *out_size)
    first = "vertical" if vertical_first(size, out_size) else "horizontal"
    assert np.array_equal(output, down_then_across if first == "vertical" else across_then_down)
    entry = {
        "name": f"{recipe['kind']} {size[0]} x {size[1]} to {out_size[0]} x {out_size[1]}",
        "image": recipe,
        "width": size[0],
        "height": size[1],
        "out_width": out_size[0],
        "out_height": out_size[1],
        "input_sha256": sha256(pixels),
        "first_pass": first,
        "sha256": sha256(output),
        "sha256_horizontal_first": sha256(across_then_down),
    }
    if output.size <= SMALL:
        entry["output"] = encode(output)
    return entry


def build():
    noise = [case({"kind": "noise", "seed": 7 + i}, *sizes) for i, sizes in enumerate(NOISE_SIZES)]
    return {"cases": noise + [case(*other) for other in OTHERS]}
