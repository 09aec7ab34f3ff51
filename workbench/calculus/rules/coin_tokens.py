"""Coin tokens: the independent re-check of the delta method.

A token that takes two values only makes a context of n tokens a binomial, so mean and covariance
of the attention output are finite sums, enclosed exactly at any n. A right 1/n coefficient leaves
an error that falls like 1/n; a wrong one leaves a constant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from math import comb
from random import Random as Generator
from typing import Any

import numpy as np
from flint import arb, fmpq

from workbench.calculus.agreement import Refuted
from workbench.calculus.rules.making import watching
from workbench.exact.instances import entries
from workbench.exact.rings import Balls, NotRational, Rationals
from workbench.exact.values import evaluate
from workbench.language.laws import MatrixMean, ScalarMean, random_letters

LENGTHS = (64, 128, 256)
ODDS = (fmpq(1, 3), fmpq(2, 3))


def approached_as(quantity: str) -> Callable[..., None]:
    """The check that n·(quantity over n coin tokens) tends to this line as n grows."""

    def check(
        before: Any, after: Any, point: Mapping, ring: Rationals, *, value: Any, weight: Any, tokens: Any
    ) -> None:
        if not isinstance(ring, Balls):
            raise NotRational("tokens with exponential weights")
        (letter,) = random_letters(value)
        rows = len(point[letter.mean]) if letter.mean in point else len(evaluate(letter.mean, point))
        sides = [{**point, letter: entries(rows, 1, Generator(f"side {k}"))} for k in (0, 1)]
        coins = [(evaluate(value, side, ring), evaluate(weight, side, ring)) for side in sides]
        claimed = at_coins(after, point, sides, ring)
        limit = at_coins(before, point, sides, ring)
        gaps = [finite(quantity, n, coins, limit) - claimed for n in LENGTHS]
        for shorter, longer in pairwise(gaps):
            if not all(falls(a, b) for a, b in zip(shorter.reshape(-1), longer.reshape(-1))):
                raise Refuted(f"n times the {quantity} over n coin tokens does not tend to this line")

    return watching(check)


def falls(shorter: arb, longer: arb) -> bool:
    """Whether an error has clearly shrunk while the context doubled (it should halve)."""
    return bool(abs(longer) < abs(shorter) * fmpq(3, 4)) or longer.contains(0)


def at_coins(line: Any, point: Mapping, sides: list, ring: Rationals) -> Any:
    """The value of a line when every mean runs over the two values of a coin token."""
    means = {
        node: sum(odds * evaluate(node.args[0], side, ring) for odds, side in zip(ODDS, sides))
        for node in line.atoms(ScalarMean, MatrixMean)
    }
    return evaluate(line, {**point, **means}, ring)


def finite(quantity: str, n: int, coins: list, limit: np.ndarray) -> np.ndarray:
    """n·(mean error) or n·covariance of the attention output over n coin tokens, by the binomial sum."""
    (v, e), (w, f) = coins
    odds = [comb(n, k) * ODDS[0] ** k * ODDS[1] ** (n - k) for k in range(n + 1)]
    outputs = [(v * (k * e) + w * ((n - k) * f)) / (k * e + (n - k) * f) for k in range(n + 1)]
    mean = sum(p * output for p, output in zip(odds, outputs))
    if quantity == "bias":
        return (mean - limit) * n
    return (sum(p * (output @ output.T) for p, output in zip(odds, outputs)) - mean @ mean.T) * n
