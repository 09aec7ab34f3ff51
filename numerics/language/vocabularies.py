"""Texts over an unlimited vocabulary: the measurements behind `derivations/language/vocabularies.py`."""

import numpy as np
import torch
from torch import Tensor
from torch.func import jvp

from numerics.language.texts import zipf_ranks
from workbench.evidence import crossing, experiment, function_of_means, limit, slope, witness

RANKS = 2**16  # summed one by one
LONG = 16  # how much further than r two long texts reach, from which lines are drawn back to r
LENGTHS = (16, 32, 64, 128, 256)  # of texts, in ranks of the word that is expected once
TEXTS = 256  # in one experiment
DIFFERENT, SINGLE = (1, -1 / 2, 1 / 6, -1 / 24, 1 / 120), (1, -1, 1 / 2, -1 / 6, 1 / 24)  # Taylor series in t


def over_ranks(alpha, r, met, series) -> Tensor:
    """Σ met(t) over the expected numbers t = (r/k)^σ of all words; beyond RANKS by the Taylor series of met."""
    sigma, last = 1 + alpha, RANKS + 0.5
    total = met((r / torch.arange(1, RANKS + 1, dtype=torch.float64)) ** sigma).sum()
    for power, coefficient in enumerate(series, start=1):
        tau = power * sigma  # Σ k^−τ over k > RANKS, by midpoints and their first correction
        middle = last / (tau - 1) * (1 - tau * (tau - 1) / (24 * last**2))
        total = total + coefficient * (r / last) ** tau * middle
    return total


def different(alpha, r) -> Tensor:
    """How many words a Poisson text holds at least once."""
    return over_ranks(alpha, r, lambda t: -torch.expm1(-t), DIFFERENT)


def single(alpha, r) -> Tensor:
    """How many it holds once."""
    return over_ranks(alpha, r, lambda t: t * torch.exp(-t), SINGLE)


def drawn_back(shorter, longer):
    """Where the line through two long texts, the second twice as long in r, stands at r."""
    return shorter - (longer - shorter) * (LONG - 1) / LONG


@function_of_means(drawn_back)
def vocabulary(alpha, r, *, draw):
    """The chances that a text holds each word, summed over the words, for two long texts."""
    return different(alpha, LONG * r), different(alpha, 2 * LONG * r)


@witness(vocabulary)
@experiment(runs=8)
def counted(alpha, r, *, draw):
    """Different words in sampled texts of Poisson length, word by word."""
    lengths = poisson(frequency_sum(alpha) * r ** (1 + alpha), draw)
    ranks = zipf_ranks(draw.uniform("words", int(lengths.sum())).numpy(), 1 + alpha)
    texts = np.split(ranks, np.cumsum(lengths)[:-1])
    return torch.tensor(np.mean([len(np.unique(text)) for text in texts]))


def frequency_sum(alpha: float) -> float:
    """What the weights k^−σ of all words sum to."""
    return float(over_ranks(alpha, 1.0, lambda t: t, (1,)))


def poisson(mean: float, draw) -> np.ndarray:
    """Lengths of texts: Poisson numbers with that mean."""
    seed = int(draw.uniform("seed") * 2**52)
    return np.random.default_rng(seed).poisson(mean, TEXTS)


@function_of_means(drawn_back)
def once(alpha, r, *, draw):
    """The chances that a text holds each word exactly once, summed over the words, for two long texts."""
    return single(alpha, LONG * r), single(alpha, 2 * LONG * r)


@limit(lambda one, any_: one / any_)
def share_of_once(alpha, *, draw):
    """Words held once and words held at all, in ever longer texts."""
    return tuple(torch.stack([count(alpha, r) for r in LENGTHS]) for count in (single, different))


@crossing("r", 0.5, 100, of=lambda shorter, longer, words: drawn_back(shorter, longer) - words)
def needed(alpha, words, r, *, draw):
    """Different words in two long texts, and how many there should be."""
    return different(alpha, LONG * r), different(alpha, 2 * LONG * r), torch.as_tensor(words)


@function_of_means(drawn_back)
def novelty(alpha, r, *, draw):
    """Forward differentiation of the vocabulary along the logarithm of the length, at two long texts."""

    def growth(r):
        lengths = torch.log(torch.as_tensor(r, dtype=torch.float64)) * (1 + alpha)
        return jvp(lambda length: different(alpha, torch.exp(length / (1 + alpha))), (lengths,), (torch.ones(()),))[1]

    return growth(LONG * r), growth(2 * LONG * r)


@slope("D", 2**9, factor=2, steps=6, of=lambda loss: 1 / loss)
def scaling_law(alpha, D, *, draw):
    """The frequency of the words that a text of D words does not hold."""
    return single(alpha, (D / frequency_sum(alpha)) ** (1 / (1 + alpha))) / D
