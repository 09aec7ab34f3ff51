"""Slopes: the gradient of a number in a letter, not yet computed.

`grad(E(f), W)` stands in a statement as E(f) does; the rules compute it, the lowering measures it.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, MatrixExpr, sympify

from workbench.errors import BadInput
from workbench.laws import Random, number
from workbench.letters import is_letter


class ScalarSlope(Expr):
    """The derivative of a number in a scalar letter."""

    is_commutative = True
    is_real = True


class MatrixSlope(MatrixExpr):
    """The gradient of a number in a matrix or vector letter; it has the shape of the letter."""

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[1].shape  # type: ignore[union-attr]


def grad(expression: Any, wrt: Any) -> ScalarSlope | MatrixSlope:
    """The gradient of a number in a letter.

    Raises BadInput when the expression is no number, or what it shall be differentiated in no fixed letter.
    """
    if not is_letter(wrt) or isinstance(wrt, Random):
        raise BadInput(f"grad(…) differentiates in a letter such as W, not in {wrt}")
    expression = sympify(expression)
    if getattr(expression, "is_Matrix", False) and tuple(expression.shape) != (1, 1):
        rows, columns = expression.shape
        raise BadInput(f"grad(…) is taken of a number, not of a {rows}×{columns} matrix; take tr(…) of it first")
    slope = MatrixSlope if getattr(wrt, "is_Matrix", False) else ScalarSlope
    return slope(number(expression), wrt)


__all__ = ["MatrixSlope", "ScalarSlope", "grad"]
