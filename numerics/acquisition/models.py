"""A language model with one layer of softmax attention, read by the verb: the real thing, with V² + 2KV + … weights.

The verb weighs the nouns of its sentence by a softmax of scores, and predicts the answer by a softmax of what it read.
"""

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import embedding_bag

from numerics.acquisition.grammar import Batch, Grammar
from numerics.acquisition.reduced import Scales
from workbench.evidence import gradient

ROOM = 1_000_000  # logits that are held at a time

Weights = dict[str, Tensor]


def start(grammar: Grammar, binding: float = 0.1, width: int = 0, seed: int = 0) -> Weights:
    """Weights that know nothing: scores by role and by noun, values by noun and by role, and a memory of each verb.

    With a width, scores by role are products of queries and keys so wide, which begin at random. Where case is a word
    of its own there is a layer below, in which a noun looks at the particles of its sentence; it begins with a slight
    preference for the next one, without which nothing would ever be learned.
    """
    K, V = len(grammar.verbs), grammar.nouns
    shapes = {"role scores": (K, 3), "noun scores": (K, V), "values": (V, V), "role values": (3, V), "memory": (K, V)}
    weights = {name: torch.zeros(shape, dtype=torch.float64) for name, shape in shapes.items()}
    if not grammar.inflected:
        weights["binding"] = torch.tensor(binding, dtype=torch.float64)
    if width:
        del weights["role scores"]
        generator = torch.Generator().manual_seed(seed)
        for name, rows in (("queries", K), ("keys", 3)):
            weights[name] = torch.randn(rows, width, generator=generator, dtype=torch.float64) / width**0.5
    return weights


def role_scores(weights: Weights) -> Tensor:
    """What each verb looks for: the score of each role (K×3)."""
    return weights["queries"] @ weights["keys"].T if "queries" in weights else weights["role scores"]


def cases(weights: Weights, batch: Batch) -> Tensor:
    """What each noun of each sentence knows of its case: in the word, or read from particles by the layer below."""
    own = torch.eye(3, dtype=torch.float64)[batch.roles]
    if "binding" not in weights:
        return own.expand(len(batch.verbs), -1, -1)
    next_one = weights["binding"] * torch.eye(len(own), dtype=torch.float64)
    scores = next_one.expand(len(batch.verbs), -1, -1).masked_fill(~batch.present[:, None, :], -torch.inf)
    return scores.softmax(dim=2) @ own


def answer(weights: Weights, batch: Batch) -> Tensor:
    """The logits of every noun as the answer, one sentence in a row."""
    seen = cases(weights, batch)
    scores = (seen @ role_scores(weights)[batch.verbs][:, :, None])[:, :, 0]
    scores = scores + weights["noun scores"][batch.verbs].gather(1, batch.nouns)
    attention = scores.masked_fill(~batch.present, -torch.inf).softmax(dim=1)
    roles = (attention[:, None, :] @ seen)[:, 0]
    table = torch.cat([weights[name] for name in ("values", "role values", "memory")])
    V, one = len(weights["values"]), torch.ones_like(attention[:, :1])
    rows = torch.cat([batch.nouns, V + torch.arange(3).expand_as(roles), V + 3 + batch.verbs[:, None]], dim=1)
    return embedding_bag(rows, table, per_sample_weights=torch.cat([attention, roles, one], dim=1), mode="sum")


def surprise(weights: Weights, batch: Batch) -> Tensor:
    """The cross-entropy of the answer, in nats, averaged over sentences with their weights."""
    chances = answer(weights, batch).log_softmax(dim=1)
    return -batch.weights @ chances.gather(1, batch.answers[:, None])[:, 0]


class Seen(NamedTuple):
    """What an examination tells of a model."""

    right: Tensor  # the probability given to the right answer, for each verb
    exact: Tensor  # how often the best guess is the right answer, for each verb
    inside: Tensor  # the probability given to all nouns of a sentence together
    loss: Tensor  # the cross-entropy, in nats


def read(weights: Weights, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """For each sentence: the chance of its answer, whether that is the best guess, the chance of all its nouns."""
    logits = answer(weights, batch)
    chances = logits.softmax(dim=1)
    right = chances.gather(1, batch.answers[:, None])[:, 0]
    hits = (logits.argmax(dim=1) == batch.answers).to(chances.dtype)
    return right, hits, (chances.gather(1, batch.nouns) * batch.present).sum(dim=1)


def read_all(weights: Weights, batch: Batch) -> list[Tensor]:
    """The same of many sentences, a few thousand at a time: memory has no room for all logits."""
    few = max(1, ROOM // len(weights["values"]))
    parts = [read(weights, batch.rows(some)) for some in torch.arange(len(batch.verbs)).split(few)]
    return [torch.cat(part) for part in zip(*parts)]


def seen(weights: Weights, batch: Batch) -> Seen:
    """Everything that is looked at along a training."""
    (right, hits, within), K = read_all(weights, batch), len(weights["memory"])

    def by_verb(worth: Tensor) -> Tensor:
        return torch.zeros(K, dtype=worth.dtype).index_add(0, batch.verbs, worth * batch.weights) / often(batch, K)

    return Seen(by_verb(right), by_verb(hits), batch.weights @ within, -batch.weights @ right.log())


def often(batch: Batch, K: int) -> Tensor:
    """The weight of each verb in a batch."""
    return torch.zeros(K, dtype=batch.weights.dtype).index_add(0, batch.verbs, batch.weights)


def descended(weights: Weights, batch: Batch, rate: float, mu: float) -> Weights:
    """The weights after one step of gradient descent; values learn μ times as fast as the rest."""
    slopes, faster = gradient(surprise)(weights, batch), {"values": mu}
    return {name: w - rate * faster.get(name, 1.0) * slopes[name] for name, w in weights.items()}


def everything(grammar: Grammar) -> Batch:
    """All sentences of a small language, with their chances: what a full batch holds."""
    often, lengths = grammar.frequencies(), grammar.genitives()
    rows = [
        (verb, g, nouns)
        for verb in range(len(often))
        for g in range(grammar.longest + 1)
        for nouns in permutations(range(grammar.nouns), g + 2)
    ]
    verbs, g = torch.tensor([verb for verb, _, _ in rows]), torch.tensor([g for _, g, _ in rows])
    counts = torch.bincount(g) / len(often)
    width = grammar.longest + 2
    nouns = torch.tensor([[*nouns, *[0] * (width - len(nouns))] for _, _, nouns in rows])
    places = torch.arange(width)
    answers = nouns.gather(1, grammar.controllers()[verbs][:, None])[:, 0]
    chances = often[verbs] * lengths[g] / counts[g]
    return Batch(nouns, places.clamp(max=2), places < g[:, None] + 2, verbs, answers, chances)


def examination(grammar: Grammar, least: int, generator: torch.Generator) -> Batch:
    """Sentences of every verb and every number of genitives, with their chances, each with every noun in every place.

    At least so many are asked of each, so that which nouns stand together hardly matters: some are drawn, and in turn
    all their nouns move on by one, so that none is asked for more often.
    """
    return turned(asked(grammar, least, generator), grammar.nouns)


def asked(grammar: Grammar, least: int, generator: torch.Generator) -> Batch:
    """Sentences of every verb and every number of genitives, with their chances; `turned`, at least so many of each."""
    K, lengths, copies = len(grammar.verbs), grammar.genitives(), -(-least // grammar.nouns)
    verbs = torch.arange(K).repeat_interleave(copies * len(lengths))
    g = torch.arange(len(lengths)).repeat_interleave(copies).repeat(K)
    return grammar.said(verbs, g, generator, grammar.frequencies()[verbs] * lengths[g] / copies)


def turned(said: Batch, V: int, each: int = 1) -> Batch:
    """Each sentence again and again, all its nouns moved on by 0, each, 2 each, … below V."""
    moves = torch.arange(0, V, each)
    rows, turns = said.rows(torch.arange(len(said.verbs)).repeat_interleave(len(moves))), moves.repeat(len(said.verbs))
    nouns, answers = (rows.nouns + turns[:, None]) % V, (rows.answers + turns) % V
    return rows._replace(nouns=nouns, answers=answers, weights=rows.weights / len(moves))


def sampled(grammar: Grammar, first: Weights, rate: float, mu: float, size: int, seed: int) -> Iterator[Weights]:
    """Training by stochastic gradient descent on fresh sentences: the weights before every step, without end."""
    generator, weights = torch.Generator().manual_seed(seed), first
    while True:
        yield weights
        weights = descended(weights, grammar.batch(size, generator), rate, mu)


def symmetric_part(weights: Weights) -> Scales:
    """What is left of the weights when nouns are renamed at random: role scores, and how much values copy."""
    values, V = weights["values"], len(weights["values"])
    return Scales(role_scores(weights), values.diagonal().mean() - (values.sum() - values.trace()) / (V * (V - 1)))


def rest(weights: Weights) -> float:
    """The largest weight outside the symmetric part, up to what softmax does not see."""
    values, V = weights["values"], len(weights["values"])
    copying = symmetric_part(weights).m * torch.eye(V, dtype=values.dtype)
    others = [values - copying, *(weights[name] for name in ("noun scores", "role values", "memory"))]
    return max(float((part - part.mean(dim=-1, keepdim=True)).abs().max()) for part in others)


def passing(course: Iterator[Weights], look: Callable[[Weights], Tensor], level: float, most: int) -> Tensor:
    """The step, between whole ones, at which each entry of what one looks at first passes a level; nan for never."""
    before = look(next(course))
    times = torch.full_like(before, torch.nan)
    for step in range(most):
        after = look(next(course))
        new = times.isnan() & (after >= level)
        times[new] = step + (level - before[new]) / (after[new] - before[new])
        if not times.isnan().any():
            break
        before = after
    return times
