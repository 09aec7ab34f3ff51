"""Quadratures: the primitive of a fraction of one unknown, by partial fractions, with real logarithms.

Powers and linear and quadratic denominators are integrated by the formulas of the textbook, whatever the
parameters are; log|w| is written ½ log w², which is right on both sides of a zero.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Poly, S, Symbol, apart, atan, factor_list, log, sqrt, together

from workbench.calculus.errors import NoClosedForm


def primitive(fraction: Expr, unknown: Symbol) -> Expr:
    """∫ fraction d unknown. Raises NoClosedForm when a denominator is no power of a linear or a quadratic one."""
    parts = Add.make_args(apart(together(fraction), unknown))
    return Add(*(_one(together(part), unknown) for part in parts))


def _one(part: Expr, unknown: Symbol) -> Expr:
    """The primitive of a polynomial, or of numerator / (scale · base^k)."""
    above, below = part.as_numer_denom()
    scale, factors = factor_list(below, unknown)
    factors = [(base, k) for base, k in factors if base.has(unknown)]
    if not factors:
        powers = Poly(above, unknown).terms()
        return Add(*(c * unknown ** (n + 1) / (n + 1) for (n,), c in powers)) / below
    if len(factors) != 1:
        raise NoClosedForm(f"{part} does not split into fractions with one factor below each")
    ((base, k),) = factors
    scale, degree = together(below / base**k), Poly(base, unknown).degree()
    if degree > 2 or (degree == 2 and k > 1):
        raise NoClosedForm(
            f"1/({base**k}) has no primitive that is written here; split into modes or shift {unknown} to a fixed point"
        )
    *_, slope, rest = [S.Zero, *Poly(above, unknown).all_coeffs()]
    if degree == 1:
        inner = Poly(base, unknown).all_coeffs()[0] * scale
        return rest / inner * (log_of_size(base) if k == 1 else base ** (1 - k) / (1 - k))
    p, q, r = Poly(base, unknown).all_coeffs()
    return (slope / (2 * p) * log_of_size(base) + (rest - slope * q / (2 * p)) * _bell(p, q, r, unknown)) / scale


def _bell(p: Any, q: Any, r: Any, unknown: Symbol) -> Expr:
    """∫ du/(p u² + q u + r), by the sign of its discriminant."""
    gap, slope = (4 * p * r - q**2).expand(), 2 * p * unknown + q
    if gap.is_positive:
        return 2 / sqrt(gap) * atan(slope / sqrt(gap))
    if gap.is_negative:
        root = sqrt(-gap)
        return (log_of_size(slope - root) - log_of_size(slope + root)) / root
    raise NoClosedForm(f"the sign of {gap} decides between a logarithm and an arctangent; declare letters positive")


def log_of_size(value: Expr) -> Expr:
    """log|value|."""
    return log(value) if value.is_positive else log(value**2) / 2
