"""Isserlis by hand: every pairing of the Gaussian letters is listed, and its index loops are read off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from math import prod
from typing import Any

from protocol import COLUMNS, ROWS, VALUES, answer

Token = tuple[str, bool]  # a letter, and whether it is transposed
Word = tuple[Token, ...]


def pairings(places: tuple[int, ...]) -> Iterator[list[tuple[int, int]]]:
    """All ways to pair the places."""
    if not places:
        yield []
        return
    first, rest = places[0], places[1:]
    for i, other in enumerate(rest):
        for others in pairings(rest[:i] + rest[i + 1 :]):
            yield [(first, other), *others]


@cache
def necklace(word: Word) -> Word:
    """A closed word up to rotation and transposition."""
    turned = tuple((letter, letter != "A" and not flipped) for letter, flipped in reversed(word))
    return min(w[i:] + w[:i] for w in (word, turned) for i in range(len(word)))


def moment(gaps: list[Word], shape: tuple[tuple[int, bool], ...], closing: list[int]) -> Counter:
    """Σ over pairings of the product of its loops.

    Place i holds Z or Zᵀ (`shape`); behind it stands the fixed word gaps[i], and then place closing[i].
    """
    total: Counter = Counter()
    ends: dict[tuple[int, str], tuple[int, str]] = {}
    for pairing in pairings(tuple(range(len(gaps)))):
        for one, other in pairing:
            for side in "rc":
                ends[one, side], ends[other, side] = (other, side), (one, side)
        total[loops(gaps, shape, closing, ends)] += 1
    return total


def loops(gaps: list[Word], shape: Any, closing: list[int], ends: dict) -> tuple:
    """The traces and sizes of one pairing: follow gaps from place to place and pairs from end to end."""
    before = {there: here for here, there in enumerate(closing)}
    left, found = {(place, side) for place in range(len(gaps)) for side in "rc"}, []
    while left:
        start = here = min(left)
        word: list[Token] = []
        while True:
            place, side = here
            left.discard(here)
            if (side == "r") == shape[place][1]:  # the gap behind this place begins at this end
                word += gaps[place]
                there = closing[place]
            else:
                there = before[place]
                word += [(letter, letter != "A" and not flipped) for letter, flipped in reversed(gaps[there])]
            arrived = (there, side)
            left.discard(arrived)
            here = ends[arrived]
            if here == start:
                break
        found.append(necklace(tuple(word)) if word else (side,))
    return tuple(sorted(found, key=repr))


def chain(k: int, letter: str | None) -> Counter:
    """E tr((Z Zᵀ A)^k): places Z, Zᵀ, Z, Zᵀ, … with the letter behind each Zᵀ."""
    gaps: list[Word] = [((letter, False),) if i % 2 and letter else () for i in range(2 * k)]
    shape = tuple((i, bool(i % 2)) for i in range(2 * k))
    return moment(gaps, shape, [(i + 1) % (2 * k) for i in range(2 * k)])


def forms(k: int) -> Counter:
    """E (xᵀAx)^k: k traces tr(x xᵀ A), with one column."""
    gaps: list[Word] = [(("A", False),) if i % 2 else () for i in range(2 * k)]
    shape = tuple((i, bool(i % 2)) for i in range(2 * k))
    return moment(gaps, shape, [i + 1 if i % 2 == 0 else i - 1 for i in range(2 * k)])


def value(result: tuple[Counter, int]) -> list[Fraction]:
    """The sum of loops at the point."""
    counter, columns = result
    sizes = {("r",): ROWS, ("c",): columns}

    def loop(word: Any) -> int:
        if word in sizes:
            return sizes[word]
        matrix = [[int(i == j) for j in range(ROWS)] for i in range(ROWS)]
        for letter, flipped in word:
            entries = VALUES[letter]
            other = [list(row) for row in zip(*entries)] if flipped else entries
            matrix = [[sum(a * b for a, b in zip(row, column)) for column in zip(*other)] for row in matrix]
        return sum(matrix[i][i] for i in range(ROWS))

    return [Fraction(sum(count * prod(map(loop, words)) for words, count in counter.items()))]


if __name__ == "__main__":
    answer(
        {
            "quadratic": lambda k: lambda: (forms(k), 1),
            "isotropic": lambda k: lambda: (chain(k, None), COLUMNS),
            "symmetric": lambda k: lambda: (chain(k, "A"), COLUMNS),
            "arbitrary": lambda k: lambda: (chain(k, "C"), COLUMNS),
        },
        value,
    )
