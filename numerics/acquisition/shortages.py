"""Few sentences, read again and again: how often a model that is trained to the end on them is right on fresh ones.

Two collectors are at work: one of words, since a noun that was never an answer is never answered, and one of verbs,
since a verb that was never met looks at all nouns alike. Both are counted here, exactly, with their scatter from one
collection of sentences to another; nothing else is allowed to the model (no memory of a verb or of a noun's role).
"""

from functools import partial
from math import comb
from typing import Any

import torch
from torch import Tensor
from torch.func import grad_and_value

from numerics.acquisition.grammar import Batch, Grammar
from numerics.acquisition.models import Weights, examination, seen, start, surprise
from workbench.evidence import crossing

STEPS, LEFT = 80, 1e-3  # enough for a loss far below a thousandth, at which steps cease to grow
UNTRAINED = ("noun scores", "role values", "memory")


def met_law(V: int, D: int) -> Tensor:
    """The chances that D draws among V nouns meet 0 … V of them."""
    law = torch.zeros(V + 1, dtype=torch.float64)
    law[0] = 1
    met = torch.arange(V + 1, dtype=torch.float64)
    for _ in range(D):
        law = law * met / V + torch.cat([torch.zeros(1), (law * (1 - met / V))[:-1]])
    return law


def accuracies(grammar: Grammar) -> tuple[Tensor, Tensor]:
    """How often the answer is right once 0 … V nouns were met: for a verb that was met, and for one that was not."""
    V, law = grammar.nouns, grammar.genitives()
    known = torch.arange(V + 1, dtype=torch.float64) / V
    lost = [
        sum(float(law[g]) / (g + 2) * (1 - comb(V - met, g + 2) / comb(V, g + 2)) for g in range(len(law)))
        for met in range(V + 1)
    ]
    return known, torch.tensor(lost, dtype=torch.float64)


def right_after(grammar: Grammar, D: int) -> tuple[float, float]:
    """How often the answer is right after D sentences, and how much that varies between collections of them."""
    often, law = grammar.frequencies(), met_law(grammar.nouns, D)
    known, lost = accuracies(grammar)
    none = (1 - often) ** D
    neither = (1 - often[:, None] - often).clamp(min=0) ** D
    neither.fill_diagonal_(0)
    unmet = often @ none  # the mean share of sentences whose verb was not met
    square = often @ (neither + none.diag()) @ often
    first, second = law @ known + unmet * (law @ (lost - known)), law @ (known**2)
    second = second + 2 * unmet * (law @ (known * (lost - known))) + square * (law @ (lost - known) ** 2)
    return float(first), float((second - first**2).clamp(min=0).sqrt())


def enough(grammar: Grammar, level: float) -> int:
    """The least number of sentences after which an answer is right with this probability."""
    D = 1
    while right_after(grammar, D)[0] < level:
        D *= 2
    low = D // 2
    while D - low > 1:
        middle = (low + D) // 2
        low, D = (middle, D) if right_after(grammar, middle)[0] < level else (low, middle)
    return D


def trained_to_the_end(grammar: Grammar, D: int, runs: int, seed: int, each: Any = map) -> Tensor:
    """How often each of several models is right on fresh sentences, trained on D sentences of its own.

    `each` is `map`, or that of an executor.
    """
    generator = torch.Generator().manual_seed(seed)
    drawn = [grammar.batch(D, generator) for _ in range(runs)]
    exam = examination(grammar, 2 * grammar.nouns, generator)
    return torch.tensor(list(each(partial(right_when_drilled, grammar, exam), drawn)))


def right_when_drilled(grammar: Grammar, exam: Batch, sentences: Batch) -> float:
    """How often a model is right that has read its few sentences again and again."""
    return float(seen(drilled(grammar, sentences), exam).exact @ grammar.frequencies())


def drilled(grammar: Grammar, sentences: Batch) -> Weights:
    """The weights of a model that has read its few sentences again and again."""
    weights = start(grammar)
    shared = {name: weights.pop(name) for name in UNTRAINED}
    speeds = {"values": grammar.nouns}
    slopes = grad_and_value(lambda own: surprise(own | shared, sentences))
    for _ in range(STEPS):
        steps, loss = slopes(weights)
        weights = {name: onwards(weight, speeds.get(name, 1) * steps[name], loss) for name, weight in weights.items()}
    return weights | shared


def onwards(weight: Tensor, slope: Tensor, loss: Tensor) -> Tensor:
    """A weight after a step that is longer the smaller the loss: slopes fall with it."""
    return weight - slope / (loss + LEFT)


def mean_met(V: int, D: int) -> Tensor:
    """The mean number of nouns met, by the chances of each number."""
    return met_law(V, D) @ torch.arange(V + 1, dtype=torch.float64)


def words_met(V, D, *, draw):
    """The mean share of nouns met in D draws, counted draw by draw."""
    return mean_met(V, D) / V


@crossing("n", 1, 64, whole=True)
def half_met(V, n, *, draw):
    """The logarithm of one half over the share that was not met, for each of n draws."""
    return -torch.log(2 * (1 - mean_met(V, n) / V)) / n


@crossing("n", 1, 64, whole=True)
def last_met(V, n, *, draw):
    """Minus the logarithm of the number that was not met, for each of n draws."""
    return -torch.log(V - mean_met(V, n)) / n


def right_answers(p, V, N, D, *, draw):
    """Of a verb that was met every noun that was met; else a guess among N, where all numbers met are counted."""
    law, none = met_law(V, D), (1 - torch.as_tensor(p)) ** D
    lost = torch.tensor([(1 - comb(V - met, N) / comb(V, N)) / N for met in range(V + 1)])
    return (1 - none) * (law @ torch.arange(V + 1, dtype=torch.float64)) / V + none * (law @ lost)
