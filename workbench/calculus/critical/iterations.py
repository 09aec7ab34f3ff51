"""Iterations of affine maps: the state of a deep network whose layers are one and the same step."""

from __future__ import annotations

from typing import Any

from sympy import MatPow, MatrixExpr, MatrixSymbol

from workbench.calculus.critical.linear_maps import affine_map, expression_of
from workbench.calculus.critical.stationary import stationary_point
from workbench.calculus.errors import NotAffine


def iterate(step: MatrixExpr, unknown: MatrixSymbol, times: Any, initial: MatrixExpr) -> Any:
    """The state after `times` steps U ↦ A·U + c from `initial`: U* + Aᵗ(initial − U*), with U* = A·U* + c.

    Re-check: take that many steps over ℚ.
    Raises NotAffine unless the step multiplies the unknown from the left only.
    """
    linear = affine_map(step, unknown)
    if not linear.terms or any(term.turned or term.right for term in linear.terms):
        raise NotAffine(f"{step} is no step A·{unknown} + c; multiply {unknown} from the left only")
    rows = unknown.shape[0]
    matrix = expression_of({term.left: term.coefficient for term in linear.terms}, rows, rows)
    fixed = stationary_point(step - unknown, unknown)
    return fixed + MatPow(matrix, times) * (initial - fixed)
