"""A layer used at another missing rate than trained at: measurements behind `derivations/imputation/rate_shifts.py`.

The average over masks is taken over all of them. The risk of a layer is a parabola in each of its rows, whose
coefficients are averaged; a layer is trained by solving for the rows where the parabolas are lowest.
"""

import torch

from numerics.imputation.imputers import over_masks, sample
from workbench.evidence import crossing, function_of_means


def seen_beside(x, o):
    """For each entry, what the layer reads when that entry is missing: nothing when it is seen."""
    return (1 - o)[:, None] * (o * x)


def parabolas(x, p):
    """How many entries are missing, their square, and the coefficients of the squared error in each row of weights."""
    d = len(x)
    missing = over_masks(lambda o: torch.sum(1 - o), d, p)
    square = over_masks(lambda o: torch.sum((1 - o) * x**2), d, p)
    cross = over_masks(lambda o: x[:, None] * seen_beside(x, o), d, p)
    gram = over_masks(lambda o: torch.einsum("ij,ik->ijk", seen_beside(x, o), seen_beside(x, o)), d, p)
    return missing, square, cross, gram


def trained(cross, gram):
    """The rows where the squared error is lowest, the idle diagonal at zero."""
    idle = torch.diag_embed(torch.eye(len(cross), dtype=cross.dtype))
    return torch.linalg.solve(gram + idle, cross)


def risk(W, square, cross, gram):
    """The squared error of a layer on the missing entries."""
    return square - 2 * torch.sum(W * cross) + torch.einsum("ij,ijk,ik->", W, gram, W)


def shortfall(wrong, missing, square, cross, gram):
    """How much more a layer with hollow weights leaves than the trained one."""
    return risk(wrong, square, cross, gram) - risk(trained(cross, gram), square, cross, gram)


@function_of_means(shortfall)
def regret(Sigma, p, W, *, draw):
    """The layer without its diagonal, and the squared error of one vector."""
    return W - torch.diag(torch.diag(W)), *parabolas(sample(Sigma, draw), p)


def alike(d, rho):
    """Unit variances and equal correlations."""
    return rho + (1 - rho) * torch.eye(d)


@function_of_means(lambda missing, square, cross, gram: trained(cross, gram))
def trained_alike(d, rho, p, *, draw):
    """The squared error of one vector."""
    return parabolas(sample(alike(d, rho), draw), p)


def changed(*means):
    """What the layer trained on the first parabolas changes where the others hold, per missing entry."""
    there, (missing, *here) = means[:4], means[4:]
    return (risk(trained(*there[2:]), *here) - here[0]) / missing


@function_of_means(changed)
def shifted_gain(d, rho, p, r, *, draw):
    """The squared error of one vector at both missing rates."""
    x = sample(alike(d, rho), draw)
    return *parabolas(x, p), *parabolas(x, r)


@crossing("r", 0.001, 0.999, of=changed)
def harmful_rate(d, rho, p, r, *, draw):
    """The squared error of one vector at both missing rates."""
    x = sample(alike(d, rho), draw)
    return *parabolas(x, p), *parabolas(x, r)
