"""Evenly spread tokens under attention by distance: the measurements behind `derivations/measures/births.py`.

Tokens are a fine grid with their density as frequencies, wide enough for all that attention by distance sees.
"""

import torch
from scipy.optimize import brentq
from torch import Tensor
from torch.func import jacfwd

from workbench.evidence import crossing, limit

SEEN = torch.linspace(-12, 12, 193, dtype=torch.float64)  # bandwidths away; equal spacing is exact for Gaussians
CRESTS = torch.arange(16, dtype=torch.float64) / 16  # of a wave's length, where the flow of tokens is looked at

LENGTHS = (2, 4, 8, 16, 32, 64)  # of waves, in bandwidths


def number(letter) -> Tensor:
    """A letter that autograd may follow."""
    return torch.as_tensor(letter, dtype=torch.float64)


def moved(h, k, eps, x: Tensor) -> Tensor:
    """Where attention by distance moves a token at x, among tokens with a wave in their density."""
    tokens = x + h * SEEN
    weights = torch.softmax(-((x - tokens) ** 2) / (2 * h**2) + torch.log1p(eps * torch.cos(k * tokens)), dim=0)
    return weights @ tokens - x


def growth_of(h, k, D) -> Tensor:
    """The growth of a wave's part of the density, for a small one: by what flows along the slope of the wave."""
    h, k, D = map(number, (h, k, D))

    def change(eps):
        def flow(x):
            slope = jacfwd(lambda place: 1 + eps * torch.cos(k * place))(x)
            return -k * torch.sin(k * x) * ((1 + eps * torch.cos(k * x)) * moved(h, k, eps, x) - D * slope)

        return 2 * torch.vmap(flow)(2 * torch.pi * CRESTS / k).mean()

    return jacfwd(change)(torch.zeros((), dtype=torch.float64))


def growth(h, k, D, *, draw):
    """That growth."""
    return growth_of(h, k, D)


def fastest_wave(h, *, draw):
    """Where, among waves of some bandwidths, the growth without noise is greatest."""

    def slope(wave):
        return float(jacfwd(lambda k: growth_of(h, k, 0.0))(number(wave)))

    return number(brentq(slope, 0.3 / h, 3 / h, xtol=1e-15))


@crossing("D", 1e-9, 1e3)
def critical_noise(h, k, D, *, draw):
    """The growth as noise becomes stronger."""
    return growth_of(h, k, D)


@crossing("k", 1e-2, 1e2)
def shortest_wave(h, D, k, *, draw):
    """The growth as waves become shorter."""
    return growth_of(h, k, D)


def forbidding(h, k) -> Tensor:
    """The noise at which a wave neither grows nor fades: its growth is a line in the noise."""
    still = growth_of(h, k, 0.0)
    return still / (still - growth_of(h, k, 1.0))


@limit(order=2)
def no_births(h, *, draw):
    """That noise for ever longer waves."""
    return torch.stack([forbidding(h, 1 / (h * length)) for length in LENGTHS])
