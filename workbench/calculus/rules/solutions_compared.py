"""Solutions compared: spectra and lists of fixed points, by trace identities and exact root counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np
from flint import arb, fmpq
from sympy import sympify

from workbench.calculus.agreement import Refuted, agree
from workbench.exact.enclosed_roots import solution_count
from workbench.exact.rings import Dual, Rationals
from workbench.exact.values import evaluate


def eigen_equation(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, direction: Any, eigenvalues: Mapping
) -> None:
    """The action of the line before on e_α e_βᵀ is this line times e_α e_βᵀ, in the eigenbasis."""
    size = len(point[direction])
    one_letter = any(left == right for left, right in eigenvalues.values())  # for both: the direction is e_α e_αᵀ
    diagonal = {}
    for letter in eigenvalues:
        values = [fmpq(2 * k + 3, 7) for k in range(size)]
        grid = np.array([[values[i] if i == j else fmpq(0) for j in range(size)] for i in range(size)])
        diagonal[letter] = grid
    for i in range(size):
        for j in [i] if one_letter else range(size):
            unit = np.array([[fmpq(int((a, b) == (i, j))) for b in range(size)] for a in range(size)])
            pairs = {}
            for letter, (left, right) in eigenvalues.items():
                pairs[left], pairs[right] = diagonal[letter][i, i], diagonal[letter][j, j]
            there = {**point, **diagonal, **pairs, direction: unit}
            agree(evaluate(before, there, ring), unit * evaluate(after, there, ring), "the eigenvalue equation")


def coordinates_on_eigenvectors(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, of: Any, vectors: Mapping
) -> None:
    """With a diagonal letter and its vectors on different basis vectors, the line before has these coordinates."""
    size = len(point[of])
    spread = [fmpq(2 * k + 3, 7) for k in range(size)]
    diagonal = np.array([[spread[i] if i == j else fmpq(0) for j in range(size)] for i in range(size)])
    values = list(dict.fromkeys(value for coordinates in vectors.values() for value in coordinates))
    for places in permutations(range(size), len(values)):
        there = {**point, of: diagonal, **{value: spread[place] for value, place in zip(values, places)}}
        for vector, coordinates in vectors.items():
            column = np.array([[fmpq(0)]] * size, dtype=object)
            for value, coordinate in coordinates.items():
                column[places[values.index(value)], 0] = evaluate(sympify(coordinate), there, ring)
            there[vector] = column
        found = evaluate(before, there, ring)
        expected = np.asarray(evaluate(after, there, ring), dtype=object).reshape(-1)
        if isinstance(found, np.ndarray):
            spanned = np.array([fmpq(0)] * size, dtype=object)
            spanned[list(places)] = expected
            agree(found.reshape(-1), spanned, "the coordinates on the eigenvectors")
        else:
            agree(found, expected[0], "the value on the eigenvectors")


def equations(line: Any) -> list[Any]:
    """A number that is to vanish, or the entries of a column of them."""
    return list(line) if getattr(line, "is_Matrix", False) else [line]


def all_solutions(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, unknowns: Sequence[Any], hypotheses: Any = ()
) -> None:
    """Every column of this line solves the line before, the columns differ, and there are as many as solutions."""
    columns = evaluate(after, point, ring).T
    for column in columns:
        there = {**point, **dict(zip(unknowns, column))}
        residual = np.asarray(evaluate(before, there, ring), dtype=object).reshape(-1)
        agree(residual, np.array([fmpq(0)] * len(residual)), "the equations at a solution")
    for i, column in enumerate(columns):
        if any(all(_equal(a, b) for a, b in zip(column, other)) for other in columns[:i]):
            raise Refuted("a solution is listed twice")
    count = solution_count(equations(before), list(unknowns), point)
    if count != len(columns):
        raise Refuted(f"{len(columns)} solutions are listed and there are {count}")


def _equal(a: Any, b: Any) -> bool:
    gap = a - b
    return gap.contains(0) if isinstance(gap, arb) else gap == 0


def power_sums(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, unknowns: Sequence[Any], at: Mapping[Any, Any]
) -> None:
    """The power sums of this line are the traces of the powers of the Jacobian of the line before."""
    there = {unknown: evaluate(sympify(at[unknown]), point, ring) for unknown in unknowns}
    columns = []
    for moving in unknowns:
        duals = {u: Dual(value, fmpq(int(u == moving))) for u, value in there.items()}
        field = np.asarray(evaluate(before, {**point, **duals}, ring), dtype=object)
        columns.append([_slope(entry) for entry in field.reshape(-1)])
    jacobian = np.array(columns, dtype=object).T
    eigenvalues, matrix = evaluate(after, point, ring).reshape(-1), jacobian
    if len(eigenvalues) != len(unknowns):
        raise Refuted(f"{len(eigenvalues)} eigenvalues for {len(unknowns)} unknowns")
    for k in range(1, len(unknowns) + 1):
        agree(np.sum(eigenvalues**k), np.trace(matrix), f"the trace of the Jacobian to the power {k}")
        matrix = matrix @ jacobian


def _slope(entry: Any) -> Any:
    return entry.slope if isinstance(entry, Dual) else fmpq(0)


def one_crosses(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, parameter: Any, of: str = "hessian"
) -> None:
    """One eigenvalue of the line before vanishes at this line's value and changes sign there."""
    scale = evaluate(after, point, ring)
    below, here, above = (
        np.asarray(evaluate(before, {**point, parameter: scale * fmpq(k, 16)}, ring)).reshape(-1) for k in (15, 16, 17)
    )
    crossing = [i for i in range(len(here)) if below[i] * above[i] < 0]
    if not crossing:
        raise Refuted(f"no eigenvalue changes sign at {scale}")
    if len(crossing) == 1:
        agree(here[crossing[0]], fmpq(0), "the eigenvalue at the critical scale")
    elif not any(_equal(here[i], fmpq(0)) for i in crossing):
        raise Refuted(f"no eigenvalue vanishes at {scale}")
