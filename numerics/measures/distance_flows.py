"""Clouds on a line under attention by distance: the measurements behind `derivations/measures/distance_flows.py`."""

import numpy as np
import torch
from torch import Tensor

from workbench.evidence import limit

LINE = torch.linspace(-12, 12, 4801, dtype=torch.float64)  # standard tokens; equal spacing is exact for Gaussians
SHARES = torch.log_softmax(-(LINE**2) / 2, dim=0)
NODES, WEIGHTS = (torch.from_numpy(each) for each in np.polynomial.legendre.leggauss(40))
WIDE = (8, 16, 32, 64, 128)  # variances, in units in which keys see a variance of one


def growth(v: float, k: float, q: float, variance: Tensor) -> Tensor:
    """Twice place times velocity, averaged over the two tokens ±√σ of a cloud on a line that attends to itself."""
    context, queries = variance.sqrt() * LINE, variance.sqrt() * torch.tensor([-1.0, 1.0])
    scores = -((q * queries[:, None] - k * context) ** 2) + SHARES
    return 2 * torch.mean(queries * (v * torch.softmax(scores, dim=1) @ context))


def velocity(v, k, q, variance, *, draw):
    """Growth of the variance with depth."""
    return growth(v, k, q, torch.tensor(variance))


def depth(v, k, q, variance, start, *, draw):
    """Depth as the integral of one over the speed, by Gauss's rule on the logarithm of the variance."""
    low, high = np.log(start), np.log(variance)
    between = torch.exp((low + high) / 2 + (high - low) / 2 * NODES)
    slowness = torch.stack([each / growth(v, k, q, each) for each in between])
    return (high - low) / 2 * (WEIGHTS @ slowness)


@limit()
def late_growth(v, k, q, *, draw):
    """Growth per variance of ever wider clouds."""
    wide = [torch.tensor(float(size)) / k**2 for size in WIDE]
    return torch.stack([growth(v, k, q, variance) / variance for variance in wide])
