"""Muon: momentum, then the nearest orthogonal matrix of each update (Jordan et al. 2024, kellerjordan.github.io/posts/muon)."""
from __future__ import annotations

from collections import defaultdict

import torch


def orthogonalize(matrices: torch.Tensor, steps: int = 5, precision: torch.dtype = torch.float32) -> torch.Tensor:
    """Newton-Schulz iteration towards U V^T of each [..., m, n] matrix; quintic coefficients of the paper."""
    a, b, c = 3.4445, -4.7750, 2.0315
    transpose = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.transpose(-2, -1) if transpose else matrices
    x = (x / (x.flatten(-2).norm(dim=-1)[..., None, None] + 1e-7)).to(precision)
    for _ in range(steps):
        gram = x @ x.transpose(-2, -1)
        x = a * x + (b * gram + c * gram @ gram) @ x
    x = x.to(matrices.dtype)
    return x.transpose(-2, -1) if transpose else x


class Muon(torch.optim.Optimizer):
    """For the weight matrices of the blocks; embeddings, head and norms belong to AdamW."""

    def __init__(self, parameters, lr: float = 3e-3, momentum: float = 0.95, weight_decay: float = 0.1, precision: torch.dtype = torch.float32):
        super().__init__(parameters, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))
        self.precision = precision

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            by_shape = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape[parameter.shape].append(parameter)
            for shape, parameters in by_shape.items():
                updates = []
                for parameter in parameters:
                    state = self.state[parameter]
                    if "momentum" not in state:
                        state["momentum"] = torch.zeros_like(parameter)
                    momentum = state["momentum"].mul_(group["momentum"]).add_(parameter.grad)
                    updates.append(parameter.grad + group["momentum"] * momentum)  # Nesterov
                updates = orthogonalize(torch.stack(updates), precision=self.precision)
                # Scale of Liu et al. 2025 (arXiv 2502.16982): an update of the same RMS as AdamW's, about 0.2.
                scale = 0.2 * max(shape) ** 0.5
                for parameter, update in zip(parameters, updates):
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    parameter.add_(update, alpha=-group["lr"] * scale)
