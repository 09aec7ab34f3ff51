"""Sentences counted, and written with dice: the measurements behind `derivations/acquisition/sentences.py`."""

import numpy as np
import torch

from numerics.acquisition.grammar import phrase_law, phrase_size
from workbench.evidence import experiment, limit, witness

LONGEST = 2_000  # genitives, where sums run over all sentences
WRITTEN = 4_000  # sentences in one experiment


def law(p, longest=LONGEST):
    """The chances of 0 … longest genitives in a sentence, phrase by phrase."""
    phrase = phrase_law(float(p), longest)
    return torch.from_numpy(np.convolve(phrase, phrase)[: longest + 1])


def numbers(longest=LONGEST):
    """0 … longest."""
    return torch.arange(longest + 1, dtype=torch.float64)


def generating_function(p, z, *, draw):
    """The mean of z to the number of genitives."""
    return law(p) @ z ** numbers()


def genitives(p, g, *, draw):
    """The chance of g genitives, from those of shorter phrases."""
    return law(p, int(g))[-1]


def written(p, draw, longest=LONGEST):
    """The numbers of genitives of sentences that were written with dice."""
    rng = np.random.default_rng(int(draw.uniform("seed") * 2**52))
    return torch.tensor([sum(phrase_size(float(p), longest, rng) for _ in range(2)) - 2 for _ in range(WRITTEN)])


@witness(genitives)
@experiment(runs=8)
def counted(p, g, *, draw):
    """The share of written sentences that have g genitives."""
    return (written(p, draw, int(g)) == int(g)).double().mean()


@limit(order=1)
def decay(p, *, draw):
    """The ratio of neighbouring chances of long sentences, twice as long at every step."""
    chances = law(p, 641)
    return torch.stack([chances[n + 1] / chances[n] for n in (40, 80, 160, 320, 640)])


def mean_genitives(p, *, draw):
    """The mean number of genitives."""
    return law(p) @ numbers()


def scatter_of_genitives(p, *, draw):
    """The variance of the number of genitives."""
    return law(p) @ (numbers() - law(p) @ numbers()) ** 2


def ceiling(p, *, draw):
    """The mean of one over the number of nouns."""
    return law(p) @ (1 / (numbers() + 2))


@witness(ceiling)
@experiment(runs=8)
def guesses(p, *, draw):
    """How often a guess among the nouns of a written sentence is right."""
    return (1 / (written(p, draw) + 2.0)).mean()
