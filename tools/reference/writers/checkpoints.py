"""The golden checkpoints: what each is for stands in README.md."""

IMAGENET_MEAN = [0.485, 0.456, 0.406]
IMAGENET_STD = [0.229, 0.224, 0.225]

# Encoder and decoder differ in every number, so that mixing them up fails.
SMALL = dict(
    hidden_size=24,
    num_hidden_layers=3,
    num_attention_heads=3,
    intermediate_size=56,
    decoder_hidden_size=16,
    decoder_num_hidden_layers=2,
    decoder_num_attention_heads=2,
    decoder_intermediate_size=40,
)

TINY = dict(
    hidden_size=16,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=40,
    decoder_hidden_size=12,
    decoder_num_hidden_layers=1,
    decoder_num_attention_heads=3,
    decoder_intermediate_size=28,
)

# Where only the shape of images matters.
LEAST = dict(
    hidden_size=12,
    num_hidden_layers=1,
    num_attention_heads=3,
    intermediate_size=20,
    decoder_hidden_size=8,
    decoder_num_hidden_layers=1,
    decoder_num_attention_heads=2,
    decoder_intermediate_size=12,
)

# Where large patches add nothing: 16 patches of 4 pixels.
PATCH4 = dict(image_size=16, patch_size=4)

HEADS = [1, 0, 1]
LAYERS_AND_HEADS = [[1, 0, 1], [0, 1, 0.5], [1, 1, 0]]


def _variant(seed, *, flat=False, shrink=None, dtype="float32", **config):
    return {
        "seed": seed,
        "config": PATCH4 | TINY | config,
        "dtype": dtype,
        "shrink": shrink,
        "cases": {
            "ratio-0.75": {"mask_ratio": 0.75, "batch": 2, "flat": flat},
            "ratio-0.5": {"mask_ratio": 0.5, "flat": flat, "states": True},
        },
    }


CHECKPOINTS = {
    "patch16-64px": {
        "seed": 11,
        "config": TINY | dict(image_size=64, patch_size=16),
        "cases": {
            "ratio-0.75": {"mask_ratio": 0.75, "states": True},
            "ratio-1": {"mask_ratio": 1.0, "states": True},
        },
    },
    "patch14": {
        "seed": 12,
        "config": TINY | dict(image_size=70, patch_size=14),
        "cases": {"ratio-0.75": {"mask_ratio": 0.75, "states": True}},
    },
    "patch4-16px": {
        "seed": 10,
        "config": SMALL | PATCH4,
        "cases": {
            "ratio-0": {"mask_ratio": 0.0, "states": True},
            "ratio-0.1": {"mask_ratio": 0.1},
            "ratio-0.5": {"mask_ratio": 0.5, "states": True},
            "ratio-0.75": {"mask_ratio": 0.75, "batch": 2, "states": True},
            "ratio-0.9": {"mask_ratio": 0.9},
            "ratio-0.95": {"mask_ratio": 0.95},
            "ratio-1": {"mask_ratio": 1.0, "batch": 2, "states": True},
            "head-mask-heads": {"mask_ratio": 0.5, "head_mask": HEADS, "states": True},
            "head-mask-layers": {
                "mask_ratio": 0.25,
                "batch": 2,
                "head_mask": LAYERS_AND_HEADS,
                "states": True,
            },
            # Smaller than the model's own size, so that all of a pass fits into few bytes.
            "depth": {
                "mask_ratio": 0.5,
                "size": (8, 12),
                "head_mask": LAYERS_AND_HEADS,
                "decoder_head_mask": [[1, 0.25], [0, 1]],
                "states": True,
                "depth": True,
            },
            "skip": {
                "mask_ratio": 0.5,
                "size": (12, 8),
                "skip_layers": [1],
                "decoder_skip_layers": [0],
                "keep": ("logits", "loss", "last_hidden_state"),
            },
        },
    },
    "length-196": {
        "seed": 13,
        "config": dict(
            image_size=56,
            patch_size=4,
            hidden_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            decoder_hidden_size=32,
            decoder_num_hidden_layers=1,
            decoder_num_attention_heads=1,
            decoder_intermediate_size=40,
        ),
        "cases": {
            "ratio-0": {"mask_ratio": 0.0, "keep": ("logits", "mask", "ids_restore")},
            "ratio-0.75": {"mask_ratio": 0.75, "states": True},
        },
    },
    "float16": _variant(20, dtype="float16"),
    "bfloat16": _variant(21, dtype="bfloat16"),
    "norm-pix-loss": _variant(14, norm_pix_loss=True, flat=True),
    "no-qkv-bias": _variant(15, qkv_bias=False),
    "relu": _variant(16, hidden_act="relu"),
    "gelu-new": _variant(17, hidden_act="gelu_new"),
    "selu": _variant(18, hidden_act="selu"),
    "layer-norm-eps": _variant(
        19,
        layer_norm_eps=1e-6,
        # The residual stream's variance must be near epsilon, in the encoder and in the decoder.
        shrink={
            "cls_token": 1e-3,
            "position_embeddings": 1e-3,
            "projection.weight": 1e-3,
            "projection.bias": 1e-3,
            "mask_token": 1e-3,
            "decoder_pos_embed": 1e-3,
            "decoder_embed.weight": 1e-3,
            "decoder_embed.bias": 1e-3,
        },
    ),
    "grey-3x3": {
        "seed": 22,
        "config": LEAST | dict(image_size=12, patch_size=4, num_channels=1),
        "cases": {"ratio-0.75": {"mask_ratio": 0.75, "states": True}},
    },
    "channels-4": {
        "seed": 23,
        "config": LEAST | dict(image_size=8, patch_size=4, num_channels=4, norm_pix_loss=True),
        "cases": {"ratio-0.5": {"mask_ratio": 0.5, "batch": 2}},
    },
    "base-size": {
        "seed": 2,
        "config": {},
        "recipe": True,
        "cases": {"ratio-0.75": {"mask_ratio": 0.75}},
    },
}
