"""Writes a run's averaged weights as a checkpoint that the page and transformers load."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save

from config import ViTMAEConfig, preprocessor_json
from train import CHECKPOINT

LIMIT_BYTES = 16 * 2**20


def export(checkpoint: Path, folder: Path) -> int:
    """Write model.safetensors (float16), config.json, preprocessor_config.json; return bytes.

    Raises ValueError where a weight does not fit float16 or the file exceeds 16 MiB.
    """
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    config = ViTMAEConfig.from_json(state["config"])
    weights = {name: value.half().contiguous() for name, value in state["average"].items()}
    for name, value in weights.items():
        if not torch.isfinite(value).all():
            raise ValueError(f"{name} does not fit float16")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.safetensors"
    # Written by us, not by save_file, which makes the file private to its owner.
    path.write_bytes(save(weights, metadata={"format": "pt"}))
    size = path.stat().st_size
    if size > LIMIT_BYTES:
        raise ValueError(f"{path} has {size:,} bytes, more than {LIMIT_BYTES:,}")
    # torch_dtype says how the file is stored; readers may widen it.
    written = config.to_json() | {"torch_dtype": "float16"}
    for name, values in (
        ("config.json", written),
        ("preprocessor_config.json", preprocessor_json(config.image_size)),
    ):
        text = json.dumps(values, indent=2, sort_keys=True) + "\n"
        (folder / name).write_text(text)
    return size


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--run", type=Path, required=True)
    p.add_argument("--to", type=Path, required=True)
    a = p.parse_args()
    size = export(a.run / CHECKPOINT, a.to)
    print(f"{a.to / 'model.safetensors'}: {size:,} bytes")


if __name__ == "__main__":
    main()
