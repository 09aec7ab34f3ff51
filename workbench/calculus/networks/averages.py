"""Means of networks: Wick's formula, and cumulants for columns of independent entries.

E of a product of entries of a Gaussian letter is a sum over pairings; a pair joins its rows through the covariance and
its columns through that of the columns. A column of independent entries with the cumulants κ₁, κ₂, … has

    E o_i o_j … = Σ over partitions of the factors, ∏ over blocks of κ_|B|, the indices of a block equal,

and a random place makes all its indices equal, with the chance 1/N of each.

Source: Isserlis, Biometrika 12 (1918) 134; Leonov & Shiryaev, Theory of Probability and its Applications 4 (1959) 319
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, singledispatch
from itertools import pairwise
from math import factorial
from typing import Any

import sympy as sp
from sympy.functions.combinatorial.numbers import stirling

from workbench.calculus.errors import DegreeTooHigh, UnknownLaw
from workbench.calculus.networks.networks import Entry, Network
from workbench.language.laws import Gaussian, Mask, OneHot, Random, SecondMoments

DEGREE = 8  # factors of one letter, at most
Term = tuple[Any, Network]
Read = Callable[[Any], list[Term]]


def averaged(terms: list[Term], letters: tuple[Any, ...], read: Read) -> list[Term]:
    """The mean of a sum of networks, letter by letter. Raises UnknownLaw, DegreeTooHigh."""
    for letter in letters:
        if any(part.has(Random) for part in letter.args[3:]):
            raise UnknownLaw(f"the law of {letter} is random itself")
        terms = [(value * v, n) for value, network in terms for v, n in mean_of(network, letter, read)]
    return terms


def mean_of(network: Network, letter: Any, read: Read) -> list[Term]:
    own = tuple(each for each in network.entries if each.name == letter.name)
    if len(own) > DEGREE:
        raise DegreeTooHigh(f"{len(own)} factors {letter}")
    return list(mean(letter, network.without(*own), own, read)) if own else [(sp.S.One, network)]


@singledispatch
def mean(letter: Any, rest: Network, own: tuple[Entry, ...], read: Read) -> Iterator[Term]:
    """The mean of the factors of one letter beside the rest of a network."""
    raise UnknownLaw(f"no rule averages {letter} in a network")


@mean.register
def _(letter: Mask, rest: Network, own: tuple[Entry, ...], read: Read) -> Iterator[Term]:
    for blocks in partitions(own):
        value = sp.prod([cumulant(len(block)).xreplace({RATE: letter.rate}) for block in blocks])
        yield value, rest.with_equal(*(pair for block in blocks for pair in neighbours(block)))


def neighbours(block: tuple[Entry, ...]) -> list[tuple[Any, Any]]:
    """The indices of entries of a column, in pairs that have to be equal."""
    places = [each.at[0] for each in block if each.at]
    return list(pairwise(places))


RATE = sp.Symbol("rate")


@cache
def cumulant(order: int) -> Any:
    """The cumulant of an entry that is 1 with the chance `rate` and else 0: Σ_j S(n, j) (−1)^(j−1) (j − 1)! q^j."""
    parts = [stirling(order, j) * (-1) ** (j - 1) * factorial(j - 1) * RATE**j for j in range(1, order + 1)]
    return sp.Add(*parts)


@mean.register
def _(letter: OneHot, rest: Network, own: tuple[Entry, ...], read: Read) -> Iterator[Term]:
    yield 1 / letter.shape[0], rest.with_equal(*neighbours(own))


@mean.register
def _(letter: Gaussian | SecondMoments, rest: Network, own: tuple[Entry, ...], read: Read) -> Iterator[Term]:
    if isinstance(letter, SecondMoments) and len(own) > 2:
        raise DegreeTooHigh(f"only two moments of {letter} are known")
    centred = isinstance(letter.mean, sp.ZeroMatrix)
    for single, pairs in pairings(own):
        if single and centred:
            continue
        yield from filled(letter, rest, single, pairs, read)


def filled(letter: Any, rest: Network, single: tuple, pairs: tuple, read: Read) -> list[Term]:
    """The rest of a network, with a mean for each factor alone and covariances for each pair."""
    matrices = [(read(letter.mean), ends_of(each, letter)) for each in single]
    for (row, column), (below, beside) in ((ends_of(one, letter), ends_of(other, letter)) for one, other in pairs):
        matrices.append((read(letter.cov), (row, below)))
        if column:
            matrices.append((read(letter.token_cov), (column, beside)))
    terms = [(sp.S.One, rest, [])]
    for matrix, ends in matrices:
        terms = [
            (value * factor, network.beside(piece, network.ends), [*equal, *zip(piece.ends, ends)])
            for value, network, equal in terms
            for factor, piece in ((factor, each.fresh()) for factor, each in matrix)
        ]
    return [(value, network.with_equal(*equal)) for value, network, equal in terms]


def ends_of(entry: Entry, letter: Any) -> tuple[Any, Any]:
    """The row and the column of an entry of a letter."""
    at = iter(entry.at)
    row, column = (None if size == 1 else next(at) for size in letter.shape)
    return row, column


def pairings(entries: tuple[Entry, ...]) -> Iterator[tuple[tuple[Entry, ...], tuple[tuple[Entry, Entry], ...]]]:
    """All ways to leave some entries alone and to pair the others."""
    if not entries:
        yield (), ()
        return
    first, *others = entries
    for single, pairs in pairings(tuple(others)):
        yield (first, *single), pairs
    for k, partner in enumerate(others):
        for single, pairs in pairings((*others[:k], *others[k + 1 :])):
            yield single, ((first, partner), *pairs)


def partitions(entries: tuple[Entry, ...]) -> Iterator[list[tuple[Entry, ...]]]:
    """All ways to divide entries into blocks."""
    if not entries:
        yield []
        return
    first, *others = entries
    for blocks in partitions(tuple(others)):
        yield [(first,), *blocks]
        for k, block in enumerate(blocks):
            yield [*blocks[:k], (first, *block), *blocks[k + 1 :]]
