"""Powers of a recursion: a mean after any number of steps, in closed form.

The recursion m ↦ A m + c is one matrix B on (m, 1). Where its eigenvalues differ, Bᵀ = Σ_i λ_iᵀ Π_{j≠i}
(B − λ_j)/(λ_i − λ_j); where some are equal, Newton's form of the same interpolation holds slopes of λᵀ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from sympy import Add, Expr, Integer, Matrix, S, cancel, eye, factor, prod, roots

from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import NoClosedForm, NotAffine
from workbench.calculus.recursions.closing import closed
from workbench.calculus.recursions.functionals import EMPTY, State, said
from workbench.language.letters import Count

Part = tuple[Expr, Matrix]  # a function of the number of steps, and the row that it multiplies


def after_steps(line: Any, update: Mapping[Any, Any], times: Any) -> Expr:
    """The mean of a number after so many steps from the state, which stays a letter.

    Raises NotClosed, and NoClosedForm where an eigenvalue of the recursion is no root of a quadratic.
    """
    if not isinstance(times, Count):
        raise NotAffine(f"{times} is no number of steps; declare a count")
    functionals, rows = closed(line, update)
    columns = [*functionals, EMPTY]
    matrix = Matrix([[row.get(column, S.Zero) for column in columns] for row in [*rows, {EMPTY: S.One}]])
    first = State(tuple(update)).parts(polynomial(line))
    start = Matrix([[expression_of(first[column]) if column in first else S.Zero for column in columns]])
    values = [*map(said, functionals), S.One]
    return Add(*(share * weighed(row, values) for share, row in powered(start, matrix, times)))


def weighed(row: Matrix, values: Sequence[Any]) -> Expr:
    """A row times the functionals, every coefficient on its own."""
    return Add(*(factor(coefficient) * value for coefficient, value in zip(row, values)))


def powered(start: Matrix, matrix: Matrix, times: Any) -> Iterator[Part]:
    """A row times a power of a matrix, function by function of the exponent."""
    nodes = eigenvalues(matrix)
    if any(cancel(a - b) == 0 for a, b in combinations(nodes, 2)):
        yield from by_newton(start, matrix, times, nodes)
        return
    for node in nodes:
        others = [other for other in nodes if other != node]
        row = applied(start, matrix, others) / prod(node - other for other in others)
        yield node**times, row.applyfunc(cancel)


def eigenvalues(matrix: Matrix) -> list[Any]:
    """The eigenvalues of a recursion, multiple ones as often as they occur; that of constants comes first."""
    if matrix.is_upper or matrix.is_lower:
        found: list[Any] = list(matrix.diagonal())
    else:
        characteristic = matrix.charpoly()
        known = roots(factor(characteristic.as_expr()), characteristic.gen)
        found = [value for value, many in known.items() for _ in range(many)]
    if len(found) < matrix.rows:
        raise NoClosedForm("the eigenvalues of the recursion have no short form; ask for its critical rate instead")
    return sorted((factor(value) for value in found), key=lambda value: value != 1)


def applied(row: Matrix, matrix: Matrix, nodes: Sequence[Expr]) -> Matrix:
    """A row times (B − λ) for every node."""
    for node in nodes:
        row = (row * (matrix - node * eye(matrix.rows))).applyfunc(cancel)
    return row


def by_newton(start: Matrix, matrix: Matrix, times: Any, nodes: Sequence[Expr]) -> Iterator[Part]:
    """The same by divided differences, at nodes of which some are equal."""
    for place in range(len(nodes)):
        row = applied(start, matrix, nodes[:place])
        if not row.is_zero_matrix:
            yield divided(nodes[: place + 1], times), row


def divided(nodes: Sequence[Expr], times: Any) -> Expr:
    """The divided difference of λᵀ at nodes."""
    apart = next((pair for pair in combinations(range(len(nodes)), 2) if differ(nodes, *pair)), None)
    if apart is None:
        return slope(nodes[0], len(nodes) - 1, times)
    one, other = ([node for place, node in enumerate(nodes) if place != left] for left in apart)
    return (divided(other, times) - divided(one, times)) / factor(nodes[apart[0]] - nodes[apart[1]])


def differ(nodes: Sequence[Expr], one: int, other: int) -> bool:
    return cancel(nodes[one] - nodes[other]) != 0


def slope(node: Expr, order: int, times: Any) -> Expr:
    """The slope of λᵀ of that order, over the factorial of the order."""
    return prod((times - k) / Integer(k + 1) for k in range(order)) * node ** (times - order)
