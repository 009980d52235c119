"""The exported ONNX model, run by onnxruntime in Python, holds the golden cases."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from safetensors import safe_open

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
