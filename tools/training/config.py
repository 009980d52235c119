"""config.json and preprocessor_config.json, with the hub's keys."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

IMAGE_MEAN = (0.485, 0.456, 0.406)
IMAGE_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class ViTMAEConfig:
    """The keys of transformers' ViTMAEConfig; the defaults are the bundled model."""

    hidden_size: int = 192
    num_hidden_layers: int = 8
    num_attention_heads: int = 3
    intermediate_size: int = 768
    hidden_act: str = "gelu"
    hidden_dropout_prob: float = 0.0
    attention_probs_dropout_prob: float = 0.0
    initializer_range: float = 0.02
    # Representable in float16, unlike the default 1e-12.
    layer_norm_eps: float = 1e-6
    image_size: int = 224
    patch_size: int = 16
    num_channels: int = 3
    qkv_bias: bool = True
    decoder_num_attention_heads: int = 4
    decoder_hidden_size: int = 128
    decoder_num_hidden_layers: int = 4
    decoder_intermediate_size: int = 512
    mask_ratio: float = 0.75
    norm_pix_loss: bool = False

    @property
    def grid(self) -> int:
        """Patches along a side."""
        return self.image_size // self.patch_size

    @property
    def length(self) -> int:
        """L, patches in a picture."""
        return self.grid**2

    @property
    def patch_values(self) -> int:
        """N, numbers in a patch."""
        return self.patch_size**2 * self.num_channels

    def to_json(self) -> dict:
        head = {"architectures": ["ViTMAEForPreTraining"], "model_type": "vit_mae"}
        return head | asdict(self)

    @classmethod
    def from_json(cls, values: dict) -> ViTMAEConfig:
        known = cls.__dataclass_fields__
        return cls(**{key: value for key, value in values.items() if key in known})

    @classmethod
    def load(cls, folder: Path) -> ViTMAEConfig:
        return cls.from_json(json.loads((folder / "config.json").read_text()))


def preprocessor_json(size: int) -> dict:
    """preprocessor_config.json as the published checkpoints have it (bilinear, squash)."""
    return {
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": list(IMAGE_MEAN),
        "image_processor_type": "ViTImageProcessor",
        "image_std": list(IMAGE_STD),
        "resample": 2,
        "rescale_factor": 1 / 255,
        "size": {"height": size, "width": size},
    }
