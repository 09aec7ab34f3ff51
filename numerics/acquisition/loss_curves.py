"""Verbs without end in training: the measurements behind `derivations/acquisition/loss_curves.py`.

Gradient flow teaches a verb of frequency p after the time t what it teaches one of frequency 1 after pt, so that one
course of training tells of them all.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import torch
from scipy.interpolate import CubicSpline
from scipy.special import zeta
from torch.func import grad, jvp

from numerics.acquisition.clocks import NOUNS, STRONG, learning, loss
from numerics.acquisition.flows import step
from workbench.evidence import limit

ODDS = (32, 64, 128, 256)
RANKS = (64, 128, 256, 512)
FIRST, LAST, STEPS = 1e-4, 1e10, 2_000  # of a course, in times of one meeting
HARDLY = 1e-3  # meetings up to which the loss falls along a straight line


def left(scores):
    """What a verb costs more than one that looks at the right head alone."""
    return loss(scores, STRONG, NOUNS) - loss(torch.tensor([1e3, 0.0]), STRONG, NOUNS)


@limit(order=1)
def last_lessons(p, *, draw):
    """Autograd along the flow of both scores, at ever better odds."""

    def speed(odds):
        at = torch.log(torch.tensor(float(odds))) * torch.tensor([0.5, -0.5])
        return jvp(lambda scores: 1 / left(scores), (at,), (learning(p, STRONG)(at),))[1]

    return torch.stack([speed(odds) for odds in ODDS])


@cache
def course():
    """What is left of one verb after any time of gradient flow, as a curve of logarithms."""
    times, scores, passed, found = np.geomspace(FIRST, LAST, STEPS), torch.zeros(2), 0.0, []
    for time in times:
        scores, passed = step(learning(1.0, STRONG), scores, time - passed), time
        found.append(float(left(scores)))
    return CubicSpline(np.log(times), np.log(found))


@limit(order=1)
def loss_exponent(alpha, *, draw):
    """The exponent between two times, with ever more verbs known at the first, and twice as many at the second."""
    sigma = 1 + float(alpha)
    losses = [left_of_all(sigma, rank**sigma) for rank in (*RANKS, 2 * RANKS[-1])]
    return torch.tensor([np.log(early / late) / (sigma * np.log(2)) for early, late in pairwise(losses)])


def left_of_all(sigma, time):
    """What is left of all verbs: rank by rank, and of the rarest by what a first lesson teaches."""
    start = torch.zeros(2)
    rare = int((time / HARDLY) ** (1 / sigma)) + 1
    often = np.arange(1.0, rare + 1) ** -sigma
    common = often @ np.exp(course()(np.log(often * time)))
    first = float(grad(left)(start).square().sum())
    return common + float(left(start)) * zeta(sigma, rare + 1) - first * time * zeta(2 * sigma, rare + 1)
