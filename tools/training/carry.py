"""Takes a run's checkpoint to another machine, or back, in files of at most 16 MB.

    python carry.py out --run runs/demo --to carried
    python carry.py in --from carried --run runs/demo

On the way weights are float16 and the optimizers' memory bfloat16: half of the checkpoint's
bytes. The rounding happens once per journey; a run that stays on its machine resumes from its
own checkpoint, without it.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import torch

from train import CHECKPOINT, write_whole

LIMIT_BYTES = 16_000_000


def converted(value, kind: torch.dtype):
    """The nested value with its floating-point tensors of more than one number as `kind`."""
    if isinstance(value, torch.Tensor):
        narrow = value.is_floating_point() and value.numel() > 1
        return value.to(kind) if narrow else value
    if isinstance(value, dict):
        return {key: converted(entry, kind) for key, entry in value.items()}
    if isinstance(value, list):
        return [converted(entry, kind) for entry in value]
    return value


def carry_out(run: Path, folder: Path, limit: int = LIMIT_BYTES) -> list[Path]:
    """Write folder/carried-0-of-3 and so on; return their paths."""
    state = torch.load(run / CHECKPOINT, map_location="cpu", weights_only=True)
    for key in ("model", "average"):
        state[key] = converted(state[key], torch.float16)
        for name, value in state[key].items():
            if not torch.isfinite(value).all():
                raise ValueError(f"{name} does not fit float16")
    # Second moments are too small for float16.
    state["optimizers"] = converted(state["optimizers"], torch.bfloat16)
    buffer = io.BytesIO()
    torch.save(state, buffer)
    data = buffer.getvalue()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("carried-*"):
        old.unlink()
    count = -(-len(data) // limit)
    paths = [folder / f"carried-{index}-of-{count}" for index in range(count)]
    for index, path in enumerate(paths):
        path.write_bytes(data[index * limit : (index + 1) * limit])
    return paths


def carry_in(folder: Path, run: Path) -> int:
    """Write the run's checkpoint from carried files; return its step.

    Raises ValueError where there are none or one is missing.
    """
    found = {path.name for path in folder.glob("carried-*-of-*")}
    count = len(found)
    paths = [folder / f"carried-{index}-of-{count}" for index in range(count)]
    if not found or found != {path.name for path in paths}:
        raise ValueError(f"{folder}: not all of the carried files: {sorted(found)}")
    data = b"".join(path.read_bytes() for path in paths)
    state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    for key in ("model", "average", "optimizers"):
        state[key] = converted(state[key], torch.float32)
    run.mkdir(parents=True, exist_ok=True)
    write_whole(state, run / CHECKPOINT)
    return state["step"]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ways = p.add_subparsers(dest="way", required=True)
    out, back = ways.add_parser("out"), ways.add_parser("in")
    out.add_argument("--to", type=Path, required=True)
    back.add_argument("--from", dest="folder", type=Path, required=True)
    for way in (out, back):
        way.add_argument("--run", type=Path, required=True)
    a = p.parse_args()
    if a.way == "out":
        for path in carry_out(a.run, a.to):
            print(f"{path}: {path.stat().st_size:,} bytes")
    else:
        print(f"{a.run / CHECKPOINT}: step {carry_in(a.folder, a.run)}")


if __name__ == "__main__":
    main()
