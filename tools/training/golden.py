"""Writes golden directories from a run, to hold the page's engine against its training.

    python golden.py --run runs/demo --model ../../public/models/demo \
        --photos photos-256px.tar.gz --to golden
    cd ../.. && npm run verify -- tools/training/golden/shipped
    npm run verify -- tools/training/golden/float32 --atol 0.003

Both hold the shipped float16 checkpoint. `shipped` expects what that gives in PyTorch, to the
usual 1e-4; `float32` expects the loss of the averaged weights before they were rounded, which
the shipped ones must meet within 1 %. Held-out photographs, masked as in evaluate.py.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

from config import ViTMAEConfig
from evaluate import load_model
from model import MaskedAutoencoder
from photos import load_photos, preprocess
from split import TEST
from train import CHECKPOINT

FILES = ("config.json", "preprocessor_config.json", "model.safetensors")


def averaged_model(checkpoint: Path) -> MaskedAutoencoder:
    """The run's averaged weights, in float32."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    model = MaskedAutoencoder(ViTMAEConfig.from_json(state["config"]))
    model.load_state_dict(state["average"])
    return model.eval()


@torch.no_grad()
def write(run: Path, model: Path, photos: Path, to: Path, count: int) -> None:
    """Write to/shipped and to/float32, one batch of `count` pictures each."""
    shipped, averaged = load_model(model), averaged_model(run / CHECKPOINT)
    config = shipped.config
    pictures = [picture for _, picture in load_photos(photos, TEST)][:count]
    pixel_values = torch.stack([preprocess(picture, config.image_size) for picture in pictures])
    noise = []
    for i in range(count):
        torch.manual_seed(1000 + i)
        noise.append(torch.rand(1, config.length))
    inputs = {"pixel_values": pixel_values.contiguous(), "noise": torch.cat(noise)}
    ratio = config.mask_ratio
    given, before = (m(pixel_values, inputs["noise"], ratio) for m in (shipped, averaged))
    cases = {
        "shipped": {"logits": given.logits, "loss": given.loss, "mask": given.mask},
        "float32": {"loss": before.loss, "mask": before.mask},
    }
    for name, expected in cases.items():
        folder = to / name
        (folder / "cases").mkdir(parents=True, exist_ok=True)
        for file in FILES:
            shutil.copy(model / file, folder / file)
        tensors = {key: value.float().contiguous().clone() for key, value in expected.items()}
        path = folder / "cases" / "held-out.safetensors"
        save_file(inputs | tensors, path, metadata={"mask_ratio": str(ratio)})
    change = given.loss.item() / before.loss.item() - 1
    print(f"{count} photographs: loss {given.loss:.6f} shipped, {before.loss:.6f} before ({change:+.3%})")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--run", type=Path, required=True)
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--photos", type=Path, required=True)
    p.add_argument("--to", type=Path, required=True)
    p.add_argument("--count", type=int, default=16)
    a = p.parse_args()
    write(a.run, a.model, a.photos, a.to, a.count)


if __name__ == "__main__":
    main()
