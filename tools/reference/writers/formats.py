"""One small model in every format, naming and type of weights that a checkpoint can come in."""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import ViTMAEConfig, ViTMAEForPreTraining

from . import golden
from .authors import MaskedAutoencoder, from_published
from .checkpoints import CHECKPOINTS, PATCH4
from .weights import randomise

# The golden directory whose weights, config and cases most of them share.
BASE = "layer-norm-eps"

# Read without config.json: widths from which the heads follow, and the file name of normalised pixels.
INFERRED = PATCH4 | dict(
    hidden_size=64,
    num_hidden_layers=2,
    num_attention_heads=1,
    intermediate_size=16,
    decoder_hidden_size=64,
    decoder_num_hidden_layers=1,
    decoder_num_attention_heads=2,
    decoder_intermediate_size=24,
    layer_norm_eps=1e-6,
    norm_pix_loss=True,
)
INFERRED_CASE = {"mask_ratio": 0.75, "batch": 2}


def base_model(name=BASE):
    """A golden directory's model, made again by what golden.py does."""
    entry = CHECKPOINTS[name]
    model = ViTMAEForPreTraining(ViTMAEConfig(**entry["config"]))
    randomise(model, entry["seed"], entry.get("shrink"))
    return model.to(getattr(torch, entry.get("dtype", "float32"))).eval()


def write_bin(directory, name=BASE, **options):
    base_model(name).save_pretrained(directory, safe_serialization=False, **options)
    (directory / "config.json").unlink()


def transformers_5(name):
    """The names of the modules in transformers 5."""
    name = name.replace("vit.encoder.layer.", "vit.layers.")
    for part in ("query", "key", "value"):
        name = name.replace(f"attention.attention.{part}", f"attention.{part[0]}_proj")
    name = name.replace("attention.output.dense", "attention.o_proj")
    return name.replace("intermediate.dense", "mlp.fc1").replace("output.dense", "mlp.fc2")


def write_transformers_5(directory):
    state = {transformers_5(name): value for name, value in base_model().state_dict().items()}
    torch.save(state, directory / "pytorch_model.bin", pickle_protocol=5)


def write_legacy(directory):
    """The format from before 1.6, as a training program's file that has the moving average alone."""
    content = {"epoch": 3, "model_ema": base_model("float16").state_dict()}
    torch.save(content, directory / "last.ckpt", _use_new_zipfile_serialization=False)


def authors_base():
    model = base_model()
    return from_published(model.config, model.state_dict())


def write_authors(directory):
    torch.save({"model": authors_base().state_dict()}, directory / "mae_visualize_vit_tiny.pth")


def write_authors_training(directory):
    """What the authors' training writes: optimizer, epoch, scaler and arguments beside the weights."""
    model = authors_base()
    # An optimizer's state is twice as large as what it moves.
    norms = [value for name, value in model.named_parameters() if "norm" in name]
    optimizer = torch.optim.AdamW(norms, lr=1.5e-4, betas=(0.9, 0.95))
    for value in norms:
        value.grad = torch.full_like(value, 0.5)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    optimizer.step()
    model.load_state_dict(before)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    args = argparse.Namespace(
        batch_size=64,
        device="cuda",
        norm_pix_loss=True,
        mask_ratio=0.75,
        lr=None,
        blr=np.float64(1.5e-4),
        seed=np.int64(0),
        output_dir=Path("/checkpoints"),
        where=torch.device("cpu"),
        world_size=2**40,
        betas=(0.9, 0.95),
        skipped={"bias"},
        nonce=b"\x00\xff",
    )
    content = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "epoch": 799,
        "scaler": scaler.state_dict(),
        "args": args,
    }
    torch.save(content, directory / "checkpoint-799.pth")


def write_strided(directory):
    """Tensors that are views: transposed, cut out of a wider one, permuted, or several in one storage."""
    state = {}
    vectors = {name: value for name, value in base_model().state_dict().items() if value.dim() == 1}
    together = torch.cat([torch.zeros(3), *vectors.values()])
    offset = 3
    for name, value in base_model().state_dict().items():
        if value.dim() == 1:
            value = together[offset : offset + len(value)]
            offset += len(value)
        elif ".query." in name or ".dense.weight" in name:
            value = value.t().contiguous().t()
        elif ".value." in name:
            value = torch.cat([value, torch.ones(len(value), 3)], dim=1)[:, : value.shape[1]]
        elif value.dim() == 4:
            value = value.to(memory_format=torch.channels_last)
        elif "pos" in name:
            value = torch.stack([value, value * 2], dim=-1)[..., 0]
        elif name == "decoder.decoder_pred.weight":
            value = nn.Parameter(value)
        state["module." + name] = value
    views = [name for name, value in state.items() if not value.is_contiguous()]
    assert len(views) > 10
    state["module.decoder.mask_token_again"] = state["module.decoder.mask_token"]
    state["module.steps"] = torch.tensor(7)
    state["module.doubles"] = torch.ones(2, dtype=torch.float64)
    state["module.repeated"] = torch.ones(1).expand(1000)
    torch.save({"state_dict": state}, directory / "views.pt")


def write_inferred(directory):
    """float16 weights in a file of the authors, with a case by a model that has them in float32."""
    config = ViTMAEConfig(**INFERRED)
    config._attn_implementation = "eager"
    published = ViTMAEForPreTraining(config)
    randomise(published, 30)
    halves = from_published(config, published.half().state_dict()).half().state_dict()
    torch.save({"model": halves}, directory / "mae_pretrain_vit_tiny_full.pth")

    case = directory / "cases" / "ratio-0.75.safetensors"
    expected = golden.write_case(case, published.float().eval(), INFERRED_CASE, index=50)
    authors = MaskedAutoencoder(config).eval()
    authors.load_state_dict({name: value.float() for name, value in halves.items()})
    inputs = golden.images(2, 3, 16, 16, 4, 1050, False), golden.noise_for(2, 16, 52)
    with torch.no_grad():
        difference = (authors(*inputs) - expected["logits"]).abs().max()
    assert difference < 1e-5, difference
    print(f"  authors-inferred: {golden.describe(expected)}, two implementations differ by {difference:.1e}")


# name -> (what writes it, the golden directory that has its config and cases, or None)
FORMATS = {
    "bin": (write_bin, BASE),
    "bin-sharded": (lambda directory: write_bin(directory, max_shard_size="20KB"), BASE),
    "bin-float16": (lambda directory: write_bin(directory, "float16"), "float16"),
    "bin-bfloat16": (lambda directory: write_bin(directory, "bfloat16"), "bfloat16"),
    "legacy": (write_legacy, "float16"),
    "transformers-5": (write_transformers_5, BASE),
    "authors": (write_authors, BASE),
    "authors-training": (write_authors_training, BASE),
    "views": (write_strided, BASE),
    "authors-inferred": (write_inferred, None),
}


def write(name, target: Path):
    """Writes formats/<name>."""
    writer, base = FORMATS[name]
    torch.manual_seed(0)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch) / name
        directory.mkdir()
        writer(directory)
        (directory / "golden.json").write_text(f'{{ "golden": {json.dumps(base)} }}\n')
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(directory, target, copy_function=shutil.copyfile)
