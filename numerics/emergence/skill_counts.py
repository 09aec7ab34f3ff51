"""Skills counted during training: the measurements behind `derivations/emergence/skill_counts.py`."""

from collections.abc import Callable
from math import exp, log

import torch
from scipy.optimize import brentq

from numerics.emergence.trainings import batch_losses, corpus, final, start, time_to
from workbench.evidence import experiment, limit, witness

FOLDS = (2, 4)  # steps of training in every e-fold of its beginning
FARTHEST = 20.0  # of the ranks that are searched, as a logarithm
D, LENGTH, FIRST = 2, 3, 0.05  # dimensions, tokens and first gain, where the statement names none


def half_known(lamda: float, d: int, N: int, g0: float, folds: int) -> Callable[[float], float]:
    """The time after which a head has half of its final gain, by the frequency of its skill."""
    text, head = corpus(d, N, lamda), start(g0**0.5, g0**0.5, d)
    return lambda frequency: time_to(final(text, d) / 2, head, text, frequency, folds)


def rank_at(time: float, takes: Callable[[float], float], p: float, alpha: float) -> float:
    """The rank k, whole or not, of the skill that is half known at this time; skill k has the frequency p/k^(1+α)."""

    def late(log_rank: float) -> float:
        return log(takes(p * exp(-(1 + alpha) * log_rank)) / time)

    return exp(brentq(late, -FARTHEST, FARTHEST, xtol=1e-14))  # type: ignore[arg-type]


@limit(order=4)
def skills_known(lamda, d, N, p, g0, t, alpha, *, draw):
    """The rank of the skill that is half known at time t."""
    return torch.tensor([rank_at(t, half_known(lamda, d, N, g0, folds), p, alpha) for folds in FOLDS])


@limit(order=4)
def growth(alpha, x, *, draw):
    """The rank of the skill that takes x times as long as the commonest one."""

    def rank(folds):
        takes = half_known(1.0, D, LENGTH, FIRST, folds)
        return rank_at(x * takes(1.0), takes, 1.0, alpha)

    return torch.tensor([rank(folds) for folds in FOLDS])


RANKS, BATCH, STEP = 10, 64, 0.06


@witness(growth)
@experiment(runs=8)
def counted(alpha, x, *, draw):
    """Known skills of a language, counted: a head for each of eleven, trained by SGD on sampled sentences.

    Beside the commonest skill stand those of ranks 1 + U, 2 + U, …: so whole ranks are counted without bias.
    """
    ranks = torch.cat([torch.ones(1), torch.arange(1.0, RANKS + 1) + draw.uniform("offset")])
    frequencies, half = ranks ** -(1 + alpha), final(corpus(D, LENGTH, 1.0), D) / 2
    v = torch.full((len(ranks),), FIRST**0.5, requires_grad=True)
    U = ((FIRST / D) ** 0.5 * torch.eye(D)).repeat(len(ranks), 1, 1).requires_grad_()
    steps, taken = 0, float("inf")
    while steps < x * taken:
        losses = batch_losses(v, U, 1.0, LENGTH, BATCH, draw, steps)
        slopes = torch.autograd.grad(frequencies @ losses, (v, U))
        with torch.no_grad():
            v -= STEP / 2 * slopes[0]
            U -= STEP / 2 * slopes[1]
            gains, steps = v * torch.einsum("kdd->k", U) / D**0.5, steps + 1
        if gains[0] > half:
            taken = min(taken, steps - 0.5)  # between two steps
    return (gains > half).double().sum()
