"""Readouts trained by least squares on sampled sequences: behind `derivations/single_location/readouts.py`."""

import torch
from torch.func import hessian, jacfwd

from numerics.single_location.layers import (
    attention,
    curvature_of,
    labelled,
    pieces,
    sequences,
    slope_of,
)
from workbench.evidence import experiment, function_of_means, trained, witness

BATCH = 4_000  # sequences in the data set of a training run


def frozen_key(kappa, dimension):
    """A unit key of this overlap with k*, and k*, v*, in the first coordinates."""
    kstar, aside, vstar = torch.eye(dimension)[:3]
    return kappa * kstar + (1 - kappa**2) ** 0.5 * aside, kstar, vstar


def best_value(values, first, second, L):
    """The component along v* of the value that minimises a quadratic risk."""
    return -torch.linalg.solve(curvature_of(values, first, second, L), slope_of(values, first, L))[2]


@function_of_means(best_value)
def trained_value(kappa, lam, gamma, s, L, *, draw):
    """Autograd in the value at zero: the risk is a quadratic form of it."""
    (k, kstar, vstar), z, blank = frozen_key(kappa, 3), draw.normal("token", 3), torch.zeros(3)

    def pieces_at(v):
        return pieces(k, v, kstar, vstar, lam, gamma, s, z)

    return pieces_at(blank), jacfwd(pieces_at)(blank), hessian(pieces_at)(blank), torch.as_tensor(float(L))


@witness(trained_value)
@experiment(runs=8)
def value_trained_on_sequences(kappa, lam, gamma, s, epsilon, L, *, draw):
    """The value that a real optimiser (L-BFGS) finds on one data set of whole sequences in R^6."""
    k, kstar, vstar = frozen_key(kappa, 6)
    X, answers = labelled(kstar, vstar, s, gamma, epsilon, BATCH, L, draw)

    def loss(v):
        return torch.mean((answers - attention(k, v, lam, X)) ** 2)

    return trained(loss, torch.zeros(6)) @ vstar


def moments(gamma, s, epsilon, L, draw):
    """Second moments of all coordinates of a sequence and its answer, averaged over the informative token's place."""
    kstar, vstar, _ = torch.eye(3)
    noise, label_noise = draw.normal("tokens", L, 3), epsilon * draw.normal("label noise")
    X = sequences(kstar, s, gamma, noise.expand(L, L, 3), torch.arange(L))
    answers = torch.diagonal(X @ vstar) + label_noise
    flat = X.reshape(L, -1)
    return flat.T @ flat / L, flat.T @ answers / L, answers @ answers / L


def linear_risk(b, gamma, s, epsilon, L, *, draw):
    """Squared error of reading every token along v*, on one sequence for each place."""
    second, cross, square = moments(gamma, s, epsilon, L, draw)
    weights = b * torch.eye(3)[1].repeat(L)
    return square - 2 * weights @ cross + weights @ second @ weights


@function_of_means(lambda second, cross, square: torch.linalg.solve(second, cross).reshape(-1, 3)[:, 1].mean())
def linear_readout(gamma, s, epsilon, L, *, draw):
    """Least squares over all coordinates of the sequence, read along v*."""
    return moments(gamma, s, epsilon, L, draw)


@function_of_means(lambda second, cross, square: square - cross @ torch.linalg.solve(second, cross))
def least_linear_risk(gamma, s, epsilon, L, *, draw):
    """What least squares over all coordinates leaves of the answer."""
    return moments(gamma, s, epsilon, L, draw)
