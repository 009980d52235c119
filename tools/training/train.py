"""Trains the bundled masked autoencoder within a budget of minutes.

    python train.py --source photos-256px.tar.gz=0.85 --source photos-64px.tar.gz=0.15 \
        --run runs/demo --minutes 90

The same command resumes from the run's last checkpoint. The schedule follows the share of
the budget that is used, not the step count, so a busy machine trains less and still ends.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch
from torch import Tensor

from batches import Augmentation, Loader, Sampler
from config import ViTMAEConfig
from model import MaskedAutoencoder
from optimizer import make_optimizers
from photos import load_photos, preprocess
from split import TRAIN, VALIDATION


@dataclass
class Options:
    """Everything that decides the course of a run, saved with it."""

    minutes: float = 90.0
    batch: int = 64
    optimizer: str = "muon"
    lr: float = 2e-3
    adam_lr: float = 2e-3
    weight_decay: float = 0.05
    warmup: float = 0.02
    ema: float = 0.998
    clip: float = 1.0
    seed: int = 0
    repeat: int = 1


def rate_factor(progress: float, warmup: float) -> float:
    """Linear warm-up, then half a cosine to zero; progress is the used share of the budget."""
    if progress < warmup:
        return max(progress / warmup, 0.02)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warmup) / (1 - warmup))))


class Trainer:
    """Model, moving average, optimizers and clock; everything that a checkpoint holds."""

    def __init__(
        self,
        config: ViTMAEConfig,
        options: Options,
        device: torch.device,
        amp: bool,
        clock: Callable[[], float] = time.perf_counter,
        compile_model: bool = False,
    ):
        torch.manual_seed(options.seed)
        self.config, self.options, self.device, self.amp = config, options, device, amp
        self.model = MaskedAutoencoder(config).to(device)
        self.average = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        o = options
        self.optimizers = make_optimizers(self.model, o.optimizer, o.lr, o.adam_lr, o.weight_decay)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["peak"] = group["lr"]
        self.step_count, self.elapsed = 0, 0.0
        self.clock = clock
        self.loss_fn = self.model.training_loss
        if compile_model:
            self.loss_fn = torch.compile(self.loss_fn)

    @property
    def progress(self) -> float:
        return self.elapsed / (self.options.minutes * 60)

    def to_patches(self, patches: Tensor, line: Tensor) -> Tensor:
        """uint8 patches and their colour line to normalised float32 [B, L, N]."""
        patches = patches.to(self.device, non_blocking=True)
        line = line.to(self.device, non_blocking=True)
        return torch.addcmul(line[1], patches.float(), line[0])

    def step(self, patches: Tensor, line: Tensor) -> float | Tensor:
        """One update; returns the loss as a scalar tensor."""
        o = self.options
        factor = rate_factor(self.progress, o.warmup)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * factor
        generator = torch.Generator().manual_seed((o.seed << 32) + self.step_count)
        x = self.to_patches(patches, line)
        if o.repeat > 1:
            x = x.repeat(o.repeat, 1, 1)
        noise = torch.rand(x.shape[:2], generator=generator).to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.amp):
            loss = self.loss_fn(x, noise)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), o.clip)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.step_count += 1
        self._update_average()
        return loss.detach()

    @torch.no_grad()
    def _update_average(self) -> None:
        # Short memory at first, so that early exports are not the initial weights.
        decay = min(self.options.ema, (1 + self.step_count) / (10 + self.step_count))
        state = self.model.state_dict()
        torch._foreach_lerp_(list(self.average.values()), list(state.values()), 1 - decay)

    def state(self) -> dict:
        return {
            "config": asdict(self.config),
            "options": asdict(self.options),
            "step": self.step_count,
            "elapsed": self.elapsed,
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }

    def save(self, path: Path) -> None:
        """Written beside and renamed, so that an interruption leaves the last one whole."""
        beside = path.with_suffix(".partial")
        torch.save(self.state(), beside)
        os.replace(beside, path)

    def load(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["config"] != asdict(self.config):
            raise ValueError(f"{path} holds another architecture: {state['config']}")
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self.step_count, self.elapsed = state["step"], state["elapsed"]

    @torch.no_grad()
    def validate(self, pictures: Tensor) -> float:
        """Reference loss of the averaged weights, float32; picture i under seed 5000 + i.

        Evaluation's seeds (1000 + i) and pictures are not touched here.
        """
        judge = MaskedAutoencoder(self.config).to(self.device).eval()
        judge.load_state_dict(self.average)
        losses = []
        for start in range(0, len(pictures), 32):
            part = pictures[start : start + 32].to(self.device)
            noise = torch.stack(
                [
                    torch.rand(self.config.length, generator=torch.Generator().manual_seed(5000 + i))
                    for i in range(start, start + len(part))
                ]
            )
            losses.append(judge(part, noise.to(self.device)).loss.item() * len(part))
        return sum(losses) / len(pictures)

    def run(
        self,
        loader: Loader,
        validation: Tensor | None,
        report: Callable[[dict], None],
        save_path: Path | None,
        save_every: float = 120.0,
        report_every: float = 60.0,
        max_steps: int | None = None,
    ) -> None:
        """Steps until the budget (or max_steps) is used; validating costs no budget."""
        sums, count = 0.0, 0
        saved = reported = self.elapsed
        batches = loader.from_step(self.step_count)
        before = self.clock()
        while self.progress < 1 and (max_steps is None or self.step_count < max_steps):
            loss = self.step(*next(batches))
            sums, count = sums + loss, count + 1
            if self.device.type == "cuda" and self.step_count % 20 == 0:
                torch.cuda.synchronize()
            now = self.clock()
            self.elapsed += now - before
            before = now
            done = self.progress >= 1
            if done or self.elapsed - reported >= report_every:
                row = {
                    "minutes": round(self.elapsed / 60, 2),
                    "step": self.step_count,
                    "pictures": self.step_count * self.options.batch * self.options.repeat,
                    "train_loss": round(float(sums) / count, 4),
                }
                if validation is not None:
                    row["validation_loss"] = round(self.validate(validation), 4)
                report(row)
                sums, count, reported = 0.0, 0, self.elapsed
            if save_path and (done or self.elapsed - saved >= save_every):
                self.save(save_path)
                saved = self.elapsed
            before = self.clock()


def parse_source(text: str) -> tuple[Path, float]:
    """PATH or PATH=WEIGHT."""
    path, _, weight = text.rpartition("=")
    return (Path(path), float(weight)) if path else (Path(text), 1.0)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--source", action="append", default=[], metavar="PATH[=WEIGHT]",
                   help="archive (.tar, .tar.gz) or folder of photographs; repeatable")
    p.add_argument("--procedural", type=float, default=0.05, help="share of made pictures")
    p.add_argument("--run", type=Path, required=True, help="folder for checkpoint and log")
    p.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
    p.add_argument("--precision", default="bfloat16", choices=["bfloat16", "float32"])
    p.add_argument("--compile", action="store_true")
    p.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    p.add_argument("--min-area", type=float, default=Augmentation.min_area)
    p.add_argument("--jitter", type=float, default=Augmentation.jitter)
    p.add_argument("--report-every", type=float, default=60.0, help="seconds")
    p.add_argument("--save-every", type=float, default=120.0, help="seconds")
    p.add_argument("--start-from", type=Path, help="checkpoint whose averaged weights start this run")
    for field in fields(Options):
        p.add_argument("--" + field.name.replace("_", "-"), type=type(field.default),
                       default=field.default)
    p.add_argument("--width", type=int, default=ViTMAEConfig.hidden_size)
    p.add_argument("--layers", type=int, default=ViTMAEConfig.num_hidden_layers)
    p.add_argument("--heads", type=int, default=ViTMAEConfig.num_attention_heads)
    p.add_argument("--decoder-width", type=int, default=ViTMAEConfig.decoder_hidden_size)
    p.add_argument("--decoder-layers", type=int, default=ViTMAEConfig.decoder_num_hidden_layers)
    p.add_argument("--decoder-heads", type=int, default=ViTMAEConfig.decoder_num_attention_heads)
    a = p.parse_args()

    device = torch.device(
        ("cuda" if torch.cuda.is_available() else "cpu") if a.device == "auto" else a.device
    )
    torch.set_num_threads(a.threads)
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")
    config = ViTMAEConfig(
        hidden_size=a.width, num_hidden_layers=a.layers, num_attention_heads=a.heads,
        intermediate_size=4 * a.width, decoder_hidden_size=a.decoder_width,
        decoder_num_hidden_layers=a.decoder_layers, decoder_num_attention_heads=a.decoder_heads,
        decoder_intermediate_size=4 * a.decoder_width,
    )  # fmt: skip
    options = Options(**{f.name: getattr(a, f.name) for f in fields(Options)})
    sources = [parse_source(text) for text in a.source]
    cached = [
        ([picture for _, picture in load_photos(path, TRAIN, a.threads)], weight)
        for path, weight in sources
    ]
    # Validation pictures come from the first source alone: name the best photographs first.
    validation = None
    if sources:
        held = load_photos(sources[0][0], VALIDATION, a.threads)
        validation = torch.stack([preprocess(picture, config.image_size) for _, picture in held])
    sampler = Sampler(
        cached, a.procedural, config.image_size, config.patch_size, options.seed,
        Augmentation(min_area=a.min_area, jitter=a.jitter),
    )  # fmt: skip
    trainer = Trainer(
        config, options, device, a.precision == "bfloat16", compile_model=a.compile
    )
    a.run.mkdir(parents=True, exist_ok=True)
    checkpoint = a.run / "checkpoint.pt"
    if checkpoint.exists():
        trainer.load(checkpoint)
    elif a.start_from:
        start = torch.load(a.start_from, map_location=device, weights_only=True)["average"]
        trainer.model.load_state_dict(start)
        trainer.average = {k: v.clone() for k, v in start.items()}

    def report(row: dict) -> None:
        line = json.dumps(row)
        print(line, flush=True)
        with (a.run / "log.jsonl").open("a") as log:
            log.write(line + "\n")

    parameters = sum(q.numel() for q in trainer.model.parameters())
    print(f"{device}, {parameters:,} parameters, {[len(c) for c, _ in cached]} photographs, "
          f"from step {trainer.step_count}", flush=True)  # fmt: skip
    ahead = 4 if device.type == "cuda" else 0
    loader = Loader(sampler, options.batch, a.threads, ahead)
    try:
        trainer.run(loader, validation, report, checkpoint, a.save_every, a.report_every)
    finally:
        loader.close()


if __name__ == "__main__":
    main()
