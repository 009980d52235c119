"""Shrinks photographs and packs them into archives that a slow or narrow way can carry.

    python pack.py --source photos-256px.tar.gz --source scenes.tar --to packed --limit 60
    for part in packed/*.tar; do tar -xf $part -C photos; done
    python train.py --source photos/photos-256px=0.8 --source photos/scenes=0.2 ...

Every source becomes a folder of its name, whose photographs keep their names, because the names
decide who is held out. Held-out photographs keep their bytes, so that what is measured on them
stays the same. The archives hold at most --limit megabytes each and can be unpacked in any order.
"""

from __future__ import annotations

import argparse
import io
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image

from photos import decode, photo_files
from split import TRAIN, part_of


def shrink(data: bytes, side: int, quality: int) -> bytes:
    """A JPEG whose shorter side is at most `side`, or the given bytes where those are fewer."""
    image = Image.fromarray(decode(data))
    scale = side / min(image.size)
    if scale < 1:
        size = [max(1, round(length * scale)) for length in image.size]
        image = image.resize(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    made = buffer.getvalue()
    return made if scale < 1 or len(made) < len(data) else data


def source_name(source: Path) -> str:
    """photos-256px.tar.gz, photos-256px.tar and photos-256px/ are all photos-256px."""
    return source.name.removesuffix(".gz").removesuffix(".tar")


def entries(sources: Iterable[Path], side: int, quality: int) -> Iterator[tuple[str, bytes]]:
    for source in sources:
        for name, data in photo_files(source):
            if part_of(name) == TRAIN:
                data = shrink(data, side, quality)
            yield f"{source_name(source)}/{name.removeprefix('./')}", data


def pack(sources: list[Path], folder: Path, limit: int, side: int, quality: int) -> list[Path]:
    """Write folder/photos-0.tar, photos-1.tar, ...; each of at most `limit` bytes."""
    names = [source_name(source) for source in sources]
    if len(set(names)) < len(names):
        raise ValueError(f"two sources have one name: {names}")
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    archive, used = None, 0
    try:
        for name, data in entries(sources, side, quality):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            # Headers and contents are padded to 512 bytes, the end to 10,240.
            header = len(info.tobuf(tarfile.PAX_FORMAT))
            size = header + -(-len(data) // 512) * 512
            if size + tarfile.RECORDSIZE > limit:
                raise ValueError(f"{name} alone exceeds the limit of {limit:,} bytes")
            if archive is None or used + size + tarfile.RECORDSIZE > limit:
                if archive is not None:
                    archive.close()
                paths.append(folder / f"photos-{len(paths)}.tar")
                archive, used = tarfile.open(paths[-1], "w", format=tarfile.PAX_FORMAT), 0
            archive.addfile(info, io.BytesIO(data))
            used += size
    finally:
        if archive is not None:
            archive.close()
    return paths


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--source", type=Path, action="append", required=True)
    p.add_argument("--to", type=Path, required=True)
    p.add_argument("--limit", type=float, default=60, help="megabytes per archive")
    p.add_argument("--side", type=int, default=256, help="shorter side at most, pixels")
    p.add_argument("--quality", type=int, default=80, help="of the JPEGs")
    a = p.parse_args()
    for path in pack(a.source, a.to, int(a.limit * 1e6), a.side, a.quality):
        print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
