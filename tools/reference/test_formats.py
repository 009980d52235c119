"""Checks formats/: `python -m pytest test_formats.py`, some ten seconds."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import write
from writers.authors import to_published
from writers.formats import FORMATS, transformers_5

HERE = Path(__file__).parent


def test_the_same_bytes_again(tmp_path):
    write.main(["--out", str(tmp_path), "--only", "formats"])
    written = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(HERE) for path in (HERE / "formats").rglob("*") if path.is_file()}
    assert written == kept
    for path in written:
        if path.parent.name == "legacy":  # has the places of its storages in memory as their names
            continue
        assert (tmp_path / path).read_bytes() == (HERE / path).read_bytes(), path


def test_small():
    assert write.total(HERE / "formats") < 700_000


def state_of(name):
    state = {}
    for path in sorted((HERE / "formats" / name).glob("*.[bcp]*")):
        if path.suffix in (".bin", ".ckpt", ".pth", ".pt"):
            content = torch.load(path, weights_only=False)
            state |= content.get("model", content.get("state_dict", content.get("model_ema", content)))
    return state


@pytest.mark.parametrize("name", [name for name, (_, golden) in FORMATS.items() if golden])
def test_torch_reads_the_golden_weights(name):
    golden = json.loads((HERE / "formats" / name / "golden.json").read_text())["golden"]
    expected = load_file(HERE / "golden" / golden / "model.safetensors")
    state = {key.removeprefix("module."): value for key, value in state_of(name).items()}
    for key, value in expected.items():
        if key in state:
            read = state[key]
        elif transformers_5(key) in state:
            read = state[transformers_5(key)]
        else:
            parts = ("query", "key", "value")
            [(theirs, part)] = [(k, p) for k in state for p in parts if to_published(k, p) == key][:1]
            read = state[theirs].chunk(3)[parts.index(part)] if ".qkv." in theirs else state[theirs]
        assert read.dtype == value.dtype and torch.equal(read, value), key
