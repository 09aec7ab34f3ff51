"""Hierarchies of phrases: a feature of the topic is handed down to the words."""

import torch
from torch import Tensor


def nodes(s: int, levels: int) -> list[int]:
    """How many nodes each level of the tree has, from the topic to the words."""
    return [s**level for level in range(levels + 1)]


def descend(noise: list[Tensor], s: int, q: Tensor | float) -> Tensor:
    """The features of the words: every child has q times its parent's plus fresh noise."""
    feature = noise[0]
    for fresh in noise[1:]:
        feature = q * feature.repeat_interleave(s, dim=-1) + torch.as_tensor(1 - q**2).sqrt() * fresh
    return feature


def responses(s: int, levels: int, q: Tensor | float) -> Tensor:
    """How each word (column) answers to a unit of noise at each node (row), the topic first."""
    sizes = nodes(s, levels)
    return descend(list(torch.eye(sum(sizes)).split(sizes, dim=1)), s, q)


def covariance(s: int, levels: int, q: Tensor | float) -> Tensor:
    """The covariance of the words, from their answers to all the noise there is."""
    answers = responses(s, levels, q)
    return answers.T @ answers


def sampled(s: int, levels: int, q: float, sentences: int, draw) -> tuple[Tensor, Tensor]:
    """Topics and words of many sentences."""
    noise = [draw.normal(f"level {level}", sentences, size) for level, size in enumerate(nodes(s, levels))]
    return noise[0][:, 0], descend(noise, s, q)


def moods(s: int, levels: int, q: float, sentences: int, draw) -> Tensor:
    """The same with features ±1: a child keeps its parent's with probability (1 + q)/2."""
    mood = 2 * draw.bernoulli("topic", 0.5, sentences, 1) - 1
    for level, size in enumerate(nodes(s, levels)[1:]):
        mood = mood.repeat_interleave(s, dim=1) * (
            2 * draw.bernoulli(f"kept {level}", (1 + q) / 2, sentences, size) - 1
        )
    return mood
