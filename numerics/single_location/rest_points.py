"""Where descent of one attention layer can rest on the manifold: behind `derivations/single_location/rest_points.py`.

Key and value are turned by angles, away from k* and v* into two directions of their own. The risk of the layer
is measured at a grid of angles; the cosine series through these heights is searched for level places.
"""

from math import pi

import torch
from torch.func import grad, hessian, jacfwd, vmap

from numerics.single_location.layers import curvature_of, in_span, pieces, squared_error, turned
from workbench.evidence import function_of_means

KEYS, VALUES = 18, 4  # angles at which the risk is measured
SEARCHES, STEPS = 11, 30  # starts in each angle, and steps of Newton's method from each
LEVEL, APART = 1e-8, 1e-3  # slopes below this share of the heights are level; overlaps further apart are different


def halfway(count):
    """So many angles between 0 and π, none of them at an end."""
    return pi * (torch.arange(count) + 0.5) / count


def waves_of(heights):
    """The coefficients of the cosine series through the risk at these angles of key and value."""
    waves = [torch.cos(halfway(count)[:, None] * torch.arange(count)) for count in (KEYS, VALUES)]
    return torch.linalg.solve(waves[0], torch.linalg.solve(waves[1], heights.T).T)


def level_places(means, L):
    """All overlaps (as columns) at which the risk does not change as key and value turn; those nearest to 0 first."""
    heights = squared_error(means.movedim(-1, 0), L)
    series = waves_of(heights)

    def height(angles):
        return torch.cos(angles[0] * torch.arange(KEYS)) @ series @ torch.cos(angles[1] * torch.arange(VALUES))

    slope, bend = vmap(grad(height)), vmap(hessian(height))
    angles = torch.cartesian_prod(halfway(SEARCHES), halfway(SEARCHES))
    for _ in range(STEPS):
        angles = angles - torch.linalg.lstsq(bend(angles), slope(angles)[..., None]).solution[..., 0]
    level = slope(angles).abs().amax(1) < LEVEL * heights.abs().max()
    found = []
    for place in torch.cos(angles[level]):
        if all((place - other).abs().max() > APART for other in found):
            found.append(place)
    return torch.stack(
        sorted(found, key=lambda place: (round(float(place.abs().sum()), 3), *place.round(decimals=3)))
    ).T


@function_of_means(level_places)
def rest_points(lam, gamma, s, L, *, draw):
    """What the risk is made of, at a grid of overlaps of key and value."""
    z = draw.normal("token", 3)

    def pieces_at(angles):
        return pieces(*in_span(*torch.cos(angles), 0.0, 0.0, 0.0), lam, gamma, s, z)

    grid = torch.cartesian_prod(halfway(KEYS), halfway(VALUES))
    return vmap(pieces_at)(grid).reshape(KEYS, VALUES, 4), torch.as_tensor(float(L))


def expansion(lam, gamma, s, L, draw):
    """The pieces and two derivatives where key and value are blank, as they turn to k* and v*."""
    z, here = draw.normal("token", 4), torch.full((2,), pi / 2)

    def pieces_at(angles):
        return pieces(*turned(angles), lam, gamma, s, z)

    return pieces_at(here), jacfwd(pieces_at)(here), hessian(pieces_at)(here), torch.as_tensor(float(L))


@function_of_means(lambda *jet: torch.linalg.eigvalsh(-curvature_of(*jet)))
def saddle_rates(lam, gamma, s, L, *, draw):
    """Autograd's Hessian on the two spheres where key and value are blank; near there an overlap is an angle."""
    return expansion(lam, gamma, s, L, draw)


def corner(sign, lam, gamma, s, L, draw):
    """The pieces and two derivatives as the key turns away from k* and, each alone, the value away from ±v*."""
    kstar, vstar, aside = torch.eye(3)
    z, here = draw.normal("token", 3), torch.zeros(2)

    def pieces_at(angles):
        k, v = torch.cos(angles)[:, None] * torch.stack([kstar, sign * vstar]) + torch.sin(angles)[:, None] * aside
        return pieces(k, v, kstar, vstar, lam, gamma, s, z)

    return pieces_at(here), jacfwd(pieces_at)(here), hessian(pieces_at)(here), torch.as_tensor(float(L))


@function_of_means(lambda *jet: -2 * torch.diagonal(curvature_of(*jet)))
def target_rates(lam, gamma, s, L, *, draw):
    """Autograd's second derivatives at the target; near there 1 − overlap is half an angle squared."""
    return corner(1, lam, gamma, s, L, draw)


@function_of_means(lambda *jet: -2 * torch.diagonal(curvature_of(*jet)))
def wrong_value_rates(lam, gamma, s, L, *, draw):
    """The same where the value is −v*."""
    return corner(-1, lam, gamma, s, L, draw)


@function_of_means(squared_error)
def target_risk(lam, gamma, s, epsilon, L, *, draw):
    """The error of the informative token and the answer of another, with their squares."""
    kstar, vstar = torch.eye(2)
    means = pieces(
        kstar, vstar, kstar, vstar, lam, gamma, s, draw.normal("token", 2), epsilon * draw.normal("label noise")
    )
    return means, torch.as_tensor(float(L))
