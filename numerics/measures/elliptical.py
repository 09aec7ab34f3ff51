"""Attention over tokens whose variance is random: the measurements behind `derivations/measures/elliptical.py`.

The endless context is a grid of tokens √R·Z with their frequencies, fine along the direction that the scores see.
"""

import numpy as np
import torch
from scipy.special import roots_genlaguerre
from torch import Tensor
from torch.func import grad

from numerics.measures.heads import softmax_attention
from workbench.evidence import crossing

LINE = torch.linspace(-30, 30, 241, dtype=torch.float64)  # standard scores; equal spacing is exact for Gaussians
RADII = 40


def gaussian_tokens(Sigma: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
    """Tokens of N(0, Σ) and their log-frequencies: a line along their scores with w, two points on each axis across."""
    d, root = len(w), torch.linalg.cholesky(Sigma)
    axes = torch.linalg.qr(torch.cat([(root.T @ w.detach())[:, None], torch.eye(d)[:, : d - 1]], dim=1))[0]
    grid = torch.cartesian_prod(LINE, *[torch.tensor([-1.0, 1.0])] * (d - 1)).reshape(-1, d)
    return grid @ axes.T @ root.T, torch.log_softmax(-(grid[:, 0] ** 2) / 2, dim=0)


def elliptical(variances: Tensor, shares: Tensor, Sigma: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
    """Tokens √R·Z and their log-frequencies, where R has these values with these shares."""
    tokens, logs = gaussian_tokens(Sigma, w)
    scaled = torch.sqrt(variances)[:, None, None] * tokens
    return scaled.reshape(-1, len(w)), (torch.log(shares)[:, None] + logs).reshape(-1)


def of_two_variances(p: float, r: float, s: float, Sigma: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
    """A context whose R is r with probability p, else s."""
    return elliptical(torch.tensor([r, s]), torch.tensor([p, 1 - p]), Sigma, w)


def of_heavy_tails(m: int, Sigma: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
    """A context whose R is χ² with m degrees of freedom."""
    halves, shares = roots_genlaguerre(RADII, m / 2 - 1)
    return elliptical(torch.from_numpy(2 * halves), torch.from_numpy(shares / np.sum(shares)), Sigma, w)


def attended(tokens: Tensor, logs: Tensor, w: Tensor) -> Tensor:
    """What softmax attention with the tilt w returns over a context with these log-frequencies."""
    return softmax_attention(tokens, tokens @ w + logs)


def output(p, r, s, Sigma, w, *, draw):
    """Softmax attention over tokens of two variances."""
    return attended(*of_two_variances(p, r, s, Sigma, w), w)


def gain_gradient(p, r, s, Sigma, w, *, draw):
    """Autograd through the gain, what softmax returns along its tilt per unit of variance there."""
    context = of_two_variances(p, r, s, Sigma, w)
    return grad(lambda tilt: (tilt @ attended(*context, tilt)) / (tilt @ Sigma @ tilt))(w)


def heavy_output(m, Sigma, w, *, draw):
    """Softmax attention over tokens with heavy tails."""
    return attended(*of_heavy_tails(m, Sigma, w), w)


def crowding(m, Sigma, w, *, draw):
    """The sum of squared softmax weights, times the number of tokens, over tokens with heavy tails."""
    tokens, logs = of_heavy_tails(m, Sigma, w)
    weights = torch.softmax(tokens @ w + logs, dim=0)
    return torch.sum(weights**2 / torch.exp(logs))


@crossing("beta", 0.01, 64)
def divergence(Sigma, w, beta, *, draw):
    """How fast the weight of tokens of some radius × how many there are grows with the radius, far out."""

    def logarithm(radius):
        tokens, logs = gaussian_tokens(Sigma, w)
        return torch.logsumexp(beta * radius * tokens @ w + logs, dim=0) - radius**2 / 2

    return grad(logarithm)(torch.tensor(1.0))
