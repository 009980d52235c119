"""The masked autoencoder that is trained, in plain PyTorch.

The parameters carry the names and shapes of transformers' ``ViTMAEForPreTraining``,
so ``state_dict()`` is the checkpoint. The arithmetic follows the same reference
(He et al. 2021, "Masked Autoencoders Are Scalable Vision Learners"), arranged for
training speed: tokens stay in shuffled order (attention does not care), and while
training, the last decoder layer and ``decoder_pred`` run on hidden patches only,
because the loss looks at nothing else.

B batch, L patches, K kept patches, D encoder width, E decoder width,
p patch size, N = p * p * 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import ViTMAEConfig


def patchify(images: Tensor, patch_size: int) -> Tensor:
    """[B, 3, S, S] to [B, L, N]; inside a patch the index is (py * p + px) * 3 + c."""
    batch, channels, height, width = images.shape
    rows, cols = height // patch_size, width // patch_size
    x = images.reshape(batch, channels, rows, patch_size, cols, patch_size)
    return x.permute(0, 2, 4, 3, 5, 1).reshape(batch, rows * cols, patch_size**2 * channels)


def unpatchify(patches: Tensor, patch_size: int) -> Tensor:
    """[B, L, N] to [B, 3, S, S], the inverse of :func:`patchify`."""
    batch, length, _ = patches.shape
    side = math.isqrt(length)
    x = patches.reshape(batch, side, side, patch_size, patch_size, 3)
    return x.permute(0, 5, 1, 3, 2, 4).reshape(batch, 3, side * patch_size, side * patch_size)


def sincos_position_embeddings(width: int, side: int) -> Tensor:
    """[1, 1 + side * side, width]: [sin w | cos w | sin h | cos h], CLS row zero.

    omega_k = 10000^(-k / (width / 4)), as in the authors' util/pos_embed.py.
    """
    quarter = width // 4
    omega = 10000.0 ** (-torch.arange(quarter, dtype=torch.float64) / quarter)
    h, w = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    angle_w = w.reshape(-1, 1).double() * omega
    angle_h = h.reshape(-1, 1).double() * omega
    table = torch.cat([angle_w.sin(), angle_w.cos(), angle_h.sin(), angle_h.cos()], dim=1)
    return torch.cat([torch.zeros(1, width, dtype=torch.float64), table])[None].float()


def random_masking(noise: Tensor, mask_ratio: float) -> tuple[Tensor, Tensor, Tensor, int]:
    """noise [B, L] to (ids_shuffle, ids_restore, mask, kept); mask is 1 where removed."""
    length = noise.shape[1]
    kept = int(length * (1 - mask_ratio))
    ids_shuffle = torch.argsort(noise, dim=1, stable=True)
    ids_restore = torch.argsort(ids_shuffle, dim=1)
    mask = (ids_restore >= kept).to(noise.dtype)
    return ids_shuffle, ids_restore, mask, kept


def gather_tokens(x: Tensor, ids: Tensor) -> Tensor:
    """x [B, L, C], ids [B, K] to [B, K, C]."""
    return x.gather(1, ids[:, :, None].expand(-1, -1, x.shape[2]))


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(q k^T / sqrt(head width)) v for [B, heads, T, head width].

    Written out on the CPU: over some 200 tokens, the backward pass of PyTorch's fused
    attention takes several times as long there.
    """
    if q.device.type != "cpu":
        return F.scaled_dot_product_attention(q, k, v)
    # Without autocast, which would widen the softmax to float32 and back.
    with torch.autocast("cpu", enabled=False):
        scores = (q * q.shape[-1] ** -0.5) @ k.mT
        return scores.softmax(dim=-1) @ v


class Group(nn.Module):
    """A level of the checkpoint's naming tree, without arithmetic of its own."""

    def __init__(self, **children: nn.Module):
        super().__init__()
        for name, child in children.items():
            self.add_module(name, child)


class Block(nn.Module):
    """Pre-LN transformer layer with exact (erf) GELU."""

    def __init__(self, width: int, hidden: int, heads: int, eps: float):
        super().__init__()
        self.heads = heads
        linear = nn.Linear
        self.attention = Group(
            attention=Group(
                query=linear(width, width), key=linear(width, width), value=linear(width, width)
            ),
            output=Group(dense=linear(width, width)),
        )
        self.intermediate = Group(dense=linear(width, hidden))
        self.output = Group(dense=linear(hidden, width))
        self.layernorm_before = nn.LayerNorm(width, eps=eps)
        self.layernorm_after = nn.LayerNorm(width, eps=eps)

    def forward(self, x: Tensor, first_query: int = 0) -> Tensor:
        """x [B, T, W] to [B, T - first_query, W]: earlier tokens are keys and values only."""
        batch, length, width = x.shape
        qkv = self.attention.attention
        normed = self.layernorm_before(x)

        def heads(t: Tensor) -> Tensor:
            return t.reshape(batch, -1, self.heads, width // self.heads).transpose(1, 2)

        if first_query == 0:
            weight = torch.cat([qkv.query.weight, qkv.key.weight, qkv.value.weight])
            bias = torch.cat([qkv.query.bias, qkv.key.bias, qkv.value.bias])
            q, k, v = F.linear(normed, weight, bias).chunk(3, dim=-1)
        else:
            q = qkv.query(normed[:, first_query:])
            k, v = qkv.key(normed), qkv.value(normed)
            x = x[:, first_query:]
        mixed = attend(heads(q), heads(k), heads(v))
        mixed = mixed.transpose(1, 2).reshape(batch, length - first_query, width)
        x = x + self.attention.output.dense(mixed)
        hidden = F.gelu(self.intermediate.dense(self.layernorm_after(x)))
        return x + self.output.dense(hidden)


class Embeddings(nn.Module):
    def __init__(self, config: ViTMAEConfig):
        super().__init__()
        width, patch = config.hidden_size, config.patch_size
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.position_embeddings = nn.Parameter(sincos_position_embeddings(width, config.grid))
        self.patch_embeddings = Group(projection=nn.Conv2d(3, width, patch, patch))

    def forward(self, patches: Tensor, ids_keep: Tensor) -> Tensor:
        """Visible patches [B, K, N] and where they lie [B, K] to tokens [B, 1 + K, D]."""
        conv = self.patch_embeddings.projection
        # The convolution as a matrix in patchify's order, so only visible patches are embedded.
        weight = conv.weight.permute(0, 2, 3, 1).reshape(conv.weight.shape[0], -1)
        position = self.position_embeddings[0]
        tokens = F.linear(patches, weight, conv.bias) + position[1:][ids_keep]
        cls = (self.cls_token[0] + position[:1])[None].expand(patches.shape[0], -1, -1)
        return torch.cat([cls.to(tokens.dtype), tokens], dim=1)


class Encoder(nn.Module):
    def __init__(self, config: ViTMAEConfig):
        super().__init__()
        c = config
        self.embeddings = Embeddings(c)
        self.encoder = Group(
            layer=nn.ModuleList(
                Block(c.hidden_size, c.intermediate_size, c.num_attention_heads, c.layer_norm_eps)
                for _ in range(c.num_hidden_layers)
            )
        )
        self.layernorm = nn.LayerNorm(c.hidden_size, eps=c.layer_norm_eps)

    def forward(self, patches: Tensor, ids_keep: Tensor) -> Tensor:
        """[B, K, N], [B, K] to the latent [B, 1 + K, D]."""
        x = self.embeddings(patches, ids_keep)
        for block in self.encoder.layer:
            x = block(x)
        return self.layernorm(x)


class Decoder(nn.Module):
    def __init__(self, config: ViTMAEConfig):
        super().__init__()
        c = config
        width = c.decoder_hidden_size
        self.mask_token = nn.Parameter(torch.zeros(1, 1, width))
        self.decoder_pos_embed = nn.Parameter(sincos_position_embeddings(width, c.grid))
        self.decoder_embed = nn.Linear(c.hidden_size, width)
        self.decoder_layers = nn.ModuleList(
            Block(
                width, c.decoder_intermediate_size, c.decoder_num_attention_heads, c.layer_norm_eps
            )
            for _ in range(c.decoder_num_hidden_layers)
        )
        self.decoder_norm = nn.LayerNorm(width, eps=c.layer_norm_eps)
        self.decoder_pred = nn.Linear(width, c.patch_values)

    def forward(self, latent: Tensor, ids_shuffle: Tensor, hidden_only: bool = False) -> Tensor:
        """Latent [B, 1 + K, D] to predictions in shuffled order.

        [B, L, N] for all patches, or [B, L - K, N] for the hidden ones alone.
        """
        batch, seen, _ = latent.shape
        length = ids_shuffle.shape[1]
        x = self.decoder_embed(latent)
        hidden = self.mask_token.to(x.dtype).expand(batch, length + 1 - seen, -1)
        position = self.decoder_pos_embed[0]
        cls = position[:1][None].expand(batch, -1, -1)
        place = torch.cat([cls, position[1:][ids_shuffle]], dim=1)
        x = torch.cat([x, hidden], dim=1) + place
        last = len(self.decoder_layers) - 1
        for index, block in enumerate(self.decoder_layers):
            x = block(x, seen if hidden_only and index == last else 0)
        if not hidden_only:
            x = x[:, 1:]
        return self.decoder_pred(self.decoder_norm(x))


@dataclass
class Output:
    """loss (scalar), logits [B, L, N] in image order, mask [B, L], ids_restore [B, L]."""

    loss: Tensor
    logits: Tensor
    mask: Tensor
    ids_restore: Tensor


def seam_loss(error: Tensor, ids: Tensor, config: ViTMAEConfig) -> Tensor:
    """How badly painted patches fit their neighbours: the mean squared error of the steps across
    patch borders in "reconstruction + visible".

    error [B, M, N]: prediction minus truth of the hidden patches; ids [B, M]: where they lie.
    Like the reference loss it is least at the conditional mean, so it moves no optimum: it only
    weighs errors in which two neighbours differ more than those that they share.
    """
    grid, p = config.grid, config.patch_size
    whole = error.new_zeros(len(error), config.length, config.patch_values)
    whole = whole.scatter(1, ids[:, :, None].expand_as(error), error)
    x = whole.view(len(error), grid, grid, p, p, config.num_channels)
    across = x[:, :, 1:, :, 0] - x[:, :, :-1, :, -1]
    down = x[:, 1:, :, 0] - x[:, :-1, :, -1]
    return (across.square().mean() + down.square().mean()) / 2


def grow(weights: dict[str, Tensor], config: ViTMAEConfig) -> dict[str, Tensor]:
    """Weights of a shallower model as weights of `config`, computing the same.

    Every old layer stays in its order. A new one is a copy of the layer before it whose two
    output projections are zero, so that it adds nothing until it learns.
    """
    grown = {k: v for k, v in weights.items() if ".layer." not in k and "decoder_layers." not in k}
    for stem, count in (
        ("vit.encoder.layer.", config.num_hidden_layers),
        ("decoder.decoder_layers.", config.decoder_num_hidden_layers),
    ):
        own = {k[len(stem) :]: v for k, v in weights.items() if k.startswith(stem)}
        old = 1 + max(int(k.split(".")[0]) for k in own)
        if count < old:
            raise ValueError(f"{count} layers cannot hold the {old} layers of {stem}")
        for index in range(count):
            source, first = index * old // count, -(-(index * old // count) * count // old)
            for key, value in own.items():
                number, _, name = key.partition(".")
                if int(number) != source:
                    continue
                added = index != first and name.startswith(("attention.output.", "output."))
                grown[f"{stem}{index}.{name}"] = torch.zeros_like(value) if added else value.clone()
    return grown


class MaskedAutoencoder(nn.Module):
    def __init__(self, config: ViTMAEConfig):
        super().__init__()
        self.config = config
        self.vit = Encoder(config)
        self.decoder = Decoder(config)
        self.reset_parameters()

    @torch.no_grad()
    def mimic_trained_attention(self) -> None:
        """Start attention where trained transformers end up (Trockman & Kolter 2023,
        "Mimetic initialization of self-attention layers"): W_q^T W_k close to 0.7 (Z + I) and
        W_o W_v to 0.4 (Z - I), Z Gaussian, so that tokens look at neighbours from the first
        step on, which sin-cos positions make alike.
        """
        for block in [*self.vit.encoder.layer, *self.decoder.decoder_layers]:
            qkv = block.attention.attention
            width = qkv.query.weight.shape[0]
            each = width // block.heads
            identity = torch.eye(width)
            for head in range(block.heads):
                rows = slice(head * each, (head + 1) * each)
                noise = torch.randn(width, width) / width**0.5
                u, s, vh = torch.linalg.svd(0.7 * (noise + identity))
                root = s[:each].sqrt()[:, None]
                qkv.query.weight[rows] = root * u[:, :each].T
                qkv.key.weight[rows] = root * vh[:each]
            noise = torch.randn(width, width) / width**0.5
            u, s, vh = torch.linalg.svd(0.4 * (noise - identity))
            qkv.value.weight.copy_(s.sqrt()[:, None] * vh)
            block.attention.output.dense.weight.copy_(u * s.sqrt())

    @torch.no_grad()
    def align_with_patches(self, patches: Tensor) -> None:
        """Start both ends in the principal components of patches [M, N] (normalised pixels).

        A random projection of patches is nearly all brightness. Here the first layer passes
        the strongest components, levelled to the fourth root of their variance, and
        ``decoder_pred`` speaks in them; random rotations spread both over the width.
        """
        centred = patches - patches.mean(0)
        values, vectors = torch.linalg.eigh(centred.T @ centred / len(patches))
        values, vectors = values.flip(0).clamp_min(1e-8), vectors.flip(1)

        def basis(width: int, power: float) -> Tensor:
            rotation = torch.linalg.qr(torch.randn(width, width))[0]
            return rotation @ (vectors[:, :width] * values[:width] ** power).T

        projection = self.vit.embeddings.patch_embeddings.projection
        out, channels, p, _ = projection.weight.shape
        weight = basis(out, -0.25)
        # Tokens about as large as the position embeddings they are added to.
        weight *= 0.7 / (centred @ weight.T).square().mean().sqrt()
        projection.weight.copy_(weight.reshape(out, p, p, channels).permute(0, 3, 1, 2))
        pred = self.decoder.decoder_pred
        pred.weight.copy_(0.3 * basis(pred.weight.shape[1], 0.5).T)

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Xavier-uniform matrices as the authors do, and quiet ends.

        ``decoder_pred`` starts near zero, so that the first prediction is the mean
        picture, and the projections that end a residual branch start smaller with depth.
        """
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        projection = self.vit.embeddings.patch_embeddings.projection
        nn.init.xavier_uniform_(projection.weight.view(projection.weight.shape[0], -1))
        nn.init.zeros_(projection.bias)
        nn.init.normal_(self.vit.embeddings.cls_token, std=0.02)
        nn.init.normal_(self.decoder.mask_token, std=0.02)
        self.decoder.decoder_pred.weight.mul_(0.1)
        for blocks in (self.vit.encoder.layer, self.decoder.decoder_layers):
            for block in blocks:
                scale = (2 * len(blocks)) ** -0.5
                block.attention.output.dense.weight.mul_(scale)
                block.output.dense.weight.mul_(scale)

    def training_loss(self, shuffled: Tensor, ids_shuffle: Tensor, seam: float = 0.0) -> Tensor:
        """Reference loss of patches [B, L, N] (normalised pixels) that lie in shuffled order.

        Every picture hides equally many patches, so the mean over hidden patches is the
        reference's sum(loss * mask) / sum(mask). `seam` weighs `seam_loss` beside it.
        """
        kept = int(ids_shuffle.shape[1] * (1 - self.config.mask_ratio))
        latent = self.vit(shuffled[:, :kept], ids_shuffle[:, :kept])
        prediction = self.decoder(latent, ids_shuffle, hidden_only=True)
        error = prediction.float() - shuffled[:, kept:]
        loss = error.square().mean()
        if seam == 0:
            return loss
        return loss + seam * seam_loss(error, ids_shuffle[:, kept:], self.config)

    def forward(
        self, pixel_values: Tensor, noise: Tensor, mask_ratio: float | None = None
    ) -> Output:
        """pixel_values [B, 3, S, S], noise [B, L]: what ViTMAEForPreTraining returns."""
        ratio = self.config.mask_ratio if mask_ratio is None else mask_ratio
        patches = patchify(pixel_values, self.config.patch_size)
        ids_shuffle, ids_restore, mask, kept = random_masking(noise, ratio)
        ids_keep = ids_shuffle[:, :kept]
        latent = self.vit(gather_tokens(patches, ids_keep), ids_keep)
        logits = gather_tokens(self.decoder(latent, ids_shuffle), ids_restore)
        error = ((logits - patches) ** 2).mean(dim=-1)
        return Output((error * mask).sum() / mask.sum(), logits, mask, ids_restore)
