"""Turning points: values of a number at which a formula may change course, read from the formula itself.

A kink, a step or a narrow bump is where some polynomial inside the formula vanishes or turns: t − 1/3 in
max(1 − 1000|t − 1/3|, 0), N − 100 in min(N, 100). Values drawn at random miss such places; these are tried as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil, floor
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq, fmpq_poly

from workbench.exact.instances import letters_of
from workbench.exact.rings import NotRational, Undefined, Unreadable
from workbench.exact.values import Values, floats
from workbench.language.letters import (
    SPD,
    Eigenvalue,
    Matrix,
    Overlap,
    Positive,
    Probability,
    Size,
    Symmetric,
    Vector,
)

STEEPEST = 12  # degrees of the polynomials whose roots are looked for
SCALABLE = (Matrix, Symmetric, SPD, Vector)
SCALES = tuple(fmpq(k) for k in range(1, 10))  # at which a polynomial in the scale of a matrix is looked at
NEAR = fmpq(1, 2**10)  # how near a turning point its neighbours lie, relative to it
GRID = np.exp2(np.arange(-(2**12), 2**12) / 8)  # over which the sign of what is no polynomial is followed: 2^±512
FEW = 6  # changes of sign that are kept for a formula, those nearest to one: sin(t) has them everywhere
TINY = float(np.finfo(float).tiny)  # places are found as closely as floats of any scale tell
UNKNOWN = (NotRational, Undefined, Unreadable, KeyError, ArithmeticError, ValueError, TypeError)
Point = Mapping[Any, Any]


def beside(point: Point, *expressions: Any) -> Iterator[dict[Any, Any]]:
    """The point with a number, or the scale of a matrix, at, between and beside turning points; sizes stay."""
    for letter in letters_of(*expressions):
        if isinstance(letter, sp.Symbol) and not isinstance(letter, Size | Eigenvalue):
            yield from ({**point, letter: value} for value in turning_points(letter, point, *expressions))
        elif type(letter) in SCALABLE and letter in point:
            scales = scales_where_it_turns(letter, point, *expressions)
            yield from ({**point, letter: point[letter] * scale} for scale in scales)


def scales_where_it_turns(letter: Any, point: Point, *expressions: Any) -> list[fmpq]:
    """What a matrix or a vector is to be multiplied with, so that traces and determinants in a formula turn."""
    places: set[fmpq] = set()
    for part in dict.fromkeys(part for each in expressions for part in parts(each, letter)):
        try:
            values = [Values({**point, letter: point[letter] * scale}).of(part) for scale in SCALES]
            places.update(roots(interpolated(values)))
        except UNKNOWN:
            continue
    tried = sorted(set(around(sorted(places))))
    return [scale for scale in tried if scale != 0 and (scale > 0 or type(letter) is not SPD)]


def interpolated(values: list[Any]) -> list[fmpq]:
    """The polynomial with these values at the scales, its leading coefficient first. Raises ValueError for none."""
    if not all(isinstance(value, fmpq) for value in values):
        raise ValueError("no rational numbers")
    known, basis, found = list(values), fmpq_poly([1]), fmpq_poly([])
    for order, scale in enumerate(SCALES):  # Newton's divided differences
        found, basis = found + known[0] * basis, basis * fmpq_poly([-scale, 1])
        known = [(b - a) / (SCALES[i + order + 1] - SCALES[i]) for i, (a, b) in enumerate(pairwise(known))]
    if found.degree() >= len(SCALES) - 1:
        raise ValueError("no polynomial of a low degree")
    return found.coeffs()[::-1]


def turning_points(letter: Any, point: Point, *expressions: Any) -> list[fmpq]:
    """The values of a number letter to be tried, the other letters being at a point; none where nothing turns.

    Parts that name letters which the point lacks are passed over.
    """
    others = Values({known: value for known, value in point.items() if known != letter})
    places: set[fmpq] = set()
    for part in dict.fromkeys(part for each in expressions for part in parts(each, letter)):
        try:
            places.update(roots_of(frozen(part, letter, others), letter))
        except UNKNOWN:
            continue
    found = whole(places) if isinstance(letter, Size) else around(sorted(places | ends(letter, places)))
    return sorted({value for value in found if allowed(letter, value)})


def parts(expression: Any, letter: Any) -> Iterator[Any]:
    """What an expression takes functions, roots and reciprocals of, as far as it moves with a letter.

    Of a maximum, also the differences of its arguments: it turns where two of them meet.
    """
    for node in sp.preorder_traversal(expression):
        inside = list(node.args) if isinstance(node, sp.Function | sp.Max | sp.Min) else []
        if isinstance(node, sp.Max | sp.Min | sp.core.relational.Relational):
            inside += [one - other for one, other in combinations(node.args, 2)]
        elif isinstance(node, sp.Pow) and not (node.exp.is_Integer and node.exp > 0):
            inside += node.args
        yield from (part for part in inside if isinstance(part, sp.Expr) and not part.is_Matrix and part.has(letter))


def frozen(node: Any, letter: Any, others: Values) -> Any:
    """A number with everything but one letter replaced by its value."""
    if node.has(letter):
        return node if node == letter else node.func(*(frozen(part, letter, others) for part in node.args))
    exact = others.of(node)
    fraction = fraction_of(exact) if isinstance(exact, fmpq) else Fraction(float(floats(exact)))
    return sp.Rational(fraction.numerator, fraction.denominator)


def fraction_of(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def roots_of(part: Any, letter: Any) -> set[fmpq]:
    """Where a function of one letter vanishes or turns: by its coefficients, or by its changes of sign."""
    with suppress(sp.PolynomialError, sp.CoercionFailed):
        return set(roots(coefficients_of(part, letter)))
    return {place for each in (part, sp.diff(part, letter)) for place in changes_of_sign(each, letter)}


def changes_of_sign(function: Any, letter: Any) -> list[fmpq]:
    """Where a function that is no polynomial changes its sign, at numbers of any scale; nothing where it is unknown."""
    from scipy.optimize import bisect  # a third of a second, which most statements need not spend

    with suppress(*UNKNOWN, NameError, AttributeError, RuntimeError), np.errstate(all="ignore"):
        valued = sp.lambdify(letter, function, ["scipy", "numpy"])
        grid = GRID if letter.is_positive else np.concatenate([-GRID[::-1], GRID])
        signs = np.sign(np.asarray(valued(grid), dtype=float) * np.ones_like(grid))
        at = np.flatnonzero(np.isfinite(signs[:-1]) & np.isfinite(signs[1:]) & (signs[:-1] != signs[1:]))
        nearest = sorted(at, key=lambda k: abs(np.log2(abs(grid[k]))))[:FEW]
        return [fmpq(*bisect(valued, grid[k], grid[k + 1], xtol=TINY).as_integer_ratio()) for k in nearest]
    return []


def roots(coefficients: list[fmpq]) -> Iterator[fmpq]:
    """Where a polynomial, its leading coefficient first, vanishes or turns; exactly where its degree is one."""
    while 1 < len(coefficients) <= STEEPEST + 1:
        if len(coefficients) == 2:
            yield -coefficients[1] / coefficients[0]
        else:
            for root in np.roots(floats(np.array(coefficients, dtype=object))):
                if abs(root.imag) <= abs(root) / 2**20:
                    yield fmpq(*Fraction(float(root.real)).limit_denominator(2**20).as_integer_ratio())
        highest = len(coefficients) - 1
        coefficients = [(highest - k) * c for k, c in enumerate(coefficients[:-1])]


def coefficients_of(node: Any, letter: Any) -> list[fmpq]:
    """The coefficients of a polynomial in one letter. Raises PolynomialError for what is none."""
    return [fmpq(int(c.p), int(c.q)) for c in map(sp.Rational, sp.Poly(node, letter).all_coeffs())]


def ends(letter: Any, places: set[fmpq]) -> set[fmpq]:
    """The ends of what a letter may be: something may happen between the last turning point and them."""
    if not places:
        return set()
    if isinstance(letter, Overlap):
        return {fmpq(-1), fmpq(1)}
    if isinstance(letter, Probability):
        return {fmpq(0), fmpq(1)}
    return {fmpq(0)} if isinstance(letter, Positive) else set()


def around(places: list[fmpq]) -> Iterator[fmpq]:
    """The places, close to both sides of each, between neighbours, and beyond the last."""
    for place in places:
        hair = NEAR * (abs(place) if place else 1)
        yield from (place, place - hair, place + hair)
    yield from ((one + other) / 2 for one, other in pairwise(places))
    for place in places[:1] + places[-1:]:
        yield from (place - 1 - abs(place), place + 1 + abs(place))


def whole(places: set[fmpq]) -> Iterator[fmpq]:
    """The whole numbers next to the places."""
    for place in places:
        yield from map(fmpq, range(floor(fraction_of(place)) - 1, ceil(fraction_of(place)) + 2))


def allowed(letter: Any, value: fmpq) -> bool:
    """Whether a letter of its class may have a value."""
    if isinstance(letter, Size):
        return value >= 1
    if isinstance(letter, Overlap):
        return -1 < value < 1
    if isinstance(letter, Probability):
        return 0 < value < 1
    return value > 0 or not isinstance(letter, Positive)
