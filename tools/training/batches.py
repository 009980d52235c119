"""Training batches: random crops of cached photographs, a pure function of (seed, step)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from config import IMAGE_MEAN, IMAGE_STD
from model import patchify
from procedural import procedural_picture


@dataclass(frozen=True)
class Augmentation:
    """Share of the picture's area in a crop, its aspect, and the strength of the jitter."""

    min_area: float = 0.5
    # log of the largest change of aspect; the page squashes whole pictures, crops or not.
    log_aspect: float = 0.29
    jitter: float = 0.1


class Sampler:
    """Draws pictures from weighted sources and crops them.

    sources: (pictures uint8 [H, W, 3], weight) pairs; procedural: share of made pictures.
    """

    def __init__(
        self,
        sources: list[tuple[list[np.ndarray], float]],
        procedural: float,
        size: int,
        patch_size: int,
        seed: int,
        augmentation: Augmentation | None = None,
    ):
        total = sum(weight for _, weight in sources)
        if not 0 <= procedural <= 1 or (procedural < 1 and total <= 0):
            raise ValueError("shares must be positive and procedural within 0 and 1")
        self.pictures = [[torch.from_numpy(p.copy()) for p in pictures] for pictures, _ in sources]
        # The first slot is the procedural one.
        shares = [weight / total * (1 - procedural) if total else 0.0 for _, weight in sources]
        self.limits = np.cumsum([procedural, *shares])
        self.limits[-1] = 1.0
        self.size, self.patch_size, self.seed = size, patch_size, seed
        self.augmentation = augmentation or Augmentation()

    def crop(self, step: int, index: int) -> Tensor:
        """Picture `index` of step `step`: uint8 [3, S, S]."""
        rng = np.random.default_rng([self.seed, step, index])
        source = int(np.searchsorted(self.limits, rng.random(), side="right"))
        if source == 0:
            made = procedural_picture(rng, self.size)
            return torch.from_numpy(np.array(made)).permute(2, 0, 1)
        pictures = self.pictures[source - 1]
        picture = pictures[int(rng.integers(len(pictures)))]
        height, width, _ = picture.shape
        a = self.augmentation
        area = rng.uniform(a.min_area, 1.0)
        aspect = np.exp(rng.uniform(-a.log_aspect, a.log_aspect))
        # Shares of each side, so that a whole picture is squashed as the processor does.
        h = min(height, max(8, round(height * min(1.0, np.sqrt(area * aspect)))))
        w = min(width, max(8, round(width * min(1.0, np.sqrt(area / aspect)))))
        top, left = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
        part = picture[top : top + h, left : left + w].permute(2, 0, 1)[None]
        part = part.contiguous(memory_format=torch.channels_last)
        out = F.interpolate(part, (self.size, self.size), mode="bilinear", antialias=True)[0]
        return out.flip(2) if rng.random() < 0.5 else out

    def batch(self, step: int, indices: range) -> tuple[Tensor, Tensor]:
        """Crops as patches, uint8 [B, L, N], and their colour change [2, B, 1, N]."""
        crops = torch.stack([self.crop(step, index) for index in indices])
        rng = np.random.default_rng([self.seed, step, 1 << 30, indices.start])
        count, j = len(indices), self.augmentation.jitter
        contrast = rng.uniform(1 - j, 1 + j, (count, 1))
        gain = contrast * rng.uniform(1 - j / 3, 1 + j / 3, (count, 3))
        offset = 0.5 * (1 - gain) + rng.uniform(-j / 2, j / 2, (count, 1))
        # Brightness, contrast, channel gain and the processor's normalisation are one line.
        mean, std = np.array(IMAGE_MEAN), np.array(IMAGE_STD)
        line = np.stack([gain / 255 / std, (offset - mean) / std])
        line = np.tile(line, (1, 1, self.patch_size**2))[:, :, None]
        return patchify(crops, self.patch_size), torch.from_numpy(line).float()


def one_thread() -> None:
    """Worker threads compute alone; PyTorch keeps this setting per thread."""
    torch.set_num_threads(1)


class Loader:
    """Makes batches in threads: (patches uint8 [B, L, N], line [2, B, 1, N]) by step.

    ahead 0 shares the processor between making and training in turns, which is right
    where both need the same cores; with a GPU, a few batches ahead keep it fed.
    """

    def __init__(self, sampler: Sampler, batch: int, threads: int, ahead: int):
        self.sampler, self.batch, self.ahead, self.threads = sampler, batch, ahead, threads
        self.pool = ThreadPoolExecutor(threads, initializer=one_thread)

    def _start(self, step: int) -> list[Future]:
        cuts = np.linspace(0, self.batch, min(self.threads, self.batch) + 1).astype(int)
        parts = [range(a, b) for a, b in zip(cuts[:-1], cuts[1:], strict=True)]
        return [self.pool.submit(self.sampler.batch, step, part) for part in parts]

    def from_step(self, step: int) -> Iterator[tuple[Tensor, Tensor]]:
        waiting: deque[list[Future]] = deque()
        while True:
            while len(waiting) <= self.ahead:
                waiting.append(self._start(step))
                step += 1
            parts = [future.result() for future in waiting.popleft()]
            yield torch.cat([p for p, _ in parts]), torch.cat([c for _, c in parts], dim=1)

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)
