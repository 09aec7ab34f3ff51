"""Exact means by brute force, one per law: the independent re-check of the rules for these laws.

At a rational point, a mask is enumerated over all its 2^d values, an index over its L values, a
mixture over the labels of its columns (Gaussian means given the labels come from the oracle); a Haar
matrix with d ≤ 3 is written in Euler angles, an inverse Wishart matrix in Bartlett's independent
variables, and every monomial is integrated by its one-dimensional moments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product as choices
from math import prod
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq, fmpq_mpoly_ctx

from workbench.exact.directions import mean_over_a_direction
from workbench.exact.gaussians import gaussian_entries, monomial_mean, noise_shape, triangular_factors
from workbench.exact.noise import PLAIN, Noise, NoiseRing, double_factorial
from workbench.exact.outcomes import OUTCOMES, mean_over_outcomes, sum_of
from workbench.exact.rings import Balls, NotRational, Rationals, Undefined, identity, inverse
from workbench.exact.values import Point, Walker, evaluate
from workbench.language.laws import Directions, E, Gaussian, Haar, MatrixMean, Mixture, Random, ScalarMean, gaussian
from workbench.language.letters import Symmetric, Vector

Node = ScalarMean | MatrixMean
Moment = Callable[[tuple[int, ...]], fmpq]


def mean_over_labels(node: Node, letter: Mixture, point: Point, ring: Rationals) -> Any:
    """The mean over a mixture, every assignment of labels to columns in turn."""
    columns = int(evaluate(letter.cols, point).p)
    places = [Vector(f"column {j} of {letter.name}", letter.cols, 1) for j in range(columns)]
    there = {**point, **{place: identity(columns)[:, [j]] for j, place in enumerate(places)}}
    rest = [other for other in node.args[1:] if other != letter and other not in point]
    means = []
    for labels in choices(range(len(letter.weights)), repeat=columns):
        tokens = [
            gaussian(f"{letter.name}{j}", letter.rows, mean=letter.means[label], cov=letter.covs[label])
            for j, label in enumerate(labels)
        ]
        body = node.args[0].xreplace({letter: sp.MatAdd(*(t * place.T for t, place in zip(tokens, places)))})
        chance = prod((evaluate(letter.weights[label], point) for label in labels), start=fmpq(1))
        means.append(evaluate(E(body, *tokens, *rest), there, ring) * chance)
    return sum_of(means)


@dataclass(frozen=True)
class Beside:
    """Special variables beside the standard noise of the other, Gaussian letters of a mean."""

    gens: list[Noise]
    point: Point
    variances: list[fmpq]

    def integrated(self, inside: Any, moment: Moment) -> Any:
        """The integrand multiplied out, each monomial replaced by its moment."""
        size = len(self.gens)

        def entry_mean(entry: Any) -> Any:
            if not isinstance(entry, Noise):
                return entry
            if any(weight != PLAIN for weight in entry.terms):
                raise NotRational("an exponential or a step beside a random matrix that is no Gaussian")
            terms = (term for polynomial in entry.terms.values() for term in polynomial.to_dict().items())
            return sum(
                (c * moment(tuple(map(int, k[:size]))) * monomial_mean(k[size:], self.variances) for k, c in terms),
                fmpq(0),
            )

        value = Walker(self.point, NoiseRing(Rationals())).visit(inside)
        return np.vectorize(entry_mean, otypes=[object])(value) if isinstance(value, np.ndarray) else entry_mean(value)


def beside(names: list[str], node: Node, letter: Random, point: Point) -> Beside:
    """Variables by these names, and noise for every other letter; raises NotRational unless it is Gaussian."""
    others = [other for other in node.args[1:] if other != letter and other not in point]
    walker = Walker(point, Rationals())
    for other in others:
        if not isinstance(other, Gaussian) or any(part.has(letter) for part in other.args[3:]):
            raise NotRational(f"the brute-force mean over {letter} beside {other}; average over {other} first")
    shapes = [noise_shape(other, walker) for other in others]
    total = sum(rows * columns for rows, columns in shapes)
    context = fmpq_mpoly_ctx.get([*names, *(f"z{i}" for i in range(total))], "degrevlex")
    variances, inner, start = [fmpq(0)] * (len(names) + total), dict(point), len(names)
    for other, (rows, columns) in zip(others, shapes):
        places = np.arange(start, start + rows * columns).reshape(rows, columns)
        inner[other] = gaussian_entries(other, places, variances, context, point)
        start += rows * columns
    return Beside([Noise({PLAIN: g}) for g in context.gens()[: len(names)]], inner, variances[len(names) :])


def mean_over_haar(node: Node, letter: Haar, point: Point) -> Any:
    """The mean over a Haar matrix of dimension at most 3, in Euler angles and with both determinants.

    Raises NotRational in a higher dimension or beside random letters that are not Gaussian.
    """
    d, r = (int(evaluate(length, point).p) for length in letter.shape)
    if d > 3:
        raise NotRational(f"the brute-force mean over {letter} needs d ≤ 3; draw a smaller instance")
    angles = {1: [], 2: [(0, 1)], 3: [(0, 1), (1, 2), (0, 1)]}[d]
    noise = beside([f"a{i}" for i in range(2 * len(angles) + 1)], node, letter, point)
    turn = np.vectorize(noise.gens[0].constant, otypes=[object])(identity(d))
    for k, (i, j) in enumerate(angles):
        turn = turn @ _rotation(d, i, j, noise.gens[2 * k], noise.gens[2 * k + 1])
    turn[:, 0] = turn[:, 0] * noise.gens[-1]

    def moment(degrees: tuple[int, ...]) -> fmpq:
        if degrees[-1] % 2:
            return fmpq(0)
        pairs = [(degrees[2 * k], degrees[2 * k + 1]) for k in range(len(angles))]
        flat = [circle_moment(c, s) for k, (c, s) in enumerate(pairs) if k != 1]
        if not all(flat):
            return fmpq(0)
        return prod(flat, start=fmpq(1)) * (polar_moment(*pairs[1]) if d == 3 else 1)

    return replace(noise, point={**noise.point, letter: turn[:, :r]}).integrated(node.args[0], moment)


def mean_over_rotations(node: Node, letter: Haar, point: Point, ring: Rationals) -> Any:
    """The same; of a function of one projection of a direction, in a ball."""
    try:
        return mean_over_haar(node, letter, point)
    except NotRational:
        alone = isinstance(node, ScalarMean) and not [x for x in node.args[1:] if x != letter and x not in point]
        if not alone or not isinstance(ring, Balls):
            raise
        return mean_over_a_direction(node.inside, letter, point)


def mean_over_directions(node: Node, letter: Directions, point: Point) -> Any:
    """The mean over independent points of the sphere, every monomial by the moments of its columns."""
    d, n = (int(evaluate(length, point).p) for length in letter.shape)
    noise = beside([f"x{i}" for i in range(d * n)], node, letter, point)

    def moment(degrees: tuple[int, ...]) -> fmpq:
        return prod((sphere_moment(degrees[j::n], d) for j in range(n)), start=fmpq(1))

    entries = np.array(noise.gens, dtype=object).reshape(d, n)
    return replace(noise, point={**noise.point, letter: entries}).integrated(node.args[0], moment)


def sphere_moment(degrees: tuple[int, ...], d: int) -> fmpq:
    """E ∏ u_i^aᵢ on the unit sphere: ∏ (aᵢ − 1)!! over d(d + 2)…(d + Σa − 2), zero at odd degrees."""
    if any(degree % 2 for degree in degrees):
        return fmpq(0)
    top = prod((double_factorial(degree - 1) for degree in degrees), start=1)
    return fmpq(top) / prod((fmpq(d + 2 * k) for k in range(sum(degrees) // 2)), start=fmpq(1))


def _rotation(d: int, i: int, j: int, cosine: Noise, sine: Noise) -> np.ndarray:
    """The rotation in the plane of two axes."""
    turn = np.vectorize(lambda x: cosine.constant(x), otypes=[object])(identity(d))
    turn[i, i], turn[j, j], turn[i, j], turn[j, i] = cosine, cosine, -sine, sine
    return turn


def circle_moment(c: int, s: int) -> fmpq:
    """E[cos^c sin^s] for a uniform angle: (c − 1)!!(s − 1)!!/(c + s)!!, zero at odd degrees."""
    if c % 2 or s % 2:
        return fmpq(0)
    return fmpq(double_factorial(c - 1) * double_factorial(s - 1), double_factorial(c + s))


def polar_moment(c: int, s: int) -> fmpq:
    """E[cos^c sin^s] for the polar angle, with density (sin θ)/2 on [0, π]; needs s even."""
    if c % 2:
        return fmpq(0)
    if s % 2:
        raise NotRational("an odd power of the sine of the polar angle")
    # With x = cos θ uniform on [−1, 1]: E[x^c (1 − x²)^(s/2)].
    half = s // 2
    return sum((fmpq((-1) ** j * int(sp.binomial(half, j)), c + 2 * j + 1) for j in range(half + 1)), fmpq(0))


def mean_over_inverse_wishart(node: Node, letter: Any, point: Point) -> Any:
    """The mean over a Gaussian d×N matrix X of a polynomial in X Xᵀ and its inverse, by Bartlett's factors.

    Raises Undefined where the mean does not exist, NotRational when X stands elsewhere.
    """
    d, n = (int(evaluate(length, point).p) for length in letter.shape)
    if d >= n:
        raise Undefined(f"no moment of the inverse of {letter}*{letter}.T exists with {n} columns")
    lower, scale = triangular_factors(evaluate(letter.cov, point))
    if evaluate(letter.mean, point).any() or (evaluate(letter.token_cov, point) != identity(n)).any():
        raise NotRational(f"the brute-force mean over {letter} needs centred, independent columns")
    V, W = (Symmetric(f"{what} of {letter.name}", letter.rows, letter.rows) for what in ("inverse", "square"))
    inside = node.args[0].replace(lambda part: _is_inverse(part, letter), lambda part: _inverse_power(part, letter, V))
    inside = inside.replace(lambda part: isinstance(part, sp.MatMul | sp.Trace), lambda part: _paired(part, letter, W))
    if inside.has(letter):
        raise NotRational(f"{letter} stands outside {letter}*{letter}.T beside its inverse")
    below = [(i, j) for i in range(d) for j in range(i)]
    names = [f"u{i}" for i in range(d)] + [f"t{i}{j}" for i, j in below] + [f"r{i}" for i in range(d)]
    noise = beside(names, node, letter, point)
    entries, roots = dict(zip(below, noise.gens[d:])), noise.gens[-d:]
    back, middle = inverse(lower), _bartlett_inverse(d, noise.gens[:d], entries)
    factor = np.array([[entries.get((i, j), roots[i] if i == j else roots[0] * 0) for j in range(d)] for i in range(d)])
    values = {V: back.T @ middle @ back, W: lower @ factor @ factor.T @ lower.T}
    noise = replace(noise, point={**noise.point, **values})
    return noise.integrated(inside, lambda degrees: _bartlett_moment(degrees, d, n, scale))


def _is_inverse(part: Any, letter: Any) -> bool:
    return isinstance(part, sp.Inverse | sp.MatPow) and bool(part.exp.is_negative) and part.has(letter)


def _paired(part: Any, letter: Any, W: Any) -> Any:
    """A product, or a trace of one, with each X Xᵀ in it written W."""
    product = part.arg if isinstance(part, sp.Trace) else part
    factors = list(product.args) if isinstance(product, sp.MatMul) else [product]
    if isinstance(part, sp.Trace) and factors[0] == letter.T and factors[-1] == letter:
        factors = [*factors[1:], factors[0]]
    paired: list[Any] = []
    for factor in factors:
        if paired and paired[-1] == letter and factor == letter.T:
            paired[-1] = W
        else:
            paired.append(factor)
    value = paired[0] if len(paired) == 1 else sp.MatMul(*paired)
    return sp.Trace(value) if isinstance(part, sp.Trace) else value


def _inverse_power(part: Any, letter: Any, V: Any) -> Any:
    """A negative power of c·X Xᵀ by the letter V of (X Xᵀ)⁻¹."""
    scale, matrices = part.base.as_coeff_mmul()
    if matrices != letter * letter.T:
        raise NotRational(f"{part} is not an inverse of a multiple of {letter}*{letter}.T")
    return scale**part.exp * V ** (-part.exp)


def _bartlett_inverse(d: int, gens: list[Noise], entries: dict[tuple[int, int], Noise]) -> np.ndarray:
    """(T Tᵀ)⁻¹ for a lower triangular T, in uᵢ = 1/Tᵢᵢ and the entries below the diagonal."""
    back = np.empty((d, d), dtype=object)
    for i in range(d):
        for j in range(d):
            known = [entries[i, k] * back[k, j] for k in range(j, i)]
            back[i, j] = gens[i] if i == j else -(gens[i] * sum_of(known)) if known else gens[0] * 0
    return back.T @ back


def _bartlett_moment(degrees: tuple[int, ...], d: int, n: int, scale: np.ndarray) -> fmpq:
    """The mean of a monomial, with Tᵢᵢ² ~ sᵢχ²(N − i + 1) and T_ij ~ N(0, sᵢ) independent."""
    powers = [root - over for over, root in zip(degrees[:d], degrees[-d:])]  # of T_ii
    if any(degree % 2 for degree in (*powers, *degrees[d:-d])):
        return fmpq(0)  # turning the sign of a column of T leaves T Tᵀ where it is
    value, rows = fmpq(1), [i for i in range(d) for _ in range(i)]
    for i, power in enumerate(powers):
        value *= chi_moment(n - i, power // 2) * scale[i] ** (power // 2)
    for i, degree in zip(rows, degrees[d:-d]):
        value *= scale[i] ** (degree // 2) * double_factorial(degree - 1)
    return value


def chi_moment(freedom: int, order: int) -> fmpq:
    """E[χ^2k], also for negative k."""
    if order < 0:
        return inverse_chi_moment(freedom, -order)
    return prod((fmpq(freedom + 2 * j) for j in range(order)), start=fmpq(1))


def inverse_chi_moment(freedom: int, order: int) -> fmpq:
    """E[χ^-2k] = 1/∏ (ν − 2j); raises Undefined unless ν > 2k."""
    if order and freedom <= 2 * order:
        raise Undefined(f"the inverse chi-square moment of order {order} with {freedom} degrees of freedom")
    return 1 / prod((fmpq(freedom - 2 * j) for j in range(1, order + 1)), start=fmpq(1))


def exact_mean(node: Node, letter: Random, point: Point, ring: Rationals | None = None) -> Any:
    """The exact mean of a node, by the brute force of one letter's law and then of the others'."""
    if type(letter) not in BY_LAW:
        raise NotRational(f"the oracle does not know the law of {letter}")
    return BY_LAW[type(letter)](node, letter, point, ring or Rationals())


BY_LAW: dict[type[Random], Callable[..., Any]] = {
    **dict.fromkeys(OUTCOMES, mean_over_outcomes),
    Mixture: mean_over_labels,
    Directions: lambda node, letter, point, ring: mean_over_directions(node, letter, point),
    Haar: mean_over_rotations,
    Gaussian: lambda node, letter, point, ring: mean_over_inverse_wishart(node, letter, point),
}


def first_of(letters: list[Random], node: Node) -> Random:
    """The letter to sum over first: finite laws, then Haar matrices, then what stands under an inverse."""
    for law in (tuple(OUTCOMES), Mixture, Haar, Directions):
        for letter in letters:
            if isinstance(letter, law):
                return letter
    inverses = node.args[0].atoms(sp.Inverse, sp.MatPow)
    inside = [x for x in letters if isinstance(x, Gaussian) and any(_is_inverse(part, x) for part in inverses)]
    if not inside:
        raise NotRational(f"the oracle does not know the law of {letters[0]}")
    return inside[0]
