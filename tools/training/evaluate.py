"""Judges a checkpoint on photographs it was never trained on, beside four baselines.

    python evaluate.py --model ../../public/models/demo --photos photos-256px.tar.gz

Picture i (in the order of the names) is masked by torch.manual_seed(1000 + i);
torch.rand(1, L). The loss is the reference's: normalised pixels, hidden patches only.
PSNR and SSIM compare the 8-bit picture with reconstruction + visible.
"""

from __future__ import annotations

import argparse
import json
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


def measure(filled: Tensor, patches: Tensor, mask: Tensor, patch_size: int) -> list[float]:
    """[loss, PSNR in dB, SSIM] of a filling whose visible rows are the original's."""
    loss = ((filled - patches) ** 2).mean(1)[mask > 0].mean().item()
    shown, original = to_bytes(filled, patch_size), to_bytes(patches, patch_size)
    psnr = peak_signal_noise_ratio(original, shown, data_range=255)
    ssim = structural_similarity(original, shown, channel_axis=2, data_range=255)
    return [loss, float(psnr), float(ssim)]


@torch.no_grad()
def evaluate(
    model: MaskedAutoencoder, pictures: list[np.ndarray], mask_ratio: float, baselines: bool = True
) -> dict[str, np.ndarray]:
    """Per method an array [pictures, 3] of loss, PSNR, SSIM."""
    config = model.config
    table: dict[str, list] = {}
    for i, picture in enumerate(pictures):
        pixel_values = preprocess(picture, config.image_size)[None]
        torch.manual_seed(1000 + i)
        noise = torch.rand(1, config.length)
        patches = patchify(pixel_values, config.patch_size)[0]
        mask = random_masking(noise, mask_ratio)[2][0]
        if baselines:
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
    print("| method | loss | PSNR (dB) | SSIM |\n|---|---|---|---|")
    for name, rows in table.items():
        loss, psnr, ssim = rows.mean(0)
        print(f"| {name} | {loss:.4f} | {psnr:.2f} | {ssim:.4f} |")
    ours, smooth = table["this model"][:, 0], table["harmonic inpainting"][:, 0]
    difference = ours - smooth
    error = difference.std(ddof=1) / len(difference) ** 0.5
    print(f"\nthis model minus harmonic: {difference.mean():+.4f} (standard error {error:.4f}); "
          f"lower on {(difference < 0).mean():.0%} of the photographs")  # fmt: skip
    if a.json:
        means = {name: dict(zip(("loss", "psnr", "ssim"), rows.mean(0).tolist(), strict=True))
                 for name, rows in table.items()}  # fmt: skip
        a.json.write_text(json.dumps(means, indent=2) + "\n")


if __name__ == "__main__":
    main()
