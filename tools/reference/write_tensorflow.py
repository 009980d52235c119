"""Writes tensorflow/, what README.md describes under that name: `python write_tensorflow.py`.

Needs an environment of its own: transformers==4.49.0, tensorflow-cpu==2.21.0, tf-keras==2.21.0, safetensors.
`--golden DIR` writes a directory for `npm run verify` instead, of a larger model.
"""

import argparse
import gzip
import os
import shutil
import tempfile
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "CUDA_VISIBLE_DEVICES": ""}

import h5py
import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file
from transformers import TFViTMAEForPreTraining, TFViTMAEModel, ViTMAEConfig

HERE = Path(__file__).resolve().parent

# Widths from which the heads follow would be too large: these files come with their config.json.
TINY = dict(
    hidden_size=8,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=12,
    image_size=12,
    patch_size=4,
    decoder_hidden_size=4,
    decoder_num_hidden_layers=1,
    decoder_num_attention_heads=2,
    decoder_intermediate_size=10,
    layer_norm_eps=1e-5,
)
# More than eight layers lie in two symbol nodes, sorted as text: 0, 1, 10, 2 …
DEEP = TINY | dict(hidden_size=4, num_hidden_layers=11, num_attention_heads=1, intermediate_size=4)
# What PyTorch would do otherwise: biases of query, key and value although there should be none, the loss.
LARGER = TINY | dict(hidden_size=32, num_attention_heads=4, intermediate_size=48, num_hidden_layers=3, image_size=24)
LARGER |= dict(qkv_bias=False)


def inputs(config, batch, rng):
    side, patches = config.image_size, (config.image_size // config.patch_size) ** 2
    pixels = rng.normal(0, 1, (batch, config.num_channels, side, side)).astype(np.float32)
    noise = rng.permuted(np.tile(np.arange(patches) / patches, (batch, 1)), axis=1).astype(np.float32)
    return pixels, noise


def make(settings, model_class=TFViTMAEForPreTraining, steps=64):
    """A model with weights that are whole multiples of 1/steps, so that they compress."""
    model = model_class(ViTMAEConfig(**settings))
    pixels, noise = inputs(model.config, 1, np.random.default_rng(0))
    model(pixel_values=pixels, noise=noise)
    for weight in model.weights:
        # By the weight's name without the model's, so that the same weight is the same in every class.
        name = weight.name[weight.name.index("vit/") :] if "vit/" in weight.name else weight.name.split("/", 1)[1]
        rng = np.random.default_rng(list(name.encode()))
        values = np.round(rng.normal(0, 0.3, weight.shape) * steps) / steps
        weight.assign((values + ("gamma" in name)).astype(np.float32))
    return model


def write_case(path, model, batch=2):
    pixels, noise = inputs(model.config, batch, np.random.default_rng(7))
    output = model(pixel_values=pixels, noise=noise, output_hidden_states=True, output_attentions=True)
    inner = model.vit(pixel_values=pixels, noise=noise)
    case = {
        "pixel_values": pixels,
        "noise": noise,
        "logits": output.logits.numpy(),
        "loss": output.loss.numpy(),
        "mask": output.mask.numpy().astype(np.float32),
        "ids_restore": output.ids_restore.numpy().astype(np.int64),
        "last_hidden_state": inner.last_hidden_state.numpy(),
    }
    case |= {f"hidden_states.{i}": value.numpy() for i, value in enumerate(output.hidden_states)}
    case |= {f"attentions.{i}": value.numpy() for i, value in enumerate(output.attentions)}
    path.parent.mkdir(parents=True, exist_ok=True)
    case = {name: np.ascontiguousarray(value) for name, value in case.items()}
    save_file(case, path, metadata={"mask_ratio": str(model.config.mask_ratio)})


def write_unread(directory):
    """Files that are refused, each by its name."""
    values = np.arange(64, dtype=np.float32).reshape(8, 8)
    with h5py.File(directory / "chunked.h5", "w") as file:
        file.create_dataset("vit/vit/layernorm/gamma:0", data=values, chunks=(4, 8))
    with h5py.File(directory / "compressed.h5", "w") as file:
        file.create_dataset("vit/vit/layernorm/gamma:0", data=values, compression="gzip")
    with h5py.File(directory / "big-endian.h5", "w") as file:
        file.create_dataset("vit/vit/layernorm/gamma:0", data=values.astype(">f4"))
    with h5py.File(directory / "latest.h5", "w", libver="latest") as file:
        file.create_dataset("vit/vit/layernorm/gamma:0", data=values)
    small = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(2, kernel_initializer="ones")])
    small.save_weights(directory / "model.weights.h5")


def write_types(directory):
    """Types and places that the reader knows besides Keras' own; a text, a link and an empty group beside them."""
    values = np.array([[1, -2, 0.5], [3, 4, -0.25]])
    with h5py.File(directory / "types.h5", "w") as file:
        for name in ("f2", "f4", "f8", "i1", "i4", "i8", "u1"):
            file.create_dataset(f"types/{name}", data=np.abs(values).astype(name) if name == "u1" else values.astype(name))
        compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        compact.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple((2, 3))
        h5py.h5d.create(file.id, b"compact", h5py.h5t.IEEE_F32LE, space, compact).write(
            h5py.h5s.ALL, h5py.h5s.ALL, values.astype(np.float32)
        )
        file["scalar"] = np.float32(7)
        file["empty"] = np.zeros((0, 3), np.float32)
        file["text"] = "words"
        file["link"] = h5py.SoftLink("/scalar")
        file.create_group("nothing")


def write(directory):
    shapes = {
        "tiny": dict(),
        "sharded": dict(max_shard_size="8KB"),
        "safetensors": dict(safe_serialization=True),
        "encoder": dict(),
    }
    for name, options in shapes.items():
        model = make(TINY, TFViTMAEModel if name == "encoder" else TFViTMAEForPreTraining)
        model.save_pretrained(directory / name, **options)
        if name == "tiny":
            write_case(directory / name / "cases" / "ratio-0.75.safetensors", model)
    make(DEEP, steps=4).save_pretrained(directory / "deep")
    (directory / "others").mkdir()
    write_unread(directory / "others")
    write_types(directory / "others")


def main():
    parser = argparse.ArgumentParser(description="Writes reference values with TensorFlow.")
    parser.add_argument("--golden", type=Path, metavar="DIR", help="a directory for npm run verify instead")
    parser.add_argument("--norm-pix-loss", action="store_true")
    args = parser.parse_args()
    if args.golden is not None:
        model = make(LARGER | dict(norm_pix_loss=args.norm_pix_loss), steps=2**20)
        model.save_pretrained(args.golden)
        write_case(args.golden / "cases" / "ratio-0.75.safetensors", model)
        return
    target = HERE / "tensorflow"
    with tempfile.TemporaryDirectory() as scratch:
        write(Path(scratch))
        shutil.rmtree(target, ignore_errors=True)
        for path in sorted(Path(scratch).rglob("*")):
            if path.is_dir():
                continue
            kept = target / path.relative_to(scratch)
            kept.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix in (".h5", ".safetensors"):
                # HDF5's groups are nearly empty.
                kept.with_name(kept.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
            else:
                shutil.copyfile(path, kept)
    print(f"tensorflow together: {sum(path.stat().st_size for path in target.rglob('*') if path.is_file()):,} bytes")


if __name__ == "__main__":
    main()
