"""Exact means over Student and elliptical columns: monomials in their lengths and Gaussian noise, by the moments."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
from flint import fmpq
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench.exact.rings import NotRational, Undefined
from workbench.exact.values import Point, evaluate
from workbench.exact.variables import Node, beside
from workbench.language.laws import E, gaussian
from workbench.language.letters import Vector
from workbench.language.students import ScaleMixture, Student


def mean_over_scales(node: Node, letter: ScaleMixture, point: Point) -> Any:
    """The mean over all Student and elliptical letters of a node.

    Raises Undefined where a monomial has no mean, NotRational where it is not determined, and beside random letters
    that are not Gaussian.
    """
    letters = [other for other in node.args[1:] if isinstance(other, ScaleMixture) and other not in point]
    counts = [int(evaluate(each.cols, point).p) for each in letters]
    lengths = [Vector(f"lengths of {each.name}", each.cols, 1) for each in letters]
    noises = [gaussian(f"noise of {each.name}", each.rows, each.cols, cov=each.scale) for each in letters]
    written = {each: each.mean + z * DiagMatrix(r) for each, r, z in zip(letters, lengths, noises)}
    rest = [other for other in node.args[1:] if other not in letters]
    inside = node.args[0].xreplace(written)
    names = [f"r{k}" for k in range(sum(counts))]
    noise = beside(names, E(inside, *noises, *rest), [], point)
    owners = [each for each, count in zip(letters, counts) for _ in range(count)]
    parameters = {each: evaluate(each.parameter, point) for each in letters}

    def moment(degrees: tuple[int, ...]) -> fmpq:
        each = zip(degrees, owners, strict=True)
        return prod((length_moment(degree, of, parameters[of]) for degree, of in each), start=fmpq(1))

    ends = np.cumsum(counts)
    columns = {
        r: np.array(noise.gens[end - count : end], dtype=object).reshape(count, 1)
        for r, end, count in zip(lengths, ends, counts)
    }
    return replace(noise, point={**noise.point, **columns}).integrated(inside, moment)


def length_moment(degree: int, letter: ScaleMixture, parameter: fmpq) -> fmpq:
    """E r^k, and 0 for odd k: what stands beside an odd power has the mean 0."""
    if isinstance(letter, Student):
        return student_moment(degree, parameter)
    if degree > 4:
        raise NotRational(f"a moment of order {degree} of {letter}, of which the kurtosis is known")
    return {0: fmpq(1), 2: fmpq(1), 4: parameter}.get(degree, fmpq(0))


def student_moment(degree: int, freedom: fmpq) -> fmpq:
    """E r^k of r² = ν/χ²_ν by E s^(-j) = E s^(1-j)/(ν − 2j)."""
    if degree and freedom <= degree:
        raise Undefined(f"a moment of order {degree} with {freedom} degrees of freedom")
    value = fmpq(1)
    for j in range(1, degree // 2 + 1):
        value *= freedom / (freedom - 2 * j)
    return value if degree % 2 == 0 else fmpq(0)
