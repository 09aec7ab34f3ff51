"""The average loss of a layer as a function of its merged weights, and gradient flow of the heads that make them up.

The answer is linear in the merged weights, so the loss is a quadratic function of them: its slope and its bowl,
averaged over prompts, tell it everywhere.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.func import grad, hessian

from numerics.in_context.layers import prediction, prompt
from workbench.evidence import Draw

PRECISE = {"method": "DOP853", "rtol": 1e-12, "atol": 1e-14}


def pieces(Lambda: Tensor, sigma: float, N: int, draw: Draw) -> tuple[Tensor, Tensor, Tensor]:
    """Slope and bowl of the squared error at U = 0, on one prompt with an isotropic task; and Λ, to know the modes."""
    d = len(Lambda)
    x, y, query, w = prompt(Lambda, torch.eye(d), sigma, N, draw)

    def error(weights: Tensor) -> Tensor:
        return (w @ query - prediction(weights, x, y, query)) ** 2

    blank = torch.zeros(d, d)
    return grad(error)(blank), hessian(error)(blank), Lambda


class Loss(NamedTuple):
    """The average loss, less that of U = 0."""

    slope: Tensor
    bowl: Tensor
    Lambda: Tensor

    def value(self, U: Tensor) -> Tensor:
        return torch.sum((self.slope + self.gradient(U)) * U) / 2

    def gradient(self, U: Tensor) -> Tensor:
        return self.slope + torch.tensordot(self.bowl, U, dims=2)

    def head(self, v: Tensor, k: Tensor, q: Tensor) -> Tensor:
        """The loss of one head."""
        return self.value(v * torch.outer(k, q))

    def modes(self) -> Tensor:
        """The eigenvectors of Λ, as rows."""
        return torch.linalg.eigh(self.Lambda)[1].T

    def growth(self, v: Tensor, mode: Tensor, others: Tensor) -> Tensor:
        """How fast the number v of a head with |k| = |q| = v on a mode grows, at rate one half, beside others."""
        return -mode @ self.gradient(others + v**3 * torch.outer(mode, mode)) @ mode * v**2 / 2

    def learned(self, mode: Tensor) -> Tensor:
        """The strength v at which a head on a mode rests."""
        along = torch.outer(mode, mode)
        bottom = -torch.sum(self.slope * along) / torch.sum(torch.tensordot(self.bowl, along, dims=2) * along)
        return bottom ** (1 / 3)
