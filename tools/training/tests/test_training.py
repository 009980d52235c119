import itertools
import json
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import ViTImageProcessor, ViTMAEForPreTraining

from batches import Loader
from carry import carry_in, carry_out
from evaluate import load_model
from export import export
from model import MaskedAutoencoder, patchify
from optimizer import orthogonalise
from photos import preprocess
from train import CHECKPOINT, Options, Trainer, rate_factor


def make_trainer(config, **changes):
    # A clock of one second per reading makes the schedule a function of the step.
    ticks = itertools.count()
    options = Options(**{"minutes": 20 / 60, "batch": 4, "warmup": 0.1} | changes)
    return Trainer(
        config, options, torch.device("cpu"), amp=False, clock=lambda: float(next(ticks))
    )


def run(trainer, sampler, steps, save=None):
    loader = Loader(sampler, trainer.options.batch, threads=2, ahead=0)
    rows = []
    trainer.run(loader, None, rows.append, save, max_steps=steps, report_every=1)
    loader.close()
    return rows


def test_resuming_gives_the_same_state(small_config, sampler, tmp_path):
    straight = make_trainer(small_config)
    run(straight, sampler, 8)
    first = make_trainer(small_config)
    run(first, sampler, 4)
    first.save(tmp_path / "checkpoint.pt")
    second = make_trainer(small_config)
    second.load(tmp_path / "checkpoint.pt")
    assert second.step_count == 4
    run(second, sampler, 8)
    a, b = straight.state(), second.state()
    assert a["step"] == b["step"] == 8 and a["elapsed"] == b["elapsed"]
    for key in ("model", "average"):
        for name in a[key]:
            assert torch.equal(a[key][name], b[key][name]), (key, name)
    start = make_trainer(small_config).state()
    assert not torch.equal(
        start["model"]["decoder.decoder_pred.weight"], a["model"]["decoder.decoder_pred.weight"]
    )


def test_the_end_can_be_moved_while_the_rate_is_held():
    short = [rate_factor(minute / 40, 0.1, 0.25) for minute in range(41)]
    long = [rate_factor(minute / 80, 0.05, 0.25) for minute in range(81)]
    assert short[:31] == pytest.approx(long[:31]) and short[30] == 1.0
    assert short[35] == pytest.approx(0.5) and short[40] == 0.0 and rate_factor(1.1, 0.1, 0.25) == 0
    # Without a cooldown the rate is held; with nothing else it falls from the start.
    assert rate_factor(0.99, 0.1, 0) == 1.0 and rate_factor(0.25, 0, 1.0) == 0.75


def test_a_cooldown_branches_off_with_the_optimizers_memory(small_config, sampler, tmp_path):
    trunk = make_trainer(small_config)
    run(trunk, sampler, 4)
    trunk.save(tmp_path / "trunk.pt")
    branch = make_trainer(small_config, warmup=0.0, cooldown=1.0)
    branch.start_from(tmp_path / "trunk.pt")
    assert branch.elapsed == 0 and branch.step_count == 4
    a, b = trunk.state(), branch.state()
    assert all(torch.equal(a["model"][name], b["model"][name]) for name in a["model"])
    before, after = (t.optimizers[0].state_dict()["state"][0] for t in (trunk, branch))
    assert before["momentum"].abs().max() > 0
    assert torch.equal(before["momentum"], after["momentum"])
    run(branch, sampler, None)
    assert branch.step_count == 24


def test_shipped_weights_start_a_deeper_run(small_config, sampler, tmp_path):
    trained = make_trainer(small_config)
    run(trained, sampler, 4)
    trained.save(tmp_path / CHECKPOINT)
    export(tmp_path / CHECKPOINT, tmp_path / "out")
    deeper = make_trainer(replace(small_config, num_hidden_layers=5, decoder_num_hidden_layers=3))
    deeper.start_from(tmp_path / "out" / "model.safetensors")
    grown = MaskedAutoencoder(deeper.config).eval()
    grown.load_state_dict(deeper.average)
    x, noise = torch.randn(1, 3, 64, 64), torch.rand(1, 16)
    with torch.no_grad():
        before, after = load_model(tmp_path / "out")(x, noise), grown(x, noise)
    assert torch.allclose(before.logits, after.logits, atol=1e-5)
    # From a run's checkpoint the average counts, and layers cannot be taken away.
    deeper.start_from(tmp_path / CHECKPOINT)
    name = "decoder.decoder_pred.weight"
    assert torch.equal(deeper.model.state_dict()[name], trained.average[name])
    with pytest.raises(ValueError, match="layers"):
        make_trainer(replace(small_config, num_hidden_layers=2)).start_from(tmp_path / CHECKPOINT)


def test_a_call_ends_early_and_the_next_goes_on(small_config, sampler, tmp_path):
    trainer = make_trainer(small_config)
    loader = Loader(sampler, 4, threads=1, ahead=0)
    trainer.run(loader, None, lambda row: None, tmp_path / CHECKPOINT, call_seconds=0.0)
    assert trainer.step_count == 1
    again = make_trainer(small_config)
    again.load(tmp_path / CHECKPOINT)
    again.run(loader, None, lambda row: None, tmp_path / CHECKPOINT)
    loader.close()
    assert again.step_count == 20


def test_a_run_is_carried_in_small_files(small_config, sampler, tmp_path):
    trainer = make_trainer(small_config)
    run(trainer, sampler, 4)
    trainer.save(tmp_path / CHECKPOINT)
    limit = 100_000
    paths = carry_out(tmp_path, tmp_path / "carried", limit)
    sizes = [path.stat().st_size for path in paths]
    assert len(sizes) > 2 and max(sizes) <= limit
    assert sum(sizes) < 0.6 * (tmp_path / CHECKPOINT).stat().st_size
    assert carry_in(tmp_path / "carried", tmp_path / "there") == 4
    other = make_trainer(small_config)
    other.load(tmp_path / "there" / CHECKPOINT)
    a, b = trainer.state(), other.state()
    assert a["elapsed"] == b["elapsed"]
    for key in ("model", "average"):
        for name, value in a[key].items():
            assert b[key][name].dtype == torch.float32
            assert torch.allclose(value, b[key][name], rtol=1e-3, atol=1e-7), (key, name)
    for one, two in zip(trainer.optimizers, other.optimizers, strict=True):
        memory, carried = one.state_dict()["state"], two.state_dict()["state"]
        for index, values in memory.items():
            for name, value in values.items():
                assert torch.allclose(value, carried[index][name], rtol=1e-2), name
    run(other, sampler, 6)
    assert other.step_count == 6
    paths[1].unlink()
    with pytest.raises(ValueError, match="not all"):
        carry_in(tmp_path / "carried", tmp_path / "there")


def test_workers_share_a_batch_without_changing_it(small_config, sampler):
    alone = make_trainer(small_config)
    patches, line = sampler.batch(0, range(5))
    shared = Trainer(small_config, alone.options, torch.device("cpu"), amp=False, workers=2)
    ids = torch.stack([torch.randperm(16) for _ in range(5)])
    shuffled = alone.shuffle(patches, line, ids)
    one, two = alone._backward(shuffled, ids), shared._backward(shuffled, ids)
    assert torch.allclose(one, two, atol=1e-6)
    for p, q in zip(alone.model.parameters(), shared.model.parameters(), strict=True):
        assert p.grad.abs().max() > 0 and torch.allclose(p.grad, q.grad, atol=1e-6)


def test_the_budget_ends_the_run_and_the_loss_falls(small_config, sampler):
    trainer = make_trainer(small_config)
    rows = run(trainer, sampler, None)
    assert trainer.step_count == 20 and rate_factor(trainer.progress, 0.1, 0.25) == 0
    losses = [row["train_loss"] for row in rows]
    assert np.mean(losses[-5:]) < np.mean(losses[:5])


def test_a_batch_depends_on_seed_and_step_alone(sampler):
    one, two = Loader(sampler, 6, threads=1, ahead=0), Loader(sampler, 6, threads=2, ahead=3)
    late = two.from_step(0)
    next(late)
    a, b = next(one.from_step(1)), next(late)
    other = next(one.from_step(2))
    assert torch.equal(a[0], b[0])
    assert not torch.equal(a[0], other[0])


def test_export_holds_the_average_in_float16(small_config, sampler, tmp_path):
    trainer = make_trainer(small_config)
    run(trainer, sampler, 3)
    trainer.save(tmp_path / "checkpoint.pt")
    size = export(tmp_path / "checkpoint.pt", tmp_path / "out")
    stored = load_file(tmp_path / "out" / "model.safetensors")
    assert size == (tmp_path / "out" / "model.safetensors").stat().st_size
    assert stored.keys() == trainer.average.keys()
    for name, value in trainer.average.items():
        assert stored[name].dtype == torch.float16 and torch.equal(stored[name], value.half())
    assert any(
        not torch.equal(stored[name], value.half())
        for name, value in trainer.model.state_dict().items()
    )
    reference, info = ViTMAEForPreTraining.from_pretrained(
        tmp_path / "out", dtype=torch.float32, output_loading_info=True
    )
    assert not info["missing_keys"] and not info["unexpected_keys"] and not info["mismatched_keys"]
    ours = load_model(tmp_path / "out")
    x, noise = torch.randn(1, 3, 64, 64), torch.rand(1, 16)
    with torch.no_grad():
        assert torch.allclose(
            ours(x, noise).logits, reference.eval()(x, noise=noise).logits, atol=1e-5
        )
    config = json.loads((tmp_path / "out" / "config.json").read_text())
    assert asdict(ours.config).items() <= config.items()


def test_preprocessing_equals_the_image_processor(tmp_path, small_config, sampler):
    trainer = make_trainer(small_config)
    trainer.save(tmp_path / "checkpoint.pt")
    export(tmp_path / "checkpoint.pt", tmp_path / "out")
    processor = ViTImageProcessor.from_pretrained(tmp_path / "out")
    picture = np.random.default_rng(0).integers(0, 256, (120, 81, 3), dtype=np.uint8)
    theirs = processor(picture, return_tensors="pt")["pixel_values"][0]
    assert (preprocess(picture, 64) - theirs).abs().max() < 1e-5


def test_shuffled_bytes_are_the_normalised_patches(small_config, sampler):
    trainer = make_trainer(small_config)
    patches, line = sampler.batch(0, range(2))
    ids = torch.stack([torch.randperm(16), torch.randperm(16)])
    got = trainer.shuffle(patches, line, ids)
    want = patches.float() * line[0] + line[1]
    assert torch.allclose(got[1, 5], want[1, ids[1, 5]], atol=1e-5)
    # With the jitter off the line is the processor's rescaling and normalisation.
    sampler.augmentation = replace(sampler.augmentation, jitter=0.0)
    picture = sampler.crop(0, 0).permute(1, 2, 0).numpy()
    patches, line = sampler.batch(0, range(1))
    plain = patches.float() * line[0] + line[1]
    assert torch.allclose(plain[0], patchify(preprocess(picture, 64)[None], 16)[0], atol=1e-5)


def test_orthogonalise():
    torch.manual_seed(0)
    for shape in ((3, 16, 48), (2, 48, 16), (1, 20, 20)):
        s = torch.linalg.svdvals(orthogonalise(torch.randn(shape)))
        assert s.min() > 0.3 and s.max() < 1.4
