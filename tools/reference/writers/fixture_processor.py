"""processor.json: the slow ViTImageProcessor; format in README.md."""

import numpy as np
from transformers import ViTImageProcessor

from .arrays import encode, sha256
from .checkpoints import IMAGENET_MEAN, IMAGENET_STD
from .synthetic import image

SMALL = 32
SAMPLES = 128


def hub_config(size):
    """As in the hub's preprocessor_config.json of facebook/vit-mae-base."""
    return {
        "do_normalize": True,
        "do_resize": True,
        "image_mean": IMAGENET_MEAN,
        "image_std": IMAGENET_STD,
        "resample": 2,
        "size": size,
    }


def newer_config(size):
    """As save_pretrained writes it now."""
    settings = ViTImageProcessor(
        image_mean=IMAGENET_MEAN, image_std=IMAGENET_STD, size={"height": size, "width": size}
    ).to_dict()
    return {key: value for key, value in settings.items() if value is not None}


def default_config():
    """The class default: mean and deviation 0.5."""
    return {key: value for key, value in ViTImageProcessor().to_dict().items() if value is not None}


def process(config, pixels):
    """uint8 [H, W, 3] -> float32 [3, size, size]."""
    processor = ViTImageProcessor.from_dict(dict(config))
    return processor(pixels, return_tensors="np", input_data_format="channels_last")["pixel_values"][0]


def case(name, recipe, width, height, config):
    pixels = image(recipe, width, height)
    values = process(config, pixels)
    assert values.dtype == np.float32
    resized = process(config | {"do_rescale": False, "do_normalize": False}, pixels)
    resized = np.moveaxis(resized, 0, -1)
    assert (resized == np.floor(resized)).all()
    # A stride that is coprime to any size walks through all channels, rows and columns.
    index = np.arange(SAMPLES) * 7919 % values.size
    entry = {
        "name": name,
        "image": recipe,
        "width": width,
        "height": height,
        "config": config,
        "resized_sha256": sha256(resized.astype(np.uint8)),
        "samples": {"index": index.tolist(), "values": encode(values.reshape(-1)[index])},
        "sha256": sha256(values),
    }
    if values.shape[-1] <= SMALL:
        entry["pixel_values"] = encode(values)
    return entry


def table(config):
    """float32 [3, 256]: what every byte becomes in every channel."""
    every_byte = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    return process(config | {"size": {"height": 16, "width": 16}}, every_byte).reshape(3, 256)


def table_entry(name, config):
    return {
        "name": name,
        "image_mean": config["image_mean"],
        "image_std": config["image_std"],
        "rescale_factor": 1 / 255,
        "values": encode(table(config)),
    }


def build():
    noise, gradient, checker = {"kind": "noise", "seed": 3}, {"kind": "gradient"}, {"kind": "checker"}
    return {
        "cases": [
            case("hub, gradient, 224", gradient, 120, 80, hub_config(224)),
            case("hub, noise, 224", noise, 300, 240, hub_config(224)),
            case("hub, noise, 64", noise, 90, 131, hub_config(64)),
            case("hub, checker, 32", checker, 50, 37, hub_config(32)),
            case("newer form, gradient, 64", gradient, 41, 93, newer_config(64)),
            case("class default, gradient, 224", gradient, 120, 80, default_config()),
            case("class default, noise, 32", noise, 32, 20, default_config() | {"size": {"height": 32, "width": 32}}),
        ],
        "tables": [table_entry("hub", hub_config(16)), table_entry("class default", default_config())],
    }
