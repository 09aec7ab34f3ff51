"""One attention layer before a far spike: the measurements behind `derivations/single_location/far_spikes.py`.

Nothing is set to its limit here: the layer is the layer, and the spike is as far as the letter s says. Key
and value turn in the plane of k* and v*, so a token is sampled in that plane.
"""

import torch
from torch.func import hessian, jacfwd

from numerics.single_location.layers import curvature_of, pieces, squared_error
from workbench.evidence import crossing, function_of_means


def bent(lam, gamma, s, L, draw):
    """The pieces and two derivatives at the target, as the key turns to v* and the value to k*."""
    kstar, vstar = torch.eye(2)
    z, target = draw.normal("token", 2), torch.zeros(2)

    def pieces_at(angles):
        (up, right), (aside, over) = torch.cos(angles), torch.sin(angles)
        k, v = up * kstar + aside * vstar, right * vstar + over * kstar
        return pieces(k, v, kstar, vstar, lam, gamma, s, z)

    return pieces_at(target), jacfwd(pieces_at)(target), hessian(pieces_at)(target), torch.as_tensor(float(L))


@function_of_means(lambda turn, *jet: turn @ curvature_of(*jet) @ turn)
def bending(p, r, lam, gamma, s, L, *, draw):
    """Autograd's Hessian of the risk at the target, along the two speeds of turning."""
    return torch.tensor([p, r]), *bent(lam, gamma, s, L, draw)


def answer(p, *jet):
    """Where the quadratic form of the Hessian is least, given the turn of the key."""
    curvature = curvature_of(*jet)
    return -curvature[0, 1] / curvature[1, 1] * p


@function_of_means(answer)
def answering_value(p, lam, gamma, s, L, *, draw):
    """Autograd's Hessian of the risk at the target, read for the best turn of the value."""
    return torch.as_tensor(p), *bent(lam, gamma, s, L, draw)


def answered(p, *jet):
    """The least that the quadratic form of the Hessian takes on for this turn of the key."""
    curvature = curvature_of(*jet)
    return (curvature[0, 0] - curvature[0, 1] ** 2 / curvature[1, 1]) * p**2


@function_of_means(answered)
def answered_bending(p, lam, gamma, s, L, *, draw):
    """Autograd's Hessian of the risk at the target, read along the key with the value free."""
    return torch.as_tensor(p), *bent(lam, gamma, s, L, draw)


def least_curvature(*jet):
    """The smallest eigenvalue of the Hessian in the plane of k* and v*."""
    return torch.linalg.eigvalsh(curvature_of(*jet))[0]


@crossing("lam", 0.6, 1.4, of=least_curvature)
def transverse_instability(lam, gamma, s, L, *, draw):
    """Autograd's Hessian of the risk at the target; its smallest eigenvalue changes sign."""
    return bent(lam, gamma, s, L, draw)


@crossing("lam", 0.6, 1.4, of=least_curvature)
def noiseless_instability(lam, s, L, *, draw):
    """The same, without noise on the informative token."""
    return bent(lam, 0.0, s, L, draw)


@crossing("lam", 0.4, 2.0, of=lambda means, silence, L: squared_error(means, L) - silence)
def worse_than_silence(lam, gamma, s, L, *, draw):
    """The squared error of the layer at the target and of predicting zero."""
    kstar, vstar = torch.eye(2)
    z = draw.normal("token", 2)
    means = pieces(kstar, vstar, kstar, vstar, lam, gamma, s, z)
    return means, ((s * kstar + gamma * z) @ vstar) ** 2, torch.as_tensor(float(L))
