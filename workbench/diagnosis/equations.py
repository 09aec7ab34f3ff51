"""Equations: where in a formula a polynomial may be wrong, and what the measurements say about it there.

The formula is opened from outside: exp(g) = y says g = log y, and inv(P)·R = y says R − P·y = 0. Each
equation has slots, sub-expressions whose change moves its residual linearly, so that coefficients inside an
exponential, an inverse or a denominator are found by the same linear fit as those outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import sympy as sp
from scipy.special import erfinv

from workbench.diagnosis.samples import Point

Array = np.ndarray
Solver = Callable[[Point, Array], Array]  # what a part must be for the whole to be as measured
Rebuild = Callable[[Any], Any]


@dataclass(frozen=True)
class Slot:
    """A part of a formula that an equation can correct; `moves(point, y, change)` is its effect on the residual."""

    expression: Any
    moves: Callable[[Point, Array, Array], Array]


@dataclass(frozen=True)
class Equation:
    """What vanishes when the slots are right: residual(point, y), linear in changes of the slots."""

    slots: tuple[Slot, ...]
    residual: Callable[[Point, Array], Array]
    rebuild: Callable[..., Any]  # new slots → the formula


UNDO: dict[type, Callable[[Array], Array]] = {
    sp.exp: np.log, sp.log: np.exp, sp.erf: erfinv, sp.asin: np.sin, sp.acos: np.cos, sp.atan: np.tan,
    sp.tanh: np.arctanh, sp.sinh: np.arcsinh,
}  # fmt: skip
DEPTH = 5


def equations(formula: Any) -> Iterator[Equation]:
    """The equations of a formula, from its outside to its inside."""
    for part, solve, rebuild in opened(formula, lambda _, y: y, lambda new: new, DEPTH):
        yield from of_part(part, solve, rebuild)


def of_part(part: Any, solve: Solver, rebuild: Rebuild) -> Iterator[Equation]:
    """part = y, and the same with its denominators multiplied out."""
    whole = Slot(part, lambda point, y, change: change)
    yield Equation((whole,), lambda point, y: solve(point, y) - point.value(part), rebuild)
    if not getattr(part, "is_Matrix", False):
        top, bottom = sp.fraction(part)
        if bottom.is_Add or bottom.has(sp.Add):
            yield quotient(top, bottom, solve, rebuild)
    elif isinstance(part, sp.MatMul | sp.Inverse):
        factors = list(part.args) if isinstance(part, sp.MatMul) else [part]
        for place, factor in enumerate(factors):
            inverted = inverse_of(factor)
            if inverted is not None and not isinstance(inverted, sp.MatrixSymbol):
                yield resolvent(factors, place, inverted, solve, rebuild)


def quotient(top: Any, bottom: Any, solve: Solver, rebuild: Rebuild) -> Equation:
    """top/bottom = y as top − y·bottom = 0."""
    slots = (
        Slot(top, lambda point, y, change: change),
        Slot(bottom, lambda point, y, change: -solve(point, y) * change),
    )
    return Equation(
        slots,
        lambda point, y: solve(point, y) * point.value(bottom) - point.value(top),
        lambda new, under: rebuild(new / under),
    )


def resolvent(factors: list[Any], place: int, inside: Any, solve: Solver, rebuild: Rebuild) -> Equation:
    """L·inv(P)·R = y as R − P·L⁻¹·y = 0."""
    left, right = factors[:place], factors[place + 1 :]
    size = sp.Identity(inside.shape[0])
    after = sp.MatMul(*right).doit(deep=False) if right else size

    def found(point: Point, y: Array) -> Array:
        return reduce(lambda value, f: divided(point.value(f), value), left, solve(point, y))

    slots = (
        Slot(inside, lambda point, y, change: -change @ found(point, y)),
        Slot(after, lambda point, y, change: change),
    )
    return Equation(
        slots,
        lambda point, y: point.value(inside) @ found(point, y) - point.value(after),
        lambda new, rest: rebuild(sp.MatMul(*left, sp.Inverse(new), rest)),
    )


def divided(by: Array, value: Array) -> Array:
    """by⁻¹ · value, for a number or a square matrix."""
    return value / by if by.ndim == 0 else np.linalg.solve(by, value)


def inverse_of(factor: Any) -> Any:
    """What a factor is the inverse of."""
    return factor.arg if isinstance(factor, sp.Inverse) else None


def opened(whole: Any, solve: Solver, rebuild: Rebuild, depth: int) -> Iterator[tuple[Any, Solver, Rebuild]]:
    """A part of the formula, and the parts inside it for which the whole can be solved."""
    yield whole, solve, rebuild
    if depth == 0:
        return
    for place, part in enumerate(whole.args):
        step = solving(whole, place)
        if step is None or part.is_Number or not part.args or isinstance(part, sp.MatrixSymbol):
            continue

        def inner(point: Point, y: Array, step: Solver = step) -> Array:
            return step(point, solve(point, y))

        def again(new: Any, place: int = place) -> Any:
            return rebuild(whole.func(*whole.args[:place], new, *whole.args[place + 1 :]))

        yield from opened(part, inner, again, depth - 1)


def solving(whole: Any, place: int) -> Solver | None:
    """How the value of one argument follows from the value of the whole, where it does."""
    part, others = whole.args[place], [a for i, a in enumerate(whole.args) if i != place]
    if type(whole) in UNDO:
        return lambda point, y: UNDO[type(whole)](y)
    if isinstance(whole, sp.Add | sp.MatAdd) and not is_polynomial(part):
        return lambda point, y: y - sum(point.value(other) for other in others)
    if isinstance(whole, sp.Mul) and not whole.is_Matrix:
        return lambda point, y: y / np.prod([point.value(other) for other in others])
    if isinstance(whole, sp.Pow) and place == 0 and whole.exp.is_Rational:
        return lambda point, y: np.sign(point.value(part)) * np.abs(y) ** (1 / float(whole.exp))
    if isinstance(whole, sp.MatMul) and getattr(part, "is_Matrix", False) and len(whole.args) == 2:
        if not getattr(others[0], "is_Matrix", False):
            return lambda point, y: y / point.value(others[0])
    return None


def is_polynomial(part: Any) -> bool:
    """Whether a part holds nothing that has to be opened."""
    return not part.has(sp.Function, sp.Inverse) and all(
        (power.exp.is_Integer and power.exp > 0) or power.base.is_Symbol for power in part.atoms(sp.Pow)
    )
