"""Kronecker products and stacked columns: A ⊗ B, and vec(A), the columns of A below each other.

vec(A X B) = (Bᵀ ⊗ A) vec(X), in the convention of Magnus and Neudecker.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from workbench.errors import BadInput
from workbench.language.arithmetic import is_matrix, multiplied


class Vec(sp.MatrixExpr):
    """The columns of a d×N matrix below each other: a column of length d·N."""

    arg = property(lambda self: self.args[0])

    @property
    def shape(self) -> tuple[Any, Any]:
        rows, columns = self.args[0].shape  # type: ignore[union-attr]
        return rows * columns, sp.S.One


def vec(value: Any) -> Any:
    """The columns of a matrix below each other; a column is its own. Raises BadInput for a number."""
    if not is_matrix(value):
        raise BadInput(f"vec(…) is taken of a matrix, and {value} is a number")
    return value if value.shape[1] == 1 else Vec(value)


def kron(first: Any, *others: Any) -> Any:
    """The Kronecker product of matrices; a number is a factor of the product."""
    factors = [each for each in (first, *others) if is_matrix(each)]
    numbers = [each for each in (first, *others) if not is_matrix(each)]
    product = sp.KroneckerProduct(*factors) if len(factors) > 1 else factors[0] if factors else sp.S.One
    return multiplied(sp.Mul(*numbers), product) if numbers else product


def factors_of(value: Any) -> tuple[Any, ...]:
    """The square factors of a Kronecker product, whose traces and determinants multiply; none of anything else."""
    factors = value.args if isinstance(value, sp.KroneckerProduct) else ()
    return factors if all(factor.shape[0] == factor.shape[1] for factor in factors) else ()
