"""Photographs from archives or folders, decoded once into memory."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from config import IMAGE_MEAN, IMAGE_STD
from split import part_of

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


def photo_files(source: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of a .tar(.gz) archive or of a folder, in a fixed order."""
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.suffix.lower() in SUFFIXES and path.is_file():
                yield path.relative_to(source).as_posix(), path.read_bytes()
        return
    with tarfile.open(source) as archive:
        for member in archive:
            if member.isfile() and Path(member.name).suffix.lower() in SUFFIXES:
                file = archive.extractfile(member)
                assert file is not None
                yield member.name, file.read()


def decode(data: bytes) -> np.ndarray:
    """Encoded picture to upright RGB, uint8 [H, W, 3]."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def load_photos(source: Path, part: str, threads: int = 2) -> list[tuple[str, np.ndarray]]:
    """The (name, picture) pairs of one part of the split, sorted by name.

    Raises ValueError when a file is no picture or the part is empty.
    """

    def one(entry: tuple[str, bytes]) -> tuple[str, np.ndarray]:
        try:
            return entry[0], decode(entry[1])
        except UnidentifiedImageError as error:
            raise ValueError(f"{source}: {entry[0]} is not a picture") from error

    wanted = [entry for entry in photo_files(source) if part_of(entry[0]) == part]
    if not wanted:
        raise ValueError(f"{source}: no photograph in the {part} part")
    with ThreadPoolExecutor(threads) as pool:
        return sorted(pool.map(one, wanted), key=lambda pair: pair[0])


def _thumbnails(pictures: list[np.ndarray]) -> np.ndarray:
    """Centred, unit-length 16 x 16 thumbnails, float32 [M, 768]."""
    box = Image.Resampling.BOX
    small = [np.asarray(Image.fromarray(p).resize((16, 16), box), np.float32) for p in pictures]
    flat = np.stack([s.reshape(-1) for s in small])
    flat -= flat.mean(1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)


def without_twins(
    pictures: list[np.ndarray], held_out: list[np.ndarray], limit: float = 0.97
) -> list[np.ndarray]:
    """`pictures` without those whose thumbnail correlates above `limit` with a held-out one.

    Collections overlap under different names, so the names' split alone is not enough.
    """
    if not pictures or not held_out:
        return pictures
    likeness = (_thumbnails(pictures) @ _thumbnails(held_out).T).max(1)
    return [p for p, value in zip(pictures, likeness, strict=True) if value <= limit]


def preprocess(picture: np.ndarray, size: int) -> Tensor:
    """What ViTImageProcessor does: squash to size x size (Pillow bilinear), rescale, normalise.

    uint8 [H, W, 3] to float32 [3, size, size].
    """
    resized = Image.fromarray(picture).resize((size, size), Image.Resampling.BILINEAR)
    pixels = torch.from_numpy(np.array(resized)).permute(2, 0, 1) / 255
    return (pixels - torch.tensor(IMAGE_MEAN)[:, None, None]) / torch.tensor(IMAGE_STD)[
        :, None, None
    ]
