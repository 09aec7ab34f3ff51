"""Heads with keys and queries of their own: the measurements behind `derivations/in_context/rank_one_heads.py`."""

import torch
from torch.func import grad, hessian

from numerics.in_context.descents import Loss, pieces
from numerics.in_context.layers import prediction, prompt, rank_one_heads
from workbench.evidence import function_of_means

STARTS = torch.linspace(-1.4, 1.9, 9)  # where searches for resting places begin
STEPS = 100  # of Newton's method, which creeps where a resting place is degenerate


def error(Lambda, sigma, N, U, v, k, q, draw):
    """Squared error on one prompt with an isotropic task of one head beside others that sum to U."""
    x, y, query, w = prompt(Lambda, torch.eye(len(Lambda)), sigma, N, draw)
    head = rank_one_heads(torch.as_tensor(v).reshape(1), k[None], q[None], x, y, query)
    return (w @ query - prediction(U, x, y, query) - head) ** 2


def key_gradient(Lambda, sigma, N, U, v, k, q, *, draw):
    """Autograd in the key."""
    return grad(lambda key: error(Lambda, sigma, N, U, v, key, q, draw))(k)


def query_gradient(Lambda, sigma, N, U, v, k, q, *, draw):
    """Autograd in the query."""
    return grad(lambda query: error(Lambda, sigma, N, U, v, k, query, draw))(q)


def value_gradient(Lambda, sigma, N, U, v, k, q, *, draw):
    """Autograd in the number."""
    return grad(lambda number: error(Lambda, sigma, N, U, number, k, q, draw))(torch.as_tensor(v))


@function_of_means(lambda speeds: speeds.sort().values)
def growth(Lambda, sigma, N, v, strength, *, draw):
    """Half the slope in the number of a head on each mode, all other modes having been learned to some strength."""
    speeds = []
    for mode in torch.linalg.eigh(Lambda)[1].T:
        others = strength * (torch.eye(len(Lambda)) - torch.outer(mode, mode))
        speeds.append(-value_gradient(Lambda, sigma, N, others, v, v * mode, v * mode, draw=draw) / 2)
    return torch.stack(speeds)


def census(*means):
    """All strengths at which a head rests on each mode, searched by Newton's method from many starts."""
    loss, found = Loss(*means), []
    others = torch.zeros_like(loss.Lambda)
    for mode in loss.modes():
        places = STARTS
        for _ in range(STEPS):
            speeds = torch.vmap(lambda v, mode=mode: loss.growth(v, mode, others))(places)
            bends = torch.vmap(lambda v, mode=mode: grad(loss.growth)(v, mode, others))(places)
            places = places - speeds / bends
        ends = places.sort().values
        apart = torch.cat([torch.ones(1), ends.diff()]) > 1e-6
        found += list(ends[apart] if ends.isfinite().all() else ends[:2])  # a prompt of zeros has no slope
    return torch.stack(found).sort().values


@function_of_means(census)
def resting_points(Lambda, sigma, N, *, draw):
    """The loss of one head."""
    return pieces(Lambda, sigma, N, draw)


def slopes(*means):
    """How the speed of a head changes with its strength where it rests, on each mode."""
    loss = Loss(*means)
    others = torch.zeros_like(loss.Lambda)
    found = [grad(loss.growth)(loss.learned(mode), mode, others) for mode in loss.modes()]
    return torch.stack(found).sort().values


@function_of_means(slopes)
def return_rate(Lambda, sigma, N, *, draw):
    """The loss of one head."""
    return pieces(Lambda, sigma, N, draw)


def spectra(*means):
    """Half the eigenvalues of autograd's Hessian in key and query of a head that has learned a mode, for each mode."""
    loss, found = Loss(*means), []
    for mode in loss.modes():
        v = loss.learned(mode)
        bent = hessian(lambda both, v=v: loss.head(v, *both.reshape(2, -1)))(torch.cat([v * mode, v * mode]))
        found.append(torch.linalg.eigvalsh(bent) / 2)
    return torch.cat(found).sort().values


@function_of_means(spectra)
def curvature(Lambda, sigma, N, *, draw):
    """The loss of one head."""
    return pieces(Lambda, sigma, N, draw)
