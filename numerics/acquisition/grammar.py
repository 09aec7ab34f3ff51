"""A language of control verbs: who leaves in *Anna promised Ben to leave* is a matter of the verb.

A sentence has two noun phrases in free order, nominative and accusative, a verb, and an answer: the noun that the
controller role of the verb picks. NP → N with probability 1 − p and NP → NP of NP with probability p; the head carries
the case of its phrase, every other noun is a genitive. No noun is repeated. Verb k of K has the frequency ∝ k^−(1+α).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import inf, log
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from numerics.acquisition.words import ANALYTIC, INFLECTED, ROLES, SYLLABLES, VERBS, check_types, noun


class Batch(NamedTuple):
    """Sentences as numbers, one in a row; nouns beyond its length are absent."""

    nouns: Tensor  # (sentences, longest + 2)
    roles: Tensor  # (longest + 2): two heads first, then genitives
    present: Tensor  # (sentences, longest + 2)
    verbs: Tensor  # (sentences)
    answers: Tensor  # (sentences)
    weights: Tensor  # (sentences), with the sum 1

    def rows(self, which: Tensor) -> "Batch":
        """Some of the sentences, by their places or by a mask."""
        return Batch(*(part if name == "roles" else part[which] for name, part in self._asdict().items()))


@dataclass(frozen=True)
class Grammar:
    """A language: change a line and it is another one.

    nouns: how many; verbs: (word, controller role), from the commonest to the rarest; longest: the most genitives of a
    sentence (longer ones are not said); names: words for the first nouns, the others are invented.
    Raises ValueError for a language that cannot be spoken.
    """

    nouns: int = 24
    verbs: tuple[tuple[str, str], ...] = VERBS
    p: float = 0.3
    alpha: float = 0.5
    longest: int = 6
    inflected: bool = True
    seed: int = 0
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_types(vars(self))
        if not 0 <= self.p <= 0.5:
            raise ValueError(f"p = {self.p:g}: sentences end only for rates p of embedding from 0 to 1/2; choose one")
        if self.longest < 0 or self.seed < 0:
            raise ValueError(f"longest = {self.longest}, seed = {self.seed}: neither is below 0")
        if not self.longest + 3 <= self.nouns <= len(SYLLABLES) ** 2:
            least, most = self.longest + 3, len(SYLLABLES) ** 2
            raise ValueError(f"{self.nouns} nouns for up to {least - 1} in a sentence: give {least} to {most} nouns")
        words = [word for word, _ in self.verbs]
        if wrong := [role for _, role in self.verbs if role not in ROLES[:2]]:
            raise ValueError(f"{wrong[0]!r} controls nothing: the controller of a verb is nominative or accusative")
        times = Counter([*words, *self.lexicon])
        if wrong := [word for word in times if len(word.split()) != 1 or times[word] > 1]:
            raise ValueError(f"{wrong[0]!r}: name each verb and noun by a word of its own, without spaces")
        if not self.verbs or not -1 < self.alpha < inf:
            raise ValueError("a language needs at least one verb and a finite Zipf exponent alpha above -1")

    @cached_property
    def lexicon(self) -> list[str]:
        """The words for all nouns, without case."""
        return [*self.names, *(noun(place) for place in range(len(self.names), self.nouns))]

    def frequencies(self) -> Tensor:
        """How often each verb is said."""
        often = torch.arange(1, len(self.verbs) + 1, dtype=torch.float64) ** -(1 + self.alpha)
        return often / often.sum()

    def controllers(self) -> Tensor:
        """The role that each verb picks, as its place in ROLES."""
        return torch.tensor([ROLES.index(role) for _, role in self.verbs])

    def genitives(self) -> Tensor:
        """The law of the number of genitives of a sentence, 0 … longest."""
        phrase = phrase_law(self.p, self.longest)
        sentence = torch.from_numpy(np.convolve(phrase, phrase)[: self.longest + 1])
        return sentence / sentence.sum()

    def together(self) -> Tensor:
        """The nouns of a sentence, as many as it has genitives and two heads."""
        return torch.arange(2, self.longest + 3, dtype=torch.float64)

    def ceiling(self) -> float:
        """How often a reader is right who knows the nouns of a sentence and nothing else: E 1/(g + 2)."""
        return float(self.genitives() @ (1 / self.together()))

    def plateau(self) -> float:
        """What that reader pays for an answer: E ln(g + 2) nats."""
        return float(self.genitives() @ self.together().log())

    def entropy(self) -> float:
        """The entropy of the choice of rules and of the order in a sentence of unlimited length, in nats (p < 1/2)."""
        coin = -sum(x * log(x) for x in (self.p, 1 - self.p) if x)
        often = self.frequencies()
        return 2 * coin / (1 - 2 * self.p) + log(2) - float(often @ often.log())

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Sentences drawn from the language."""
        verbs = torch.multinomial(self.frequencies(), size, replacement=True, generator=generator)
        lengths = torch.multinomial(self.genitives(), size, replacement=True, generator=generator)
        return self.said(verbs, lengths, generator, torch.full((size,), 1 / size, dtype=torch.float64))

    def said(self, verbs: Tensor, lengths: Tensor, generator: torch.Generator, weights: Tensor) -> Batch:
        """Sentences of these verbs and numbers of genitives, with nouns drawn at random."""
        places = torch.arange(self.longest + 2)
        shuffled = torch.rand(len(verbs), self.nouns, generator=generator, dtype=torch.float64)
        nouns = shuffled.topk(len(places), dim=1, largest=False).indices
        answers = nouns.gather(1, self.controllers()[verbs][:, None])[:, 0]
        return Batch(nouns, places.clamp(max=2), places < lengths[:, None] + 2, verbs, answers, weights)

    def sentences(self) -> Iterator[dict[str, Any]]:
        """Text without end: words, tokens, nouns with their cases, verb, controller and answer."""
        rng, often = np.random.default_rng(self.seed), self.frequencies().numpy()
        while True:
            verb = int(rng.choice(len(often), p=often))
            yield self.sentence(verb, rng)

    def sample(self, count: int = 8) -> str:
        """So many sentences of the text, one in a line."""
        return "\n".join(said["text"] for said in islice(self.sentences(), count))

    def pairs(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Minimal pairs without end: the same phrases under a verb of either controller, so with two answers.

        Raises ValueError for a language in which all verbs have one controller.
        """
        rng = np.random.default_rng([self.seed, 1])
        often, roles = self.frequencies().numpy(), self.controllers().numpy()
        if len(set(roles)) < 2:
            raise ValueError(f"all verbs pick the {ROLES[roles[0]]}: minimal pairs need verbs of both controllers")
        while True:
            seed = int(rng.integers(2**63))
            first, second = (
                self.sentence(
                    int(rng.choice(len(often), p=often * (roles == role) / often[roles == role].sum())), again
                )
                for role, again in ((0, np.random.default_rng(seed)), (1, np.random.default_rng(seed)))
            )
            yield first, second

    def forms(self) -> dict[str, str]:
        """How a noun is said in each role."""
        return dict(zip(ROLES, INFLECTED if self.inflected else ANALYTIC))

    def longest_text(self) -> int:
        """The most words of a sentence, with verb, colon and answer."""
        return (self.longest + 2) * (1 if self.inflected else 2) + 3

    def sentence(self, verb: int, rng: np.random.Generator) -> dict[str, Any]:
        """One sentence of a verb, written rule by rule; one that is too long is thrown away."""
        while (sizes := [phrase_size(self.p, self.longest, rng) for _ in range(2)]) and sum(sizes) > self.longest + 2:
            pass
        nouns = [self.lexicon[place] for place in rng.permutation(self.nouns)[: sum(sizes)]]
        phrases = [("nominative", nouns[: sizes[0]]), ("accusative", nouns[sizes[0] :])]
        word, controller = self.verbs[verb]
        answer = dict(phrases)[controller][0]
        if rng.random() < 0.5:
            phrases.reverse()
        said = [(name, case if k == 0 else "genitive") for case, names in phrases for k, name in enumerate(names)]
        forms = self.forms()
        tokens = [token for name, role in said for token in forms[role].format(name).split()] + [word, ":", answer]
        return {
            "text": " ".join(tokens), "tokens": tokens, "nouns": [name for name, _ in said],
            "roles": [role for _, role in said], "verb": word, "controller": controller, "answer": answer,
        }  # fmt: skip


def phrase_law(p: float, longest: int) -> np.ndarray:
    """The chances that a noun phrase holds 0 … longest genitives, from those of shorter phrases."""
    law = np.zeros(longest + 1)
    law[0] = 1 - p
    for g in range(1, longest + 1):
        law[g] = p * law[:g] @ law[:g][::-1]
    return law


def phrase_size(p: float, longest: int, rng: np.random.Generator) -> int:
    """The nouns of a phrase, written rule by rule; no more rules are written once it is too long."""
    waiting, nouns = 1, 0
    while waiting and nouns + waiting <= longest + 2:
        if rng.random() < p:
            waiting += 1
        else:
            waiting, nouns = waiting - 1, nouns + 1
    return nouns + waiting
