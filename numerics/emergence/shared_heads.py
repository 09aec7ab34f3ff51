"""One head for all skills: the measurements behind `derivations/emergence/shared_heads.py`."""

import torch
from torch import Tensor
from torch.func import grad, hessian

from numerics.emergence.courses import FOLDS
from numerics.emergence.losses import error
from numerics.emergence.trainings import Corpus, Head, corpus, final, speed, step, time_to
from workbench.evidence import function_of_means, limit

STEPS = (2, 4)  # in the shortest time of training
REST = 1e-9  # of the speed at first


def shared_loss(lamda, rules, p, N, v, u, *, draw):
    """Squared error on one sentence of each skill, weighted by frequency: the head is v diag(u)."""
    axes = torch.eye(len(p))
    head = v * torch.diag(u)
    errors = [error(lamda, rho, torch.eye(N), 1, axis[:, None], head, draw) for rho, axis in zip(rules, axes)]
    return torch.dot(p, torch.stack(errors))


def read_out_gradient(lamda, rules, p, N, v, u, *, draw):
    """Autograd in the read-out."""
    return grad(lambda read_out: shared_loss(lamda, rules, p, N, read_out, u, draw=draw))(torch.as_tensor(v))


def key_gradient(lamda, rules, p, N, v, u, *, draw):
    """Autograd in the key–query weights."""
    return grad(lambda keys: shared_loss(lamda, rules, p, N, v, keys, draw=draw))(u)


@function_of_means(lambda keys, read_out: keys - read_out)
def balance(lamda, rules, p, N, v, u, *, draw):
    """Half of what autograd's descent takes from the squared key–query weights, and from the squared read-out."""
    keys = torch.dot(u, key_gradient(lamda, rules, p, N, v, u, draw=draw))
    return keys, v * read_out_gradient(lamda, rules, p, N, v, u, draw=draw)


def language(rules: Tensor, often: Tensor, N: int, lamda: float) -> Corpus:
    """All sentences of skills with one coordinate each, every skill on its own axis of the embedding."""
    text, K = corpus(1, N, lamda), len(rules)
    axes = torch.eye(K).repeat_interleave(len(text.weights), dim=0)
    return Corpus(
        reads=axes * text.reads.repeat(K, 1),
        queries=axes * text.queries.repeat(K, 1),
        answers=torch.outer(rules, text.answers).reshape(-1),
        weights=torch.outer(often, text.weights).reshape(-1),
    )


def stiffness(head: Head, text: Corpus) -> float:
    """The largest rate at which two trainings nearby come together or part."""
    v, U = head

    def loss(flat):
        return text.loss((flat[0], flat[1:].reshape(U.shape)))

    return float(torch.linalg.matrix_norm(hessian(loss)(torch.cat([v[None], U.reshape(-1)])), ord=2)) / 2


@limit(order=4)
def read_out_at_rest(lamda, rules, N, v0, u0, *, draw):
    """The square of the read-out where gradient flow from (v0, u0) comes to rest; skill k has the frequency 1/k."""
    text = language(rules, 1 / torch.arange(1.0, len(rules) + 1), N, lamda)

    def rest(steps):
        head = torch.tensor(v0), torch.diag(u0)
        setting_out = speed(head, text, 1.0)
        while speed(head, text, 1.0) > REST * setting_out:
            h = 1 / (steps * stiffness(head, text))
            for _ in range(2 * steps):
                head = step(head, text, 1.0, h)
        return head[0] ** 2

    return torch.stack([rest(steps) for steps in STEPS])


@limit(order=4)
def shared_emergence_time(lamda, rules, N, f, g0, *, draw):
    """When a head has half of its final gain in skills that it meets equally often, from a start along their rules."""
    text, length = language(rules, torch.ones(len(rules)), N, lamda), torch.linalg.vector_norm(rules)
    half = float(length) * final(corpus(1, N, lamda), 1) / 2
    head = torch.tensor(g0**0.5), g0**0.5 * torch.diag(rules) / length
    return torch.tensor([time_to(half, head, text, f, folds, strength) for folds in FOLDS])


def strength(head: Head) -> float:
    """How much of all answers the head lets through."""
    v, U = head
    return float(v * torch.linalg.matrix_norm(U))
