"""Where gradient flow on the manifold leads from many starts: behind `derivations/single_location/basins.py`."""

from functools import partial
from math import pi

import torch
from numpy.polynomial.hermite_e import hermegauss

from numerics.single_location.layers import curvature_of, in_span, pieces, squared_error
from numerics.single_location.rest_points import KEYS, VALUES, expansion, halfway, waves_of
from workbench.evidence import almost_every, end_of_flow, function_of_means

POINTS = 14  # of quadrature, in each direction of a token


def returning(*jet):
    """By how much the value turns when the key turns by one, along the axis on which the bowl at the start rises."""
    key, value = torch.linalg.eigh(curvature_of(*jet)).eigenvectors[:, -1]
    return value / key


@function_of_means(returning)
def dividing_line(lam, gamma, s, L, *, draw):
    """Autograd's Hessian on the two spheres where key and value are blank; near there an overlap is an angle."""
    return expansion(lam, gamma, s, L, draw)


def jets(angles, count):
    """Waves up to that number at each angle, with two derivatives."""
    number = torch.arange(count)
    up, across = torch.cos(angles[:, None] * number), torch.sin(angles[:, None] * number)
    return torch.stack([up, -number * across, -(number**2) * up], dim=1)


def bowl(series, angles):
    """The slope and the curvature of a sum of waves at each pair of angles."""
    here = jets(angles[:, 0], KEYS) @ series @ jets(angles[:, 1], VALUES).mT
    return torch.stack([here[:, 1, 0], here[:, 0, 1]], dim=-1), here[:, [[2, 1], [1, 0]], [[0, 1], [1, 2]]]


@almost_every("start", 2, starts=128, runs=2)
def almost_every_start(lam, gamma, s, L, start, *, draw):
    """The overlaps of key and value at the end, multiplied, in the landscape of the risk.

    Both angles begin at a normal number; the risk, being even in both, does not mind in which hemisphere.
    """
    grid = torch.cartesian_prod(halfway(KEYS), halfway(VALUES))
    heights = torch.vmap(lambda angles: squared_error(means(angles, lam, gamma, s), L))(grid)
    series = waves_of(heights.reshape(KEYS, VALUES))
    return torch.cos(end_of_flow(pi / 2 + start, partial(bowl, series))).prod(-1)


def means(angles, lam, gamma, s):
    """What the risk is made of at this pair of overlaps, by quadrature over a token."""
    points, weights = (torch.from_numpy(each) for each in hermegauss(POINTS))
    tokens, chances = torch.cartesian_prod(points, points, points), weights / weights.sum()
    k, v, kstar, vstar = in_span(*torch.cos(angles), 0.0, 0.0, 0.0)
    each = torch.vmap(lambda z: pieces(k, v, kstar, vstar, lam, gamma, s, z))(tokens)
    return torch.cartesian_prod(chances, chances, chances).prod(-1) @ each
