"""Layers that learn their values, with decay: the measurements behind `derivations/measures/learned_values.py`.

The context is endless: Gauss–Hermite points with their weights.
"""

import torch
from torch.func import grad

from numerics.measures.clouds import attend, long_context
from workbench.evidence import root

POINTS = 16  # per direction, of an endless context


def error(V, Sigma, A, C, draw):
    """The squared distance between where softmax attention with these values moves a token and where it should go."""
    x = torch.linalg.cholesky(Sigma) @ draw.normal("query", len(Sigma))
    moved = attend(*long_context(torch.zeros(len(Sigma)), Sigma, POINTS), A, x[None])[0]
    return torch.sum((V @ moved - C @ x) ** 2)


def risk(Sigma, A, C, V, lamda, *, draw):
    """The error of one token, and the decay of the values."""
    return error(V, Sigma, A, C, draw) + lamda * torch.sum(V**2)


def risk_gradient(Sigma, A, C, V, lamda, *, draw):
    """Autograd through the layer and its decay."""
    return grad(lambda values: risk(Sigma, A, C, values, lamda, draw=draw))(V)


@root("V")
def learned_values(Sigma, A, C, V, lamda, *, draw):
    """The values at which the average gradient vanishes."""
    return risk_gradient(Sigma, A, C, V, lamda, draw=draw)


@root("h")
def best_step(Sigma, A, C, h, *, draw):
    """The step at which the average slope vanishes."""
    eye = torch.eye(len(Sigma))
    return grad(lambda step: error(step * eye, Sigma, A, C, draw))(torch.as_tensor(h))
