"""published.json: slices of logits as they are published of the real checkpoints, of tiny ones; format in README.md."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import ViTImageProcessor, ViTMAEForPreTraining

REFERENCE = Path(__file__).resolve().parent.parent
IMAGES = REFERENCE.parent.parent / "e2e" / "jpeg"

# The two ways of transformers: its conversion script (a JPEG, PyTorch's noise) and its test (a PNG, NumPy's).
CASES = (
    ("patch4-16px", "subsampled.jpg", "torch"),
    ("patch4-16px", "full-colour.png", "numpy"),
    ("layer-norm-eps", "subsampled.jpg", "torch"),
)
SEED = 2


def logits(golden, image, generator):
    directory = REFERENCE / "golden" / golden
    processor = ViTImageProcessor.from_pretrained(directory)
    model = ViTMAEForPreTraining.from_pretrained(directory).eval()
    inputs = processor(images=Image.open(IMAGES / image), return_tensors="pt")
    with torch.no_grad():
        if generator == "torch":
            torch.manual_seed(SEED)
            return model(**inputs).logits
        np.random.seed(SEED)
        length = (model.config.image_size // model.config.patch_size) ** 2
        return model(**inputs, noise=torch.from_numpy(np.random.uniform(size=(1, length)))).logits


def case(golden, image, generator):
    values = logits(golden, image, generator)
    return {
        "golden": golden,
        "image": image,
        "generator": generator,
        "seed": SEED,
        "shape": list(values.shape),
        "slice": [[round(value, 4) for value in row] for row in values[0, :3, :3].tolist()],
    }


def build():
    return {"cases": [case(*entry) for entry in CASES]}
