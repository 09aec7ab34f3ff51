"""Two imputers as the first entries go missing: the measurements behind `derivations/imputation/gap_slopes.py`.

The average over masks is taken over all of them, and differentiated in the missing rate at zero.
"""

import torch
from torch.func import jvp

from numerics.imputation.imputers import over_masks, sample
from numerics.imputation.rate_shifts import alike
from workbench.evidence import function_of_means


def at_zero(function):
    """A function of the missing rate at zero, and its slope there."""
    return jvp(function, (torch.zeros(()),), (torch.ones(()),))[:2]


def moments(x, p):
    """What least squares needs to predict every entry from the others, missing ones read as zero."""
    cross = over_masks(lambda o: torch.outer(x, o * x), len(x), p)
    return x**2, cross, over_masks(lambda o: torch.outer(o * x, o * x), len(x), p)


def left(square, cross, gram):
    """What least squares leaves of each entry, summed."""
    d = len(square)
    others = [[j for j in range(d) if j != i] for i in range(d)]
    told = [cross[i, k] @ torch.linalg.solve(gram[k][:, k], cross[i, k]) for i, k in enumerate(others)]
    return square.sum() - torch.stack(told).sum()


def slope(*means):
    """How much more least squares leaves when its moments change."""
    return jvp(left, means[:3], means[3:])[1]


@function_of_means(slope)
def layer_slope(Sigma, *, draw):
    """The moments of one vector, and how they change with the missing rate."""
    now, change = at_zero(lambda rate: moments(sample(Sigma, draw), rate))
    return *now, *change


def bayes_error(x, o, Sigma):
    """Squared error of the conditional expectation of the first entry, given the others that are seen."""
    seen = o[:, None] * Sigma[1:, 1:] * o + torch.diag(1 - o)
    return (x[0] - torch.linalg.solve(seen, o * Sigma[1:, 0]) @ (o * x[1:])) ** 2


def bayes_change(Sigma, draw):
    """How the error of Bayes on the first entry of one vector changes with the missing rate of the others."""
    x = sample(Sigma, draw)
    return at_zero(lambda rate: over_masks(lambda o: bayes_error(x, o, Sigma), len(x) - 1, rate))[1]


def bayes_slope(d, rho, *, draw):
    """The error of Bayes on the first entry, over all masks of the others."""
    return bayes_change(alike(d, rho), draw)


@function_of_means(lambda bayes, *means: slope(*means) / len(means[0]) - bayes)
def gap_slope(d, rho, *, draw):
    """Both imputers on the same vector, per missing entry."""
    Sigma = alike(d, rho)
    now, change = at_zero(lambda rate: moments(sample(Sigma, draw), rate))
    return bayes_change(Sigma, draw), *now, *change
