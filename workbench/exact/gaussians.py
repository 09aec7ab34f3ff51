"""Gaussian letters in independent noise: entries as polynomials, moments of monomials, exponents as quadratic forms.

What the exact means of all laws share.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
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
    left, row_variances = triangular_factors(rows)
    right, column_variances = triangular_factors(columns)
    for (i, a), place in np.ndenumerate(places):
        variances[place] = row_variances[i] * column_variances[a]
    gens = context.gens()
    noise = np.vectorize(lambda place: Noise({PLAIN: gens[place]}), otypes=[object])(places)
    constants = np.vectorize(lambda m: Noise({PLAIN: context.constant(m)}), otypes=[object])
    return constants(evaluate(letter.mean, point)) + left @ noise @ right.T


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
