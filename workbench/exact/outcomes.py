"""Outcomes: letters of finitely many values, every value with its probability, and means by counting them up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from itertools import product as choices
from math import prod
from typing import Any

import numpy as np
from flint import fmpq

from workbench.exact.counts import binomial_outcomes, multinomial_outcomes
from workbench.exact.gaussians import triangular_factors
from workbench.exact.rings import Dual, NotRational, Rationals, identity
from workbench.exact.values import Point, evaluate
from workbench.language.counts import Binomial, Multinomial
from workbench.language.laws import Mask, MatrixMean, OneHot, Random, ScalarMean, SecondMoments


def mean_over_outcomes(node: ScalarMean | MatrixMean, letter: Random, point: Point, ring: Rationals) -> Any:
    """The mean over a letter of finitely many outcomes, every one in turn, then over the letters left."""
    outcomes = next(listed(letter, point) for law, listed in OUTCOMES.items() if isinstance(letter, law))
    return sum_of(evaluate(node, {**point, letter: value}, ring) * chance for chance, value in outcomes)


def sum_of(values: Any) -> Any:
    """The sum of numbers or arrays."""
    return reduce(lambda a, b: a + b, values)


def mask_outcomes(letter: Mask, point: Point) -> Iterator[tuple[fmpq, np.ndarray]]:
    """Every 0/1 column with its probability."""
    q, d = evaluate(letter.rate, point), int(evaluate(letter.rows, point).p)
    for entries in choices((0, 1), repeat=d):
        chance = prod((q if entry else 1 - q for entry in entries), start=fmpq(1))
        yield chance, np.array([[fmpq(entry)] for entry in entries], dtype=object)


def index_outcomes(letter: OneHot, point: Point) -> Iterator[tuple[fmpq, np.ndarray]]:
    """Every column of the identity with its probability."""
    length = int(evaluate(letter.rows, point).p)
    for place in range(length):
        yield fmpq(1, length), identity(length)[:, [place]]


def far_outcomes(letter: SecondMoments, point: Point) -> Iterator[tuple[fmpq, np.ndarray]]:
    """One law with these moments, far from a Gaussian: mostly the mean, at times a long step along one column of L.

    With covariance L D Lᵀ, a step ±c Lⱼ has the probability Dⱼ/2c²; where D has a negative entry, it is a signed one.
    """
    mean, cov = evaluate(letter.mean, point), evaluate(letter.cov, point)
    if any(isinstance(entry, Dual) for entry in (*mean.flat, *cov.flat)):
        raise NotRational(f"the derivative of a mean along the law of {letter}")
    lower, variances = triangular_factors(cov)
    far = fmpq(1 + sum(abs(int(v.p)) // int(v.q) + 1 for v in variances))
    yield 1 - sum(variances, fmpq(0)) / far**2, mean
    for place, variance in enumerate(variances):
        for side in (far, -far):
            yield variance / (2 * far**2), mean + lower[:, [place]] * side


OUTCOMES: dict[type, Callable[..., Iterator[tuple[fmpq, np.ndarray]]]] = {
    Mask: mask_outcomes,
    OneHot: index_outcomes,
    SecondMoments: far_outcomes,
    Binomial: binomial_outcomes,
    Multinomial: multinomial_outcomes,
}
