"""A layer that has swapped its roles, on sampled sequences: behind `derivations/single_location/swaps.py`.

The key is v* and the value leans towards k*, so a token shows the layer its coordinates in the plane of both.
The witness runs the layer on whole tokens.
"""

import torch
from torch.func import hessian, jacfwd

from numerics.single_location.layers import attention, curvature_of, labelled, pieces, slope_of, squared_error
from workbench.evidence import at, crossing, function_of_means, root, witness

DIMENSION = 5  # of whole tokens


def leaning(theta, lam, gamma, s, z, xi=0.0):
    """What the squared error is made of, for key v* and a value with this overlap with k*, in the plane of both."""
    key, value = torch.eye(2)
    return pieces(key, value, torch.as_tensor(theta) * value, key, lam, gamma, s, z, xi)


@function_of_means(squared_error)
def swapped_risk(theta, lam, gamma, s, epsilon, L, *, draw):
    """The error of the informative token and the answer of another, with their squares."""
    means = leaning(theta, lam, gamma, s, draw.normal("token", 2), epsilon * draw.normal("label noise"))
    return means, torch.as_tensor(float(L))


@witness(swapped_risk)
def risk_of_swapped_sequences(theta, lam, gamma, s, epsilon, L, *, draw):
    """Squared error of the swapped layer on whole sequences of tokens."""
    kstar, vstar, aside = torch.eye(DIMENSION)[:3]
    X, answers = labelled(kstar, vstar, s, gamma, epsilon, 1, L, draw)
    value = theta * kstar + (1 - theta**2) ** 0.5 * aside
    return (answers[0] - attention(vstar, value, lam, X[0])) ** 2


def slopes(theta, lam, gamma, s, L, draw):
    """The pieces and their slopes as the value leans towards k*."""
    z, here = draw.normal("token", 2), torch.as_tensor(theta).reshape(1)

    def pieces_at(lean):
        return leaning(lean[0], lam, gamma, s, z)

    return pieces_at(here), jacfwd(pieces_at)(here), torch.as_tensor(float(L))


@root("theta", of=slope_of)
def leaning_value(theta, lam, gamma, s, L, *, draw):
    """Slopes of the risk along the overlap of value and place."""
    return slopes(theta, lam, gamma, s, L, draw)


@crossing("s", 0.2, 8.0, of=lambda *means: slope_of(*means)[0])
def straight_value(lam, gamma, s, L, *, draw):
    """The same slopes where the value is k*, as the spike grows."""
    return slopes(1.0, lam, gamma, s, L, draw)


@at(theta=leaning_value)
@function_of_means(lambda turn, *jet: turn @ curvature_of(*jet) @ turn)
def swapped_bending(theta, p, r, lam, gamma, s, L, *, draw):
    """Autograd's Hessian at the swapped layer, along the two speeds of turning back."""
    kstar, vstar, aside = torch.eye(3)
    z, swapped = draw.normal("token", 3), torch.zeros(2)
    value = theta * kstar + (1 - theta**2) ** 0.5 * aside

    def pieces_at(angles):
        (up, right), (down, left) = torch.cos(angles), torch.sin(angles)
        return pieces(up * vstar + down * kstar, right * value + left * vstar, kstar, vstar, lam, gamma, s, z)

    jet = pieces_at(swapped), jacfwd(pieces_at)(swapped), hessian(pieces_at)(swapped)
    return torch.tensor([p, r]), *jet, torch.as_tensor(float(L))


@at(theta=leaning_value)
@function_of_means(squared_error)
def settled_risk(theta, lam, gamma, s, epsilon, L, *, draw):
    """The risk of the swapped layer with the value at which its measured slope vanishes."""
    means = leaning(theta, lam, gamma, s, draw.normal("token", 2), epsilon * draw.normal("label noise"))
    return means, torch.as_tensor(float(L))


@root("theta", of=slope_of)
def leaning_by_noise(theta, lam, n, s, L, *, draw):
    """Where the slope vanishes when the place is n times its noise away."""
    return slopes(theta, lam, s / n, s, L, draw)


@at(theta=leaning_by_noise)
@function_of_means(lambda swapped, target, L: squared_error(swapped, L) - squared_error(target, L))
def swap_against_target(theta, lam, n, s, L, *, draw):
    """What the errors of both layers are made of, from the same noise in coordinates of their own."""
    (kstar, vstar), z = torch.eye(2), draw.normal("token", 2)
    target = pieces(kstar, vstar, kstar, vstar, lam, s / n, s, z)
    return leaning(theta, lam, s / n, s, z), target, torch.as_tensor(float(L))
