"""Sentences of growing length: the measurements behind `derivations/emergence/contexts.py`."""

import torch
from torch import Tensor

from numerics.emergence.sentences import attention, correlated, spoken
from workbench.evidence import crossing


def related(N: int, r: float) -> Tensor:
    """The correlations of tokens that share a topic."""
    return (1 - r) * torch.eye(N) + r * torch.ones(N, N)


def explained(hits: Tensor, energy: Tensor, variance: Tensor) -> Tensor:
    """The share of the variance that the best gain explains, less one half."""
    return hits**2 / (energy * variance) - 0.5


def readings(x, draw):
    """What the layer reads at weight one, in three means: with the answer, with itself; and the answer's variance."""
    y, query, answer = spoken(x, 1.0, draw)
    read = attention(torch.eye(x.shape[1]), x, y, query)
    return answer * read, read**2, answer**2


@crossing("N", 1, 9, whole=True, of=explained)
def critical_context(d, N, *, draw):
    """How well a sentence of N independent tokens is understood by a layer with the best gain."""
    return readings(correlated(1.0, torch.eye(N), d, draw), draw)


@crossing("N", 1, 9, whole=True, of=explained)
def critical_context_of_a_topic(d, N, r, *, draw):
    """The same for tokens that share a topic."""
    return readings(correlated(1.0, related(N, r), d, draw), draw)


@crossing("r", 0.05, 0.95, of=explained)
def critical_correlation(d, r, *, draw):
    """The same for an endless sentence: given its topic, the averages over its tokens are those of their law."""
    topic, w, query = (draw.normal(name, d) for name in ("topic", "meaning", "query"))
    moment = r * torch.outer(topic, topic) + (1 - r) * torch.eye(d)
    answer, read = w @ query, w @ moment @ query
    return answer * read, read**2, answer**2
