"""What is seen of a model along its training and at the end: some sentences everywhere, all of them near a level.

An examination has every noun in every place. In a large vocabulary these are many sentences: most looks take some of
them, evenly spread, and only what is about to pass its level, and so is measured, is looked at through all.
"""

from dataclasses import replace

import torch
from scipy.interpolate import PchipInterpolator
from torch import Tensor

from numerics.acquisition.grammar import Batch, Grammar
from numerics.acquisition.models import Seen, Weights, asked, read_all, seen, turned

ASKED = 48  # sentences of each verb and length, at least, in a look
NEAR = 0.2  # of a level, for a probability that may pass it in the next steps
AROUND = 3  # lengths on both sides of a critical one that are read in all sentences


class Examiner:
    """Looks at models through one examination of a language, whose sentences are drawn once."""

    def __init__(self, grammar: Grammar, level: float, seed: int):
        said = asked(grammar, ASKED, torch.Generator().manual_seed(seed))
        self.level, self.all = level, turned(said, grammar.nouns)
        self.some = turned(said, grammar.nouns, thinning(grammar, ASKED))

    def of_verb(self, verb: int) -> "Examiner":
        """The same of one verb alone."""
        self.all, self.some = (exam.rows(exam.verbs == verb) for exam in (self.all, self.some))
        return self

    def __call__(self, weights: Weights) -> Seen:
        """What some sentences tell, and all sentences of what is near its level."""
        rough = seen(weights, self.some)
        if len(self.some.verbs) == len(self.all.verbs):
            return rough
        if abs(float(rough.inside) - self.level) < NEAR:
            return seen(weights, self.all)
        near = (rough.right - self.level).abs() < NEAR
        close = seen(weights, self.all.rows(near[self.all.verbs]))
        right, exact = torch.where(near, close.right, rough.right), torch.where(near, close.exact, rough.exact)
        return rough._replace(right=right, exact=exact)


def thinning(grammar: Grammar, least: int) -> int:
    """By how many nouns to move on at a time, so that of each sentence so many forms are left."""
    return max(1, grammar.nouns // least)


def by_length(weights: Weights, grammar: Grammar, seed: int, longest: int | None) -> Tensor:
    """The probability of the right answer in sentences of 0, 1, … genitives, far beyond those of the training."""
    most = grammar.nouns - 3
    long = replace(grammar, longest=most if longest is None else min(most, max(longest, grammar.longest)))
    said = asked(long, 2 * ASKED, torch.Generator().manual_seed(seed + 700))
    lengths = long.longest + 1

    def chances(said: Batch, each: int) -> Tensor:
        read = read_all(weights, turned(said, grammar.nouns, each))[0]
        return read.reshape(len(said.verbs), -1).mean(dim=1)

    each = thinning(grammar, 2 * ASKED)
    found = chances(said, each).reshape(len(grammar.verbs) * lengths, -1).mean(dim=1)
    if each > 1:  # one sentence in a row
        where = torch.tensor([falls(curve) for curve in found.reshape(-1, lengths)])
        near = ((torch.arange(lengths) - where[:, None]).abs() <= AROUND).reshape(-1)
        if bool(near.any()):
            found[near] = chances(said.rows(near), 1)
    return found.reshape(-1, lengths)


def falls(chances: Tensor) -> float:
    """Where a smooth falling curve through the chances at 0, 1, 2, … passes one half; inf for nowhere."""
    under = chances < 0.5
    if bool(under[0]) or not bool(under.any()):
        return torch.inf
    curve = PchipInterpolator(range(len(chances)), chances.double().numpy())
    return float(curve.solve(0.5, extrapolate=False)[0])
