"""Checks what write.py wrote: `python -m pytest .` in this folder. Nothing is downloaded."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from transformers import ViTMAEConfig, ViTMAEForPreTraining

import write
from writers import golden
from writers.arrays import decode, sha256
from writers.checkpoints import CHECKPOINTS
from writers.recipe import Stream, draws
from writers.synthetic import image

HERE = Path(__file__).parent
CASES = sorted((HERE / "golden").glob("*/cases/*.safetensors"))

# Seed 2, 196 patches, three quarters removed.
TORCH_KEEP = """82 108 20 163 128 102 140 184 67 77 41 146 70 30 174 133 9 129 176 122 137 61 155 191 152 7 169 96 156
111 125 91 98 130 160 72 31 79 97 88 114 180 149 17 166 185 170 28 27"""
NUMPY_KEEP = """188 126 77 189 81 1 55 151 147 91 172 156 67 138 154 21 155 57 19 51 150 130 23 191 27 124 89 24 101 12
141 38 173 63 98 117 14 123 129 159 194 31 6 167 94 132 143 28 106"""


def fixture(name):
    return json.loads((HERE / "fixtures" / f"{name}.json").read_text())


def test_the_same_bytes_again(tmp_path):
    names = [*write.FIXTURES, *(name for name in CHECKPOINTS if name != "base-size")]
    write.main(["--out", str(tmp_path), *names])
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 40
    for path in written:
        assert path.read_bytes() == (HERE / path.relative_to(tmp_path)).read_bytes(), path


def test_nothing_left_over_and_small():
    assert {p.name for p in (HERE / "golden").iterdir()} == set(CHECKPOINTS)
    assert {p.stem for p in (HERE / "fixtures").iterdir()} == set(write.FIXTURES)
    assert write.total(HERE / "golden") + write.total(HERE / "fixtures") < 4_000_000


def test_torch_rand_is_one_sequential_stream():
    stream = Stream(7)
    counts = [1, 15, 16, 17, 196, 3, 1_000_001, 40]
    values = np.concatenate([stream.rand(count).numpy() for count in counts])
    expected = (draws(7, values.size) & 0xFFFFFF).astype(np.float32) * np.float32(2**-24)
    assert np.array_equal(values, expected)


def test_base_size_recipe_by_numpy_alone():
    recipe = json.loads((HERE / "golden/base-size/recipe.json").read_text())
    state, digest, count = np.random.RandomState(recipe["seed"]), hashlib.sha256(), 0
    for entry in recipe["tensors"]:
        raw = state.randint(0, 2**32, size=entry["shape"], dtype=np.uint32) & 0xFFFFFF
        # Doubles, rounded to float32 after each step, as JavaScript does it.
        scaled = (np.float64(entry["scale"]) * (raw * 2.0**-23 - 1)).astype(np.float32)
        values = (entry["center"] + scaled.astype(np.float64)).astype(np.float32)
        assert values.reshape(-1)[0] == entry["first"]
        digest.update(values.tobytes())
        count += values.size
    assert count == recipe["params"] == 111_907_840
    assert digest.hexdigest() == recipe["sha256"]


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parts[-3]}/{p.stem}")
def test_cases_have_the_documented_form(path):
    config = ViTMAEConfig.from_pretrained(path.parent.parent)
    case = load_file(path)
    with safe_open(path, "pt") as file:
        ratio = float(file.metadata()["mask_ratio"])
    length = (config.image_size // config.patch_size) ** 2
    kept = int(length * (1 - ratio))
    batch, width, heads = case["pixel_values"].shape[0], config.hidden_size, config.num_attention_heads
    shapes = {
        "pixel_values": (batch, config.num_channels, config.image_size, config.image_size),
        "noise": (batch, length),
        "logits": (batch, length, config.patch_size**2 * config.num_channels),
        "mask": (batch, length),
        "ids_restore": (batch, length),
        "last_hidden_state": (batch, 1 + kept, width),
    }
    if ratio > 0:
        shapes["loss"] = ()
    if "hidden_states.0" in case:
        for i in range(config.num_hidden_layers + 1):
            shapes[f"hidden_states.{i}"] = (batch, 1 + kept, width)
        for i in range(config.num_hidden_layers):
            shapes[f"attentions.{i}"] = (batch, heads, 1 + kept, 1 + kept)
    if "head_mask" in case:
        assert case["head_mask"].shape in ((heads,), (config.num_hidden_layers, heads))
        shapes["head_mask"] = tuple(case["head_mask"].shape)
    assert {name: tuple(value.shape) for name, value in case.items()} == shapes
    for name, value in case.items():
        assert value.dtype == (torch.int64 if name == "ids_restore" else torch.float32), name
        assert torch.isfinite(value).all(), name
    assert 0.5 < case["logits"].std() < 2


def load(name, **changes):
    directory = HERE / "golden" / name
    config = ViTMAEConfig.from_pretrained(directory)
    for key, value in changes.items():
        setattr(config, key, value)
    return ViTMAEForPreTraining.from_pretrained(
        directory, config=config, dtype=torch.float32, attn_implementation="eager"
    ).eval()


@pytest.mark.parametrize(
    "name, changes",
    [
        ("layer-norm-eps", {"layer_norm_eps": 1e-12}),
        ("relu", {"hidden_act": "gelu"}),
        ("selu", {"hidden_act": "gelu"}),
        ("gelu-new", {"hidden_act": "gelu"}),
    ],
)
def test_a_variant_ignored_shows(name, changes):
    case = load_file(HERE / "golden" / name / "cases/ratio-0.75.safetensors")
    inputs = {"pixel_values": case["pixel_values"], "noise": case["noise"]}
    right = golden.run(load(name), inputs, {"mask_ratio": 0.75})
    wrong = golden.run(load(name, **changes), inputs, {"mask_ratio": 0.75})
    assert torch.allclose(right["logits"], case["logits"], atol=1e-5)
    # verify's tolerance is 1e-4 + 1e-4 * |expected|.
    assert ((wrong["logits"] - case["logits"]).abs() > 2e-4 + 2e-4 * case["logits"].abs()).any()


def test_seed_2_keeps_the_known_patches():
    cases = {(c["generator"], c["seed"], c["length"], c["mask_ratio"]): c for c in fixture("masking")["cases"]}
    assert cases["torch", "2", 196, 0.75]["ids_keep"] == [int(i) for i in TORCH_KEEP.split()]
    assert cases["numpy", "2", 196, 0.75]["ids_keep"] == [int(i) for i in NUMPY_KEEP.split()]


def test_masks_are_what_stable_sorting_gives():
    masking = fixture("masking")
    for case in masking["cases"] + masking["ties"]:
        shuffle = np.argsort(decode(case["noise"]), kind="stable")
        assert case["ids_keep"] == shuffle[: case["len_keep"]].tolist()
        assert case["ids_restore"] == np.argsort(shuffle).tolist()
        assert case["mask"] == [int(i >= case["len_keep"]) for i in case["ids_restore"]]


def test_draws_by_the_documented_formulas():
    random = fixture("random")
    for entry in random["torch"]["seeds"]:
        low = draws(int(entry["seed"]) % 2**32, 196) & 0xFFFFFF
        assert sha256(low.astype(np.float32) * np.float32(2**-24)) == entry["sha256"]
    for entry in random["numpy"]["seeds"]:
        pair = draws(int(entry["seed"]), 392).astype(np.float64).reshape(-1, 2)
        values = (np.floor(pair[:, 0] / 32) * 67108864 + np.floor(pair[:, 1] / 64)) / 9007199254740992
        assert sha256(values) == entry["sha256"]


def bilinear(pixels, out_width, out_height):
    """Pillow's resampling from its description: triangle filter, 22-bit coefficients, uint8 after each pass."""
    height, width, _ = pixels.shape

    def along_last(a, size):
        n = a.shape[-1]
        if n == size:
            return a
        scale = n / size
        support = max(scale, 1.0)
        out = np.empty((*a.shape[:-1], size), np.uint8)
        for i in range(size):
            centre = (i + 0.5) * scale
            low, high = max(0, int(centre - support + 0.5)), min(n, int(centre + support + 0.5))
            weight = np.maximum(0, 1 - np.abs((np.arange(low, high) - centre + 0.5) * (1 / support)))
            # Added up in order, and halves rounded away from zero, as in C.
            fixed = np.floor(weight / sum(weight.tolist()) * 2**22 + 0.5).astype(np.int64)
            total = (a[..., low:high].astype(np.int64) * fixed).sum(-1) + 2**21
            out[..., i] = np.clip(total >> 22, 0, 255)
        return out

    def across(a):
        return along_last(a.transpose(2, 0, 1), out_width).transpose(1, 2, 0)

    def down(a):
        return along_last(a.transpose(2, 1, 0), out_height).transpose(2, 1, 0)

    if height - out_height > max(0, 2 * (width - out_width)):
        return across(down(pixels))
    return down(across(pixels))


def test_resampling_by_the_description():
    cases = fixture("resample")["cases"]
    assert len(cases) >= 60
    # Some images must show which pass came first, or the rule would go untested.
    assert sum(case["sha256"] != case["sha256_horizontal_first"] for case in cases) >= 5
    for case in cases:
        pixels = image(case["image"], case["width"], case["height"])
        assert sha256(pixels) == case["input_sha256"]
        output = bilinear(pixels, case["out_width"], case["out_height"])
        assert sha256(output) == case["sha256"], case["name"]


def test_processor_tables_by_the_documented_steps():
    f = np.float32
    for table in fixture("processor")["tables"]:
        for c, (mean, std) in enumerate(zip(table["image_mean"], table["image_std"])):
            scaled = (np.arange(256) * table["rescale_factor"]).astype(f)
            assert np.array_equal(decode(table["values"])[c], (scaled - f(mean)) / f(std))


def test_losses_by_the_formula():
    for case in fixture("patches")["cases"]:
        pred, mask = decode(case["pred"]).astype(np.float64), np.array(case["mask"])
        p, grid = case["patch_size"], case["image_size"] // case["patch_size"]
        blocks = decode(case["pixel_values"]).reshape(3, grid, p, grid, p)
        patches = np.ascontiguousarray(blocks.transpose(1, 3, 2, 4, 0).reshape(grid * grid, -1))
        assert sha256(patches) == case["patches_sha256"]
        raw = patches.astype(np.float64)
        normed = (raw - raw.mean(1, keepdims=True)) / np.sqrt(raw.var(1, ddof=1, keepdims=True) + 1e-6)
        for target, expected in ((raw, case), (normed, case["norm_pix"])):
            per_patch = ((pred - target) ** 2).mean(1)
            assert np.allclose(per_patch, decode(expected["loss_per_patch"]), rtol=1e-5)
            assert np.isclose((per_patch * mask).sum() / mask.sum(), expected["loss"], rtol=1e-5)


def test_hidden_patches_are_the_grey_of_the_figure():
    case = fixture("reconstruction")["cases"][0]
    panels = {name: decode(value) for name, value in case["panels"].items()}
    p = case["patch_size"]
    grid = case["image_size"] // p
    for i, removed in enumerate(case["mask"]):
        y, x = i // grid * p, i % grid * p
        where = np.s_[y : y + p, x : x + p]
        if removed:
            assert (panels["masked"][where] == (123, 116, 103)).all()
            assert np.array_equal(panels["pasted"][where], panels["reconstruction"][where])
        else:
            assert np.array_equal(panels["pasted"][where], panels["original"][where])
