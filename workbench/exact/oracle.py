"""The exact oracle: means by brute force, independent of the calculus.

Under a mean, every random letter is written in independent noise (X = M + L Z Rᵀ with Z standard,
LDLᵀ factors over ℚ), the integrand is multiplied out entry by entry, and each monomial is
integrated by the double factorial. Exponentials of the noise are enclosed by rigorous
one-dimensional quadrature, steps and error functions by `stepped_means`, other laws by `exact_means`.
Slow and plain on purpose: it re-checks what the rules derive.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from math import ceil, comb, log, prod
from typing import Any

import numpy as np
import sympy as sp
from flint import acb, arb, ctx, fmpq, fmpq_mpoly

from workbench.exact.beside_lines import mean_beside_a_line
from workbench.exact.gaussians import in_noise, monomial_mean, noise_shape, quadratic, triangular_factors
from workbench.exact.lengths import functions_of_lengths, mean_of_lengths
from workbench.exact.lines import mean_along_a_line
from workbench.exact.means import exact_mean, first_of
from workbench.exact.noise import PLAIN, Exponent, Noise, NoiseRing, TooLarge
from workbench.exact.quadrature import NotEnclosed
from workbench.exact.rings import Balls, Dual, NotRational, Rationals, identity, inverse
from workbench.exact.steps import stepped_mean
from workbench.exact.values import Point, Walker, evaluate
from workbench.language.laws import E, Gaussian, MatrixMean, Random, ScalarMean
from workbench.language.letters import Vector

GUARD = 20  # bits of quadrature beyond those asked for

__all__ = ["TooLarge", "line_integral", "mean", "noise_shape", "quadratic", "triangular_factors"]


@Walker.read.register
def _(walker, node: ScalarMean | MatrixMean) -> Any:
    return mean(node, walker.point, walker.ring)


def mean(node: ScalarMean | MatrixMean, point: Point, ring: Rationals) -> Any:
    """The mean of what the node holds, at a point: exact over ℚ, or enclosed when exponentials occur."""
    if isinstance(ring, NoiseRing):
        return _under_a_mean(node, point)
    letters = [letter for letter in node.args[1:] if letter not in point]
    if not all(isinstance(letter, Gaussian) for letter in letters) or _under_inverse(node.args[0], tuple(letters)):
        return ring.embed(exact_mean(node, first_of(letters, node), point, ring))
    try:
        return _multiplied_out(node, letters, point, ring)  # type: ignore[arg-type]
    except NotRational:
        if not isinstance(ring, Balls):
            raise
        with suppress(NotEnclosed):
            return (_term_by_term if isinstance(node, ScalarMean) else _entry_by_entry)(node, letters, point)  # type: ignore[arg-type]
        raise


def _multiplied_out(node: ScalarMean | MatrixMean, letters: list[Gaussian], point: Point, ring: Rationals) -> Any:
    """The mean of a polynomial in the noise times functions whose means are known."""
    if functions_of_lengths(node.inside, tuple(letters)):
        return mean_of_lengths(node, letters, point, ring)
    inner, variances = in_noise(letters, point)
    integrand = Walker(inner, NoiseRing(ring)).visit(without_roots(node.inside))
    integrate = np.vectorize(lambda entry: _integral(entry, variances, ring), otypes=[object])
    return integrate(integrand) if isinstance(integrand, np.ndarray) else _integral(integrand, variances, ring)


def _term_by_term(node: ScalarMean, letters: list[Gaussian], point: Point) -> arb:
    """The mean of a sum as a sum of means, what is fixed in a term left outside; that of one term along a line.

    Raises NotEnclosed where it has no ball.
    """
    inside = node.inside if isinstance(node.inside, sp.Add) else sp.expand_mul(node.inside)
    fixed, rest = inside.as_independent(*letters, as_Add=False)
    if fixed != 1 and rest != 1:
        return _times_fixed(fixed, E(rest, *node.args[1:]), point)
    if not isinstance(inside, sp.Add):
        inner, variances = in_noise(letters, point)
        noise = Walker(inner, NoiseRing(Balls()))
        with suppress(NotEnclosed):
            return mean_along_a_line(inside, noise, variances, point)
        return mean_beside_a_line(inside, noise, variances, point)
    try:
        return sum((mean(E(term, *node.args[1:]), point, Balls()) for term in inside.args), arb(0))
    except NotRational as problem:
        raise NotEnclosed(str(problem)) from None


def _times_fixed(fixed: Any, rest: ScalarMean, point: Point) -> arb:
    try:
        return Walker(point, Balls()).visit(fixed) * mean(rest, point, Balls())
    except NotRational as problem:
        raise NotEnclosed(str(problem)) from None


def _entry_by_entry(node: MatrixMean, letters: list[Gaussian], point: Point) -> Any:
    """The mean of a matrix, each entry as a number."""
    sizes = [int(evaluate(length, point).p) for length in node.shape]
    units = [Vector(f"unit of {side}", length, 1) for side, length in zip(("rows", "columns"), node.shape)]
    found = np.empty(sizes, dtype=object)
    for i, j in np.ndindex(*sizes):
        there = {**point, **{unit: identity(size)[:, [k]] for unit, size, k in zip(units, sizes, (i, j))}}
        found[i, j] = _term_by_term(E(_entry(node.inside, *units), *node.args[1:]), letters, there)  # type: ignore[arg-type]
    return found


def _entry(matrix: Any, row: Any, column: Any) -> Any:
    """uᵀMv as a number, the numbers in M outside of traces."""
    if isinstance(matrix, sp.MatAdd):
        return sp.Add(*(_entry(part, row, column) for part in matrix.args))
    number, parts = matrix.as_coeff_matrices() if isinstance(matrix, sp.MatMul) else (sp.S.One, [matrix])
    if len(parts) == 1 and isinstance(parts[0], sp.MatAdd):
        return number * _entry(parts[0], row, column)
    return number * sp.Trace(sp.MatMul(row.T, *parts, column))


class RootedErf(sp.Function):
    """erf(√r·u) as a function of u and r: the root is no rational number, and r is."""

    nargs = 2


@lru_cache(maxsize=4096)
def without_roots(inside: Any) -> Any:
    """An integrand with every root of a fixed number taken out of a step."""
    return inside.replace(_has_root, _without_root)


def _roots(argument: Any) -> list[Any]:
    """The square roots of fixed numbers that multiply an argument."""
    factors = sp.Mul.make_args(argument)
    return [f for f in factors if isinstance(f, sp.Pow) and f.exp.is_Rational and f.exp.q == 2 and not f.atoms(Random)]


def _has_root(part: Any) -> bool:
    return isinstance(part, sp.erf | sp.sign | sp.Heaviside) and bool(part.atoms(Random) and _roots(part.args[0]))


def _without_root(part: Any) -> Any:
    """A step of √r·u: the sign does not see the root, the error function takes r along."""
    roots = _roots(part.args[0])
    rest = part.args[0] / sp.Mul(*roots)
    return RootedErf(rest, sp.Mul(*roots) ** 2) if isinstance(part, sp.erf) else part.func(rest)


def _under_a_mean(node: ScalarMean | MatrixMean, point: Point) -> Any:
    """A mean under another mean is a constant there: it binds every random letter it depends on.

    Raises NotRational when it does not (a conditional mean).
    """
    noisy = {a for a, v in point.items() if isinstance(v, np.ndarray) and any(isinstance(e, Noise) for e in v.flat)}
    if node.args[0].atoms(Random) & noisy - set(node.args[1:]):
        raise NotRational(f"the conditional mean {node} under a mean")
    return mean(node, {letter: exact for letter, exact in point.items() if letter not in noisy}, Rationals())


@lru_cache(maxsize=4096)
def _under_inverse(inside: Any, letters: tuple[Random, ...]) -> bool:
    """Whether a random letter stands under an inverse."""
    powers = inside.atoms(sp.Inverse, sp.MatPow)
    return any(power.exp.is_negative and power.has(*letters) for power in powers) if letters else False


def _integral(entry: Any, variances: list[fmpq], ring: Rationals) -> Any:
    """The mean of one entry over the noise."""
    if isinstance(entry, Dual):
        return Dual(_integral(entry.value, variances, ring), _integral(entry.slope, variances, ring))
    if not isinstance(entry, Noise):
        return ring.embed(entry)
    total = ring.embed(fmpq(0))
    for weight, polynomial in entry.terms.items():
        if weight == PLAIN:
            total = total + ring.embed(_polynomial_mean(polynomial, variances))
        elif not isinstance(ring, Balls):
            raise NotRational("the mean of an exponential or of a step")
        elif weight.steps:
            total = total + stepped_mean(polynomial, weight, variances)
        else:
            total = total + _tilted_mean(polynomial, weight.exponent, variances)
    return total


def _polynomial_mean(polynomial: fmpq_mpoly, variances: list[fmpq]) -> fmpq:
    """The mean of a polynomial in the noise; coefficients are long and dear to read, so those of zeros are not."""
    even = (found for found in enumerate(polynomial.monoms()) if not any(degree % 2 for degree in found[1]))
    moments = (polynomial.coefficient(place) * monomial_mean(degrees, variances) for place, degrees in even)
    return sum(moments, fmpq(0))


def _tilted_mean(polynomial: fmpq_mpoly, exponent: Exponent, variances: list[fmpq]) -> arb:
    """E[p(z) exp(q(z))] for q of degree ≤ 2: a unit triangular change of variables makes the exponent
    a sum of squares, and what is left is a product of enclosed line integrals.
    """
    constant, slopes, precision = quadratic(exponent, variances)
    lower, rates = triangular_factors(precision)
    if any(rate <= 0 for rate in rates):
        raise NotRational("a Gaussian mean that diverges")
    back = inverse(lower.T)  # z = L⁻ᵀ y turns zᵀPz into Σ rateᵢ yᵢ²
    context, moves = polynomial.context(), back.T @ slopes
    gens = context.gens()
    turned = polynomial.compose(*(sum((c * g for c, g in zip(row, gens)), context.constant(0)) for row in back))
    total = arb(0)
    for degrees, coefficient in turned.to_dict().items():
        factors = (line_integral(int(k), b, rate) for k, b, rate in zip(degrees, moves, rates))
        total += arb(coefficient) * prod(factors, start=arb(1))
    norm = prod((arb(1) / (2 * arb.pi() * arb(v)).sqrt() for v in variances), start=arb(1))
    return total * norm * arb(constant).exp()


def line_integral(degree: int, slope: fmpq, rate: fmpq) -> arb:
    """∫ y^k exp(by − ry²/2) dy, enclosed: with y = b/r + t/√r it is a sum of moments of exp(−t²/2)."""
    middle, width = slope / rate, 1 / arb(rate).sqrt()
    weights = (comb(degree, j) * arb(middle ** (degree - j)) * width ** (j + 1) for j in range(degree + 1))
    moments = (bell_moment(j, ctx.prec) for j in range(degree + 1))
    return arb(slope * middle / 2).exp() * sum((w * m for w, m in zip(weights, moments)), arb(0))


@lru_cache(maxsize=4096)
def bell_moment(degree: int, bits: int) -> arb:
    """∫ t^k exp(−t²/2) dt, enclosed with so many bits: quadrature on [−R, R] plus a bound on both tails."""
    if degree % 2:
        return arb(0)
    # Beyond R, t^k stays below exp(t²/4), so half the decay is left for the tails.
    reach = max(2 * (bits + GUARD) ** 0.5, 2 * degree**0.5, 2.0)
    while degree * log(reach) > reach**2 / 4.5:
        reach *= 2
    radius = arb(ceil(reach))
    with ctx.workprec(bits + GUARD):
        body = acb.integral(lambda t, _: t**degree * (-t * t / 2).exp(), -radius, radius).real
        return body + arb(0, (8 * (-radius * radius / 4).exp() / radius).upper())
