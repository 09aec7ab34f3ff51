"""Two directions of rank-one attention: the measurements behind `derivations/imputation/switches.py`."""

import torch
from torch.func import jacfwd

from numerics.imputation.imputers import chances, masks, sample
from numerics.imputation.rank_one import errors, lowest
from workbench.evidence import crossing, function_of_means


def covariance(tau, rho):
    """A lone entry of variance τ beside a pair of unit variance and correlation ρ."""
    return torch.tensor([[tau, 0.0, 0.0], [0.0, 1.0, rho], [0.0, rho, 1.0]], dtype=torch.float64)


LONE, PAIR = torch.eye(3, dtype=torch.float64)[0], torch.tensor([0.0, 1.0, 1.0], dtype=torch.float64)


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


def trained_directions(tau, rho, rates, start):
    """The share of the lone entry where descent with momentum leads from close to a direction, at each rate."""
    x = 3**0.5 * torch.linalg.cholesky(covariance(tau, rho)).T  # three vectors whose second moment is the covariance
    o, layers = masks(3), (start + 0.02).repeat(len(rates), 1).requires_grad_()  # one layer for each rate
    odds, optimiser = torch.stack([chances(o, p) for p in rates]), torch.optim.SGD([layers], lr=0.03, momentum=0.9)
    for _ in range(600):
        optimiser.zero_grad()
        filled = torch.einsum("mnj,kj,ki->kmni", o[:, None] * x, layers, layers)
        torch.sum(odds * ((x - filled) ** 2).sum(-1).mean(-1)).backward()
        optimiser.step()
    directions = layers.detach() ** 2
    return directions[:, 0] / directions.sum(1)
