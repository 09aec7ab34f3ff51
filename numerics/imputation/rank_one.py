"""Rank-one attention on vectors with holes: the measurements behind `derivations/imputation/rank_one.py`.

The squared error is a parabola in the scale λ of the layer, so three scales tell how low it gets. The
average over masks is taken over all of them; `sampled_risk` draws them.
"""

import torch
from torch.func import grad, jacrev

from numerics.imputation.imputers import over_masks, sample
from workbench.evidence import function_of_means, root, witness

SCALES = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64)


def rank_one(u, lamda, x, o):
    """A layer of linear attention whose keys, queries and values share the direction u."""
    return lamda * u * (u @ (o * x))


def error(u, lamda, x, o):
    """Squared error of the layer on all entries."""
    return torch.sum((x - rank_one(u, lamda, x, o)) ** 2)


def errors(u, x, p):
    """The error over all masks, at three scales."""
    return over_masks(lambda o: torch.vmap(lambda lamda: error(u, lamda, x, o))(SCALES), len(x), p)


def lowest(heights):
    """How low the parabola gets that has these heights at −1, 0, 1."""
    below, middle, above = heights
    return middle - (above - below) ** 2 / (8 * (above + below - 2 * middle))


def risk(Sigma, u, lamda, p, *, draw):
    """Squared error of the layer on one vector, over all masks."""
    x = sample(Sigma, draw)
    return over_masks(lambda o: error(u, lamda, x, o), len(x), p)


@witness(risk)
def sampled_risk(Sigma, u, lamda, p, *, draw):
    """The same with one mask drawn at random."""
    x = sample(Sigma, draw)
    return error(u, lamda, x, draw.bernoulli("observed", 1 - p, len(x)))


@root("lamda")
def best_scale(Sigma, u, lamda, p, *, draw):
    """Autograd in the scale of the layer."""
    return grad(lambda scale: risk(Sigma, u, scale, p, draw=draw))(torch.as_tensor(lamda))


@function_of_means(lowest)
def least_risk(Sigma, u, p, *, draw):
    """Squared error at three scales."""
    return errors(u, sample(Sigma, draw), p)


@function_of_means(lambda heights, slopes: jacrev(lowest)(heights) @ slopes)
def direction_gradient(Sigma, u, p, *, draw):
    """Squared error at three scales, and autograd's slopes in the direction."""
    x = sample(Sigma, draw)
    return errors(u, x, p), jacrev(lambda direction: errors(direction, x, p))(u)
