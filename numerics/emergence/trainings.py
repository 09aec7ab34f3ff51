"""Gradient flow of one head on a corpus: training with endless data and infinitely small steps."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
import torch
from scipy.optimize import brentq
from torch import Tensor

from workbench.evidence import Draw, gradient
from workbench.evidence.cubature import rule

Head = tuple[Tensor, Tensor]  # read-out v, key–query weights U
DEGREES = 4, 2, 2  # of the squared error in tokens, meaning and query


@dataclass(frozen=True)
class Corpus:
    """Weighted sentences over which every polynomial of the layer's degree has the average of its law."""

    reads: Tensor  # β = (1/N) Σ y_n x_n, what attention hands to the head
    queries: Tensor
    answers: Tensor
    weights: Tensor

    def loss(self, head: Head) -> Tensor:
        """The mean squared error of the head v βᵀUx."""
        v, U = head
        guesses = v * torch.sum((self.reads @ U) * self.queries, dim=1)
        return self.weights @ (self.answers - guesses) ** 2


@lru_cache(maxsize=8)
def corpus(d: int, N: int, lamda: float) -> Corpus:
    """All sentences of N independent tokens, by exact cubature."""
    parts = [rule(size, degree) for size, degree in zip((N * d, d, d), DEGREES)]
    assert all(part is not None for part in parts)
    (tokens, shares), (meanings, odds), (queries, chances) = parts  # type: ignore[misc]
    i, j, k = (place.reshape(-1) for place in np.indices((len(shares), len(odds), len(chances))))
    x = lamda**0.5 * torch.from_numpy(tokens[i]).reshape(-1, N, d)
    w, query = torch.from_numpy(meanings[j]), lamda**0.5 * torch.from_numpy(queries[k])
    y = torch.einsum("bnd,bd->bn", x, w)
    weights = torch.from_numpy(shares[i] * odds[j] * chances[k])
    return Corpus(torch.einsum("bn,bnd->bd", y, x) / N, query, (w * query).sum(1), weights)


def start(v: float, u: float, d: int) -> Head:
    """A head with aligned key–query weights of length u."""
    return torch.tensor(v), u / d**0.5 * torch.eye(d)


def gain(head: Head) -> float:
    """How much of the answer the head lets through."""
    v, U = head
    return float(v * torch.trace(U)) / len(U) ** 0.5


def downhill(head: Head, text: Corpus, p: float) -> Head:
    """The velocity −½ p ∇L of gradient flow on a skill of frequency p."""
    slope_v, slope_U = gradient(text.loss)(head)
    return -p / 2 * slope_v, -p / 2 * slope_U


def step(head: Head, text: Corpus, p: float, h: float) -> Head:
    """Gradient flow for a short time h (Runge and Kutta)."""

    def moved(velocity: Head, time: float) -> Head:
        return head[0] + time * velocity[0], head[1] + time * velocity[1]

    first = downhill(head, text, p)
    second = downhill(moved(first, h / 2), text, p)
    third = downhill(moved(second, h / 2), text, p)
    fourth = downhill(moved(third, h), text, p)
    for velocity, share in zip((first, second, third, fourth), (1, 2, 2, 1)):
        head = head[0] + h * share / 6 * velocity[0], head[1] + h * share / 6 * velocity[1]
    return head


def final(text: Corpus, d: int) -> float:
    """The gain at which training ends: beside a read-out of 1 the velocity is linear in the key–query weights."""
    still, one = (float(torch.trace(downhill(start(1.0, u, d), text, 1.0)[1])) for u in (0.0, 1.0))
    return still / (still - one)


def speed(head: Head, text: Corpus, p: float) -> float:
    """How fast the weights move."""
    return float(torch.sqrt(sum(part.square().sum() for part in downhill(head, text, p))))


def growth(head: Head, text: Corpus, p: float) -> float:
    """The rate at which training sets out: of the velocity, per length of the weights."""
    return speed(head, text, p) / float(torch.sqrt(sum(part.square().sum() for part in head)))


def trained(head: Head, text: Corpus, p: float, time: float, folds: int) -> Head:
    """The head after that time of training, in `folds` steps for every e-fold of its beginning, or more."""
    count = folds * max(4, ceil(time * growth(head, text, p)))
    for _ in range(count):
        head = step(head, text, p, time / count)
    return head


def time_to(
    target: float, head: Head, text: Corpus, p: float, folds: int, known: Callable[[Head], float] = gain
) -> float:
    """How long what is known takes to reach a target, in equal steps that end there: so errors are smooth in them."""
    first = 1 / growth(head, text, p)
    rough = reached(target, head, text, p, first / 2, known)
    return reached(target, head, text, p, rough / (folds * ceil(rough / first)), known)


def reached(target: float, head: Head, text: Corpus, p: float, h: float, known: Callable[[Head], float]) -> float:
    """When what is known reaches a target, in steps of h."""
    passed = 0.0
    while known(later := step(head, text, p, h)) < target:
        head, passed = later, passed + h
    return passed + brentq(lambda rest: known(step(head, text, p, rest)) - target, 0, h, xtol=1e-14)  # type: ignore[operator]


def batch_losses(v: Tensor, U: Tensor, lamda: float, N: int, size: int, draw: Draw, step: int) -> Tensor:
    """The mean squared error of every head (v, U) on a batch of fresh sentences of its own skill."""
    skills, d = U.shape[:2]
    x = lamda**0.5 * draw.normal(f"tokens {step}", skills, size, N, d)
    w = draw.normal(f"meanings {step}", skills, size, d)
    query = lamda**0.5 * draw.normal(f"queries {step}", skills, size, d)
    read = torch.einsum("kbnd,kbd,kbne->kbe", x, w, x) / N
    guesses = v[:, None] * torch.einsum("kbd,kde,kbe->kb", read, U, query)
    return ((w * query).sum(-1) - guesses).square().mean(-1)
