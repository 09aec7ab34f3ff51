"""Heads in training: the measurements behind `derivations/emergence/courses.py`.

The corpus of gradient flow holds every sentence; `times_of_six_skills` trains on sampled ones.
"""

from functools import lru_cache

import torch
from torch.func import grad, hessian

from numerics.emergence.sentences import attention, correlated, spoken
from numerics.emergence.trainings import batch_losses, corpus, gain, start, time_to, trained
from workbench.evidence import at, experiment, function_of_means, limit, root, witness

FOLDS = (4, 8)  # steps of training in every e-fold of its beginning


def error(lamda, N, v, U, draw):
    """Squared error of one head on one sentence of independent tokens."""
    x = correlated(lamda, torch.eye(N), len(U), draw)
    y, query, answer = spoken(x, lamda, draw)
    return (answer - v * attention(U, x, y, query)) ** 2


def velocity(lamda, d, N, p, head, draw):
    """Minus half the gradient of p times the error, for aligned key–query weights: head = (v, u)."""

    def loss(head):
        return error(lamda, N, head[0], head[1] / d**0.5 * torch.eye(d), draw)

    return -p / 2 * grad(loss)(head)


def training(lamda, d, N, p, v, u, *, draw):
    """Autograd through the head."""
    return velocity(lamda, d, N, p, torch.tensor([v, u]), draw)


def extremes(bends):
    """The least and the largest eigenvalue."""
    values = torch.linalg.eigvalsh(bends)
    return torch.stack([values[0], values[-1]])


@function_of_means(extremes)
def ignorance(lamda, d, N, p, *, draw):
    """Minus half of autograd's Hessian in the read-out and in all key–query weights, where they are zero."""

    def loss(weights):
        return p * error(lamda, N, weights[0], weights[1:].reshape(d, d), draw)

    return -hessian(loss)(torch.zeros(1 + d * d)) / 2


@root("g")
def knowledge(lamda, d, N, g, *, draw):
    """The velocity of a read-out of 1 beside key–query weights of length g."""
    return velocity(lamda, d, N, 1.0, torch.stack([torch.ones(()), torch.as_tensor(g)]), draw)[1]


@root("u")
def settled(lamda, d, N, a, u, *, draw):
    """The key–query weights that rest beside the read-out a."""
    return velocity(lamda, d, N, 1.0, torch.stack([torch.tensor(a), torch.as_tensor(u)]), draw)[1]


@at(u=settled)
@function_of_means(lambda bends: torch.linalg.eigvalsh(bends).flip(0))
def mastery(lamda, d, N, p, a, u, *, draw):
    """Minus half of autograd's Hessian in (v, u) at a head that has settled."""

    def loss(head):
        return p * error(lamda, N, head[0], head[1] / d**0.5 * torch.eye(d), draw)

    return -hessian(loss)(torch.stack([torch.tensor(a), torch.as_tensor(u)])) / 2


@limit(order=4)
def emergence(lamda, d, N, p, g0, t, *, draw):
    """The gain of a head after a time t of training."""
    return torch.tensor([gain(after(lamda, d, N, p, g0, t, folds)) for folds in FOLDS])


@at(g=knowledge)
@limit(order=4)
def emergence_time(lamda, d, N, p, g0, g, *, draw):
    """When a head has half of the gain at which training ends."""
    text, head = corpus(d, N, lamda), start(g0**0.5, g0**0.5, d)
    return torch.tensor([time_to(float(g) / 2, head, text, p, folds) for folds in FOLDS])


@function_of_means(lambda hits, energy, variance: hits**2 / (energy * variance))
def correlation(lamda, d, N, g, *, draw):
    """Answers of a head of this gain, and the truth."""
    x = correlated(lamda, torch.eye(N), d, draw)
    y, query, truth = spoken(x, lamda, draw)
    answer = attention(g / d**0.5 * torch.eye(d), x, y, query)
    return truth * answer, answer**2, truth**2


@lru_cache(maxsize=256)  # a training is not repeated to be looked at again
def after(lamda, d, N, p, g0, t, folds):
    """The head after a time t of training on a skill of frequency p, from a balanced start."""
    return trained(start(g0**0.5, g0**0.5, d), corpus(d, N, lamda), p, t, folds)


SKILLS, BATCH = 6, 256


@witness(emergence_time)
@experiment(runs=8)
def times_of_six_skills(lamda, d, N, p, g0, *, draw):
    """Six skills of frequencies p/k, a head for each, trained by SGD on sampled sentences: the mean of t_k/k."""
    frequencies = p / torch.arange(1, SKILLS + 1)
    v = torch.full((SKILLS,), g0**0.5, requires_grad=True)
    U = ((g0 / d) ** 0.5 * torch.eye(d)).repeat(SKILLS, 1, 1).requires_grad_()
    rate, gains = 0.0, [torch.full((SKILLS,), g0)]
    while (rare := float(gains[-1][-1])) < 2 * g0 or rare < halfway(gains):
        losses = batch_losses(v, U, lamda, N, BATCH, draw, len(gains))
        slopes = torch.autograd.grad(frequencies @ losses, (v, U))
        rate = rate or 0.06 * g0**0.5 / float(slopes[0][0].abs())
        with torch.no_grad():
            v -= rate / 2 * slopes[0]
            U -= rate / 2 * slopes[1]
            gains.append(v * torch.einsum("kdd->k", U) / d**0.5)
    risen = (torch.stack(gains) > halfway(gains)).double().argmax(0)
    return rate * (risen / torch.arange(1, SKILLS + 1)).mean()


def halfway(gains):
    """Half of the gain at which the most frequent skill has come to rest: the mean over the second half of training."""
    return float(torch.stack(gains[len(gains) // 2 :])[:, 0].mean()) / 2
