"""Writes golden directories: a checkpoint, and cases with inputs and what the real model answers."""

import json
import shutil
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from transformers import ViTImageProcessor, ViTMAEConfig, ViTMAEForPreTraining
from transformers.activations import ACT2FN

from .checkpoints import CHECKPOINTS, IMAGENET_MEAN, IMAGENET_STD
from .recipe import Stream, check_values, fill
from .weights import randomise, recipe_for

# ViTMAEConfig documents "selu", but this version's table of activations lacks it.
ACT2FN.setdefault("selu", nn.SELU)

# Mean and deviation of images whose channels are not red, green and blue.
MEANS = {
    1: ([0.449], [0.226]),
    4: ([*IMAGENET_MEAN, 0.5], [*IMAGENET_STD, 0.25]),
}


def images(batch, size, patch, seed, flat, channels=3):
    """Pixel values like normalised images: smooth shading, an edge and grain. [B, C, S, S] float32.

    With `flat`, the first patch of each row has one value per image in all channels (variance 0).
    """
    stream = Stream(seed)
    a = stream.uniform((batch, channels, 4, 1, 1), 0, 1.2)
    ramp = torch.linspace(-1, 1, size).numpy()
    x, y = ramp[None, None, None, :], ramp[None, None, :, None]
    value = a[:, :, 0] + a[:, :, 1] * x + a[:, :, 2] * y + a[:, :, 3] * ((x + y) > 0.3)
    value = value + stream.uniform((batch, channels, size, size), 0, 0.5)
    if flat:
        value[:, :, :, :patch] = 0.25
    return torch.from_numpy(value.astype("float32")).clip(-2.1, 2.6)


def noise_for(batch, length, seed):
    """[B, L] float32 as torch.rand after manual_seed(seed); no two values of a row are equal."""
    noise = Stream(seed).rand(batch, length)
    for row in noise:
        # The reference's argsort promises nothing about ties, so a golden file must not depend on them.
        assert row.unique().numel() == length, f"seed {seed} draws equal values"
    return noise


def run(model, inputs, mask_ratio, states):
    """One forward pass: a dict of the expected tensors, named as in README.md."""
    model.config.mask_ratio = mask_ratio
    with torch.no_grad():
        out = model(**inputs, output_hidden_states=states, output_attentions=states)
        # ViTMAEForPreTraining keeps the encoder's output to itself.
        latent = model.vit(**inputs)
    assert torch.equal(latent.ids_restore, out.ids_restore)
    expected = {
        "logits": out.logits,
        "mask": out.mask,
        "ids_restore": out.ids_restore,
        "last_hidden_state": latent.last_hidden_state,
    }
    if out.mask.sum() > 0:
        expected["loss"] = out.loss
    if states:
        expected |= {f"hidden_states.{i}": t for i, t in enumerate(out.hidden_states)}
        expected |= {f"attentions.{i}": t for i, t in enumerate(out.attentions)}
    for name, value in expected.items():
        assert torch.isfinite(value).all(), name
    return expected


def write_case(path, model, case, index):
    """Runs one case and writes it. Returns the expected tensors."""
    config = model.config
    batch = case.get("batch", 1)
    size, patch = config.image_size, config.patch_size
    length = (size // patch) ** 2
    inputs = {
        "pixel_values": images(batch, size, patch, 1000 + index, case.get("flat", False), config.num_channels),
        "noise": noise_for(batch, length, 2 + index),
    }
    if "head_mask" in case:
        inputs["head_mask"] = torch.tensor(case["head_mask"], dtype=torch.float32)
    ratio = case["mask_ratio"]
    expected = run(model, inputs, ratio, case.get("states", False))
    assert int((expected["mask"][0] == 0).sum()) == int(length * (1 - ratio))
    tensors = {name: value.contiguous().clone() for name, value in (inputs | expected).items()}
    # A single metadata key: with several their order in the file would change from run to run.
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata={"mask_ratio": repr(ratio)})
    return expected


def write_preprocessor(directory, size, channels, hub_form):
    mean, std = MEANS.get(channels, (IMAGENET_MEAN, IMAGENET_STD))
    if hub_form:
        settings = {
            "do_normalize": True,
            "do_resize": True,
            "feature_extractor_type": "ViTFeatureExtractor",
            "image_mean": mean,
            "image_std": std,
            "resample": 2,
            "size": size,
        }
        (directory / "preprocessor_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    else:
        ViTImageProcessor(
            size={"height": size, "width": size}, image_mean=mean, image_std=std
        ).save_pretrained(directory)


def write_recipe(directory, config, seed):
    """Writes config.json and recipe.json and returns the model that they describe."""
    config.save_pretrained(directory)
    path = directory / "config.json"
    # config.save_pretrained knows no model; the class name and dtype are what a checkpoint's config.json has too.
    settings = json.loads(path.read_text()) | {"architectures": ["ViTMAEForPreTraining"], "dtype": "float32"}
    path.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")
    config._attn_implementation = "eager"
    model = ViTMAEForPreTraining(config).eval()
    recipe = check_values(recipe_for(model, seed))
    head = {key: value for key, value in recipe.items() if key != "tensors"}
    lines = ",\n".join("  " + json.dumps(entry) for entry in recipe["tensors"])
    (directory / "recipe.json").write_text(json.dumps(head)[:-1] + ', "tensors": [\n' + lines + "\n]}\n")
    model.load_state_dict({name: torch.from_numpy(values) for name, values in fill(recipe)})
    return model


def write_checkpoint(directory, config, entry):
    """Writes the checkpoint and returns the model loaded back from it, in float32."""
    model = ViTMAEForPreTraining(config)
    randomise(model, entry["seed"], entry.get("shrink"))
    model.to(getattr(torch, entry.get("dtype", "float32"))).save_pretrained(directory, safe_serialization=True)
    return ViTMAEForPreTraining.from_pretrained(
        directory, dtype=torch.float32, attn_implementation="eager", local_files_only=True
    ).eval()


def describe(expected):
    """One line about how alive the activations are."""
    line = f"logits std {expected['logits'].std():.3f}, latent std {expected['last_hidden_state'].std():.3f}"
    if "loss" in expected:
        line += f", loss {expected['loss']:.4f}"
    if "attentions.0" in expected and expected["attentions.0"].shape[-1] > 1:
        peak = expected["attentions.0"].amax(-1).mean()
        line += f", mean largest attention {peak:.2f} of {expected['attentions.0'].shape[-1]}"
    return line


def write(name, target: Path):
    """Writes golden/<name>."""
    entry = CHECKPOINTS[name]
    torch.manual_seed(0)
    # How a matrix product is split among threads decides its last bits.
    torch.set_num_threads(1)
    config = ViTMAEConfig(**entry["config"])
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch) / name
        directory.mkdir()
        if entry.get("recipe"):
            model = write_recipe(directory, config, entry["seed"])
        else:
            model = write_checkpoint(directory, config, entry)
        write_preprocessor(directory, config.image_size, config.num_channels, hub_form=entry.get("recipe", False))
        for index, (case_name, case) in enumerate(entry["cases"].items()):
            expected = write_case(directory / "cases" / f"{case_name}.safetensors", model, case, index)
            print(f"  {name}/{case_name}: {describe(expected)}")
        # Replaced only when complete, so that a failed run leaves the old files.
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(directory, target, copy_function=shutil.copyfile)
