"""A standard small transformer that reads the text of a language: the last rung of the ladder of realism.

Learned embeddings of words and places, layers of attention and of perceptrons with LayerNorm, Adam, and the loss of the
next word at every position. Nothing of the theory is built in: it sees text, word by word. The batch of a step depends
on seed and step alone, so that a training that was interrupted goes on as if it had not been.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from numerics.acquisition.grammar import Grammar
from numerics.acquisition.models import passing

SKIPPED = -100  # what the loss of torch leaves out


@dataclass(frozen=True)
class School:
    """How a transformer is built and trained; it is examined after every `looks` steps."""

    width: int = 32
    heads: int = 2
    layers: int = 2
    rate: float = 3e-3
    size: int = 128
    looks: int = 10
    asked: int = 24  # sentences of each verb in an examination
    level: float = 0.5  # a verb is known from this probability of its right answer on
    most: int = 3_000  # steps
    seed: int = 0


class Transformer(nn.Module):
    """Logits of the next word at every place of a text."""

    def __init__(self, words: int, longest: int, school: School):
        super().__init__()
        width = school.width
        self.words, self.places = nn.Embedding(words, width), nn.Embedding(longest, width)
        layer = nn.TransformerEncoderLayer(
            width, school.heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, school.layers, nn.LayerNorm(width), enable_nested_tensor=False)
        self.next = nn.Linear(width, words)

    def forward(self, text: Tensor) -> Tensor:
        length = text.shape[1]
        blind = nn.Transformer.generate_square_subsequent_mask(length, dtype=self.next.weight.dtype)
        seen = self.words(text) + self.places(torch.arange(length))
        return self.next(self.layers(seen, mask=blind, is_causal=True))


def vocabulary(grammar: Grammar) -> dict[str, int]:
    """A number for every word of a language, the number 0 for the place after a sentence."""
    names = grammar.lexicon
    forms = [form.format(name).split() for form in grammar.forms().values() for name in names]
    words = dict.fromkeys([*names, *(word for form in forms for word in form), *(verb for verb, _ in grammar.verbs)])
    return {word: number for number, word in enumerate(["", ":", *words])}


def written(sentences: Iterable[Mapping[str, Any]], words: dict[str, int]) -> Tensor:
    """Sentences as numbers of words, one in a row."""
    rows = [[words[token] for token in sentence["tokens"]] for sentence in sentences]
    longest = max(map(len, rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def batch(grammar: Grammar, school: School, step: int) -> list[dict[str, Any]]:
    """The fresh sentences of a step."""
    rng, often = np.random.default_rng([school.seed, 2, step]), grammar.frequencies().numpy()
    return [grammar.sentence(int(verb), rng) for verb in rng.choice(len(often), p=often, size=school.size)]


def examination(grammar: Grammar, school: School) -> list[dict[str, Any]]:
    """As many sentences of each verb."""
    rng = np.random.default_rng([school.seed, 3])
    return [grammar.sentence(verb, rng) for verb in range(len(grammar.verbs)) for _ in range(school.asked)]


def surprise(model: nn.Module, text: Tensor) -> Tensor:
    """The cross-entropy of the next word, in nats, at every place where there is one."""
    following = text[:, 1:].masked_fill(text[:, 1:] == 0, SKIPPED)
    return nn.functional.cross_entropy(model(text[:, :-1]).flatten(0, 1), following.flatten(), ignore_index=SKIPPED)


@torch.no_grad()
def known(model: nn.Module, text: Tensor, verbs: int) -> Tensor:
    """The probability of the right answer, verb by verb: of the last word, after all that stands before it."""
    last = (text > 0).sum(dim=1) - 1
    chances = model(text)[torch.arange(len(text)), last - 1].softmax(dim=1)
    return chances.gather(1, text.gather(1, last[:, None]))[:, 0].reshape(verbs, -1).mean(dim=1)


class Study:
    """A transformer in training: how far it is, and what was seen of it at every examination."""

    def __init__(self, grammar: Grammar, school: School):
        self.grammar, self.school, self.words = grammar, school, vocabulary(grammar)
        self.name = repr((grammar, school))
        self.exam = written(examination(grammar, school), self.words)
        with torch.random.fork_rng():
            torch.manual_seed(school.seed)
            self.model = Transformer(len(self.words), grammar.longest_text(), school).float()
        self.optimiser = torch.optim.Adam(self.model.parameters(), school.rate)
        self.loss = float("nan")
        self.step, self.seen = 0, [known(self.model, self.exam, len(grammar.verbs))]

    def learn(self) -> None:
        """One step of training on fresh sentences, and an examination when it is time."""
        self.optimiser.zero_grad()
        loss = surprise(self.model, written(batch(self.grammar, self.school, self.step), self.words))
        loss.backward()
        self.optimiser.step()
        self.loss = float(loss.detach())
        self.step += 1
        if self.step % self.school.looks == 0:
            self.seen.append(known(self.model, self.exam, len(self.grammar.verbs)))

    def until_known(self) -> Iterator[int]:
        """The steps until all verbs have been known, or until there are no more."""
        while self.step < self.school.most and bool((torch.stack(self.seen).amax(dim=0) < self.school.level).any()):
            self.learn()
            yield self.step

    def state(self) -> dict[str, Tensor]:
        """All that a training needs to go on, as arrays with names."""
        model = {f"model.{name}": weight for name, weight in self.model.state_dict().items()}
        moments = self.optimiser.state_dict()["state"]
        adam = {f"adam.{k}.{name}": value for k, row in moments.items() for name, value in row.items()}
        return model | adam | {"step": torch.tensor(self.step), "seen": torch.stack(self.seen)}

    def go_on(self, state: Mapping[str, Tensor]) -> None:
        """Continue from such a state."""
        weights = {name.partition(".")[2]: value for name, value in state.items() if name.startswith("model.")}
        self.model.load_state_dict(weights)
        adam = self.optimiser.state_dict()
        for name, value in state.items():
            if name.startswith("adam."):
                _, k, moment = name.split(".")
                adam["state"].setdefault(int(k), {})[moment] = value
        self.optimiser.load_state_dict(adam)
        self.step, self.seen = int(state["step"]), list(state["seen"])

    def times(self) -> Tensor:
        """The step, between examinations, at which each verb was first known; nan for never."""
        seen = iter(self.seen)
        return self.school.looks * passing(seen, lambda known: known, self.school.level, len(self.seen) - 1)
