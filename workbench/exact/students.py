"""Exact means over Student vectors: monomials in a radius and Gaussian noise, by the moments of an inverse χ²."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flint import fmpq

from workbench.exact.rings import Undefined
from workbench.exact.values import Point, evaluate
from workbench.exact.variables import Node, beside
from workbench.language.laws import E, gaussian
from workbench.language.letters import Scalar
from workbench.language.students import Student


def mean_over_students(node: Node, letter: Student, point: Point) -> Any:
    """The mean over all Student letters of a node.

    Raises Undefined where a monomial has no mean, NotRational beside random letters that are not Gaussian.
    """
    letters = [other for other in node.args[1:] if isinstance(other, Student) and other not in point]
    radii = [Scalar(f"radius of {each.name}") for each in letters]
    noises = [gaussian(f"noise of {each.name}", each.rows, cov=each.scale) for each in letters]
    written = {each: each.mean + radius * z for each, radius, z in zip(letters, radii, noises)}
    rest = [other for other in node.args[1:] if other not in letters]
    inside = node.args[0].xreplace(written)
    noise = beside([f"r{k}" for k in range(len(radii))], E(inside, *noises, *rest), [], point)
    freedoms = [evaluate(each.freedom, point) for each in letters]

    def moment(degrees: tuple[int, ...]) -> fmpq:
        value = fmpq(1)
        for degree, freedom in zip(degrees, freedoms):
            value *= radius_moment(degree, freedom)
        return value

    return replace(noise, point={**noise.point, **dict(zip(radii, noise.gens))}).integrated(inside, moment)


def radius_moment(degree: int, freedom: fmpq) -> fmpq:
    """E r^k of r² = ν/χ²_ν by E s^(-j) = E s^(1-j)/(ν − 2j); what stands beside an odd power has the mean 0."""
    if degree and freedom <= degree:
        raise Undefined(f"a moment of order {degree} with {freedom} degrees of freedom")
    value = fmpq(1)
    for j in range(1, degree // 2 + 1):
        value *= freedom / (freedom - 2 * j)
    return value if degree % 2 == 0 else fmpq(0)
