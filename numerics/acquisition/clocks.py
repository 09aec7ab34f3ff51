"""A verb in training that can copy already: the measurements behind `derivations/acquisition/clocks.py`."""

from math import log

import numpy as np
import torch
from scipy.optimize import brentq

from numerics.acquisition.copying import copies
from numerics.acquisition.flows import passage
from workbench.evidence import experiment, gradient, limit, witness

NOUNS, RUNS, FIRST, RATE = 5, 1_000, 0.5, 0.5
WEAK = (1 / 4, 1 / 8, 1 / 16, 1 / 32)  # of the strength of copying
STRONG, ODDS = 3.0, 4.0  # where the statement names none


def loss(scores, m, V):
    """The cross-entropy of the answer, the first of two nouns, when the verb has these scores for their roles."""
    return -(scores.softmax(dim=-1) @ copies(m, V)[:2]).log_softmax(dim=-1)[..., 0]


def learning(p, m, V=NOUNS):
    """Gradient flow of both scores, as often as the verb is met."""
    return lambda scores: -p * gradient(loss)(scores, m, V)


@limit(order=1)
def verb_speed(p, m, x, *, draw):
    """Autograd in both scores, at ever weaker copying, as much faster."""
    at = torch.tensor([x / 2, -x / 2])
    speeds = [learning(p, m * weak)(at) / weak for weak in WEAK]
    return torch.stack([speed[0] - speed[1] for speed in speeds])


def takes(p, m, y):
    """When the right head is looked at y times as much as the other one."""
    return passage(learning(p, m), torch.zeros(2), lambda scores: float((scores[0] - scores[1]).exp()) - y, 1 / (p * m))


@limit(order=1)
def verb_time(p, m, y, *, draw):
    """The same, at ever weaker copying, in as much more time."""
    return torch.stack([weak * takes(p, m * weak, y)[-1] for weak in WEAK])


@limit(order=4)
def one_clock(k, alpha, *, draw):
    """The times of two verbs, where copying is strong."""
    return takes(FIRST / k ** (1 + alpha), STRONG, ODDS) / takes(FIRST, STRONG, ODDS)


@witness(one_clock)
@experiment(runs=8)
def trained_on_sentences(k, alpha, *, draw):
    """The mean times of two verbs in many trainings, sentence by sentence; each is met at random."""
    rng = np.random.default_rng(int(draw.uniform("seed") * 2**52))
    rare, common = (mean_time(frequency, rng) for frequency in (FIRST / k ** (1 + alpha), FIRST))
    return torch.tensor(rare / common)


def mean_time(p, rng):
    """The mean number of sentences until the odds are passed; scores move whenever the verb is met."""
    scores, times, sentence = torch.zeros(RUNS, 2), np.zeros(RUNS), 0
    slopes = gradient(lambda at: loss(at, STRONG, NOUNS).sum())  # those of one training are in its own loss
    while (waiting := times == 0).any():
        met = rng.random(RUNS) < p
        sentence += 1
        if met.any():
            scores[met] = scores[met] - RATE * slopes(scores[met])
        times[waiting & ((scores[:, 0] - scores[:, 1]).exp().numpy() > ODDS)] = sentence
    return times.mean()


@limit(order=1)
def verbs_known(p, m, alpha, t, y, *, draw):
    """The rank of the verb that takes the time t, at ever weaker copying."""

    def rank(weak):
        def late(at):
            return log(float(weak * takes(p * np.exp(-(1 + alpha) * at), m * weak, y)[-1]) / t)

        return np.exp(brentq(late, -20, 20, xtol=1e-12))

    return torch.tensor([rank(weak) for weak in WEAK])
