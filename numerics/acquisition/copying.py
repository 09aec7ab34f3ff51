"""A reader in training that does not know where to look: the measurements behind `derivations/acquisition/copying.py`.

Its V×V values are all trained, by gradient flow on the cross-entropy of the answers of all sentences of N nouns.
"""

from itertools import permutations

import torch
from torch.func import grad

from numerics.acquisition.flows import STEPS, after, passage
from workbench.evidence import limit


def sentences(N, V):
    """All choices of N of V nouns, the answer first, one in a row."""
    return torch.tensor(list(permutations(range(V), N)))


def loss(values, nouns):
    """The mean cross-entropy of the answers, the first nouns, when a reader attends to all nouns alike."""
    chances = values[nouns].mean(dim=1).log_softmax(dim=1)
    return -chances.gather(1, nouns[:, :1]).mean()


def copies(m, V):
    """Values that copy with the strength m, beside something that no softmax sees."""
    return m * torch.eye(V) + 0.25


def strength(values):
    """How much more a noun speaks for itself than for others."""
    V = len(values)
    return values.trace() / V - (values.sum() - values.trace()) / (V * (V - 1))


def copying_loss(m, N, V, *, draw):
    """The cross-entropy of the reader."""
    return loss(copies(m, V), sentences(N, V))


def copying_speed(m, mu, N, V, *, draw):
    """Autograd in all V² values, and what it does to the strength of copying."""
    return -mu * strength(grad(loss)(copies(m, V), sentences(N, V)))


def training(height, mu, N, V):
    """When gradient flow of all values from zero makes a height positive."""
    nouns = sentences(N, V)
    return passage(lambda values: -mu * grad(loss)(values, nouns), torch.zeros(V, V), height, N * V / mu)


@limit(order=4)
def copying_time(y, mu, N, V, *, draw):
    """When a noun of the sentence is y times as likely as one outside."""

    def height(values):
        logits = values[:N].mean(dim=0)
        return float((logits[0] - logits[-1]).exp()) - y

    return training(height, mu, N, V)


@limit(order=4)
def copying_half(mu, N, V, *, draw):
    """When half of the belief is on nouns of the sentence."""

    def height(values):
        return float(values[:N].mean(dim=0).softmax(dim=0)[:N].sum()) - 0.5

    return training(height, mu, N, V)


@limit(order=4)
def copying_course(t, mu, N, V, *, draw):
    """The strength of copying after a time t."""
    nouns = sentences(N, V)

    def velocity(values):
        return -mu * grad(loss)(values, nouns)

    return torch.stack([strength(after(velocity, torch.zeros(V, V), t, steps)) for steps in STEPS])
