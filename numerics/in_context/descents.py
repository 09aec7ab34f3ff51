"""The average loss of a layer as a function of its merged weights, and gradient flow of the heads that make them up.

The answer is linear in the merged weights, so the loss is a quadratic function of them: its slope and its bowl,
averaged over prompts, tell it everywhere.
"""

from __future__ import annotations

from math import nan
from typing import NamedTuple

import numpy as np
import torch
from scipy.integrate import solve_ivp
from scipy.optimize import minimize
from torch import Tensor
from torch.func import grad, hessian

from numerics.in_context.layers import prediction, prompt
from workbench.evidence import Draw

PRECISE = {"method": "DOP853", "rtol": 1e-12, "atol": 1e-14}
PATIENCE = 20  # times the time scale of its start, after which a head that does not arrive is given up


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

    def lowest(self) -> float:
        """Where the loss of one head ends on its way down, from several random starts."""
        d = len(self.Lambda)

        def height(place: Tensor) -> Tensor:
            return self.head(place[0], place[1 : d + 1], place[d + 1 :])

        def both(place: np.ndarray) -> tuple[float, np.ndarray]:
            point = torch.from_numpy(np.array(place))
            return float(height(point)), grad(height)(point).numpy()

        starts = np.random.default_rng(0).standard_normal((3, 2 * d + 1))
        return min(float(minimize(both, start, jac=True, method="BFGS", tol=1e-9).fun) for start in starts)

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

    def time_to(self, end: float, start: float, mode: Tensor, others: Tensor) -> float:
        """How long a head on a mode takes from one strength to another, at rate one half and beside others."""
        along = torch.outer(mode, mode)
        slope = float(torch.sum(self.gradient(others) * along))
        bowl = float(torch.sum(torch.tensordot(self.bowl, along, dims=2) * along))

        def downhill(_: float, place: np.ndarray) -> tuple[float, float, float]:
            v, k, q = place  # number, key and query
            error = slope + bowl * v * k * q
            return -error * k * q / 2, -error * v * q / 2, -error * v * k / 2

        def arrived(_: float, place: np.ndarray) -> float:
            return place[0] - end

        arrived.terminal = True  # type: ignore[attr-defined]
        patience = PATIENCE / (abs(slope) * start)
        solved = solve_ivp(downhill, (0, patience), (start, start, start), events=arrived, **PRECISE)
        return float(solved.t_events[0][0]) if solved.t_events[0].size else nan
