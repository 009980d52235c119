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


def images(batch, channels, height, width, patch, seed, flat):
    """Pixel values like normalised images: smooth shading, an edge and grain. [B, C, H, W] float32.

    With `flat`, the first patch of each row has one value per image in all channels (variance 0).
    """
    stream = Stream(seed)
    a = stream.uniform((batch, channels, 4, 1, 1), 0, 1.2)
    x = torch.linspace(-1, 1, width).numpy()[None, None, None, :]
    y = torch.linspace(-1, 1, height).numpy()[None, None, :, None]
    value = a[:, :, 0] + a[:, :, 1] * x + a[:, :, 2] * y + a[:, :, 3] * ((x + y) > 0.3)
    value = value + stream.uniform((batch, channels, height, width), 0, 0.5)
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


class DecoderWatch:
    """Watches the decoder's layers, and switches heads and layers off that the reference's call cannot reach."""

    def __init__(self, model, case):
        self.states, self.attentions, self.handles = [], [], []
        layers = model.decoder.decoder_layers
        head_mask = case.get("decoder_head_mask")
        for index, layer in enumerate(layers):
            row = None
            if head_mask is not None:
                row = torch.tensor(head_mask, dtype=torch.float32)
                row = (row if row.ndim == 1 else row[index]).reshape(1, -1, 1, 1)
            attend = layer.attention.attention

            def positional(module, args, row=row):
                return (args[0], row)

            self.handles.append(attend.register_forward_pre_hook(positional))
            self.handles.append(attend.register_forward_hook(lambda m, a, out: self.attentions.append(out[1])))
            self.handles.append(layer.register_forward_pre_hook(lambda m, a: self.states.append(a[0])))
        norm = model.decoder.decoder_norm
        self.handles.append(norm.register_forward_pre_hook(lambda m, a: self.states.append(a[0])))
        self.handles += skip(layers, case.get("decoder_skip_layers", []))

    def close(self):
        for handle in self.handles:
            handle.remove()


def skip(layers, indices):
    """Makes layers hand on what they are given. Returns the hooks."""
    def unchanged(module, args, output):
        return (args[0], *output[1:]) if isinstance(output, tuple) else args[0]

    return [layers[index].register_forward_hook(unchanged) for index in indices]


def run(model, inputs, case):
    """One forward pass: a dict of the expected tensors, named as in README.md."""
    model.config.mask_ratio = case["mask_ratio"]
    states, depth = case.get("states", False), case.get("depth", False)
    sized = {"interpolate_pos_encoding": True} if "size" in case else {}
    watch = DecoderWatch(model, case)
    skipped = skip(model.vit.encoder.layer, case.get("skip_layers", []))
    with torch.no_grad():
        out = model(**inputs, **sized, output_hidden_states=states or depth, output_attentions=states)
        decoder_states, decoder_attentions = list(watch.states), list(watch.attentions)
        # ViTMAEForPreTraining keeps the encoder's output to itself.
        latent = model.vit(**inputs, **sized)
        expected = {
            "logits": out.logits,
            "mask": out.mask,
            "ids_restore": out.ids_restore,
            "last_hidden_state": latent.last_hidden_state,
        }
        if depth:
            # Each layer's tokens as the encoder would hand them on, to the decoder as it is.
            for i, state in enumerate(out.hidden_states):
                seen = model.decoder(model.vit.layernorm(state), out.ids_restore, **sized)
                expected[f"encoder_lens.{i}"] = seen.logits
            for i, state in enumerate(decoder_states):
                seen = model.decoder.decoder_pred(model.decoder.decoder_norm(state))
                expected[f"decoder_lens.{i}"] = seen[:, 1:]
    watch.close()
    for handle in skipped:
        handle.remove()
    assert torch.equal(latent.ids_restore, out.ids_restore)
    if out.mask.sum() > 0:
        expected["loss"] = out.loss
    if states:
        expected |= {f"hidden_states.{i}": t for i, t in enumerate(out.hidden_states)}
        expected |= {f"attentions.{i}": t for i, t in enumerate(out.attentions)}
    if depth:
        expected |= {f"decoder_hidden_states.{i}": t for i, t in enumerate(decoder_states)}
        expected |= {f"decoder_attentions.{i}": t for i, t in enumerate(decoder_attentions)}
        last = model.config.num_hidden_layers, model.config.decoder_num_hidden_layers
        assert torch.equal(expected[f"encoder_lens.{last[0]}"], out.logits)
        assert torch.equal(expected[f"decoder_lens.{last[1]}"], out.logits)
    for name, value in expected.items():
        assert torch.isfinite(value).all(), name
    return expected


def write_case(path, model, case, index):
    """Runs one case and writes it. Returns the expected tensors."""
    config = model.config
    batch = case.get("batch", 1)
    patch = config.patch_size
    height, width = case.get("size", (config.image_size, config.image_size))
    length = (height // patch) * (width // patch)
    inputs = {
        "pixel_values": images(
            batch, config.num_channels, height, width, patch, 1000 + index, case.get("flat", False)
        ),
        "noise": noise_for(batch, length, 2 + index),
    }
    if "head_mask" in case:
        inputs["head_mask"] = torch.tensor(case["head_mask"], dtype=torch.float32)
    ratio = case["mask_ratio"]
    expected = run(model, inputs, case)
    assert int((expected["mask"][0] == 0).sum()) == int(length * (1 - ratio))
    if "decoder_head_mask" in case:
        inputs["decoder_head_mask"] = torch.tensor(case["decoder_head_mask"], dtype=torch.float32)
    tensors = {name: value.contiguous().clone() for name, value in (inputs | expected).items()}
    if "keep" in case:
        tensors = {name: value for name, value in tensors.items() if name in inputs or name in case["keep"]}
    metadata = {"mask_ratio": repr(ratio)}
    if "size" in case:
        metadata["interpolate_pos_encoding"] = "true"
    for key in ("skip_layers", "decoder_skip_layers"):
        if key in case:
            metadata[key] = ",".join(map(str, case[key]))
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata=metadata)
    sort_metadata(path)
    return expected


def sort_metadata(path):
    """The library writes metadata in an order that changes from run to run."""
    data = path.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":")).encode()
    path.write_bytes(data[:8] + text.ljust(end - 8) + data[end:])


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
