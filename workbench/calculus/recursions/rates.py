"""Critical rates: the value of a parameter at which an affine recursion of means stops forgetting its start.

The recursion is stable while its eigenvalues are smaller than one. They leave the unit circle at 1, at −1, or as a
pair whose product is 1; where each happens is solved for exactly, and the first is told by exact root counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sympy import Expr, ImmutableMatrix, Matrix, Mul, Poly, cancel, diff, eye, factor, factor_list, roots

from workbench.calculus.critical.zeros import is_real_at, zeros
from workbench.calculus.errors import NoCrossing, NotAffine
from workbench.calculus.points import points
from workbench.exact.disks import OnTheCircle, inside
from workbench.exact.instances import as_rational
from workbench.exact.values import evaluate, real_value

INSTANCES = 3


def critical_rate(line: Any, unknowns: Sequence[Any], parameter: Any, hypotheses: Sequence[Any] = ()) -> Expr:
    """The value up to which the recursion of the unknowns, the line, is stable.

    Raises NotAffine, and NoCrossing where it is unstable at small values, or never.
    """
    matrix = linear_part(line, unknowns)
    candidates = [*{value: None for value in ways_out(matrix, parameter)}]
    found = {first_out(matrix, parameter, candidates, point) for point in instances(matrix, parameter, hypotheses)}
    rate, *others = found
    if rate is None or others:
        why = "depends on the other letters" if others else "is nowhere: it does not begin stable, or stays so"
        raise NoCrossing(f"where the recursion loses its stability in {parameter} {why}; state a hypothesis")
    return rate


def linear_part(line: Any, unknowns: Sequence[Any]) -> Matrix:
    """The matrix of an affine recursion of numbers."""
    rows = list(line) if isinstance(line, ImmutableMatrix) else [line]
    if len(rows) != len(unknowns) or any(getattr(row, "is_Matrix", False) for row in rows):
        raise NotAffine(f"{len(rows)} means and {len(unknowns)} letters for them; give one letter for each number")
    matrix = Matrix([[cancel(diff(row, unknown)) for unknown in unknowns] for row in rows])
    if matrix.has(*unknowns):
        raise NotAffine(f"the next means are not linear in {', '.join(map(str, unknowns))}")
    return matrix


def ways_out(matrix: Matrix, parameter: Any) -> Iterator[Expr]:
    """The values at which an eigenvalue is 1 or −1, or the product of two is 1."""
    one = eye(matrix.rows)
    conditions = [(matrix - one).det(), (matrix + one).det()]
    if matrix.rows == 2:
        conditions.append(matrix.det() - 1)
    if matrix.is_upper or matrix.is_lower:
        conditions = [matrix[i, i] + sign for i in range(matrix.rows) for sign in (-1, 1)]
    for condition in conditions:
        yield from short_zeros(cancel(condition).as_numer_denom()[0], parameter)


def short_zeros(condition: Expr, parameter: Any) -> Iterator[Any]:
    """The zeros of the factors that are linear or quadratic in the parameter; others have no short form."""
    if not condition.is_polynomial(parameter):
        yield from zeros(condition, parameter)
        return
    for part, _ in factor_list(condition, parameter)[1]:
        if 0 < (polynomial := Poly(part, parameter)).degree() < 3:
            yield from map(factor, roots(polynomial))


def instances(matrix: Matrix, parameter: Any, hypotheses: Sequence[Any]) -> Iterator[dict]:
    """Values of the other letters."""
    whole = Mul(*matrix.free_symbols - {parameter})
    return points([whole], f"rate/{parameter}", INSTANCES, hypotheses)


def first_out(matrix: Matrix, parameter: Any, candidates: Sequence[Expr], point: Mapping) -> Expr | None:
    """The candidate up to which the recursion is stable at a point; None where there is none."""
    there = {value: real_value(value, point) for value in candidates if is_real_at(value, point, True)}
    ordered = sorted(there, key=lambda value: float(there[value]))
    below = 0.0
    for value, beyond in zip(ordered, [*ordered[1:], None]):
        here = float(there[value])
        above = (here + float(there[beyond])) / 2 if beyond is not None else 2 * here
        if not stable(matrix, parameter, (below + here) / 2, point):
            return None
        if not stable(matrix, parameter, above, point):
            return value
        below = here
    return None


def stable(matrix: Matrix, parameter: Any, value: float, point: Mapping) -> bool:
    """Whether the recursion is stable at a value of the parameter."""
    there = {**point, parameter: as_rational(value)}
    try:
        return inside(np.asarray(evaluate(ImmutableMatrix(matrix), there), dtype=object))
    except OnTheCircle:
        return False
