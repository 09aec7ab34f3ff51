"""Beside lines: the mean of a polynomial in Gaussian numbers times any function of one of them, in a ball.

Given the one number y, the others are Gaussian, and the polynomial's mean is a polynomial in y. Softmax over two
tokens, e^a/(e^a + e^b) = 1/(1 + e^(b−a)), is a function of one number, and is written as one first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import product as choices
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq, fmpq_mpoly, fmpq_poly

from workbench.exact.lines import ONE, Line
from workbench.exact.noise import PLAIN, Noise
from workbench.exact.quadrature import NotEnclosed
from workbench.exact.rings import NotRational, Undefined
from workbench.exact.values import Point, Walker


def mean_beside_a_line(term: Any, noise: Walker, variances: list[fmpq], point: Point) -> arb:
    """The mean of one product. Raises NotEnclosed where its functions are of several numbers."""
    factors = sp.Mul.make_args(with_one_exponential(term))
    try:
        known = {factor: polynomial_in_noise(factor, noise) for factor in factors}
        functions = sp.Mul(*(factor for factor, found in known.items() if found is None))
        line = Line(functions, noise, variances, point)
        polynomials = [found for found in known.values() if found is not None]
        beside = given(reduce(lambda a, b: a * b, polynomials), line, variances) if polynomials else ONE
        return line.mean(ctx.prec, beside)
    except (NotRational, Undefined, ZeroDivisionError, OverflowError) as problem:
        raise NotEnclosed(str(problem)) from None


def with_one_exponential(term: Any) -> Any:
    """e^E/(e^a + e^b + …)^k as 1/(e^(a − E/k) + …)^k."""
    powers = term.as_powers_dict()
    exponent = powers.get(sp.E, sp.S.Zero)
    sums = [(base, p) for base, p in powers.items() if base.is_Add and p.is_Integer and p < 0]
    if len(sums) != 1 or exponent == 0 or not all(part.has(sp.exp) for part in sums[0][0].args):
        return term
    (base, power), rest = sums[0], sp.Mul(*(b**p for b, p in powers.items() if b not in (sp.E, sums[0][0])))
    return rest * sp.Add(*(sp.powsimp(part * sp.exp(exponent / power)) for part in base.args)) ** power


def polynomial_in_noise(factor: Any, noise: Walker) -> fmpq_mpoly | None:
    """A factor as a polynomial in the noise; None for what holds a function, or is no rational number."""
    if factor.atoms(sp.Function) or not factor.is_commutative:
        return None
    try:
        found = noise.visit(factor)
    except ArithmeticError:
        return None
    return found.terms[PLAIN] if isinstance(found, Noise) and list(found.terms) == [PLAIN] else None


def given(polynomial: fmpq_mpoly, line: Line, variances: Sequence[fmpq]) -> fmpq_poly:
    """E[P(z) | y] as a polynomial in y: z is y times how it moves with y, and noise that is independent of y."""
    assert line.slopes is not None
    slopes = list(line.slopes)
    moves = [s * v / line.variance for s, v in zip(slopes, variances)]

    def left(i: int, j: int) -> fmpq:
        """The covariance of two of the numbers once y is known."""
        return (variances[i] if i == j else fmpq(0)) - moves[i] * moves[j] * line.variance

    total = fmpq_poly([])
    for degrees, coefficient in polynomial.to_dict().items():
        places = [i for i, degree in enumerate(degrees) for _ in range(int(degree))]
        for moving in choices((True, False), repeat=len(places)):
            slope = reduce(lambda a, b: a * b, (moves[i] for i, m in zip(places, moving) if m), fmpq(1))
            still = [i for i, m in zip(places, moving) if not m]
            total += fmpq_poly([0] * sum(moving) + [coefficient * slope * paired(still, left)])
    return total


def paired(places: list[int], cov: Any) -> fmpq:
    """The mean of a product of centred Gaussian numbers: over all pairings (Isserlis)."""
    if not places:
        return fmpq(1)
    first, *rest = places
    parts = (cov(first, other) * paired(rest[:k] + rest[k + 1 :], cov) for k, other in enumerate(rest))
    return sum(parts, fmpq(0))
