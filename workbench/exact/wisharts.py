"""Exact means over inverse Wishart matrices, in Bartlett's independent variables."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq

from workbench.exact.gaussians import triangular_factors
from workbench.exact.noise import Noise, double_factorial
from workbench.exact.outcomes import sum_of
from workbench.exact.rings import NotRational, Undefined, identity, inverse
from workbench.exact.values import Point, evaluate
from workbench.exact.variables import Node, beside
from workbench.language.laws import E, gaussian
from workbench.language.letters import Symmetric


def mean_over_inverse_wishart(node: Node, letter: Any, point: Point) -> Any:
    """The mean over a Gaussian d×N matrix X of a polynomial in X Xᵀ and its inverse, by Bartlett's factors.

    Where XᵀX is inverted, the same of its transpose.
    Raises Undefined where the mean does not exist, NotRational when X stands elsewhere.
    """
    if stands_transposed(node.args[0], letter):
        across = gaussian(
            letter.name, *letter.shape[::-1], mean=letter.mean.T, cov=letter.token_cov, token_cov=letter.cov
        )
        rest = [other for other in node.args[1:] if other != letter]
        node = E(node.args[0].xreplace({letter.T: across, letter: across.T}), across, *rest)
        letter = across
    d, n = (int(evaluate(length, point).p) for length in letter.shape)
    if d >= n:
        raise Undefined(f"no moment of the inverse of {letter}*{letter}.T exists with {n} columns")
    lower, scale = triangular_factors(evaluate(letter.cov, point))
    if evaluate(letter.mean, point).any() or (evaluate(letter.token_cov, point) != identity(n)).any():
        raise NotRational(f"the brute-force mean over {letter} needs centred, independent columns")
    V, W = (Symmetric(f"{what} of {letter.name}", letter.rows, letter.rows) for what in ("inverse", "square"))
    inside = in_squares(node.args[0], letter, letter.T, V, W)
    below = [(i, j) for i in range(d) for j in range(i)]
    names = [f"u{i}" for i in range(d)] + [f"t{i}{j}" for i, j in below] + [f"r{i}" for i in range(d)]
    noise = beside(names, node, [letter], point)
    entries, roots = dict(zip(below, noise.gens[d:])), noise.gens[-d:]
    back, middle = inverse(lower), inverse_factor(d, noise.gens[:d], entries)
    factor = np.array([[entries.get((i, j), roots[i] if i == j else roots[0] * 0) for j in range(d)] for i in range(d)])
    values = {V: back.T @ middle.T @ middle @ back, W: lower @ factor @ factor.T @ lower.T}
    noise = replace(noise, point={**noise.point, **values})
    return noise.integrated(inside, lambda degrees: _bartlett_moment(degrees, d, n, scale))


def in_squares(inside: Any, letter: Any, turned: Any, V: Any, W: Any) -> Any:
    """An integrand with W for the product of a letter with its transpose (or adjoint), and V for the inverse of that.

    Raises NotRational when the letter stands elsewhere.
    """
    inside = inside.replace(
        lambda part: is_inverse(part, letter), lambda part: _inverse_power(part, letter * turned, V)
    )
    inside = inside.replace(
        lambda part: isinstance(part, sp.MatMul | sp.Trace), lambda part: _paired(part, letter, turned, W)
    )
    if inside.has(letter):
        raise NotRational(f"{letter} stands outside {letter * turned} beside its inverse")
    return inside


def stands_transposed(inside: Any, letter: Any) -> bool:
    """Whether an inverse in which a letter stands has the side of its columns, and not that of its rows."""
    sides = {part.shape[0] for part in inside.atoms(sp.Inverse, sp.MatPow) if is_inverse(part, letter)}
    return letter.shape[0] != letter.shape[1] and sides == {letter.shape[1]}


def is_inverse(part: Any, letter: Any) -> bool:
    """Whether a part is an inverse in which a letter stands."""
    return isinstance(part, sp.Inverse | sp.MatPow) and bool(part.exp.is_negative) and part.has(letter)


def _paired(part: Any, letter: Any, turned: Any, W: Any) -> Any:
    """A product, or a trace of one, with each X Xᵀ in it written W."""
    product = part.arg if isinstance(part, sp.Trace) else part
    factors = list(product.args) if isinstance(product, sp.MatMul) else [product]
    if isinstance(part, sp.Trace) and factors[0] == turned and factors[-1] == letter:
        factors = [*factors[1:], factors[0]]
    paired: list[Any] = []
    for factor in factors:
        if paired and paired[-1] == letter and factor == turned:
            paired[-1] = W
        else:
            paired.append(factor)
    value = paired[0] if len(paired) == 1 else sp.MatMul(*paired)
    return sp.Trace(value) if isinstance(part, sp.Trace) else value


def _inverse_power(part: Any, square: Any, V: Any) -> Any:
    """A negative power of c·X Xᵀ by the letter V of (X Xᵀ)⁻¹."""
    scale, matrices = part.base.as_coeff_mmul()
    if matrices != square:
        raise NotRational(f"{part} is not an inverse of a multiple of {square}")
    return scale**part.exp * V ** (-part.exp)


def inverse_factor(d: int, gens: list[Noise], entries: dict[tuple[int, int], Noise]) -> np.ndarray:
    """T⁻¹ for a lower triangular T, in uᵢ = 1/Tᵢᵢ and the entries below the diagonal."""
    back = np.empty((d, d), dtype=object)
    for i in range(d):
        for j in range(d):
            known = [entries[i, k] * back[k, j] for k in range(j, i)]
            back[i, j] = gens[i] if i == j else -(gens[i] * sum_of(known)) if known else gens[0] * 0
    return back


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
