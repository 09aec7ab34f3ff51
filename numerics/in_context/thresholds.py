"""Prompts long enough and steps small enough: the measurements behind `derivations/in_context/thresholds.py`."""

import torch

from numerics.in_context.descents import pieces
from numerics.in_context.layers import prediction, prompt
from workbench.evidence import crossing


def along(direction, Lambda, sigma, N, draw):
    """Squared error on one prompt with an isotropic task, at three strengths of weights in one direction."""
    x, y, query, w = prompt(Lambda, torch.eye(len(Lambda)), sigma, N, draw)
    strengths = torch.tensor([-1.0, 0.0, 1.0])
    return torch.vmap(lambda g: (w @ query - prediction(g * direction, x, y, query)) ** 2)(strengths)


def fall(heights):
    """How far the parabola with these heights at −1, 0, 1 falls from 0 to its bottom."""
    below, middle, above = heights
    return (above - below) ** 2 / (8 * (above + below - 2 * middle))


@crossing("N", 1, 9, whole=True, of=lambda heights, variance: variance / 2 - fall(heights))
def worthwhile_length(Lambda, sigma, N, *, draw):
    """The error at three strengths of a head on the first mode, and the variance of that mode."""
    values, vectors = torch.linalg.eigh(Lambda)
    return along(torch.outer(vectors[:, -1], vectors[:, -1]), Lambda, sigma, N, draw), values[-1]


@crossing("N", 1, 9, whole=True, of=lambda heights: heights[1] / 2 - fall(heights))
def half_explained(d, sigma, N, *, draw):
    """The error on white prompts at three multiples of the identity."""
    return along(torch.eye(d), torch.eye(d), sigma, N, draw)


def stretched(eta, slope, bowl, Lambda):
    """By how many e-folds one step of descent stretches what it stretches most."""
    size = bowl[0, 0].numel()
    step = torch.eye(size) - eta * bowl.reshape(size, size)
    return torch.linalg.eigvalsh(step).abs().max().log()


@crossing("eta", 0.005, 100, of=stretched)
def critical_step(Lambda, sigma, N, eta, *, draw):
    """The loss of the merged weights, in which descent takes steps of this size."""
    return torch.as_tensor(eta), *pieces(Lambda, sigma, N, draw)
