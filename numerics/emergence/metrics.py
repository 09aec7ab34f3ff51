"""Tasks that count when all words are known: the measurements behind `derivations/emergence/metrics.py`.

Text and task are Poisson: the reader has met the word of rank k with the chance 1 − exp(−(r/k)^σ), and the task holds
it with the chance 1 − exp(−ℓ k^−σ), all independently.
"""

from math import factorial

import numpy as np
import torch
from scipy.optimize import brentq
from scipy.special import zeta
from torch.func import grad

from workbench.evidence import limit

RANKS, TERMS = 2**14, 7  # word by word; beyond, in powers of how often a word was met, and none is twice in a task
SIZES = (16, 32, 64, 128)  # ranks of the word that is expected once
SPAN = 3.0  # to both sides of the size, as a logarithm, where levels are sought
STEP = 0.25


def all_known(alpha, often, size):
    """The chance that no word is in the task and not in the text: often ℓ, and r = e^size."""
    sigma = 1 + float(alpha)
    rarity = torch.arange(1, RANKS + 1, dtype=torch.float64) ** -sigma
    met = torch.exp(sigma * torch.as_tensor(size))
    unknown = torch.exp(-met * rarity) * -torch.expm1(-often * rarity)
    rare = sum((-met) ** n / factorial(n) * float(zeta((n + 1) * sigma, RANKS + 1)) for n in range(TERMS))
    return torch.exp(torch.log1p(-unknown).sum() - often * rare)


def slope(alpha, often, size):
    """Autograd, per logarithm of r."""
    return grad(lambda size: all_known(alpha, often, size))(torch.as_tensor(size))


@limit(order=1)
def solved(alpha, rho, *, draw):
    """The chance for readers of ever more text, and tasks that are as much longer."""
    return torch.stack([all_known(alpha, (r / rho) ** alpha, np.log(r)) for r in SIZES])


def steepest(alpha, r):
    """The logarithm of the size, beside that of r, at which tasks of ℓ = r^α rise fastest."""
    bend = grad(lambda size: slope(alpha, r**alpha, size))
    return brentq(lambda x: float(bend(torch.tensor(np.log(r) + x))), -SPAN / 2, SPAN / 2, xtol=1e-13)


@limit(order=1)
def inflection(alpha, *, draw):
    """The same for ever longer tasks."""
    return torch.tensor([steepest(float(alpha), r) for r in SIZES])


@limit(order=1)
def sharpness(alpha, *, draw):
    """The slope there."""
    return torch.stack([slope(alpha, r ** float(alpha), np.log(r) + steepest(float(alpha), r)) for r in SIZES])


@limit(order=1)
def width(alpha, q, s, *, draw):
    """From the size that solves a share q of ever longer tasks to the one that solves s."""

    def size_for(r, level):
        beyond = lambda x: float(all_known(alpha, r ** float(alpha), np.log(r) + x)) - level  # noqa: E731
        x = -SPAN
        while beyond(x + STEP) < 0:
            x += STEP
        return brentq(beyond, x, x + STEP, xtol=1e-13)

    return torch.tensor([size_for(r, float(s)) - size_for(r, float(q)) for r in SIZES])
