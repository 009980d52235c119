"""The exported ONNX model, run by onnxruntime in Python, holds the golden cases."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from PIL import Image
from safetensors import safe_open
from transformers import ViTImageProcessor, ViTMAEConfig, ViTMAEForPreTraining

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
OUTPUTS = ["loss", "logits", "mask", "ids_restore", "last_hidden_state"]

npm = shutil.which("npm")


@pytest.mark.skipif(npm is None, reason="needs Node and npm")
@pytest.mark.parametrize("directory", ["patch4-16px", "norm-pix-loss", "patch14"])
def test_exported_model_holds_golden_cases(directory: str, tmp_path: Path) -> None:
    checkpoint = HERE / "golden" / directory
    subprocess.run([npm, "run", "--silent", "export", "--", str(checkpoint), str(tmp_path)], cwd=PROJECT, check=True)
    model = tmp_path / "model.onnx"
    onnx.checker.check_model(str(model), full_check=True)
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    held = 0
    for path in sorted((checkpoint / "cases").glob("ratio-*.safetensors")):
        with safe_open(path, "np") as case:
            ratio = float(case.metadata()["mask_ratio"])
            names = set(case.keys())
            noise = case.get_tensor("noise")
            keep = np.array([int(noise.shape[1] * (1 - ratio))], dtype=np.int64)
            feeds = {"pixel_values": case.get_tensor("pixel_values"), "noise": noise, "len_keep": keep}
            results = dict(zip(OUTPUTS, session.run(OUTPUTS, feeds), strict=True))
            for name in names.intersection(OUTPUTS):
                expected = case.get_tensor(name)
                np.testing.assert_allclose(results[name], expected, rtol=1e-4, atol=1e-4, err_msg=f"{path.name} {name}")
                held += 1
    assert held >= 5


@pytest.mark.skipif(npm is None, reason="needs Node and npm")
@pytest.mark.parametrize("directory", ["patch4-16px", "norm-pix-loss", "patch14"])
def test_the_readme_paints_what_transformers_paints(directory: str, tmp_path: Path) -> None:
    checkpoint = HERE / "golden" / directory
    subprocess.run([npm, "run", "--silent", "export", "--", str(checkpoint), str(tmp_path)], cwd=PROJECT, check=True)
    Image.open(PROJECT / "public" / "samples" / "cat.jpg").save(tmp_path / "image.jpg")
    script = re.search(r"```python\n(.*?)```", (tmp_path / "README.md").read_text(), re.DOTALL)
    printed = subprocess.run([sys.executable, "-c", script[1]], cwd=tmp_path, check=True, capture_output=True, text=True)
    painted = np.asarray(Image.open(tmp_path / "reconstruction.png"), np.int64)

    # The configurations beside the model are read by transformers too.
    assert ViTMAEConfig.from_pretrained(tmp_path).norm_pix_loss == ViTMAEConfig.from_pretrained(checkpoint).norm_pix_loss
    processor = ViTImageProcessor.from_pretrained(tmp_path)
    model = ViTMAEForPreTraining.from_pretrained(checkpoint).eval()
    pixels = processor(Image.open(tmp_path / "image.jpg"), return_tensors="pt").pixel_values
    length = (model.config.image_size // model.config.patch_size) ** 2
    noise = torch.from_numpy(np.random.default_rng(2).random((1, length), np.float32))
    with torch.no_grad():
        output = model(pixels, noise=noise)
        patches = output.logits
        if model.config.norm_pix_loss:
            target = model.patchify(pixels)
            patches = patches * (target.var(-1, keepdim=True) + 1e-6) ** 0.5 + target.mean(-1, keepdim=True)
        expected = model.unpatchify(patches)[0].permute(1, 2, 0).numpy()
    expected = expected * np.array(processor.image_std) + np.array(processor.image_mean)
    expected = np.clip(expected * 255, 0, 255).round().astype(np.int64)
    assert np.abs(painted - expected).max() <= 1
    assert float(printed.stdout.split()[-1]) == pytest.approx(output.loss.item(), rel=1e-4)
