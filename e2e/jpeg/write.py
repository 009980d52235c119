"""Writes the JPEG files beside this one, and what Pillow decodes from each as a PNG. Needs Pillow and NumPy only.

The images have smooth gradients, hard edges, fine texture and odd sides, so that a decoder that rounds, upsamples
colours or ends a block in another way than libjpeg does shows itself.
"""

from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
WIDTH, HEIGHT = 117, 85


def image() -> Image.Image:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    rgb = np.stack([255 * x / WIDTH, 255 * y / HEIGHT, 127 + 120 * np.sin(x * y / 90)], axis=-1)
    rgb[20:50, 30:70] = (230, 20, 40)
    rgb[50:70, 60:100] = (10, 40, 220)
    rgb[:, 104:] = 255 * ((x[:, 104:] + y[:, 104:]) % 2)[..., None]
    return Image.fromarray(rgb.clip(0, 255).astype(np.uint8), "RGB")


def main() -> None:
    whole = image()
    variants = {
        "subsampled": (whole, {"quality": 85, "subsampling": "4:2:0"}),
        "progressive": (whole, {"quality": 75, "subsampling": "4:2:2", "progressive": True}),
        "full-colour": (whole, {"quality": 92, "subsampling": "4:4:4"}),
        "grey": (whole.convert("L"), {"quality": 80}),
    }
    for name, (image, options) in variants.items():
        image.save(HERE / f"{name}.jpg", **options)
        Image.open(HERE / f"{name}.jpg").convert("RGB").save(HERE / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
