"""Iterations of affine maps: the state of a deep network, or of a level, whose layers are one and the same step."""

from __future__ import annotations

from typing import Any

from sympy import Expr, MatPow, MatrixExpr, MatrixSymbol, Poly, PolynomialError, factor

from workbench.calculus.critical.linear_maps import affine_map, expression_of
from workbench.calculus.critical.stationary import stationary_point
from workbench.calculus.errors import NotAffine


def iterate(step: MatrixExpr, unknown: MatrixSymbol, times: Any, initial: MatrixExpr) -> Any:
    """The state after `times` steps U ↦ A·U + c from `initial`: U* + Aᵗ(initial − U*), with U* = A·U* + c.

    Re-check: take that many steps over ℚ.
    Raises NotAffine unless the step multiplies the unknown from the left only.
    """
    if not getattr(unknown, "is_Matrix", False):
        return iterate_number(step, unknown, times, initial)
    linear = affine_map(step, unknown)
    if not linear.terms or any(term.turned or term.right for term in linear.terms):
        raise NotAffine(f"{step} is no step A·{unknown} + c; multiply {unknown} from the left only")
    rows = unknown.shape[0]
    matrix = expression_of({term.left: term.coefficient for term in linear.terms}, rows, rows)
    fixed = stationary_point(step - unknown, unknown)
    return fixed + MatPow(matrix, times) * (initial - fixed)


def iterate_number(step: Expr, unknown: Any, times: Any, initial: Any) -> Expr:
    """The same for a number: u ↦ a·u + c from u₀ ends at u* + aᵗ(u₀ − u*), with u* = c/(1 − a)."""
    try:
        coefficients = Poly(step, unknown)
    except PolynomialError:
        coefficients = None
    if coefficients is None or coefficients.degree() != 1:
        raise NotAffine(f"{step} is no step a·{unknown} + c")
    slope, constant = coefficients.all_coeffs()
    if slope == 1:
        raise NotAffine(f"{step} adds the same at every step; it has no fixed point to iterate around")
    fixed = factor(constant / (1 - slope))
    return fixed + slope**times * (initial - fixed)
