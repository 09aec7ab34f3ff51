"""The best imputer, and one layer beside it: the measurements behind `derivations/imputation/bayes.py`.

The average over masks is taken over all of them.
"""

import torch
from torch.func import grad, jvp

from numerics.imputation.imputers import over_masks, sample
from workbench.evidence import at, crossing, function_of_means, root


def error(B, F, x):
    """Squared error of a linear imputer that sees F x."""
    return torch.sum((x - B @ (F @ x)) ** 2)


@root("B")
def imputer(Sigma, F, B, *, draw):
    """Autograd through the squared error."""
    x = sample(Sigma, draw)
    return grad(lambda weights: error(weights, F, x))(B)


@at(B=imputer)
def least_risk(Sigma, F, B, *, draw):
    """Squared error of the imputer that was found."""
    return error(B, F, sample(Sigma, draw))


def alike(rho):
    """Three entries of unit variance and equal correlation."""
    return torch.eye(3) + rho * (1 - torch.eye(3))


def bayes_error(x, o, rho):
    """Squared error of the conditional expectation of the first entry, given the others that are seen."""
    Sigma = alike(rho)
    seen = o[:, None] * Sigma[1:, 1:] * o + torch.diag(1 - o)
    return (x[0] - torch.linalg.solve(seen, o * Sigma[1:, 0]) @ (o * x[1:])) ** 2


def bayes_of_three(rho, p, *, draw):
    """The first entry missing, the others seen or not, over all masks."""
    x = sample(alike(rho), draw)
    return over_masks(lambda o: bayes_error(x, o, rho), 2, p)


def moments(x, p):
    """What least squares needs to predict the first entry from the others, missing ones read as zero."""
    cross = over_masks(lambda o: x[0] * (o * x[1:]), 2, p)
    return x[0] ** 2, cross, over_masks(lambda o: torch.outer(o * x[1:], o * x[1:]), 2, p)


def left(square, cross, gram):
    """The squared error that least squares leaves: one layer has one set of weights for all masks."""
    return square - cross @ torch.linalg.solve(gram, cross)


@function_of_means(left)
def layer_of_three(rho, p, *, draw):
    """The moments of one vector."""
    return moments(sample(alike(rho), draw), p)


def shortfall(bayes, square, cross, gram):
    """How much more one layer leaves than Bayes does."""
    return left(square, cross, gram) - bayes


def both(x, rho, p):
    """The error of Bayes and the moments of one vector."""
    return over_masks(lambda o: bayes_error(x, o, rho), 2, p), *moments(x, p)


@function_of_means(shortfall)
def gap(rho, p, *, draw):
    """Both imputers on the same vector."""
    return both(sample(alike(rho), draw), rho, p)


@crossing("p", 0.01, 0.99, of=lambda *now: jvp(shortfall, now[:4], now[4:])[1])
def worst_rate(rho, p, *, draw):
    """Both imputers, and how they change with the missing rate."""
    x = sample(alike(rho), draw)
    now, change = jvp(lambda rate: both(x, rho, rate), (torch.tensor(p),), (torch.tensor(1.0),))[:2]
    return *now, *change
