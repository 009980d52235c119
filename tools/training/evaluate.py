"""Judges a checkpoint on photographs it was never trained on, beside four baselines.

    python evaluate.py --model ../../public/models/demo --photos photos-256px.tar.gz

Picture i (in the order of the names) is masked by torch.manual_seed(1000 + i);
torch.rand(1, L). The loss is the reference's: normalised pixels, hidden patches only.
PSNR and SSIM compare the 8-bit picture with reconstruction + visible. Seams: how large the mean
step between neighbouring pixels is across the borders of hidden patches, as a multiple of the
mean step inside hidden patches, over all photographs; the original's own ratio is the aim.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import Tensor

from baselines import BASELINES
from config import IMAGE_MEAN, IMAGE_STD, ViTMAEConfig
from model import MaskedAutoencoder, patchify, random_masking, unpatchify
from photos import load_photos, preprocess
from split import TEST, VALIDATION


ORIGINAL = "the original"


def load_model(folder: Path) -> MaskedAutoencoder:
    """The checkpoint in `folder`, in float32."""
    model = MaskedAutoencoder(ViTMAEConfig.load(folder))
    model.load_state_dict(
        {k: v.float() for k, v in load_file(folder / "model.safetensors").items()}
    )
    return model.eval()


def to_bytes(patches: Tensor, patch_size: int) -> np.ndarray:
    """Patches [L, N] to the displayed picture, uint8 [S, S, 3]: clipped, then truncated."""
    image = unpatchify(patches[None], patch_size)[0].permute(1, 2, 0)
    image = (image * torch.tensor(IMAGE_STD) + torch.tensor(IMAGE_MEAN)) * 255
    return image.clamp(0, 255).to(torch.uint8).numpy()


def steps(image: np.ndarray, hidden: np.ndarray, patch_size: int) -> tuple[float, float]:
    """Mean absolute step across the borders of hidden patches, and inside hidden patches.

    image [S, S, 3]; hidden [rows, columns], true where a patch is. A border counts when a patch
    on either side of it is hidden. Not a number where there is nothing to count.
    """
    across, inside = [], []
    for picture, patches in ((image, hidden), (image.swapaxes(0, 1), hidden.T)):
        size = picture.shape[1]
        here = patches.repeat(patch_size, 0).repeat(patch_size, 1)
        step = np.abs(np.diff(picture.astype(np.float64), axis=1)).mean(2)
        border = np.arange(1, size) % patch_size == 0
        across.append(step[(here[:, 1:] | here[:, :-1]) & border])
        inside.append(step[here[:, 1:] & ~border])
    with np.errstate(invalid="ignore"):
        sums = [(part[0].sum() + part[1].sum()) / np.float64(part[0].size + part[1].size)
                for part in (across, inside)]  # fmt: skip
    return float(sums[0]), float(sums[1])


def seams(rows: np.ndarray) -> float:
    """The ratio of the two mean steps over all photographs; infinite where patches are flat."""
    across, inside = np.nanmean(rows[:, 3:5], axis=0)
    return float(across / inside) if inside > 0 else float("inf")


def finite(value: float) -> float | None:
    """JSON has no infinity."""
    return float(value) if math.isfinite(value) else None


def measure(filled: Tensor, patches: Tensor, mask: Tensor, patch_size: int) -> list[float]:
    """[loss, PSNR in dB, SSIM, step across borders, step inside] of a filling whose visible rows
    are the original's.
    """
    loss = ((filled - patches) ** 2).mean(1)[mask > 0].mean().item()
    shown, original = to_bytes(filled, patch_size), to_bytes(patches, patch_size)
    same = bool((original == shown).all())
    psnr = np.inf if same else peak_signal_noise_ratio(original, shown, data_range=255)
    ssim = structural_similarity(original, shown, channel_axis=2, data_range=255)
    side = math.isqrt(len(mask))
    hidden = mask.reshape(side, side).numpy() > 0
    return [loss, float(psnr), float(ssim), *steps(shown, hidden, patch_size)]


@torch.no_grad()
def evaluate(
    model: MaskedAutoencoder, pictures: list[np.ndarray], mask_ratio: float, baselines: bool = True
) -> dict[str, np.ndarray]:
    """Per method an array [pictures, 5]: the rows of `measure`."""
    config = model.config
    table: dict[str, list] = {}
    for i, picture in enumerate(pictures):
        pixel_values = preprocess(picture, config.image_size)[None]
        torch.manual_seed(1000 + i)
        noise = torch.rand(1, config.length)
        patches = patchify(pixel_values, config.patch_size)[0]
        mask = random_masking(noise, mask_ratio)[2][0]
        if baselines:
            row = measure(patches, patches, mask, config.patch_size)
            table.setdefault(ORIGINAL, []).append(row)
            for name, fill in BASELINES.items():
                row = measure(fill(patches, mask), patches, mask, config.patch_size)
                table.setdefault(name, []).append(row)
        logits = model(pixel_values, noise, mask_ratio).logits[0]
        painted = torch.where(mask[:, None] > 0, logits, patches)
        row = measure(painted, patches, mask, config.patch_size)
        table.setdefault("this model", []).append(row)
    return {name: np.array(rows) for name, rows in table.items()}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--model", type=Path, required=True, help="folder with model.safetensors")
    p.add_argument("--photos", type=Path, required=True, help="archive or folder")
    p.add_argument("--part", default=TEST, choices=[TEST, VALIDATION])
    p.add_argument("--mask-ratio", type=float, default=0.75)
    p.add_argument("--json", type=Path, help="also write the means here")
    a = p.parse_args()
    pictures = [picture for _, picture in load_photos(a.photos, a.part)]
    table = evaluate(load_model(a.model), pictures, a.mask_ratio)
    print(f"{len(pictures)} photographs, {a.mask_ratio:.0%} masked\n")
    print("| method | loss | PSNR (dB) | SSIM | seams |\n|---|---|---|---|---|")
    for name, rows in table.items():
        loss, psnr, ssim = rows[:, :3].mean(0)
        print(f"| {name} | {loss:.4f} | {psnr:.2f} | {ssim:.4f} | {seams(rows):.3f} |")
    ours, smooth = table["this model"][:, 0], table["harmonic inpainting"][:, 0]
    difference = ours - smooth
    error = difference.std(ddof=1) / len(difference) ** 0.5
    better = (table["this model"][:, 2] > table["harmonic inpainting"][:, 2]).mean()
    print(f"\nthis model minus harmonic: {difference.mean():+.4f} (standard error {error:.4f}); "
          f"lower on {(difference < 0).mean():.0%} of the photographs; "
          f"SSIM higher on {better:.0%}")  # fmt: skip
    if a.json:
        names = ("loss", "psnr", "ssim", "seams")
        means = {
            name: dict(zip(names, map(finite, [*rows[:, :3].mean(0), seams(rows)]), strict=True))
            for name, rows in table.items()
        }
        a.json.write_text(json.dumps(means, indent=2) + "\n")


if __name__ == "__main__":
    main()
