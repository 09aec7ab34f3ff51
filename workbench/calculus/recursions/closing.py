"""Closing a recursion: the mean of a functional after one step, and of what that asks for, until nothing is new.

The letters of a step are averaged, whatever the state was; since they are independent of it, the tower rule makes a
linear recursion of means of what is linear in the functionals that are followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Add, Expr, ImmutableMatrix, collect, factor_terms

from workbench.calculus.algebra.polynomials import TracePolynomial
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import NotAffine, NotClosed
from workbench.calculus.means.expectation import expect
from workbench.calculus.recursions.functionals import EMPTY, Followed, Functional, State, said
from workbench.language.laws import E, Random, random_letters
from workbench.language.letters import UnitVector

MOST = 12  # functionals that are followed together


def next_means(line: Any, update: Mapping[Any, Any], means: Mapping[Any, Any]) -> Any:
    """The means after one step, in the means before: a number or a matrix, or a column for several numbers.

    means: letter → functional of the state, the first of them the line.
    Raises NotClosed, NotAffine.
    """
    refuse(update)
    followed = Followed(State(tuple(update)), means)
    if not means or polynomial(next(iter(means.values()))) - polynomial(line):
        raise NotAffine(f"the first mean that is followed is that of the line, {line}; give it a letter")
    if len(means) > 1 and any(letter.is_Matrix for letter in means):
        raise NotAffine("one matrix is followed, or several numbers; follow traces of the matrix by its letter alone")
    rows = [linear_in(means, followed.linear(mean_after(each, update))) for each in means.values()]
    return rows[0] if len(rows) == 1 else ImmutableMatrix(rows)


def linear_in(means: Mapping[Any, Any], value: TracePolynomial) -> Any:
    """A mean after one step, collected by the means before."""
    line = expression_of(value)
    return line if value.shape is not None or any(m.is_Matrix for m in means) else by_letter(line, [*means])


def by_letter(line: Expr, letters: list[Any]) -> Expr:
    """A number as Σ coefficient·letter + rest."""
    parts = collect(line.expand(), letters, evaluate=False)
    return Add(*(factor_terms(share) * letter for letter, share in parts.items()))


def mean_after(functional: Any, update: Mapping[Any, Any]) -> TracePolynomial:
    """The mean of a functional after one step, whatever the state before was."""
    moved = functional.xreplace(dict(update))
    return polynomial(expect(E(moved)) if random_letters(moved) else moved)


def refuse(update: Mapping[Any, Any]) -> None:
    """Raises NotAffine for an update that is none."""
    for letter, after in update.items():
        if isinstance(letter, Random | UnitVector):
            raise NotAffine(f"{letter} is no plain letter, so it cannot be the state; declare a vector or a number")
        shapes = [tuple(each.shape) if getattr(each, "is_Matrix", False) else () for each in (letter, after)]
        if shapes[0] != shapes[1]:
            raise NotAffine(f"the next {letter} has another shape than {letter} itself")
    if not update:
        raise NotAffine("the update of the state is missing; write, e.g., update={e: e - eta*x*x.T*e}")


def closed(line: Any, update: Mapping[Any, Any]) -> tuple[list[Functional], list[dict[Functional, Any]]]:
    """The functionals that a number needs, and the mean of each after one step by functionals; EMPTY stands for one.

    Raises NotClosed, naming the functional at which no end is in sight.
    """
    refuse(update)
    state = State(tuple(update))
    first = state.parts(polynomial(line))
    queue, rows = [each for each in first if each != EMPTY], []
    for functional in queue:
        if len(queue) > MOST:
            raise NotClosed(
                f"{MOST} means do not close the recursion: it goes on to ask for that of {said(queue[-1])}; "
                "follow a matrix such as e*e.T instead"
            )
        parts = state.parts(mean_after(said(functional), update))
        for part in parts:
            if state.degree(part) > state.degree(functional):
                raise NotClosed(
                    f"the recursion does not close: the next mean of {said(functional)} asks for that of "
                    f"{said(part)}, and so on"
                )
        rows.append({part: expression_of(value) for part, value in parts.items()})
        queue += [part for part in parts if part != EMPTY and part not in queue]
    return queue, rows
