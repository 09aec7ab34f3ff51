"""Sentences written rule by rule: the measurements behind `derivations/language/grammars.py`."""

import numpy as np
import torch
from torch import Tensor

from numerics.language.sentences import words_below
from workbench.evidence import crossing, experiment, witness

PATIENCE = 256  # phrases after which a sentence is taken to be endless
SENTENCES = 256  # in one experiment


def grammar(p, g, u):
    """The rules of noun and of verb phrases: (chance, noun phrases left, verb phrases left, words written)."""
    return [(1 - p - g, 0, 0, 2), (p, 2, 0, 1), (g, 1, 1, 1)], [(u, 1, 0, 1), (1 - u, 0, 0, 1)]


def left(p, g, u) -> Tensor:
    """Phrases of each kind (columns) that the rules of a phrase of each kind (rows) leave, on average."""
    return torch.stack(
        [sum(rule[0] * torch.tensor(rule[1:3]).double() for rule in rules) for rules in grammar(p, g, u)]
    )


def generation(ends: Tensor, p, g, u) -> Tensor:
    """Whether phrases end within one generation more, from the chances that they end within some number."""
    noun, verb = ends
    return torch.stack(
        [sum(chance * noun**nouns * verb**verbs for chance, nouns, verbs, _ in rules) for rules in grammar(p, g, u)]
    )


def jacobian(ends: Tensor, p, g, u) -> Tensor:
    """How the chances of one generation more change with those of this one."""
    return torch.func.jacfwd(lambda chances: generation(chances, p, g, u))(ends)


def least_solution(p, g, u) -> Tensor:
    """Newton's method from zero, which climbs to the chances that phrases ever end."""
    ends = torch.zeros(2)
    for _ in range(40):
        ends = ends - torch.linalg.solve(jacobian(ends, p, g, u) - torch.eye(2), generation(ends, p, g, u) - ends)
    return ends


def termination(p, g, u, *, draw):
    """The chance that a noun phrase ends within any number of generations."""
    return least_solution(p, g, u)[0]


@witness(termination)
@experiment(runs=8)
def sentences_that_end(p, g, u, *, draw):
    """The share of noun phrases, written with dice, that end."""
    dice = draw.uniform("dice", SENTENCES, PATIENCE).numpy()
    return torch.tensor(np.mean([words_below(some, p, g, u) is not None for some in dice]))


def growth(p, g, u, *, draw):
    """The eigenvalues of what the rules leave on average."""
    return eigenvalues(left(p, g, u))


def eigenvalues(matrix: Tensor) -> Tensor:
    """Of a 2×2 matrix with real ones: half the trace, less and more the root of what is left."""
    half = torch.trace(matrix) / 2
    apart = (half**2 - torch.linalg.det(matrix)).sqrt()
    return torch.stack([half - apart, half + apart])


def settling(p, g, u, *, draw):
    """The slope for noun phrases, the verb phrases below them included, where both end with the chances they have."""
    slope = jacobian(least_solution(p, g, u), p, g, u)
    return slope[0, 0] + slope[0, 1] * slope[1, 0]


@crossing("p", 0.01, 0.75)
def critical_rate(p, g, u, *, draw):
    """Whether the phrases of a generation outnumber those of the one before."""
    return eigenvalues(left(p, g, u))[1] - 1


def length(p, g, u, *, draw):
    """Words of all generations below a phrase, twice as many generations at every step."""
    words = torch.stack([sum(torch.as_tensor(rule[0]) * rule[3] for rule in rules) for rules in grammar(p, g, u)])
    total, power = words, left(p, g, u)
    for _ in range(30):
        total, power = total + power @ total, power @ power
    return total


@witness(length)
@experiment(runs=8)
def written_length(p, g, u, *, draw):
    """Words of noun phrases written with dice, and of verb phrases: one verb more than their object, if any."""
    dice = draw.uniform("dice", SENTENCES, 4 * PATIENCE).numpy()
    noun = np.mean([words_below(some, p, g, u) or np.nan for some in dice])
    return torch.tensor([noun, 1 + np.mean(draw.uniform("objects", SENTENCES).numpy() < u) * noun])
