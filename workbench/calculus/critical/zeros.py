"""Zeros of a scalar expression in one parameter: solved exactly, counted, with the signs beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import arb, fmpq
from sympy import (
    ComplexRootOf,
    Expr,
    Poly,
    Rational,
    Symbol,
    cancel,
    factor,
    factor_list,
    roots,
    solve,
    together,
)

from workbench.calculus.errors import NoCrossing
from workbench.calculus.points import sign_at
from workbench.exact.values import enclosed, real_value


def is_real_at(value: Expr, point: Mapping, positive: bool) -> bool:
    """Whether the candidate is a real (positive) number at the point."""
    number = real_value(value, point)
    return number is not None and (not positive or bool(number > 0))


def zeros(expression: Expr, parameter: Symbol) -> list[Expr]:
    """The exact values of the parameter where the expression vanishes (solved, not yet checked)."""
    numerator = cancel(together(expression)).as_numer_denom()[0]
    if not numerator.has(parameter):
        raise NoCrossing(f"{expression} does not depend on {parameter}: it is never crossed by moving it")
    if not numerator.is_polynomial(parameter):
        return _by_sympy(expression, parameter)
    found: list[Any] = []
    for part, _ in factor_list(numerator, parameter)[1]:
        polynomial = Poly(part, parameter)
        exact = roots(polynomial, cubics=False, quartics=False)
        if sum(exact.values()) != polynomial.degree():
            exact = dict.fromkeys(_by_sympy(part, parameter), 1)
        if any(root.has(ComplexRootOf) for root in exact):
            raise NoCrossing(f"{part} = 0 has no closed solution; keep the equation as the claim")
        found += [factor(root) if root.is_rational_function() else root for root in exact]
    return found


def refuse_missing(expression: Expr, parameter: Symbol, candidates: list[Expr], point: Mapping, positive: bool) -> None:
    """Raise NoCrossing when Sturm counts other real zeros at this instance than the candidates are."""
    polynomial = univariate(cancel(together(expression)).as_numer_denom()[0], parameter, point)
    if polynomial is None or polynomial.degree() < 1:
        return
    real = distinct([real_value(c, point) for c in candidates if is_real_at(c, point, positive)])
    simple = polynomial.sqf_part()
    count = simple.count_roots(0, None) - (simple.eval(0) == 0) if positive else simple.count_roots()
    if count != len(real):
        raise NoCrossing(
            f"{expression} vanishes at {count} values of {parameter}, but only {len(real)} have a closed form"
        )


def distinct(numbers: list[Any]) -> list[Any]:
    """The numbers without repetitions; balls that overlap count as one."""
    kept: list[Any] = []
    for number in numbers:
        if not any(arb(number).overlaps(arb(other)) for other in kept):
            kept.append(number)
    return kept


def _by_sympy(expression: Expr, parameter: Symbol) -> list[Expr]:
    """SymPy's solutions of an equation outside the polynomials."""
    try:
        return list(solve(expression, parameter))
    except NotImplementedError as reason:
        raise NoCrossing(
            f"{expression} = 0 has no closed solution in {parameter}; keep the equation as the claim"
        ) from reason


def side_signs(expression: Expr, parameter: Symbol, value: Expr, point: Mapping) -> tuple[int, int]:
    """The signs just below and just above the value, at rational parameter points.

    The two points are moved inward until the polynomial has no other root or pole between them; an
    expression that is no polynomial is read at the closest pair, 2^-40 away.
    Raises NoCrossing where a sign cannot be decided.
    """
    at = enclosed(value, point)
    centre = nearest_rational(at)
    for bits in (10, 20, 40):
        width = (abs(centre) + 1) / fmpq(2) ** bits
        low, high = centre - width, centre + width
        if bits == 40 or alone_between(expression, parameter, point, low, high):
            signs = [sign_at(expression, {**point, parameter: side}) for side in (low, high)]
            if None not in signs and 0 not in signs:
                return signs[0], signs[1]  # type: ignore[return-value]
    raise NoCrossing(f"the sign of {expression} beside {parameter} = {value} cannot be decided here")


def nearest_rational(number: Any) -> fmpq:
    """A rational within 2^-80 of a number (the number itself when rational)."""
    if not isinstance(number, arb):
        return fmpq(number)
    scaled = (number * arb(2) ** 80).mid()
    return fmpq(int(scaled.floor().unique_fmpz()), 2**80)


def alone_between(expression: Expr, parameter: Symbol, point: Mapping, low: fmpq, high: fmpq) -> bool:
    """Whether the expression, at this instance, has at most one root or pole in [low, high] (Sturm)."""
    top, bottom = cancel(together(expression)).as_numer_denom()
    count = 0
    for part in (top, bottom):
        polynomial = univariate(part, parameter, point)
        if polynomial is None:
            return False
        if polynomial.degree() > 0:
            count += polynomial.sqf_part().count_roots(_rational(low), _rational(high))
    return count <= 1


def univariate(expression: Expr, parameter: Symbol, point: Mapping) -> Poly | None:
    """A polynomial in the parameter with the other letters at their values; None when it is none."""
    if not expression.is_polynomial(parameter):
        return None
    coefficients = []
    for coefficient in Poly(expression, parameter).all_coeffs():
        number = real_value(coefficient, point)
        if number is None or isinstance(number, arb):
            return None
        coefficients.append(_rational(number))
    return Poly.from_list(coefficients, parameter)


def _rational(number: fmpq) -> Expr:
    return Rational(int(number.p), int(number.q))
