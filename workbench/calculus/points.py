"""Rational points: where an answer is substituted back, and what it is worth there.

Letters stand where `workbench.exact.instances` draws them; ordinary SymPy symbols get small dyadic
rationals that respect their stated sign. Sizes are left to the drawing, so one identity is tried at
several sizes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any

import numpy as np
from flint import arb, fmpq
from sympy import Basic, Expr, MatrixSymbol, Symbol

from workbench.calculus.errors import NotASolution
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import PRECISION, enclosed
from workbench.language.letters import is_letter


def rational_point(expressions: Iterable[Basic], seed: str, hypotheses: Iterable[Basic] = ()) -> dict:
    """One exact value for every letter and every plain symbol of the expressions.

    `hypotheses` are inequalities between letters that the values must satisfy.
    """
    found = letters_of(*expressions)
    point = dict(draw([letter for letter in found if is_letter(letter)], seed, hypotheses=hypotheses))
    for symbol in found:
        if symbol in point:
            continue
        if isinstance(symbol, MatrixSymbol):
            raise NotASolution(
                f"no value can be drawn for {symbol}: it is a plain MatrixSymbol; "
                "declare it with workbench.language.letters.matrix, symmetric, spd, …"
            )
        point[symbol] = plain_value(symbol, Random(f"{seed}/{symbol.name}"))
    return point


def plain_value(symbol: Symbol, generator: Random) -> fmpq:
    """A small dyadic rational with the sign (and integrality) that the symbol was declared with."""
    if symbol.is_integer:
        number = fmpq(generator.randint(2, 9))
    else:
        number = fmpq(generator.randint(2, 40), 16)
    free = not (symbol.is_positive or symbol.is_nonnegative)
    return -number if symbol.is_negative or (free and generator.random() < 0.5) else number


def points(expressions: Iterable[Basic], seed: str, how_many: int, hypotheses: Iterable[Basic] = ()) -> Iterator[dict]:
    """Several rational points in general position, all of which satisfy the hypotheses."""
    expressions, hypotheses = list(expressions), list(hypotheses)
    for index in range(how_many):
        yield rational_point(expressions, f"{seed}/{index}", hypotheses)


def is_null(number: Any) -> bool:
    """Whether every entry is exactly 0, or a finite ball around 0 narrower than 2^-64."""
    entries = number.reshape(-1) if isinstance(number, np.ndarray) else [number]
    return all(_around_zero(entry) if isinstance(entry, arb) else entry == 0 for entry in entries)


def _around_zero(ball: arb) -> bool:
    """Not a number, or so wide a ball that it says nothing, is no zero."""
    return bool(ball.is_finite() and ball.contains(0) and ball.rad() < arb(2) ** -64)


def radius(number: Any) -> arb | None:
    """The widest ball among the entries; None when all are rational."""
    entries = number.reshape(-1) if isinstance(number, np.ndarray) else [number]
    balls = [entry.rad() for entry in entries if isinstance(entry, arb)]
    return max(balls) if balls else None


def sign_at(expression: Expr, point: Mapping) -> int | None:
    """The sign of a number at a point; None when a ball of 1024 bits still contains 0."""
    for precision in (PRECISION, 4 * PRECISION):
        number = enclosed(expression, point, precision)
        if isinstance(number, arb) and number.contains(0):
            continue
        return (number > 0) - (number < 0)
    return None
