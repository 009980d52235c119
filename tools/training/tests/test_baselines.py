import numpy as np
import torch

from baselines import fill_grey, fill_harmonic, fill_mean, fill_nearest, harmonic
from evaluate import seams, steps
from model import patchify


def test_harmonic_recovers_a_harmonic_function():
    """x^2 - y^2 and xy satisfy the five-point Laplace equation exactly."""
    y, x = np.mgrid[0:20, 0:24].astype(float)
    values = np.stack([x * x - y * y, x * y, 3 * x - y], axis=-1)
    known = np.zeros((20, 24), bool)
    known[[0, -1]] = known[:, [0, -1]] = True
    known[7:9, 5:8] = True
    spoiled = np.where(known[..., None], values, -99.0)
    assert np.abs(harmonic(spoiled, known) - values).max() < 1e-8


def test_harmonic_has_no_slope_at_the_edge():
    known = np.zeros((5, 6), bool)
    known[:, 0] = True
    values = np.where(known, 2.0, 0.0)[..., None]
    assert np.allclose(harmonic(values, known), 2.0)


def test_fill_harmonic_on_a_ramp():
    """A linear picture is harmonic; hide the inner patches and it must come back."""
    ramp = torch.arange(64.0)[None, :].expand(64, 64)
    patches = patchify(torch.stack([ramp, 2 * ramp, -ramp])[None], 16)[0]
    mask = torch.zeros(16)
    mask[[5, 6, 9]] = 1
    spoiled = torch.where(mask[:, None] > 0, torch.full_like(patches, 50.0), patches)
    filled = fill_harmonic(spoiled, mask)
    # The picture's own ramp is met to the slope at the border patches, which are visible.
    assert (filled - patches).abs().max() < 1e-3


def test_steps_across_borders_of_hidden_patches_and_inside():
    # Columns rise by 1 inside patches and by 5 across borders; rows are constant.
    columns = np.cumsum([0, 1, 1, 1, 5, 1, 1, 1, 5, 1, 1, 1])
    image = np.repeat(columns[None, :, None], 12, axis=0).repeat(3, axis=2).astype(np.uint8)
    hidden = np.zeros((3, 3), bool)
    hidden[1, 0] = True
    across, inside = steps(image, hidden, 4)
    # One border to the right of 5, two above and below of 0; 12 steps of 1 and 12 of 0 inside.
    assert across == 5 / 3 and inside == 0.5
    assert steps(image.swapaxes(0, 1), hidden.T, 4) == (across, inside)
    # A visible neighbour's own inside does not count.
    noisy = image.copy()
    noisy[:4, 4:] = np.random.default_rng(0).integers(0, 256, (4, 8, 3))
    assert steps(noisy, hidden, 4) == (across, inside)
    assert np.isnan(steps(image, np.zeros((3, 3), bool), 4)).all()
    rows = np.array([[0, 0, 0, 6, 1], [0, 0, 0, 2, 3], [0, 0, 0, np.nan, np.nan]])
    assert seams(rows) == 2 and seams(rows * [1, 1, 1, 1, 0]) == np.inf


def test_simple_fillings():
    patches = torch.zeros(16, 12)
    patches[0] = torch.tensor([1.0, 2.0, 3.0]).repeat(4)
    patches[15] = torch.tensor([5.0, 6.0, 7.0]).repeat(4)
    mask = torch.ones(16)
    mask[[0, 15]] = 0
    assert torch.equal(fill_grey(patches, mask), patches)
    assert fill_mean(patches, mask)[7].tolist() == [3.0, 4.0, 5.0] * 4
    near = fill_nearest(patches, mask)
    assert near[1].tolist() == [1.0, 2.0, 3.0] * 4 and near[11].tolist() == [5.0, 6.0, 7.0] * 4
