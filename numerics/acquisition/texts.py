"""What is counted in a text beside what its grammar says: every line with its error bar.

Sentences are dictionaries, as `Grammar.sentences` streams them and a file of JSON lines gives them back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Any, NamedTuple

from numerics.acquisition.grammar import Grammar

Sentence = Mapping[str, Any]


class Statistic(NamedTuple):
    """Something that is counted, its standard error by the law, and the law."""

    name: str
    counted: float
    error: float
    law: float

    @property
    def z(self) -> float:
        """How many standard errors the text is off."""
        return (self.counted - self.law) / self.error if self.error else 0.0


def shares(what: str, names: list[str], counts: Counter, law: list[float]) -> list[Statistic]:
    """How often each name is met, beside its chance."""
    n = counts.total()
    return [
        Statistic(f"{what} {name}", counts[name] / n, sqrt(chance * (1 - chance) / n), chance)
        for name, chance in zip(names, law)
    ]


def mean(name: str, n: int, total: float, values: list[float], law: list[float]) -> Statistic:
    """A mean beside that of a law over values."""
    expected = sum(value * chance for value, chance in zip(values, law))
    variance = sum((value - expected) ** 2 * chance for value, chance in zip(values, law))
    return Statistic(name, total / n, sqrt(variance / n), expected)


def heaps(name: str, met: int, n: int, law: list[float]) -> Statistic:
    """Different names met in n draws beside the law of collectors; the error is that of independent names."""
    missed = [(1 - chance) ** n for chance in law]
    return Statistic(name, met, sqrt(sum(x * (1 - x) for x in missed)), len(law) - sum(missed))


def statistics(grammar: Grammar, text: Iterable[Sentence]) -> list[Statistic]:
    """The text beside the laws of its grammar: genitives, verbs (Zipf), lengths, guesses, new names (Heaps).

    Raises ValueError for a text without sentences.
    """
    said = list(text)
    if not said:
        raise ValueError("a text without sentences has no statistics: write at least one")
    law, often = grammar.genitives().tolist(), grammar.frequencies().tolist()
    g = [sentence["roles"].count("genitive") for sentence in said]
    words = [word for word, _ in grammar.verbs]
    each = 1 if grammar.inflected else 2  # tokens of a noun
    lengths = [each * (few + 2) + 3.0 for few in range(len(law))]
    guesses = [1 / (few + 2) for few in range(len(law))]
    fair = [1 / grammar.nouns] * grammar.nouns
    return [
        *shares("genitives", list(map(str, range(len(law)))), Counter(map(str, g)), law),
        *shares("verb", words, Counter(sentence["verb"] for sentence in said), often),
        mean("tokens of a sentence", len(said), sum(len(one["tokens"]) for one in said), lengths, law),
        mean("worth of a guess", len(said), sum(guesses[few] for few in g), guesses, law),
        heaps("nouns that were answers", len({one["answer"] for one in said}), len(said), fair),
        heaps("verbs that were met", len({one["verb"] for one in said}), len(said), often),
    ]
