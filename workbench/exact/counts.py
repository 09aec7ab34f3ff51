"""Exact means over counts: binomial and multinomial ones outcome by outcome, Poisson ones by their moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product as choices
from math import comb, factorial, prod
from typing import Any

import numpy as np
from flint import fmpq

from workbench.exact.values import Point, evaluate
from workbench.exact.variables import Node, beside
from workbench.language.counts import Binomial, Multinomial, Poisson


def binomial_outcomes(letter: Binomial, point: Point) -> Iterator[tuple[fmpq, np.ndarray]]:
    """Every column of counts with its probability."""
    n, d = (int(evaluate(value, point).p) for value in (letter.trials, letter.rows))
    q = evaluate(letter.rate, point)
    for counts in choices(range(n + 1), repeat=d):
        yield prod((comb(n, k) * q**k * (1 - q) ** (n - k) for k in counts), start=fmpq(1)), column(counts)


def multinomial_outcomes(letter: Multinomial, point: Point) -> Iterator[tuple[fmpq, np.ndarray]]:
    """Every column of counts with its probability."""
    n, d = (int(evaluate(value, point).p) for value in (letter.trials, letter.rows))
    for counts in compositions(n, d):
        yield fmpq(factorial(n), prod(map(factorial, counts)) * d**n), column(counts)


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All ways to write a number as a sum of so many counts, in order."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)


def column(counts: tuple[int, ...]) -> np.ndarray:
    return np.array([[fmpq(count)] for count in counts], dtype=object)


def mean_over_poisson(node: Node, letter: Poisson, point: Point) -> Any:
    """The mean over a column of Poisson counts, every monomial by the moments of its entries."""
    d, rate = int(evaluate(letter.rows, point).p), evaluate(letter.rate, point)
    noise = beside([f"k{i}" for i in range(d)], node, [letter], point)

    def moment(degrees: tuple[int, ...]) -> fmpq:
        return prod((poisson_moment(degree, rate) for degree in degrees), start=fmpq(1))

    entries = np.array(noise.gens, dtype=object).reshape(d, 1)
    return replace(noise, point={**noise.point, letter: entries}).integrated(node.args[0], moment)


@lru_cache(maxsize=4096)
def poisson_moment(order: int, rate: fmpq) -> fmpq:
    """E x^k from E x f(x) = λ E f(x + 1)."""
    if order == 0:
        return fmpq(1)
    return rate * sum((comb(order - 1, i) * poisson_moment(i, rate) for i in range(order)), fmpq(0))
