import sys
from pathlib import Path

import numpy as np
import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from batches import Sampler
from config import ViTMAEConfig
from procedural import procedural_picture


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture
def small_config() -> ViTMAEConfig:
    """Small, with unequal widths and head counts, so that a swapped one cannot pass."""
    return ViTMAEConfig(
        hidden_size=48, num_hidden_layers=3, num_attention_heads=3, intermediate_size=100,
        decoder_hidden_size=32, decoder_num_hidden_layers=2, decoder_num_attention_heads=4,
        decoder_intermediate_size=72, image_size=64, patch_size=16,
    )  # fmt: skip


@pytest.fixture
def sampler() -> Sampler:
    rng = np.random.default_rng(0)
    pictures = [procedural_picture(rng, 90)[:, : 70 + i] for i in range(5)]
    return Sampler([(pictures, 1.0)], 0.25, 64, 16, seed=3)
