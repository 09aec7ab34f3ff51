"""Heads that share a centroid or have none: the measurements behind `derivations/clustering/critical_points.py`."""

import torch
from scipy.integrate import quad
from torch.func import grad

from numerics.clustering.alignment import noiseless_speed
from numerics.clustering.centroids import bend
from numerics.clustering.layers import error, turned
from workbench.evidence import crossing, limit

MU0, MU1, E, F = torch.eye(4, dtype=torch.float64)  # any orthonormal frame is as good
GAPS = (8.0, 16.0, 32.0, 64.0)  # one over the gaps that are halved


def noiseless_error(lamda, L, heads):
    """Squared error of two heads among tokens that are the centroids themselves."""
    return error(MU0, MU1, 0.0, lamda, torch.zeros(L, 4), heads)


def collapsed_risk(lamda, L, *, draw):
    """Squared error of two heads on one centroid."""
    return noiseless_error(lamda, L, (MU0, MU0))


def mixed_risk(lamda, L, *, draw):
    """Squared error of one head on a centroid, and one on neither."""
    return noiseless_error(lamda, L, (MU0, E))


def leaving(lamda, L, towards):
    """The second derivative of the squared error as one of two heads on a centroid turns away."""

    def height(angle):
        return noiseless_error(lamda, L, (turned(MU0, towards, angle), MU0))

    return grad(grad(height))(torch.zeros((), dtype=torch.float64))


def collapse_escape(lamda, L, *, draw):
    """That towards the other centroid."""
    return leaving(lamda, L, MU1)


def collapse_drift(lamda, L, *, draw):
    """That towards what is off both."""
    return leaving(lamda, L, E)


@crossing("lamda", 0.02, 3)
def crowding_strength(lamda, L, *, draw):
    """The same, which changes sign where sharing a centroid begins to cost."""
    return leaving(lamda, L, E)


def slowing_down(lamda, L, *, draw):
    """The angle to the centroid falls at the rate of the bend, and the gap, its square, twice as fast."""
    return -2 * bend(MU0, MU1, E, 0.0, lamda, torch.zeros(L, 4))


def critical(L):
    """The strength at which the bend is zero: it is a parabola in the strength, without a constant."""
    one, two = (float(bend(MU0, MU1, E, 0.0, strength, torch.zeros(L, 4))) for strength in (1.0, 2.0))
    return (4 * one - two) / (2 * one - two)


@limit()
def critical_halving(L, *, draw):
    """One over the time, in units n, in which gaps 1/n halve, by integrating one over the head's speed."""
    strength = critical(L)

    def slowness(alpha):
        return 1 / float(noiseless_speed(MU0, MU1, E, F, alpha, 0.5, strength, L))

    times = [quad(slowness, 1 - 1 / n, 1 - 1 / (2 * n), epsrel=1e-10)[0] for n in GAPS]
    return torch.tensor([n / time for n, time in zip(GAPS, times)], dtype=torch.float64)
