"""Clouds on a line under balanced attention: the measurements behind `derivations/measures/sinkhorn.py`.

The cloud is a grid of tokens with their frequencies; its weights are scaled by Sinkhorn's algorithm until rows and
columns both sum to these.
"""

import numpy as np
import torch
from scipy.optimize import brentq
from torch import Tensor

from workbench.evidence import limit

LINE = torch.linspace(-9, 9, 217, dtype=torch.float64)  # standard tokens; equal spacing is exact for Gaussians
SHARES = torch.log_softmax(-(LINE**2) / 2, dim=0)
ROUNDS = 60  # of scaling, each of which halves what is unbalanced
NODES, WEIGHTS = (torch.from_numpy(each) for each in np.polynomial.legendre.leggauss(24))
WIDE = (4, 8, 16, 32)  # variances, in units of one over the scores


def balanced(beta: float, variance: float) -> Tensor:
    """Attention weights of the cloud with itself, one row for each token that attends."""
    scores = beta * variance * torch.outer(LINE, LINE) + SHARES
    scaling = torch.zeros(len(LINE))
    for _ in range(ROUNDS):
        scaling = (scaling - torch.logsumexp(scores + scaling, dim=1)) / 2
    return torch.softmax(scores + scaling, dim=1)


def returned(beta: float, variance: float) -> Tensor:
    """The mean product of tokens with what they are returned, over that with themselves."""
    frequencies = torch.exp(SHARES) * LINE
    return frequencies @ balanced(beta, variance) @ LINE / (frequencies @ LINE)


def gain(beta, variance, *, draw):
    """That share."""
    return returned(beta, variance)


def velocity(beta, v, variance, *, draw):
    """Twice place times velocity, averaged over the cloud."""
    tokens = variance**0.5 * LINE
    return 2 * torch.sum(torch.exp(SHARES) * tokens * v * (balanced(beta, variance) @ tokens))


def variance_of(gain: float) -> float:
    """The variance at which clouds with scores xy have this gain, as a logarithm."""
    return float(brentq(lambda log: float(returned(1.0, np.exp(log))) - gain, -6, 3, xtol=1e-14))  # type: ignore[arg-type]


def depth(v, g, start, *, draw):
    """Depth as the integral of one over the speed, by Gauss's rule on the logarithm of the variance."""
    low, high = variance_of(start), variance_of(g)
    between = torch.exp((low + high) / 2 + (high - low) / 2 * NODES)
    slowness = torch.stack([1 / (2 * v * returned(1.0, float(each))) for each in between])
    return (high - low) / 2 * (WEIGHTS @ slowness)


@limit()
def late_growth(beta, v, *, draw):
    """Growth per variance of ever wider clouds."""
    return torch.stack([velocity(beta, v, size / beta, draw=draw) * beta / size for size in WIDE])
