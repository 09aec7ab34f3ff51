"""Trace forms: matrix equations that hold the unknown in traces too, as stationary covariances of descent do.

L(U) + Σ_k tr(Q_k U) R_k = C, everything else a function of one symmetric letter Λ. With the traces as numbers t_k the
solution is U_0(Λ) + Σ_k t_k U_k(Λ); the traces of that are as many linear equations for the t_k.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from sympy import Dummy, Expr, MatrixExpr, MatrixSymbol, S, Trace, cancel, expand, linear_eq_to_matrix, sympify

from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.critical.linear_maps import expression_of as from_words
from workbench.calculus.critical.linear_maps import words
from workbench.calculus.critical.stationary import stationary_point
from workbench.calculus.errors import NotAffine


def has_traces(equation: MatrixExpr, unknown: MatrixSymbol) -> bool:
    """Whether the unknown stands in a trace."""
    return any(trace.has(unknown) for trace in equation.atoms(Trace))


def solved(equation: MatrixExpr, unknown: MatrixSymbol) -> Any:
    """The matrix at which an equation with traces of the unknown vanishes. Raises NotAffine, NoClosedForm."""
    traces = {trace: Dummy(f"t_{k}", real=True) for k, trace in enumerate(held(equation, unknown))}
    plain = numbers_apart(equation, traces)
    parts = [S.One, *traces.values()]
    shares = [stationary_point(part_of(plain, number, traces, unknown), unknown) for number in parts]
    values = solution_of(traces, shares, unknown)
    terms = [value * share for value, share in zip([S.One, *values], shares)]
    return reduce(lambda one, other: one + other, terms)


def held(equation: MatrixExpr, unknown: MatrixSymbol) -> list[Trace]:
    """The traces that hold the unknown, in a fixed order."""
    return sorted((t for t in equation.atoms(Trace) if t.has(unknown)), key=str)


def numbers_apart(equation: MatrixExpr, traces: dict[Trace, Dummy]) -> dict[Any, Expr]:
    """The equation as words of matrices, with a number in place of each trace of the unknown."""
    return {word: expand(sympify(share).xreplace(traces)) for word, share in words(equation).items()}


def part_of(plain: dict[Any, Expr], number: Any, traces: dict[Trace, Dummy], unknown: MatrixSymbol) -> Any:
    """The equation for what one of the numbers multiplies: its terms, and all terms that hold the unknown."""
    kept = {}
    for word, share in plain.items():
        within = any(factor.has(unknown) for factor in word)
        if within and share.has(*traces.values()):
            raise NotAffine(f"{unknown} stands beside a trace that holds it as well; only linear equations are solved")
        kept[word] = share if within else coefficient(share, number, traces)
    rows = unknown.shape[0]
    return from_words({word: share for word, share in kept.items() if share != 0}, rows, rows)


def coefficient(share: Expr, number: Any, traces: dict[Trace, Dummy]) -> Any:
    """What a number multiplies in a coefficient; of one, what holds no such number."""
    if number is S.One:
        return sympify(share.xreplace(dict.fromkeys(traces.values(), S.Zero)))
    found: Any = share.coeff(number)
    if found.has(*traces.values()) or share.coeff(number, 2) != 0:
        raise NotAffine("a product of two traces of the unknown; only linear equations are solved")
    return found


def solution_of(traces: dict[Trace, Dummy], shares: list[Any], unknown: MatrixSymbol) -> list[Expr]:
    """The traces, from the equations that the solution makes of them."""
    numbers = list(traces.values())
    equations = []
    for trace, number in traces.items():
        constant, *slopes = [trace.xreplace({unknown: share}) for share in shares]
        equations.append(number - constant - sum(slope * other for slope, other in zip(slopes, numbers)))
    matrix, target = linear_eq_to_matrix([*map(normal, equations)], numbers)
    return [cancel(value) for value in matrix.LUsolve(target)]


def normal(number: Expr) -> Expr:
    """A number with its traces in normal form."""
    return expression_of(polynomial(number))
