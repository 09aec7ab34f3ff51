"""Numbers that hide themselves: the measurements behind `derivations/imputation/self_masking.py`.

Every vector counts by the chance that its number is hidden.
"""

import torch

from workbench.evidence import crossing, function_of_means, ratio


def read(u, v, s, draw):
    """A number, what regression on the others answers, and the chance that the number is hidden."""
    answer, untold = u**0.5 * draw.normal("answer"), v**0.5 * draw.normal("untold")
    number = answer + untold
    return number, answer, torch.exp(-(number**2) / (2 * s**2))


@ratio
def risk(u, v, s, kappa, *, draw):
    """Squared error of the shrunken answer, and the chance to be counted."""
    number, answer, hidden = read(u, v, s, draw)
    return hidden * (number - kappa * answer) ** 2, hidden


@ratio
def risk_at_random(u, v, s, *, draw):
    """Squared error of regression on the others."""
    return risk(u, v, s, 1.0, draw=draw)


@crossing("s", 0.02, 8, of=lambda layer, mean: layer - mean)
def critical_window(u, v, s, *, draw):
    """Squared errors of regression on the others and of the mean."""
    return risk(u, v, s, 1.0, draw=draw)[0], risk(u, v, s, 0.0, draw=draw)[0]


def moments(u, v, s, draw):
    """What least squares needs to predict the hidden numbers from the answers, and the chance to be counted."""
    number, answer, hidden = read(u, v, s, draw)
    return hidden * number**2, hidden * number * answer, hidden * answer**2, hidden


@function_of_means(lambda square, cross, own, mass: cross / own)
def best_shrinkage(u, v, s, *, draw):
    """The factor of least squares, from the moments of one number."""
    return moments(u, v, s, draw)


@function_of_means(lambda square, cross, own, mass: (square - cross**2 / own) / mass)
def least_risk(u, v, s, *, draw):
    """The error of least squares, from the moments of one number."""
    return moments(u, v, s, draw)
