"""sympy.stats, which needs explicit sizes: E (xᵀAx)^k with two normals and numbers for A."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from protocol import SYMMETRIC, answer
from sympy.stats import E, Normal


def quadratic(k: int) -> Any:
    one, two = Normal("x1", 0, 1), Normal("x2", 0, 1)
    (a, b), (_, c) = SYMMETRIC
    form = a * one**2 + 2 * b * one * two + c * two**2
    return lambda: E((form**k).expand())


if __name__ == "__main__":
    answer({"quadratic": quadratic}, lambda result: [Fraction(int(result))])
