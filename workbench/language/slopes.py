"""Slopes and limits: the gradient of a number in a letter, and what a number tends to, not yet computed.

`grad(E(f), W)` and `lim(E(f))` stand in a statement as E(f) does; the rules compute them, the lowering measures them.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, MatrixExpr, sympify

from workbench.errors import BadInput
from workbench.language.laws import Random, number
from workbench.language.letters import Size, is_letter


class ScalarSlope(Expr):
    """The derivative of a number in a scalar letter."""

    is_commutative = True
    is_real = True


class MatrixSlope(MatrixExpr):
    """The gradient of a number in a matrix or vector letter; it has the shape of the letter."""

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[1].shape  # type: ignore[union-attr]


class ScalarLimit(Expr):
    """What a number tends to as all sizes grow in fixed proportions."""

    is_commutative = True
    is_real = True

    @property
    def inside(self) -> Expr:
        return self.args[0]  # type: ignore[return-value]


def lim(expression: Any) -> ScalarLimit:
    """What a number tends to as all sizes grow in fixed proportions: d → ∞ and N → ∞, d/N as it is.

    Fixed matrices keep their spectra and fixed vectors their lengths. Raises BadInput when the expression is no number.
    """
    expression = sympify(expression)
    if getattr(expression, "is_Matrix", False) and tuple(expression.shape) != (1, 1):
        rows, columns = expression.shape
        raise BadInput(f"lim(…) is taken of a number, not of a {rows}×{columns} matrix; take tr(…) of it first")
    return ScalarLimit(number(expression))


def grad(expression: Any, wrt: Any) -> ScalarSlope | MatrixSlope:
    """The gradient of a number in a letter.

    Raises BadInput when the expression is no number, or what it shall be differentiated in no fixed letter.
    """
    if not is_letter(wrt) or isinstance(wrt, Random):
        raise BadInput(f"grad(…) differentiates in a letter such as W, not in {wrt}")
    if isinstance(wrt, Size):
        raise BadInput(f"grad(…) differentiates in a letter such as W, not in the size {wrt}, which is a whole number")
    expression = sympify(expression)
    if getattr(expression, "is_Matrix", False) and tuple(expression.shape) != (1, 1):
        rows, columns = expression.shape
        raise BadInput(f"grad(…) is taken of a number, not of a {rows}×{columns} matrix; take tr(…) of it first")
    slope = MatrixSlope if getattr(wrt, "is_Matrix", False) else ScalarSlope
    return slope(number(expression), wrt)


__all__ = ["MatrixSlope", "ScalarLimit", "ScalarSlope", "grad", "lim"]
