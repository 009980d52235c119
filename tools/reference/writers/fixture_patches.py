"""patches.json: the real patchify, unpatchify and forward_loss; format in README.md."""

import torch
from transformers import ViTMAEConfig, ViTMAEForPreTraining

from .arrays import encode, sha256
from .checkpoints import TINY
from .golden import images
from .recipe import Stream


def model_for(image_size, patch_size, norm_pix_loss):
    return ViTMAEForPreTraining(
        ViTMAEConfig(**TINY, image_size=image_size, patch_size=patch_size, norm_pix_loss=norm_pix_loss)
    )


def losses(model, pixel_values, pred, mask):
    """(loss per patch [L], loss): the real forward_loss, once per patch with only that patch masked, and with `mask`."""
    with torch.no_grad():
        single = torch.eye(mask.numel())
        per_patch = torch.stack([model.forward_loss(pixel_values, pred, row[None]) for row in single])
        return per_patch.numpy(), float(model.forward_loss(pixel_values, pred, mask[None]))


def normalised_target(model, pixel_values):
    """[L, N] float32, read off forward_loss: it is the one place where the reference computes it."""
    seen = {}

    class Probe(torch.Tensor):
        """A prediction that remembers what is subtracted from it."""

        def __sub__(self, other):
            seen["target"] = other
            return torch.zeros_like(other)

    target = model.patchify(pixel_values)
    probe = torch.zeros_like(target).as_subclass(Probe)
    with torch.no_grad():
        model.forward_loss(pixel_values, probe, torch.ones(1, target.shape[1]))
    return seen["target"][0].numpy()


def case(name, image_size, patch_size, seed, flat):
    raw = model_for(image_size, patch_size, False)
    normalised = model_for(image_size, patch_size, True)
    pixel_values = images(1, image_size, patch_size, seed, flat)
    patches = raw.patchify(pixel_values)
    stream = Stream(seed + 1)
    pred = torch.from_numpy(stream.uniform(tuple(patches.shape), 0, 1.5))
    # Every other patch or so, at least one of each kind.
    mask = (stream.rand(patches.shape[1]) < 0.6).float()
    mask[0], mask[-1] = 1, 0
    per_patch, loss = losses(raw, pixel_values, pred, mask)
    norm_per_patch, norm_loss = losses(normalised, pixel_values, pred, mask)
    assert torch.equal(raw.unpatchify(patches), pixel_values)
    return {
        "name": name,
        "patch_size": patch_size,
        "image_size": image_size,
        "pixel_values": encode(pixel_values[0]),
        "patches_sha256": sha256(patches[0]),
        "pred": encode(pred[0]),
        "pred_image_sha256": sha256(raw.unpatchify(pred)[0]),
        "mask": mask.int().tolist(),
        "loss_per_patch": encode(per_patch),
        "loss": loss,
        "norm_pix": {
            "target": encode(normalised_target(normalised, pixel_values)),
            "loss_per_patch": encode(norm_per_patch),
            "loss": norm_loss,
        },
    }


def build():
    return {
        "cases": [
            case("patch 16, 2 x 2", 32, 16, 100, False),
            case("patch 14, 2 x 2, flat patches", 28, 14, 200, True),
            case("patch 4, 5 x 5, flat patches", 20, 4, 300, True),
            case("patch 2, 3 x 3", 6, 2, 400, False),
        ]
    }
