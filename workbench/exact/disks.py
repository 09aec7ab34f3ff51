"""Disks: whether all eigenvalues of a matrix lie inside the unit circle, decided in a ring without computing them.

Source: Schur (1918) and Cohn (1922); the characteristic polynomial by Faddeev and LeVerrier
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq

from workbench.exact.rings import determinant, identity


class OnTheCircle(ArithmeticError):
    """Balls are too wide to say on which side of the unit circle an eigenvalue lies."""


def characteristic(matrix: np.ndarray) -> list[Any]:
    """The coefficients of det(x − A), the highest first."""
    size = len(matrix)
    found, product = [fmpq(1)], identity(size) * fmpq(0)
    for k in range(1, size + 1):
        product = matrix @ product + identity(size) * found[-1]
        found.append(np.trace(matrix @ product) * fmpq(-1, k))
    return found


def inside(matrix: np.ndarray) -> bool:
    """Whether every eigenvalue is smaller than one. Raises OnTheCircle where balls do not tell."""
    row = characteristic(matrix)
    while len(row) > 1:
        first, last = row[0], row[-1]
        gap = first * first - last * last
        if not gap > 0:
            if not gap <= 0:
                raise OnTheCircle("an eigenvalue is enclosed on both sides of the unit circle")
            return False
        row = [first * a - last * b for a, b in zip(row[:-1], row[:0:-1])]
    return True


def products_less_one(matrix: np.ndarray) -> Any:
    """The product of λ_i λ_j − 1 over all pairs of eigenvalues: zero where one is ±1, or two conjugate ones are on
    the unit circle."""
    size = len(matrix) ** 2
    squared = (matrix[:, None, :, None] * matrix[None, :, None, :]).reshape(size, size)
    return determinant(squared - identity(size))
