"""Rank-one attention on vectors with holes: the measurements behind `derivations/imputation/rank_one.py`.

The squared error is a parabola in the scale λ of the layer, so three scales tell how low it gets. The
average over masks is taken over all of them; `sampled_risk` draws them.
"""

import torch
from torch.func import grad, jacfwd, jacrev

from numerics.imputation.imputers import over_masks, sample
from workbench.evidence import crossing, function_of_means, root, witness

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


def covariance(tau, rho):
    """A lone entry of variance τ beside a pair of unit variance and correlation ρ."""
    return torch.tensor([[tau, 0.0, 0.0], [0.0, 1.0, rho], [0.0, rho, 1.0]], dtype=torch.float64)


LONE, PAIR = torch.eye(3, dtype=torch.float64)[0], torch.tensor([0.0, 1.0, 1.0], dtype=torch.float64)


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


@crossing("p", 0.001, 0.999, of=lambda lone, pair: lowest(lone) - lowest(pair))
def switch(tau, rho, p, *, draw):
    """Squared error at three scales, along the lone entry and along the pair."""
    x = sample(covariance(tau, rho), draw)
    return errors(LONE, x, p), errors(PAIR, x, p)


def bent(expansion):
    """The second derivative in t of how low the error gets, from its expansion c₀ + c₁t + c₂t²/2 at three scales."""

    def low(t):
        return lowest(expansion @ torch.stack([torch.ones_like(t), t, t**2 / 2]))

    return jacfwd(jacfwd(low))(torch.zeros(()))


def expanded(u, step, x, p):
    """The error at three scales on the way from u along a step, to second order."""

    def height(t):
        return errors(u + t * step, x, p)

    zero = torch.zeros(())
    return torch.stack([height(zero), jacfwd(height)(zero), jacfwd(jacfwd(height))(zero)], dim=-1)


@function_of_means(bent)
def lone_curvature(tau, rho, p, y, z, *, draw):
    """The error on the way from the lone entry towards the pair."""
    return expanded(LONE, torch.tensor([0.0, y, z]), sample(covariance(tau, rho), draw), p)


@crossing("p", 0.001, 0.999, of=bent)
def lone_spinodal(tau, rho, p, *, draw):
    """The same along the pair."""
    return expanded(LONE, PAIR, sample(covariance(tau, rho), draw), p)


@function_of_means(bent)
def pair_curvature(tau, rho, p, y, z, *, draw):
    """The error on the way from the pair, along the lone entry and the difference of the pair."""
    return expanded(PAIR, torch.tensor([z, y, -y]), sample(covariance(tau, rho), draw), p)


@crossing("p", 0.001, 0.999, of=bent)
def pair_spinodal(tau, rho, p, *, draw):
    """The same along the lone entry."""
    return expanded(PAIR, LONE, sample(covariance(tau, rho), draw), p)
