"""The checkpoint in public/models/demo, as the page and transformers will meet it."""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from transformers import ViTImageProcessor, ViTMAEForPreTraining

from baselines import fill_nearest
from evaluate import evaluate, load_model, measure
from model import patchify, random_masking
from photos import preprocess
from procedural import procedural_picture

FOLDER = Path(__file__).resolve().parents[3] / "public" / "models" / "demo"


def test_size_and_precision():
    path = FOLDER / "model.safetensors"
    assert path.stat().st_size <= 16 * 2**20
    weights = load_file(path)
    assert all(w.dtype == torch.float16 and torch.isfinite(w).all() for w in weights.values())


def test_transformers_loads_it_and_agrees():
    reference, info = ViTMAEForPreTraining.from_pretrained(
        FOLDER, dtype=torch.float32, output_loading_info=True
    )
    assert not info["missing_keys"] and not info["unexpected_keys"] and not info["mismatched_keys"]
    processor = ViTImageProcessor.from_pretrained(FOLDER)
    picture = procedural_picture(np.random.default_rng(5), 300)[:200]
    pixel_values = processor(picture, return_tensors="pt")["pixel_values"]
    assert torch.allclose(pixel_values[0], preprocess(picture, 224), atol=1e-5)
    noise = torch.rand(1, 196, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        theirs = reference.eval()(pixel_values, noise=noise)
        ours = load_model(FOLDER)(pixel_values, noise)
    assert (ours.logits - theirs.logits).abs().max() < 1e-4
    assert abs(ours.loss - theirs.loss) < 1e-5
    assert torch.equal(ours.ids_restore, theirs.ids_restore)


def test_it_paints_better_than_the_nearest_patch():
    """Unseen made pictures: what a broken export, order or normalisation would lose at once."""
    pictures = [procedural_picture(np.random.default_rng([99, i]), 224) for i in range(16)]
    ours = evaluate(load_model(FOLDER), pictures, 0.75, baselines=False)["this model"][:, 0]
    nearest = []
    for i, picture in enumerate(pictures):
        patches = patchify(preprocess(picture, 224)[None], 16)[0]
        torch.manual_seed(1000 + i)
        mask = random_masking(torch.rand(1, 196), 0.75)[2][0]
        nearest.append(measure(fill_nearest(patches, mask), patches, mask, 16)[0])
    assert ours.mean() < 0.9 * np.mean(nearest)
