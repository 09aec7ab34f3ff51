"""Exact means over complex Gaussian letters: monomials in z and its conjugate, which are taken for two variables.

E z^a conj(z)^b is a!·(E|z|²)^a where a = b, and zero elsewhere: the phase of z is uniformly random.
"""

from __future__ import annotations

from dataclasses import replace
from math import factorial, prod
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq

from workbench.exact.gaussians import triangular_factors
from workbench.exact.noise import Noise
from workbench.exact.rings import Dual, NotRational, Undefined, identity, inverse
from workbench.exact.values import Point, evaluate
from workbench.exact.variables import Node, beside
from workbench.exact.wisharts import in_squares, inverse_factor, is_inverse
from workbench.language.complex_gaussians import ComplexGaussian
from workbench.language.letters import Matrix


def mean_over_complex(node: Node, letter: ComplexGaussian, point: Point) -> Any:
    """The mean over all complex letters of a node, or over one that stands under an inverse.

    Raises NotRational beside random letters of other laws than Gaussian ones.
    """
    if any(is_inverse(part, letter) for part in node.args[0].atoms(sp.Inverse, sp.MatPow)):
        return _mean_over_inverse(node, letter, point)
    letters = [other for other in node.args[1:] if isinstance(other, ComplexGaussian) and other not in point]
    shapes = [tuple(int(evaluate(length, point).p) for length in each.shape) for each in letters]
    total = sum(rows * columns for rows, columns in shapes)
    noise = beside([f"{kind}{i}" for kind in ("x", "y") for i in range(total)], node, letters, point)
    inner, variances, start = dict(noise.point), [], 0
    for each, (rows, columns) in zip(letters, shapes):
        left, row_variances = factors_of(each, each.cov, point)
        right, column_variances = factors_of(each, each.token_cov, point)
        variances += [v * w for v in row_variances for w in column_variances]
        for value, turned, place in ((each, False, start), (each.H, True, start + total)):
            gens = np.array(noise.gens[place : place + rows * columns], dtype=object).reshape(rows, columns)
            entries = left @ gens @ right.T
            inner[value] = entries.T if turned else entries
        start += rows * columns
    moment = lambda degrees: phase_moment(degrees, variances)  # noqa: E731
    return replace(noise, point=inner).integrated(node.args[0], moment)


def factors_of(letter: ComplexGaussian, cov: Any, point: Point) -> tuple[np.ndarray, np.ndarray]:
    """The triangular factors of a covariance."""
    value = evaluate(cov, point)
    if any(isinstance(entry, Dual) for entry in value.flat):
        raise NotRational(f"the derivative of a mean along the covariance of {letter}")
    return triangular_factors(value)


def phase_moment(degrees: tuple[int, ...], variances: list[Any]) -> fmpq:
    """The mean of a monomial in numbers z and, behind them, their conjugates."""
    plain, turned = degrees[: len(variances)], degrees[len(variances) :]
    if plain != turned:
        return fmpq(0)
    return prod((factorial(power) * v**power for power, v in zip(plain, variances) if power), start=fmpq(1))


def _mean_over_inverse(node: Node, letter: ComplexGaussian, point: Point) -> Any:
    """The mean of a polynomial in W = Z Z.H and its inverse, by the triangular factor T of W.

    T_ii² is Gamma(N − i + 1) times a variance, what stands below the diagonal complex Gaussian. Raises Undefined where
    the mean does not exist, NotRational when Z stands elsewhere.
    """
    d, n = (int(evaluate(length, point).p) for length in letter.shape)
    if d > n:
        raise Undefined(f"{letter}*{letter}.H has no inverse with {n} columns")
    lower, scale = factors_of(letter, letter.cov, point)
    if (evaluate(letter.token_cov, point) != identity(n)).any():
        raise NotRational(f"the brute-force mean over {letter} needs independent columns")
    V, W = (Matrix(f"{what} of {letter.name}", letter.rows, letter.rows) for what in ("inverse", "square"))
    inside = in_squares(node.args[0], letter, letter.H, V, W)
    below = [(i, j) for i in range(d) for j in range(i)]
    names = [f"{kind}{i}" for kind in ("u", "r") for i in range(d)]
    names += [f"{kind}{i}{j}" for kind in ("x", "y") for i, j in below]
    noise = beside(names, node, [letter], point)
    over, roots, rest = noise.gens[:d], noise.gens[d : 2 * d], noise.gens[2 * d :]
    plain, turned = dict(zip(below, rest)), dict(zip(below, rest[len(below) :]))
    back = inverse(lower)
    values = {
        V: back.T @ inverse_factor(d, over, turned).T @ inverse_factor(d, over, plain) @ back,
        W: lower @ triangle(d, roots, plain) @ triangle(d, roots, turned).T @ lower.T,
    }
    variances = [scale[i] for i, _ in below]

    def moment(degrees: tuple[int, ...]) -> fmpq:
        powers = [root - inverted for inverted, root in zip(degrees[:d], degrees[d : 2 * d])]
        if any(power % 2 for power in powers):
            return fmpq(0)  # a phase at a column of T leaves T T.H where it is
        value = phase_moment(degrees[2 * d :], variances)
        for i, power in enumerate(powers):
            value *= gamma_moment(n - i, power // 2) * scale[i] ** (power // 2)
        return value

    return replace(noise, point={**noise.point, **values}).integrated(inside, moment)


def triangle(d: int, roots: list[Noise], entries: dict[tuple[int, int], Noise]) -> np.ndarray:
    """A lower triangular matrix."""
    return np.array([[entries.get((i, j), roots[i] if i == j else roots[0] * 0) for j in range(d)] for i in range(d)])


def gamma_moment(shape: int, order: int) -> fmpq:
    """E g^k of a Gamma variable, also for negative k; raises Undefined unless shape + k > 0."""
    if shape + order <= 0:
        raise Undefined(f"the moment of order {order} of a Gamma variable of shape {shape}")
    return fmpq(sp.rf(shape, order).p, sp.rf(shape, order).q) if order else fmpq(1)
