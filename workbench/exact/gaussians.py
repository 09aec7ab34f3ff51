"""Gaussian letters in independent noise: entries as polynomials, moments of monomials, exponents as quadratic forms.

What the exact means of all laws share.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, singledispatch
from itertools import count
from math import prod
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mpoly_ctx

from workbench.exact.noise import PLAIN, Exponent, Noise, double_factorial
from workbench.exact.rings import Dual, NotRational, Rationals, identity
from workbench.exact.values import Point, Walker, evaluate
from workbench.language.laws import Gaussian, Random


@singledispatch
def noise_shape(letter: Random, walker: Walker) -> tuple[int, int]:
    """How many rows and columns of independent standard noise a law needs."""
    raise NotRational(f"the oracle does not know the law of {letter}")


@noise_shape.register
def _(letter: Gaussian, walker: Walker) -> tuple[int, int]:
    return walker.size(letter.rows), walker.size(letter.cols)


def triangular_factors(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """L (unit lower triangular) and the diagonal D with matrix = L D Lᵀ, over ℚ."""
    size = len(matrix)
    lower, diagonal = np.array([[fmpq(int(i == j)) for j in range(size)] for i in range(size)]), []
    for j in range(size):
        diagonal.append(matrix[j, j] - sum((lower[j, k] ** 2 * diagonal[k] for k in range(j)), fmpq(0)))
        for i in range(j + 1, size):
            inner = sum((lower[i, k] * lower[j, k] * diagonal[k] for k in range(j)), fmpq(0))
            if diagonal[j] != 0:
                lower[i, j] = (matrix[i, j] - inner) / diagonal[j]
    return lower, np.array(diagonal)


def gaussian_entries(letter: Gaussian, places: np.ndarray, variances: list, context: Any, point: Point) -> np.ndarray:
    """The letter's entries M + L Z Rᵀ as polynomials in the noise, whose variances are noted."""
    rows, columns = evaluate(letter.cov, point), evaluate(letter.token_cov, point)
    if any(isinstance(entry, Dual) for entry in (*rows.flat, *columns.flat)):
        raise NotRational(f"the derivative of a mean along the covariance of {letter}")
    mean = evaluate(letter.mean, point)
    found, new = entries_and_variances(*map(Keyed, (mean, rows, columns, places)), context)
    for place, variance in zip(places.flat, new):
        variances[place] = variance
    return found.copy()


class Keyed:
    """A matrix that can key a dictionary; the hash of a fraction is dear, that of its two integers is not."""

    def __init__(self, matrix: np.ndarray):
        self.matrix = matrix
        self.key = tuple((int(each.p), int(each.q)) if isinstance(each, fmpq) else each for each in matrix.flat)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyed) and (self.matrix.shape, self.key) == (other.matrix.shape, other.key)


@lru_cache(maxsize=1024)
def entries_and_variances(mean: Keyed, rows: Keyed, columns: Keyed, places: Keyed, context: Any) -> tuple[Any, list]:
    """M + L Z Rᵀ and the variances of Z, row by row: the same at each of many outcomes of the other letters."""
    (left, row_variances), (right, column_variances) = (triangular_factors(each.matrix) for each in (rows, columns))
    gens = context.gens()
    noise = np.vectorize(lambda place: Noise({PLAIN: gens[place]}), otypes=[object])(places.matrix)
    constants = np.vectorize(lambda m: Noise({PLAIN: context.constant(m)}), otypes=[object])
    variances = [row * column for row in row_variances for column in column_variances]
    return constants(mean.matrix) + left @ noise @ right.T, variances


def in_noise(letters: Iterable[Any], point: Point) -> tuple[dict[Any, Any], list[fmpq]]:
    """A point with these Gaussian letters written in independent noise, and the variances of the noise."""
    walker, fresh = Walker(point, Rationals()), count()
    letters = list(letters)
    shapes = [noise_shape(letter, walker) for letter in letters]
    total = sum(rows * columns for rows, columns in shapes)
    context = fmpq_mpoly_ctx.get(tuple(f"z{i}" for i in range(max(total, 1))), "degrevlex")
    variances, inner = [fmpq(1)] * total, dict(point)
    for letter, (rows, columns) in zip(letters, shapes):
        places = np.array([[next(fresh) for _ in range(columns)] for _ in range(rows)])
        inner[letter] = gaussian_entries(letter, places, variances, context, point)
    return inner, variances


def monomial_mean(degrees: Iterable[int], variances: list[fmpq]) -> fmpq:
    """The mean of one monomial in independent centred normals."""
    pairs = [(v, int(degree)) for v, degree in zip(variances, degrees) if degree]
    if any(degree % 2 for _, degree in pairs):
        return fmpq(0)
    return prod((v ** (degree // 2) * double_factorial(degree - 1) for v, degree in pairs), start=fmpq(1))


def quadratic(exponent: Exponent, variances: list[fmpq]) -> tuple[fmpq, np.ndarray, np.ndarray]:
    """Constant, slope and precision of exp(q(z)) times the density of the noise."""
    size = len(variances)
    if any(v == 0 for v in variances):
        raise NotRational("an exponential of degenerate noise")
    constant, slopes = fmpq(0), np.array([fmpq(0)] * size)
    precision = identity(size) * np.array([1 / v for v in variances])
    for degrees, coefficient in exponent:
        support = [i for i, degree in enumerate(degrees) for _ in range(degree)]
        if not support:
            constant = coefficient
        elif len(support) == 1:
            slopes[support[0]] = coefficient
        elif len(support) == 2:
            precision[support[0], support[1]] -= coefficient
            precision[support[1], support[0]] -= coefficient
        else:
            raise NotRational("an exponential of a cubic")
    return constant, slopes, precision
