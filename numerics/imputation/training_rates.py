"""Gradient flow of a layer on vectors with holes: the measurements behind `derivations/imputation/training_rates.py`.

The squared error is a parabola in the weights, so what descent does follows from its averaged slope and curvature.
"""

import torch
from torch.func import grad, hessian, jvp

from numerics.imputation.imputers import completion_error, over_masks, sample
from numerics.imputation.rate_shifts import alike
from workbench.evidence import crossing, function_of_means


def first_row(row, d):
    """The layer that fills in the first entry with a row of weights, and no other."""
    return torch.cat([torch.zeros(1), row, torch.zeros(d * (d - 1))]).reshape(d, d)


def first_error(row, x, p):
    """Squared error over all masks of a layer that fills in the first entry alone."""
    return over_masks(lambda o: completion_error(first_row(row, len(x)), x, o), len(x), p)


def flowed(time, slope, curvature):
    """Where gradient flow is that started from weights zero, where the parabola has that slope."""
    share = torch.linalg.matrix_exp(-time * curvature) - torch.eye(len(slope))
    return (share @ torch.linalg.solve(curvature, slope)).mean()


@function_of_means(flowed)
def weight(d, rho, p, t, *, draw):
    """Autograd's slope and curvature at zero, for the first entry; all weights are alike and so is their mean."""
    x, zero = sample(alike(d, rho), draw), torch.zeros(d - 1)
    return torch.as_tensor(t), grad(first_error)(zero, x, p), hessian(first_error)(zero, x, p)


def curvature(rho, p, draw):
    """Autograd's curvature for the first of three entries."""
    x = sample(alike(3, rho), draw)
    return hessian(first_error)(torch.zeros(2), x, p)


def rates(curved):
    """The rates at which descent learns, in order."""
    return torch.linalg.eigvalsh(curved)


@function_of_means(lambda curved: rates(curved)[0])
def slowest(rho, p, *, draw):
    """The curvature of the error on one vector."""
    return (curvature(rho, p, draw),)


@function_of_means(lambda curved: rates(curved)[-1] / rates(curved)[0])
def condition(rho, p, *, draw):
    """The curvature of the error on one vector."""
    return (curvature(rho, p, draw),)


@crossing("p", 0.01, 0.99, of=lambda curved, change: jvp(lambda now: rates(now)[0], (curved,), (change,))[1])
def fastest_rate(rho, p, *, draw):
    """The curvature of the error on one vector, and how it changes with the missing rate."""
    return jvp(lambda rate: curvature(rho, rate, draw), (torch.tensor(p),), (torch.tensor(1.0),))
