"""Clouds that attention spreads, decay contracts and noise feeds: behind `derivations/measures/noisy_clouds.py`.

A kick of noise parts every token in two, one on either side, by its standard deviation in one step.
"""

import numpy as np
import torch
from torch import Tensor
from torch.func import jacfwd

from numerics.measures.clouds import covariance, linear_attend, particles
from workbench.evidence import crossing

POINT, FAR, STEPS = 1e-12, 1e3, 24  # variances at which searches begin, and their length
NODES, WEIGHTS = (torch.from_numpy(each) for each in np.polynomial.legendre.leggauss(48))

PIECES = 32  # of the way to a variance


def number(letter) -> Tensor:
    """A letter that autograd may follow."""
    return torch.as_tensor(letter, dtype=torch.float64)


def stepped(cloud: Tensor, a, v, kappa, D, root: Tensor) -> Tensor:
    """The cloud after a step of length root² of an Euler–Maruyama scheme."""
    moved = cloud + root**2 * (v * linear_attend(cloud, a * torch.eye(cloud.shape[1])) - kappa * cloud)
    kick = root * (2 * number(D)).sqrt()
    return torch.cat([moved + kick, moved - kick])


def drift(a, v, kappa, D, variance) -> Tensor:
    """The change of the variance of a cloud on a line per unit of depth, for ever smaller steps."""
    cloud = particles(number(variance).reshape(1, 1))

    def variance_after(root):
        return covariance(stepped(cloud, a, v, kappa, D, root)).reshape(())

    return jacfwd(jacfwd(variance_after))(torch.zeros((), dtype=torch.float64)) / 2  # a step is the square of its root


def velocity(a, v, kappa, D, variance, *, draw):
    """That change."""
    return drift(a, v, kappa, D, variance)


def settled(a, v, kappa, D, start: float) -> Tensor:
    """Where Newton's method, from a variance outside of those between which clouds shrink, comes to rest."""
    variance = torch.tensor(start, dtype=torch.float64)
    for _ in range(STEPS):
        slope = jacfwd(lambda s: drift(a, v, kappa, D, s))(variance)
        variance = variance - drift(a, v, kappa, D, variance) / slope
    return variance


def resting_variances(a, v, kappa, D, *, draw):
    """Where Newton's method ends from far, and from a point."""
    return torch.stack([settled(a, v, kappa, D, start) for start in (FAR, POINT)])[None]


def return_rate(a, v, kappa, D, *, draw):
    """The slope of the change where the cloud has come to rest."""
    return jacfwd(lambda s: drift(a, v, kappa, D, s))(settled(a, v, kappa, D, POINT))


@crossing("variance", 1e-6, 1e6)
def slowest_variance(a, v, kappa, D, variance, *, draw):
    """The slope of the change."""
    return jacfwd(lambda s: drift(a, v, kappa, D, s))(number(variance))


def least_drift(a, v, kappa, D) -> Tensor:
    """The least change among all variances: where its slope, which is a line in the variance, vanishes."""
    slope = jacfwd(lambda s: drift(a, v, kappa, D, s))
    low, high = (slope(torch.tensor(s, dtype=torch.float64)) for s in (1.0, 2.0))
    return drift(a, v, kappa, D, 1 - low / (high - low))


@crossing("D", 1e-6, 1e4)
def critical_noise(a, v, kappa, D, *, draw):
    """That least change, which is positive where nothing rests."""
    return least_drift(a, v, kappa, D)


@crossing("kappa", 1e-4, 1e3)
def critical_decay(a, v, kappa, D, *, draw):
    """The same, as the decay grows."""
    return least_drift(a, v, kappa, D)


def life(a, v, kappa, w, variance, *, draw):
    """Depth as the integral of one over the change, by Gauss's rule on pieces."""
    D = (kappa**2 + w**2) / (4 * v * a)
    ends = torch.linspace(0, 1, PIECES + 1, dtype=torch.float64) * variance
    middle, half = (ends[1:] + ends[:-1]) / 2, (ends[1] - ends[0]) / 2
    pace = torch.vmap(lambda s: 1 / drift(a, v, kappa, D, s))((middle[:, None] + half * NODES).flatten())
    return half * torch.sum(pace.reshape(PIECES, -1) @ WEIGHTS)
