"""Second moments at two masking rates: the measurements behind `derivations/imputation/extrapolated_masks.py`.

Masks of both rates are averaged over all of them, the second ones of what the first have left.
"""

import torch

from numerics.imputation.imputers import over_masks, sample
from workbench.evidence import crossing, function_of_means


def line_at_zero(p, h, at_once, at_more):
    """The line through values at the rates p and p + h(1 − p), read at rate zero."""
    return ((p + h * (1 - p)) * at_once - p * at_more) / (h * (1 - p))


def both_masks(value, d, p, h):
    """The mean over all masks, and all further ones, of what a pair of them is worth."""
    return over_masks(lambda o: over_masks(lambda left: value(o, left), d, h), d, p)


def extrapolated(Sigma, p, h, *, draw):
    """Second moments of one row, seen through one mask and through both."""
    x = sample(Sigma, draw)

    def moment(o):
        return torch.outer(o * x, o * x)

    return both_masks(lambda o, left: line_at_zero(p, h, moment(o), moment(o * left)), len(x), p, h)


def row(rho, draw):
    """The product of two entries of one row."""
    x = sample(torch.tensor([[1.0, rho], [rho, 1.0]]), draw)
    return x[0] * x[1]


def moments(estimate, p, h):
    """The mean of an estimate from one row, a function of what is seen of both entries, and of its square."""
    powers = both_masks(lambda o, left: estimate(o.prod(), (o * left).prod()) ** torch.tensor([1.0, 2.0]), 2, p, h)
    return powers.unbind()


def squared_error(n, rho, mean, square):
    """Of the mean of n rows: the square of its bias, and its variance."""
    return (mean - rho) ** 2 + (square - mean**2) / n


@function_of_means(squared_error)
def extrapolated_risk(n, rho, p, h, *, draw):
    """Moments of the extrapolated product of two entries of one row."""
    product = row(rho, draw)
    found = moments(lambda once, more: line_at_zero(p, h, once, more) * product, p, h)
    return torch.tensor(float(n)), torch.tensor(rho), *found


@function_of_means(squared_error)
def plain_risk(n, rho, p, *, draw):
    """Moments of the product of two entries that may be missing."""
    product = row(rho, draw)
    return torch.tensor(float(n)), torch.tensor(rho), *moments(lambda once, more: once * product, p, 0.5)


@crossing(
    "n", 1e-3, 1e6, of=lambda n, rho, *means: squared_error(n, rho, *means[:2]) - squared_error(n, rho, *means[2:])
)
def worthwhile_rows(n, rho, p, h, *, draw):
    """Moments of both estimates from one row."""
    product = row(rho, draw)
    extrapolated = moments(lambda once, more: line_at_zero(p, h, once, more) * product, p, h)
    plain = moments(lambda once, more: once * product, p, h)
    return torch.as_tensor(float(n)), torch.tensor(rho), *extrapolated, *plain
