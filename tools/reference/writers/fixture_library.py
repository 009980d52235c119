"""library.json: models that the library saved, loaded and run by transformers; needs Node. Format in README.md."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import torch
from safetensors import safe_open
from transformers import ViTForImageClassification, ViTMAEForPreTraining

HERE = Path(__file__).resolve().parent.parent
CASE = HERE / "golden/patch4-16px/cases/ratio-0.75.safetensors"


def loaded(kind, path):
    model, info = kind.from_pretrained(path, output_loading_info=True, dtype=torch.float32)
    return model.eval(), {key: sorted(info[key]) for key in ("missing_keys", "unexpected_keys", "mismatched_keys")}


def random_run(path):
    model, info = loaded(ViTMAEForPreTraining, path)
    config = model.config
    torch.manual_seed(2)
    noise = torch.rand(1, (config.image_size // config.patch_size) ** 2)
    torch.manual_seed(3)
    pixels = torch.rand(1, config.num_channels, config.image_size, config.image_size)
    with torch.no_grad():
        outputs = model(pixels, noise=noise)
    weight = model.vit.encoder.layer[1].intermediate.dense.weight
    return {
        **info,
        "loss": round(outputs.loss.item(), 5),
        "logits": [round(value, 5) for value in outputs.logits[0, :3, :3].flatten().tolist()],
        "mask": outputs.mask[0].int().tolist(),
        "weight": [round(weight.mean().item(), 5), round(weight.std().item(), 5)],
    }


def golden_run(path):
    """The largest difference from what the golden case expects."""
    model, info = loaded(ViTMAEForPreTraining, path)
    with safe_open(CASE, "pt") as case:
        model.config.mask_ratio = float(case.metadata()["mask_ratio"])
        with torch.no_grad():
            outputs = model(case.get_tensor("pixel_values"), noise=case.get_tensor("noise"))
        difference = (outputs.logits - case.get_tensor("logits")).abs().max().item()
    return {**info, "difference": difference}


def build():
    tsx = HERE.parent.parent / "node_modules/.bin/tsx"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([shutil.which("node"), tsx, HERE / "save_library.ts", folder], check=True)
        folder = Path(folder)
        runs = {name: random_run(folder / name) for name in ("random", "random-fp16")}
        again = {name: golden_run(folder / name) for name in ("loaded", "loaded-fp16")}
        # Not kept: the last bits are the machine's.
        assert again["loaded"].pop("difference") < 1e-5
        assert again["loaded-fp16"].pop("difference") < 1e-2
        _, encoder = loaded(ViTForImageClassification, folder / "encoder")
    return {**runs, **again, "encoder": encoder}
