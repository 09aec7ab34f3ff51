"""Layers of linear attention on sampled tokens: the measurements behind `derivations/pca/layers.py`."""

import torch
from torch.func import jvp

from workbench.evidence import at, crossing, function_of_means


def layer(x, theta, v, n, draw):
    """What a layer that reads n tokens with a spike returns at the state x."""
    tokens = draw.normal("noise", n, len(v)) + theta**0.5 * draw.normal("spike", n, 1) * v
    return tokens.T @ (tokens @ x) / n - x


def state(q, v, w):
    """A state of length one whose squared overlap with the spike is q."""
    return torch.as_tensor(q).sqrt() * v + torch.sqrt(1 - torch.as_tensor(q)) * w


def response(theta, v, x, n, *, draw):
    """What one layer returns."""
    return layer(x, theta, v, n, draw)


def spread(theta, v, x, n, *, draw):
    """Its squared length."""
    return torch.sum(layer(x, theta, v, n, draw) ** 2)


def share(average, length):
    """How much of the squared length of what is returned is that of its average."""
    return torch.sum(average**2) / length


@crossing("q", 1e-6, 1 - 1e-6, of=lambda average, length, q: share(average, length) / q - 1)
def resting_overlap(theta, q, v, w, n, *, draw):
    """What one layer returns, its squared length, and the overlap with which it was asked."""
    returned = layer(state(q, v, w), theta, v, n, draw)
    return returned, torch.sum(returned**2), torch.as_tensor(q)


def change_of_share(average, average_moves, length, length_moves):
    """How much the share changes with the overlap."""
    return jvp(share, (average, length), (average_moves, length_moves))[1]


@at(q=resting_overlap)
@function_of_means(change_of_share)
def contraction(theta, q, v, w, n, *, draw):
    """What one layer returns and its squared length, and how they change with the overlap."""

    def returned(overlap):
        found = layer(state(overlap, v, w), theta, v, n, draw)
        return found, torch.sum(found**2)

    overlap = torch.as_tensor(q)
    (average, length), (average_moves, length_moves) = jvp(returned, (overlap,), (torch.ones_like(overlap),))[:2]
    return average, average_moves, length, length_moves


@crossing("theta", 1e-3, 4096, of=lambda held, noise: held**2 - noise)
def critical_strength(theta, v, w, n, *, draw):
    """What a state on the spike keeps along it, and how much noise a state without the spike makes."""
    return v @ layer(v, theta, v, n, draw), torch.sum(layer(w, theta, v, n, draw) ** 2)
