"""Breakdowns: letters, allowed by hypotheses, for which a law is none or the mean of an exponential is infinite.

E exp(q(x)), q a quadratic form of Gaussian letters, exists where the form grows more slowly than the density falls:
where their sum, the precision of the tilted law, is positive definite. That is looked at for letters at many scales.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random as Generator
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mpoly

from workbench.exact.gaussians import in_noise, quadratic, triangular_factors
from workbench.exact.instances import Crowded, Instance, Vacuous, draw, letters_of, satisfied
from workbench.exact.noise import PLAIN, Noise, NoiseRing, as_exponent
from workbench.exact.rings import Rationals
from workbench.exact.turning_points import beside
from workbench.exact.values import Walker, evaluate
from workbench.language.complex_gaussians import ComplexGaussian
from workbench.language.laws import Gaussian, MatrixMean, ScalarMean, random_letters
from workbench.language.students import ScaleMixture

SPREADS = (0, 0, 0, 4, 4, 10, 10, 10)  # powers of two that letters spread over, draw by draw
ATTEMPTS, BITS, LARGEST = 200, 3, 4
DIRECTIONS = 40  # in which a polynomial of higher degree is looked along
UNKNOWN = (ArithmeticError, ValueError, KeyError, TypeError, StopIteration)
HYPERBOLIC = (sp.sinh, sp.cosh)


def looked_at(hypotheses: tuple[Any, ...], *expressions: Any) -> Iterator[Instance]:
    """Points of the letters of expressions that satisfy the hypotheses: usual ones, far ones, and on borders."""
    letters, point = letters_of(*expressions, *hypotheses), None
    for place, spread in enumerate(SPREADS if letters else (0,)):
        try:
            point = draw(letters, f"breakdown/{place}", {}, hypotheses, ATTEMPTS, BITS, LARGEST, spread)
            yield point
        except (Vacuous, Crowded, *UNKNOWN):
            continue
    if point is not None and hypotheses:
        yield from (there for there in beside(point, *hypotheses) if satisfied(hypotheses, there))


def where_no_law(letter: Any, hypotheses: tuple[Any, ...]) -> tuple[Any, Instance] | None:
    """A covariance of a letter that is not positive semidefinite at a point, and the point."""
    covs = (letter.scale,) if isinstance(letter, ScaleMixture) else ()
    if isinstance(letter, Gaussian | ComplexGaussian):
        covs = (letter.cov, letter.token_cov)
    for cov in covs:
        for point in looked_at(hypotheses, cov):
            try:
                matrix = evaluate(cov, point)
                falls = min(triangular_factors(matrix)[1]) < 0 or (matrix != matrix.T).any()
            except UNKNOWN:
                continue
            if falls:
                return cov, point
    return None


def where_infinite(mean: ScalarMean | MatrixMean, hypotheses: tuple[Any, ...]) -> Instance | None:
    """A point at which some exponential of Gaussian letters under a mean outgrows their density."""
    letters = sorted(random_letters(mean), key=lambda letter: letter.name)
    if not mean.inside.has(sp.exp, *HYPERBOLIC) or not all(isinstance(letter, Gaussian) for letter in letters):
        return None
    products = exponents(mean.inside)
    if not products:
        return None
    for point in looked_at(hypotheses, *letters, mean.inside):
        try:
            inner, variances = in_noise(letters, point)
            walker = Walker(inner, NoiseRing(Rationals()))
            if any(outgrows(walker, others, exponent, variances) for others, exponent in products):
                return point
        except UNKNOWN:
            continue
    return None


def exponents(inside: Any) -> list[tuple[list[Any], Any]]:
    """The products under a mean that hold exponentials: what else is random in them, and the exponent of all."""
    if inside.is_Matrix:
        return []
    found = []
    for term in sp.Add.make_args(sp.expand(inside.replace(is_hyperbolic, in_exponentials))):
        factors = [factor for factor in sp.Mul.make_args(term) if random_letters(factor)]
        powers = [factor for factor in factors if isinstance(factor, sp.exp)]
        if powers:
            found.append(
                ([factor for factor in factors if factor not in powers], sp.Add(*(factor.exp for factor in powers)))
            )
    return found


def is_hyperbolic(part: Any) -> bool:
    return isinstance(part, HYPERBOLIC)


def in_exponentials(part: Any) -> Any:
    up, down = sp.exp(part.args[0]), sp.exp(-part.args[0])
    return (up + down if isinstance(part, sp.cosh) else up - down) / 2


def outgrows(walker: Walker, others: list[Any], exponent: Any, variances: list[fmpq]) -> bool:
    """Whether polynomials times the exponential of a polynomial have no mean."""
    if not all(is_plain(walker.visit(factor)) for factor in others):
        return False  # a step, or a function that tames it
    found = walker.visit(exponent)
    if not is_plain(found):
        return False
    polynomial = found.terms[PLAIN]
    if polynomial.total_degree() <= 2:
        precision = quadratic(as_exponent(polynomial), variances)[2]
        return min(triangular_factors(precision)[1]) <= 0
    return rises(polynomial, sum(v != 0 for v in variances))


def is_plain(value: Any) -> bool:
    return isinstance(value, Noise) and list(value.terms) == [PLAIN]


def rises(polynomial: fmpq_mpoly, size: int) -> bool:
    """Whether the terms of the highest degree are positive along some line."""
    degree, rng = polynomial.total_degree(), Generator(size)
    top = [(k, c) for k, c in polynomial.to_dict().items() if sum(k) == degree]
    for _ in range(DIRECTIONS):
        direction = [fmpq(rng.randint(-8, 8)) for _ in top[0][0]]
        total = fmpq(0)
        for powers, coefficient in top:
            for length, power in zip(direction, powers):
                coefficient *= length ** int(power)
            total += coefficient
        if total > 0:
            return True
    return False
