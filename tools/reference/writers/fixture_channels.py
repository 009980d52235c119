"""channels.json: images of one, two and four channels, by Pillow and the slow ViTImageProcessor; format in README.md."""

import numpy as np
from PIL import Image
from transformers import ViTImageProcessor

from .arrays import encode, sha256
from .recipe import draws

MODES = ("L", "LA", "RGB", "RGBA")

# seed -> (width, height) -> (out_width, out_height)
SIZES = [
    (41, (9, 7), (4, 4)),
    (42, (37, 50), (32, 48)),
    (43, (12, 90), (28, 28)),
    (44, (16, 8), (16, 8)),
    (45, (90, 12), (8, 24)),
]

MEAN = {1: [0.449], 2: [0.449, 0.5], 4: [0.485, 0.456, 0.406, 0.5]}
STD = {1: [0.226], 2: [0.226, 0.25], 4: [0.229, 0.224, 0.225, 0.25]}


def rgba(seed, width, height):
    """uint8 [height, width, 4]: a draw & 255 for each value; every third opacity is 255 and every seventh 0."""
    image = (draws(seed, height * width * 4) & 255).astype(np.uint8).reshape(-1, 4)
    image[::3, 3] = 255
    image[::7, 3] = 0
    return image.reshape(height, width, 4)


def case(seed, size, out_size):
    pixels = rgba(seed, *size)
    entry = {"seed": seed, "width": size[0], "height": size[1], "out_width": out_size[0], "out_height": out_size[1]}
    entry["input_sha256"] = sha256(pixels)
    for mode in MODES:
        converted = Image.fromarray(pixels).convert(mode)
        resized = np.asarray(converted.resize(out_size, Image.Resampling.BILINEAR))
        entry[mode] = {"converted_sha256": sha256(np.asarray(converted)), "sha256": sha256(resized)}
        channels = len(mode)
        if mode == "RGB":
            continue
        processor = ViTImageProcessor(
            size={"width": out_size[0], "height": out_size[1]}, image_mean=MEAN[channels], image_std=STD[channels]
        )
        array = np.asarray(converted).reshape(size[1], size[0], channels)
        values = processor(array, return_tensors="np", input_data_format="channels_last")["pixel_values"][0]
        assert values.shape == (channels, out_size[1], out_size[0])
        entry[mode] |= {"image_mean": MEAN[channels], "image_std": STD[channels], "pixel_values_sha256": sha256(values)}
        if values.size <= 16:
            entry[mode]["pixel_values"] = encode(values)
    return entry


def build():
    # Every byte of every channel with a choice of the others: the weights' rounding.
    steps = np.arange(0, 256, 5, dtype=np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(len(steps), -1, 3)
    grey = np.asarray(Image.fromarray(cube).convert("L"))
    return {"cases": [case(*sizes) for sizes in SIZES], "grey": {"step": 5, "sha256": sha256(grey)}}
