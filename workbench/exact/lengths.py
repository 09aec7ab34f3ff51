r"""Means through lengths by brute force: powers and logarithms of |x|² and of det X Xᵀ, enclosed.

A monomial of the noise tilts its squares: E[∏ zᵢ^2kᵢ f(Σzᵢ²)] = ∏ E zᵢ^2kᵢ · E f(χ²) with n + 2Σkᵢ degrees of
freedom, because z^2k times the density of z² is that of χ²(1 + 2k). What is left is a ratio of two integrals over
a line, taken by rigorous quadrature; no Γ and no digamma function is used. A determinant is Bartlett's product.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from math import ceil, factorial, log, prod
from typing import Any

import numpy as np
import sympy as sp
from flint import acb, arb, fmpq, fmpq_mpoly_ctx

from workbench.exact.gaussians import gaussian_entries, monomial_mean, noise_shape
from workbench.exact.noise import PLAIN, Noise, NoiseRing
from workbench.exact.rings import Balls, NotRational, Rationals, Undefined, determinant
from workbench.exact.values import Point, Walker, evaluate
from workbench.language.laws import Gaussian, MatrixMean, Random, ScalarMean

Node = ScalarMean | MatrixMean
ONE = fmpq(1)


@lru_cache(maxsize=4096)
def functions_of_lengths(inside: Any, letters: tuple[Random, ...]) -> list[Any]:
    """Powers that are not whole and positive, and logarithms, of numbers that hold random letters."""
    nodes = inside.atoms(sp.Pow, sp.log) if letters else set()
    random = (node for node in nodes if node.args[0].has(*letters))
    return sorted((n for n in random if not (n.is_Pow and n.exp.is_Integer and n.exp > 0)), key=sp.default_sort_key)


def mean_of_lengths(node: Node, letters: list[Gaussian], point: Point, ring: Rationals) -> Any:
    """The mean of a polynomial times functions of lengths or of determinants. Raises NotRational for anything else."""

    if not isinstance(ring, Balls):
        raise NotRational("the mean of a function of a length")
    functions = functions_of_lengths(node.args[0], tuple(letters))
    stand_ins = {function: sp.Dummy(f"t{i}") for i, function in enumerate(functions)}
    walker, fresh = Walker(point, Rationals()), count(len(functions))
    shapes = [noise_shape(letter, walker) for letter in letters]
    total = len(functions) + sum(rows * columns for rows, columns in shapes)
    context = fmpq_mpoly_ctx.get([f"z{i}" for i in range(total)], "degrevlex")
    variances, inner = [fmpq(1)] * total, dict(point)
    for letter, (rows, columns) in zip(letters, shapes):
        places = np.array([[next(fresh) for _ in range(columns)] for _ in range(rows)])
        inner[letter] = gaussian_entries(letter, places, variances, context, point)
    noise = NoiseRing(Rationals())
    read = [function_of(function, Walker(inner, noise), variances, point) for function in functions]
    there = {**inner, **{t: Noise({PLAIN: context.gens()[i]}) for i, t in enumerate(stand_ins.values())}}
    integrand = Walker(there, noise).visit(node.args[0].xreplace(stand_ins))

    def entry_mean(entry: Any) -> Any:
        if not isinstance(entry, Noise):
            return arb(entry)
        if any(weight != PLAIN for weight in entry.terms):
            raise NotRational("an exponential or a step beside a length")
        value = arb(0)
        for degrees, coefficient in (term for p in entry.terms.values() for term in p.to_dict().items()):
            degrees = list(map(int, degrees))
            plain = monomial_mean([0] * len(functions) + degrees[len(functions) :], variances)
            if plain != 0:
                value += arb(coefficient) * arb(plain) * product_mean(read, degrees)
        return value

    if isinstance(integrand, np.ndarray):
        return np.vectorize(entry_mean, otypes=[object])(integrand)
    return entry_mean(integrand)


@dataclass(frozen=True)
class Function:
    """(a·∏χ²)^power or log(a·∏χ²): one χ² of some noise, or independent ones of a determinant."""

    places: tuple[int, ...]  # of the noise; none for a determinant
    freedoms: tuple[int, ...]
    scale: fmpq
    power: fmpq
    logarithms: int


def function_of(node: Any, walker: Walker, variances: list[fmpq], point: Point) -> Function:
    """A power or a logarithm read at a point."""
    power = evaluate(node.exp, point) if node.is_Pow else fmpq(0)
    logarithms, base = int(not node.is_Pow), node.args[0]
    if isinstance(base, sp.Determinant):
        scale, freedoms = bartlett(base, point)
        return Function((), freedoms, scale, power, logarithms)
    value = walker.visit(base)
    polynomial = value.terms.get(PLAIN) if isinstance(value, Noise) and list(value.terms) == [PLAIN] else None
    squares = {} if polynomial is None else {tuple(map(int, k)): c for k, c in polynomial.to_dict().items()}
    scales = {c * variances[k.index(2)] if sorted(k)[-2:] in ([0, 2], [2]) else None for k, c in squares.items()}
    if len(scales) != 1 or None in scales:
        raise NotRational(f"{base} is not the squared length of isotropic noise")
    return Function(tuple(sorted(k.index(2) for k in squares)), (len(squares),), scales.pop(), power, logarithms)


def bartlett(node: Any, point: Point) -> tuple[fmpq, tuple[int, ...]]:
    """det c·X Xᵀ as a number times independent χ² with N, N − 1, … degrees of freedom."""
    scale, factors = node.arg.as_coeff_mmul()
    X = next(iter(node.atoms(Gaussian)))
    if factors == X.T * X:
        rows, cov, other, columns = X.cols, X.token_cov, X.cov, X.rows
    elif factors == X * X.T:
        rows, cov, other, columns = X.rows, X.cov, X.token_cov, X.cols
    else:
        raise NotRational(f"{node} is not the determinant of a multiple of X*X.T")
    size, length = (int(evaluate(each, point).p) for each in (rows, columns))
    number = evaluate(other, point)[0, 0]
    if evaluate(X.mean, point).any() or (evaluate(other, point) != number * np.eye(length, dtype=int)).any():
        raise NotRational(f"the determinant {node} needs centred, independent columns")
    if length < size:
        raise Undefined(f"{node} is zero with {length} columns")
    value = determinant(evaluate(cov, point)) * (evaluate(scale, point) * number) ** size
    return value, tuple(length - i for i in range(size))


def product_mean(functions: list[Function], degrees: list[int]) -> arb:
    """The mean of a product of the functions, given the degrees of a monomial in them and in the noise."""
    value, seen = arb(1), set()
    groups: dict[Any, list[tuple[Function, int]]] = {}
    for function, times in zip(functions, degrees):
        if times:
            groups.setdefault(function.places or function, []).append((function, times))
    for used in groups.values():
        first = used[0][0]
        if seen & set(first.places):
            raise NotRational("lengths of overlapping noise")
        seen |= set(first.places)
        power = sum((function.power * times for function, times in used), fmpq(0))
        logarithms = sum(function.logarithms * times for function, times in used)
        value *= group_mean(first, power, logarithms, sum(degrees[place] for place in first.places))
    return value


def group_mean(function: Function, power: fmpq, logarithms: int, degree: int) -> arb:
    """E[y^power log(y)^logarithms] for y = a·∏χ², the noise tilted by a monomial of that degree."""
    scale = arb(function.scale)
    if not logarithms:
        parts = (chi_mean(nu + degree, power) for nu in function.freedoms)
        return scale ** arb(power) * prod(parts, start=arb(1))
    if len(function.freedoms) == 1:
        return scale ** arb(power) * chi_mean(function.freedoms[0] + degree, power, logarithms, function.scale)
    if power != 0 or logarithms > 1:
        raise NotRational("a power of the logarithm of a determinant")
    return scale.log() + sum((chi_mean(nu, fmpq(0), 1) for nu in function.freedoms), arb(0))


def chi_mean(freedom: int, power: fmpq, logarithms: int = 0, scale: fmpq = ONE) -> arb:
    """E[y^power log(a·y)^logarithms] for y ~ χ²(ν); raises Undefined where it is infinite."""
    rate = freedom + 2 * power
    if rate <= 0:
        raise Undefined(f"a power {power} of a χ² with {freedom} degrees of freedom")
    return line(rate, logarithms, scale) / line(fmpq(freedom), 0, ONE)


@lru_cache(maxsize=4096)
def line(rate: fmpq, logarithms: int, scale: fmpq) -> arb:
    """∫ exp(αt) (A + 2t)^k exp(−e^2t/2) dt, A = log a, enclosed: y = e^2t makes powers exponentials, log y linear."""
    a, k, shift = arb(rate), logarithms, arb(scale).log()
    size = abs(float(shift)) + 1
    left = arb(ceil((90 + 2 * size) / float(a)))
    edge = 120 + 8 * (float(a) + 2 * k) + 4 * size
    right = arb(log(edge) / 2)
    body = acb.integral(
        lambda t, _: (a * t).exp() * (shift + 2 * t) ** k * (-(2 * t).exp() / 2).exp(), -left, right
    ).real
    # |A + 2t|^k ≤ k! exp(δ(|A| + 2|t|))/δ^k, with δ = α/4 on the left and δ = 1 on the right.
    small = a / 4 if k else arb(1)
    bound = factorial(k) * (small * size).exp() / small**k if k else arb(1)
    before = bound * (2 / a) * (-a * left / 2).exp()
    height = (a + 2 * bool(k)) / 2 - 1
    y = (2 * right).exp()
    after = factorial(k) * arb(size if k else 0).exp() * y**height * (-y / 2).exp() * 4
    return body + arb(0, (before + after).upper())
