"""The exact oracle: means by brute force, independent of the calculus.

Under a mean, every random letter is written in independent noise (X = M + L Z Rᵀ with Z standard,
LDLᵀ factors over ℚ), the integrand is multiplied out entry by entry, and each monomial is
integrated by the double factorial. Exponentials of the noise are enclosed by rigorous
one-dimensional quadrature, steps and error functions by `stepped_means`, other laws by `exact_means`.
Slow and plain on purpose: it re-checks what the rules derive.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, singledispatch
from itertools import count
from math import ceil, log, prod
from typing import Any

import numpy as np
import sympy as sp
from flint import acb, arb, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from workbench.exact.noise import PLAIN, Exponent, Noise, NoiseRing, TooLarge, double_factorial
from workbench.exact.rings import Balls, Dual, NotRational, Rationals, identity, inverse
from workbench.exact.values import Point, Walker, evaluate
from workbench.laws import Gaussian, MatrixMean, Random, ScalarMean

__all__ = ["TooLarge", "line_integral", "mean", "noise_shape", "quadratic", "triangular_factors"]


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


def mean(node: ScalarMean | MatrixMean, point: Point, ring: Rationals) -> Any:
    """The mean of what the node holds, at a point: exact over ℚ, or enclosed when exponentials occur."""
    if isinstance(ring, NoiseRing):
        return _under_a_mean(node, point)
    letters = [letter for letter in node.args[1:] if letter not in point]
    if not all(isinstance(letter, Gaussian) for letter in letters) or _under_inverse(node, letters):
        from workbench.exact.means import exact_mean, first_of

        return ring.embed(exact_mean(node, first_of(letters, node), point, ring))
    walker = Walker(point, Rationals())
    shapes = [noise_shape(letter, walker) for letter in letters]
    total = sum(rows * columns for rows, columns in shapes)
    context = fmpq_mpoly_ctx.get(tuple(f"z{i}" for i in range(max(total, 1))), "degrevlex")
    fresh, variances, inner = count(), [fmpq(1)] * total, dict(point)
    for letter, (rows, columns) in zip(letters, shapes):
        places = np.array([[next(fresh) for _ in range(columns)] for _ in range(rows)])
        inner[letter] = gaussian_entries(letter, places, variances, context, point)
    integrand = Walker(inner, NoiseRing(ring)).visit(node.args[0].replace(_has_root, _without_root))
    integrate = np.vectorize(lambda entry: _integral(entry, variances, ring), otypes=[object])
    return integrate(integrand) if isinstance(integrand, np.ndarray) else _integral(integrand, variances, ring)


class RootedErf(sp.Function):
    """erf(√r·u) as a function of u and r: the root is no rational number, and r is."""

    nargs = 2


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


def _under_inverse(node: ScalarMean | MatrixMean, letters: list[Random]) -> bool:
    """Whether a random letter stands under an inverse."""
    powers = node.args[0].atoms(sp.Inverse, sp.MatPow)
    return any(power.exp.is_negative and power.has(*letters) for power in powers) if letters else False


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
            from workbench.exact.steps import stepped_mean

            total = total + stepped_mean(polynomial, weight, variances)
        else:
            total = total + _tilted_mean(polynomial, weight.exponent, variances)
    return total


def _polynomial_mean(polynomial: fmpq_mpoly, variances: list[fmpq]) -> fmpq:
    moments = (c * monomial_mean(degrees, variances) for degrees, c in polynomial.to_dict().items())
    return sum(moments, fmpq(0))


def monomial_mean(degrees: Iterable[int], variances: list[fmpq]) -> fmpq:
    """The mean of one monomial in independent centred normals."""
    pairs = [(v, int(degree)) for v, degree in zip(variances, degrees) if degree]
    if any(degree % 2 for _, degree in pairs):
        return fmpq(0)
    return prod((v ** (degree // 2) * double_factorial(degree - 1) for v, degree in pairs), start=fmpq(1))


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


@lru_cache(maxsize=4096)
def line_integral(degree: int, slope: fmpq, rate: fmpq) -> arb:
    """∫ y^k exp(by − ry²/2) dy, enclosed: quadrature on [−R, R] plus a bound on both tails."""
    # Beyond R both |y|^k and exp(|by|) stay below exp(ry²/8), so half the decay is left for the tails.
    root, size = (int(rate.p) / int(rate.q)) ** 0.5, abs(int(slope.p) / int(slope.q))
    reach = max(28 / root, 8.5 * size / root**2, (4 * degree) ** 0.5 / root, 2.0)
    while degree * log(reach) > root**2 * reach**2 / 8.5:
        reach *= 2
    radius = arb(ceil(reach))
    b, half = acb(arb(slope)), acb(arb(rate) / 2)
    body = acb.integral(lambda y, _: y**degree * (b * y - half * y * y).exp(), -radius, radius).real
    tails = 4 * (-(arb(rate) / 4) * radius * radius).exp() / (arb(rate) * radius)
    return body + arb(0, tails.upper())
