"""Muon for the hidden matrices, AdamW for everything else.

Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon): the momentum of a matrix is
replaced by its nearest orthogonal matrix, found by a quintic Newton-Schulz iteration.
The update is scaled by 0.2 * sqrt(max(rows, columns)) so that its entries are as large as
AdamW's (Liu et al. 2025, "Muon is scalable for LLM training"), and one learning rate
serves both. Matrices of equal shape go through the iteration together.
"""

from __future__ import annotations

from collections import defaultdict

import torch
from torch import Tensor

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5
# Elsewhere bfloat16 products are emulated, several times slower than float32.
FAST_BFLOAT16 = torch.cpu._is_avx512_bf16_supported()


def orthogonalise(matrices: Tensor) -> Tensor:
    """Roughly U V^T of every matrix U S V^T in [M, R, C]."""
    a, b, c = COEFFICIENTS
    wide = matrices.shape[-2] <= matrices.shape[-1]
    x = matrices if wide else matrices.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    if FAST_BFLOAT16 or x.device.type != "cpu":
        x = x.bfloat16()
    for _ in range(ITERATIONS):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return (x if wide else x.mT).to(matrices.dtype)


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised; decoupled weight decay. Parameters are matrices."""

    def __init__(self, params, lr: float, momentum: float = 0.95, weight_decay: float = 0.0):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            by_shape = defaultdict(list)
            for p in group["params"]:
                if p.grad is not None:
                    by_shape[p.shape].append(p)
            for shape, params in by_shape.items():
                updates = []
                for p in params:
                    state = self.state[p]
                    if "momentum" not in state:
                        state["momentum"] = torch.zeros_like(p)
                    state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                    updates.append(p.grad.lerp(state["momentum"], group["momentum"]))
                scale = 0.2 * max(shape) ** 0.5
                for p, update in zip(params, orthogonalise(torch.stack(updates)), strict=True):
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                    p.add_(update, alpha=-group["lr"] * scale)


def make_optimizers(
    model: torch.nn.Module, name: str, lr: float, adam_lr: float, weight_decay: float
) -> list[torch.optim.Optimizer]:
    """`muon`: Muon for the layers' matrices and AdamW beside it; `adamw`: AdamW alone."""
    hidden, matrices, rest = [], [], []
    for key, p in model.named_parameters():
        if name == "muon" and ("layer" in key or "decoder_embed" in key) and p.ndim == 2:
            hidden.append(p)
        elif p.ndim >= 2 and "pos" not in key and "token" not in key:
            matrices.append(p)
        else:
            rest.append(p)
    groups = [
        {"params": matrices, "weight_decay": weight_decay},
        {"params": rest, "weight_decay": 0.0},
    ]
    fused = torch.optim.AdamW(groups, lr=adam_lr, betas=(0.9, 0.95), fused=True)
    if not hidden:
        return [fused]
    return [Muon(hidden, lr=lr, weight_decay=weight_decay), fused]
