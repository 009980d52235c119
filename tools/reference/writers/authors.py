"""A masked autoencoder with the original authors' module names, which are timm's, and their epsilon of 1e-6.

Written from the paper and from the names in their files; small, and independent of transformers' implementation.
"""

import torch
from torch import nn
from torch.nn import functional as F

EPS = 1e-6


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        # Rows of qkv: all of query, all of key, all of value, each head by head.
        query, key, value = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1)
        )
        scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        return self.proj((scores.softmax(-1) @ value).transpose(1, 2).flatten(2))


class Mlp(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=EPS)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=EPS)
        self.mlp = Mlp(width, hidden)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, width, patch):
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch, stride=patch)

    def forward(self, pixel_values):
        return self.proj(pixel_values).flatten(2).transpose(1, 2)


class MaskedAutoencoder(nn.Module):
    """Sizes come from a ViTMAEConfig."""

    def __init__(self, config):
        super().__init__()
        width, narrow, patch = config.hidden_size, config.decoder_hidden_size, config.patch_size
        tokens = 1 + (config.image_size // patch) ** 2
        self.mask_ratio = config.mask_ratio
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, tokens, width), requires_grad=False)
        self.patch_embed = PatchEmbed(width, patch)
        self.blocks = nn.ModuleList(
            Block(width, config.num_attention_heads, config.intermediate_size)
            for _ in range(config.num_hidden_layers)
        )
        self.norm = nn.LayerNorm(width, eps=EPS)
        self.decoder_embed = nn.Linear(width, narrow)
        self.mask_token = nn.Parameter(torch.zeros(1, 1, narrow))
        self.decoder_pos_embed = nn.Parameter(torch.zeros(1, tokens, narrow), requires_grad=False)
        self.decoder_blocks = nn.ModuleList(
            Block(narrow, config.decoder_num_attention_heads, config.decoder_intermediate_size)
            for _ in range(config.decoder_num_hidden_layers)
        )
        self.decoder_norm = nn.LayerNorm(narrow, eps=EPS)
        self.decoder_pred = nn.Linear(narrow, patch * patch * 3)

    def forward(self, pixel_values, noise):
        """[B, 3, S, S] and [B, L] -> logits [B, L, p*p*3]."""
        patches = self.patch_embed(pixel_values) + self.pos_embed[:, 1:]
        batch, length, _ = patches.shape
        shuffled = noise.argsort(dim=1, stable=True)
        kept = shuffled[:, : int(length * (1 - self.mask_ratio))]
        visible = torch.stack([patches[b, ids] for b, ids in enumerate(kept)])
        x = torch.cat([(self.cls_token + self.pos_embed[:, :1]).expand(batch, -1, -1), visible], dim=1)
        for block in self.blocks:
            x = block(x)
        x = self.decoder_embed(self.norm(x))
        everything = self.mask_token.repeat(batch, 1 + length, 1)
        everything[:, 0] = x[:, 0]
        for b, ids in enumerate(kept):
            everything[b, 1 + ids] = x[b, 1:]
        x = everything + self.decoder_pos_embed
        for block in self.decoder_blocks:
            x = block(x)
        return self.decoder_pred(self.decoder_norm(x))[:, 1:]


def from_published(config, published):
    """The same model, with the weights of a state dict under transformers' names."""
    model = MaskedAutoencoder(config).eval()
    state = {}
    for name in model.state_dict():
        if ".attn.qkv." in name:
            parts = [published[to_published(name, part)] for part in ("query", "key", "value")]
            state[name] = torch.cat(parts)
        else:
            state[name] = published[to_published(name)]
    model.load_state_dict(state)
    return model


def to_published(name, part=""):
    """transformers' name of a parameter; `part` says which third of a fused one."""
    if name.startswith(("mask_token", "decoder_")):
        name = "decoder." + name.replace("decoder_blocks", "decoder_layers")
    elif name.startswith("blocks."):
        name = "vit.encoder.layer." + name.removeprefix("blocks.")
    elif name.startswith("norm."):
        name = "vit.layernorm." + name.removeprefix("norm.")
    else:
        name = "vit.embeddings." + name.replace("patch_embed.proj", "patch_embeddings.projection").replace(
            "pos_embed", "position_embeddings"
        )
    for theirs, published in (
        ("norm1", "layernorm_before"),
        ("norm2", "layernorm_after"),
        ("attn.qkv", f"attention.attention.{part}"),
        ("attn.proj", "attention.output.dense"),
        ("mlp.fc1", "intermediate.dense"),
        ("mlp.fc2", "output.dense"),
    ):
        name = name.replace(f".{theirs}.", f".{published}.")
    return name
