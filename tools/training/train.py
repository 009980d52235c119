"""Trains the bundled masked autoencoder within a budget of minutes.

    python train.py --source photos-256px.tar.gz=0.85 --source photos-64px.tar.gz=0.15 \
        --run runs/demo --minutes 90

The same command resumes from the run's last checkpoint; with more --minutes it goes on longer.
The schedule follows the share of the budget that is used, not the step count, so a busy machine
trains less and still ends.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from batches import Augmentation, Loader, Sampler, one_thread
from config import ViTMAEConfig
from model import MaskedAutoencoder, grow
from optimizer import make_optimizers
from photos import load_photos, preprocess, without_twins
from split import TEST, TRAIN, VALIDATION


@dataclass
class Options:
    """Everything that decides the course of a run, saved with it."""

    minutes: float = 90.0
    batch: int = 64
    optimizer: str = "muon"
    lr: float = 1.2e-3
    adam_lr: float = 1e-3
    weight_decay: float = 0.05
    warmup: float = 0.02
    cooldown: float = 0.25
    seam: float = 0.0
    ema: float = 0.998
    clip: float = 1.0
    seed: int = 0
    init: str = "mimetic,pca"


def rate_factor(progress: float, warmup: float, cooldown: float) -> float:
    """Linear warm-up, the full rate, then a straight line to zero; shares of the budget.

    While the full rate lasts nothing depends on the end, so a run can be given more minutes, or
    be cooled down at any moment from its checkpoint (`--start-from CHECKPOINT --cooldown 1`).
    """
    if progress < warmup:
        return max(progress / warmup, 0.02)
    return min(1.0, max(0.0, 1 - progress) / max(cooldown, 1e-6))


CHECKPOINT = "checkpoint.pt"
STARTED = time.perf_counter()


def write_whole(state: dict, path: Path) -> None:
    """Written beside and renamed, so that an interruption leaves the last one whole."""
    beside = path.with_suffix(".partial")
    torch.save(state, beside)
    os.replace(beside, path)


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
        sample: Tensor | None = None,
        workers: int = 1,
    ):
        torch.manual_seed(options.seed)
        self.config, self.options, self.device, self.amp = config, options, device, amp
        self.model = MaskedAutoencoder(config)
        if sample is not None and "pca" in options.init:
            self.model.align_with_patches(sample)
        if "mimetic" in options.init:
            self.model.mimic_trained_attention()
        self.model.to(device)
        self.average = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        o = options
        self.optimizers = make_optimizers(self.model, o.optimizer, o.lr, o.adam_lr, o.weight_decay)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["peak"] = group["lr"]
        self.step_count, self.elapsed = 0, 0.0
        self.clock = clock
        self.worker_count = workers
        self.workers = ThreadPoolExecutor(workers, initializer=one_thread) if workers > 1 else None
        self.loss_fn = partial(self.model.training_loss, seam=options.seam)
        if compile_model:
            self.loss_fn = torch.compile(self.loss_fn)

    @property
    def progress(self) -> float:
        return self.elapsed / (self.options.minutes * 60)

    def shuffle(self, patches: Tensor, line: Tensor, ids: Tensor) -> Tensor:
        """uint8 patches [B, L, N], their colour line and ids_shuffle to float32 [B, L, N].

        Bytes are shuffled before they become floats: a quarter of the memory traffic.
        """
        rows = torch.arange(len(patches), device=patches.device)[:, None]
        return torch.addcmul(line[1], patches[rows, ids].float(), line[0])

    def _backward(self, shuffled: Tensor, ids: Tensor) -> Tensor:
        """Fill .grad and return the loss; the batch is cut among the workers.

        Whole passes in single-threaded workers meet once per step. Threads inside every
        operation meet hundreds of times, and on a busy machine each meeting is a wait.
        """
        parameters = list(self.model.parameters())

        def part(x: Tensor, i: Tensor) -> tuple[Tensor, ...]:
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.amp):
                loss = self.loss_fn(x, i) * (len(x) / len(shuffled))
            return loss.detach(), *torch.autograd.grad(loss, parameters)

        if self.workers is None:
            loss, *gradients = part(shuffled, ids)
        else:
            n = self.worker_count
            parts = list(self.workers.map(part, shuffled.tensor_split(n), ids.tensor_split(n)))
            loss, *gradients = [sum(values) for values in zip(*parts, strict=True)]
        for p, gradient in zip(parameters, gradients, strict=True):
            p.grad = gradient
        return loss

    def step(self, patches: Tensor, line: Tensor) -> Tensor:
        """One update; returns the loss as a scalar tensor."""
        o = self.options
        factor = rate_factor(self.progress, o.warmup, o.cooldown)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * factor
        generator = torch.Generator().manual_seed((o.seed << 32) + self.step_count)
        noise = torch.rand(len(patches), patches.shape[1], generator=generator)
        ids = torch.argsort(noise, dim=1, stable=True).to(self.device)
        to = {"device": self.device, "non_blocking": True}
        shuffled = self.shuffle(patches.to(**to), line.to(**to), ids)
        loss = self._backward(shuffled, ids)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), o.clip)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.step_count += 1
        self._update_average()
        return loss

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
        write_whole(self.state(), path)

    def load(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["config"] != asdict(self.config):
            raise ValueError(f"{path} holds another architecture: {state['config']}")
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            # The rates asked for now, not the saved ones: a resumed run may be corrected.
            peaks = [group["peak"] for group in optimizer.param_groups]
            optimizer.load_state_dict(saved)
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["peak"] = peak
        self.step_count, self.elapsed = state["step"], state["elapsed"]

    def start_from(self, path: Path) -> None:
        """Weights from a checkpoint of a run, or from a .safetensors file, grown in depth.

        A run's checkpoint of the same architecture brings its optimizers' memory too, so that
        a cooldown begins where the run stood; its averaged weights count otherwise.
        """
        if path.suffix == ".safetensors":
            weights = {k: v.float() for k, v in load_file(path).items()}
        else:
            state = torch.load(path, map_location=self.device, weights_only=True)
            if state["config"] == asdict(self.config):
                self.load(path)
                self.elapsed = 0.0
                return
            weights = state["average"]
        self.model.load_state_dict(grow(weights, self.config))
        self.average = {k: v.detach().clone() for k, v in self.model.state_dict().items()}

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
            seeds = range(5000 + start, 5000 + start + len(part))
            generators = [torch.Generator().manual_seed(seed) for seed in seeds]
            noise = torch.stack([torch.rand(self.config.length, generator=g) for g in generators])
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
        call_seconds: float = float("inf"),
    ) -> None:
        """Steps until the budget (or max_steps) is used; validating costs no budget.

        After call_seconds, counted with everything since the start of the process by the wall
        clock, it saves and returns early, to be resumed.
        """
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
            stop = time.perf_counter() - STARTED >= call_seconds
            done = self.progress >= 1 or stop
            if done or self.elapsed - reported >= report_every:
                row = {
                    "minutes": round(self.elapsed / 60, 2),
                    "step": self.step_count,
                    "pictures": self.step_count * self.options.batch,
                    "train_loss": round(float(sums) / count, 4),
                }
                if validation is not None:
                    row["validation_loss"] = round(self.validate(validation), 4)
                report(row)
                sums, count, reported = 0.0, 0, self.elapsed
            if save_path and (done or self.elapsed - saved >= save_every):
                self.save(save_path)
                saved = self.elapsed
            if stop:
                break
            before = self.clock()


def sample_patches(sampler: Sampler, pictures: int = 256) -> Tensor:
    """Normalised patches [M, N] of random crops, for the initial weights."""
    patches, line = sampler.batch(1 << 40, range(pictures))
    return torch.addcmul(line[1], patches.float(), line[0])[:, ::2].flatten(0, 1)


def parse_source(text: str) -> tuple[Path, float]:
    """PATH or PATH=WEIGHT."""
    path, _, weight = text.rpartition("=")
    return (Path(path), float(weight)) if path else (Path(text), 1.0)


def build_parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="PATH[=WEIGHT]",
        help="archive (.tar, .tar.gz) or folder of photographs; repeatable",
    )
    p.add_argument("--procedural", type=float, default=0.05, help="share of made pictures")
    p.add_argument("--run", type=Path, required=True, help="folder for checkpoint and log")
    p.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
    p.add_argument("--precision", default="bfloat16", choices=["bfloat16", "float32"])
    p.add_argument("--compile", action="store_true")
    p.add_argument(
        "--clock",
        default="wall",
        choices=["wall", "cpu"],
        help="cpu: count processor minutes, to compare settings on a busy machine",
    )
    p.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    p.add_argument("--min-area", type=float, default=Augmentation.min_area)
    p.add_argument("--jitter", type=float, default=Augmentation.jitter)
    p.add_argument("--report-every", type=float, default=60.0, help="seconds")
    p.add_argument("--save-every", type=float, default=120.0, help="seconds")
    p.add_argument(
        "--call-minutes",
        type=float,
        default=float("inf"),
        help="stop after so many wall minutes of this process, to be resumed by the next",
    )
    p.add_argument(
        "--start-from",
        type=Path,
        help="a run's checkpoint or a .safetensors file; layers may be added",
    )
    for field in fields(Options):
        p.add_argument(
            "--" + field.name.replace("_", "-"), type=type(field.default), default=field.default
        )
    c = ViTMAEConfig
    p.add_argument("--width", type=int, default=c.hidden_size)
    p.add_argument("--layers", type=int, default=c.num_hidden_layers)
    p.add_argument("--heads", type=int, default=c.num_attention_heads)
    p.add_argument("--decoder-width", type=int, default=c.decoder_hidden_size)
    p.add_argument("--decoder-layers", type=int, default=c.decoder_num_hidden_layers)
    p.add_argument("--decoder-heads", type=int, default=c.decoder_num_attention_heads)
    return p


def main() -> None:
    a = build_parser().parse_args()

    device = torch.device(
        ("cuda" if torch.cuda.is_available() else "cpu") if a.device == "auto" else a.device
    )
    # On the CPU the workers are the threads; OpenMP's own would spin while they wait, which
    # on a busy machine costs several times the work itself.
    torch.set_num_threads(1)
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
    held = [
        picture
        for path, _ in sources
        for part in (TEST, VALIDATION)
        for _, picture in load_photos(path, part, a.threads)
    ]
    cached = [
        (without_twins([p for _, p in load_photos(path, TRAIN, a.threads)], held), weight)
        for path, weight in sources
    ]
    # Validation pictures come from the first source alone: name the best photographs first.
    validation = None
    if sources:
        judged = load_photos(sources[0][0], VALIDATION, a.threads)
        validation = torch.stack([preprocess(picture, config.image_size) for _, picture in judged])
    sampler = Sampler(
        cached, a.procedural, config.image_size, config.patch_size, options.seed,
        Augmentation(min_area=a.min_area, jitter=a.jitter),
    )  # fmt: skip
    trainer = Trainer(
        config, options, device, a.precision == "bfloat16",
        clock=time.process_time if a.clock == "cpu" else time.perf_counter,
        compile_model=a.compile,
        sample=sample_patches(sampler), workers=a.threads if device.type == "cpu" else 1,
    )  # fmt: skip
    a.run.mkdir(parents=True, exist_ok=True)
    checkpoint = a.run / CHECKPOINT
    if checkpoint.exists():
        trainer.load(checkpoint)
    elif a.start_from:
        trainer.start_from(a.start_from)

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
        trainer.run(
            loader, validation, report, checkpoint, a.save_every, a.report_every,
            call_seconds=60 * a.call_minutes,
        )  # fmt: skip
    finally:
        loader.close()


if __name__ == "__main__":
    main()
