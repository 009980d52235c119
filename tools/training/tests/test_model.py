import pytest
import torch
from transformers import ViTMAEConfig as HubConfig
from transformers import ViTMAEForPreTraining

from model import MaskedAutoencoder, patchify, random_masking, seam_loss, unpatchify


def with_random_weights(config):
    torch.manual_seed(1)
    model = MaskedAutoencoder(config).eval()
    # Zero biases and unit norms would hide a wrong name or a missing term.
    with torch.no_grad():
        for p in model.parameters():
            p.add_(0.1 * torch.randn_like(p))
    return model


@pytest.mark.parametrize("ratio", [0.25, 0.75, 0.9])
def test_forward_equals_transformers(small_config, ratio):
    ours = with_random_weights(small_config)
    reference = ViTMAEForPreTraining(HubConfig(**small_config.to_json())).eval()
    reference.load_state_dict(ours.state_dict(), strict=True)
    reference.config.mask_ratio = ratio
    reference.vit.embeddings.config.mask_ratio = ratio
    pixel_values = torch.randn(2, 3, 64, 64)
    noise = torch.rand(2, small_config.length)
    with torch.no_grad():
        a, b = ours(pixel_values, noise, ratio), reference(pixel_values, noise=noise)
    assert torch.equal(a.mask, b.mask) and torch.equal(a.ids_restore, b.ids_restore)
    assert (a.logits - b.logits).abs().max() < 1e-5
    assert abs(a.loss - b.loss) < 1e-5


def test_training_loss_and_gradient_equal_the_full_forward(small_config):
    model = with_random_weights(small_config)
    pixel_values, noise = torch.randn(2, 3, 64, 64), torch.rand(2, small_config.length)
    ids = torch.argsort(noise, dim=1, stable=True)
    shuffled = patchify(pixel_values, 16)[torch.arange(2)[:, None], ids]
    names = [name for name, _ in model.named_parameters()]
    short = model.training_loss(shuffled, ids)
    long = model(pixel_values, noise).loss
    assert abs(short - long) < 1e-6
    one = torch.autograd.grad(short, list(model.parameters()))
    two = torch.autograd.grad(long, list(model.parameters()))
    for name, g, h in zip(names, one, two, strict=True):
        assert torch.allclose(g, h, atol=1e-6), name


def test_the_seam_loss_is_that_of_the_pictures_steps(small_config):
    torch.manual_seed(0)
    ids = torch.stack([torch.randperm(16)[:12] for _ in range(2)])
    error = torch.randn(2, 12, 768)
    whole = torch.zeros(2, 16, 768)
    for picture in range(2):
        whole[picture, ids[picture]] = error[picture]
    image = unpatchify(whole, 16)
    borders = torch.arange(16, 64, 16)
    across = (image[..., borders] - image[..., borders - 1]).square().mean()
    down = (image[:, :, borders] - image[:, :, borders - 1]).square().mean()
    assert torch.allclose(seam_loss(error, ids, small_config), (across + down) / 2)
    # One error shared by the whole picture has no seam.
    everywhere = torch.arange(16)[None]
    assert seam_loss(torch.ones(1, 16, 768), everywhere, small_config) == 0


def test_the_seam_weight_is_added(small_config):
    model = with_random_weights(small_config)
    shuffled = torch.randn(2, 16, 768)
    ids = torch.stack([torch.randperm(16) for _ in range(2)])
    plain, one, two = (model.training_loss(shuffled, ids, seam) for seam in (0.0, 1.0, 2.0))
    assert one > plain and torch.allclose(two - one, one - plain, atol=1e-4)


def test_patchify_order_and_inverse():
    images = torch.randn(2, 3, 8, 8)
    patches = patchify(images, 4)
    assert patches[1, 2, (3 * 4 + 1) * 3 + 2] == images[1, 2, 4 + 3, 1]
    assert torch.equal(unpatchify(patches, 4), images)


def test_mask_of_seed_2():
    """ids_keep for torch.manual_seed(2), as published in the authors' demo figures."""
    torch.manual_seed(2)
    ids, _, mask, kept = random_masking(torch.rand(1, 196), 0.75)
    assert kept == 49 and mask.sum() == 147
    assert ids[0, :8].tolist() == [82, 108, 20, 163, 128, 102, 140, 184]
