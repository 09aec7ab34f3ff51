"""Rings: the numbers that exact evaluation runs on.

Rationals (`fmpq`), balls that enclose a real number (`arb`) and dual numbers (a value with its
derivative along one direction); matrices are numpy arrays of such numbers, and a few lines of
linear algebra serve them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, fmpq, fmpq_mat

from workbench.errors import NotRational, Undefined
from workbench.language.function_rows import row_of


class Unreadable(TypeError):
    """The walker does not know this kind of SymPy node."""


@dataclass(frozen=True)
class Dual:
    """A value with its derivative along one direction: (a + εb) with ε² = 0."""

    value: Any
    slope: Any

    def __add__(self, other: Any) -> Dual:
        other = as_dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Any) -> Dual:
        other = as_dual(other)
        return Dual(self.value * other.value, self.value * other.slope + self.slope * other.value)

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Any) -> Dual:
        return self + (-as_dual(other))

    def __rsub__(self, other: Any) -> Dual:
        return as_dual(other) - self

    def __truediv__(self, other: Any) -> Dual:
        other = as_dual(other)
        quotient = self.value / other.value
        return Dual(quotient, (self.slope - quotient * other.slope) / other.value)

    def __rtruediv__(self, other: Any) -> Dual:
        return as_dual(other) / self

    __radd__, __rmul__ = __add__, __mul__


def as_dual(value: Any) -> Dual:
    """A constant is a dual number that does not move."""
    return value if isinstance(value, Dual) else Dual(value, fmpq(0))


def is_zero(value: Any) -> bool:
    """Whether a ring element is certainly unusable as a pivot."""
    if isinstance(value, Dual):
        return is_zero(value.value)
    return value.contains(0) if isinstance(value, arb) else value == 0


def power(base: Any, exponent: int) -> Any:
    """baseⁿ by repeated multiplication, for a number or a square array."""
    if exponent < 0:
        return power(inverse(base), -exponent)
    times = np.matmul if isinstance(base, np.ndarray) else lambda a, b: a * b
    one = identity(len(base)) if isinstance(base, np.ndarray) else fmpq(1)
    return reduce(times, [base] * exponent, one)


def identity(size: int) -> np.ndarray:
    """The identity matrix over ℚ."""
    return np.array([[fmpq(int(i == j)) for j in range(size)] for i in range(size)], dtype=object)


def inverse(value: Any) -> Any:
    """1/value for a number, Gauss–Jordan for a square array; raises Undefined when singular."""
    if not isinstance(value, np.ndarray):
        if is_zero(value):
            raise Undefined("division by zero")
        return 1 / value
    return solve(value, identity(len(value)))


def solve(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """matrix⁻¹ right by Gauss–Jordan elimination; raises Undefined when singular."""
    size, rows = len(matrix), np.concatenate([matrix, right], axis=1)
    for column in range(size):
        pivot = next((r for r in range(column, size) if not is_zero(rows[r, column])), None)
        if pivot is None:
            raise Undefined("a matrix to be inverted is singular here")
        rows[[column, pivot]] = rows[[pivot, column]]
        rows[column] = rows[column] * (1 / rows[column, column])
        for r in range(size):
            if r != column:
                rows[r] = rows[r] - rows[column] * rows[r, column]
    return rows[:, size:]


def determinant(matrix: np.ndarray) -> Any:
    """The determinant: of rational numbers by flint, in other arithmetics by cofactors, every minor computed once."""
    if all(isinstance(entry, fmpq) for entry in matrix.flat):
        return fmpq_mat([list(row) for row in matrix]).det()
    columns = range(len(matrix))
    minors = {(j,): matrix[-1, j] for j in columns}  # of the last rows, by their columns; the ring need not divide
    for rows in range(2, len(matrix) + 1):
        above = matrix[-rows]
        minors = {
            taken: sum(
                ((-1) ** k * above[j] * minors[taken[:k] + taken[k + 1 :]] for k, j in enumerate(taken)), fmpq(0)
            )
            for taken in combinations(columns, rows)
        }
    return minors[tuple(columns)]


def rational_root(value: fmpq) -> fmpq:
    """The exact square root of a rational square; raises NotRational otherwise."""
    if not isinstance(value, fmpq) or value < 0:
        raise NotRational(f"the square root of {value}")
    root = fmpq(value.p.isqrt(), value.q.isqrt())
    if root * root != value:
        raise NotRational(f"the square root of {value}")
    return root


class Rationals:
    """Exact arithmetic over ℚ; what is not rational raises NotRational."""

    def constant(self, number: sp.Number | sp.NumberSymbol) -> Any:
        if number.is_Rational:
            return fmpq(int(number.p), int(number.q))
        if number.is_Float:
            exact = sp.Rational(number)
            return fmpq(int(exact.p), int(exact.q))
        raise NotRational(f"the number {number}")

    def embed(self, value: Any) -> Any:
        return value

    def function(self, node: sp.Function, argument: Any) -> Any:
        if isinstance(node, sp.exp) and argument == 0:
            return fmpq(1)
        raise NotRational(f"{type(node).__name__} of {argument}")

    def root(self, value: Any) -> Any:
        """The square root; of a dual number with its slope."""
        if isinstance(value, Dual):
            root = self.root(value.value)
            return Dual(root, value.slope / (2 * root))
        return self.plain_root(value)

    def plain_root(self, value: Any) -> Any:
        return rational_root(value)


KNOWN = {sp.pi: arb.pi, sp.E: arb.const_e, sp.EulerGamma: arb.const_euler}  # numbers that are no fractions


class Balls(Rationals):
    """Arithmetic with rigorous enclosures; every number is an `arb`."""

    def constant(self, number: sp.Number | sp.NumberSymbol) -> Any:
        if number in KNOWN:
            return KNOWN[number]()
        return arb(super().constant(number))

    def embed(self, value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return np.vectorize(self.embed, otypes=[object])(value)
        return arb(value) if isinstance(value, fmpq) else value

    def function(self, node: sp.Function, argument: Any) -> Any:
        row = row_of(type(node))
        if row is None or row.ball is None:
            raise Unreadable(f"no enclosure is known for {type(node).__name__}")
        arguments = argument if isinstance(argument, list) else [argument]
        balls = [arb(each) for each in arguments]
        if any(ball.is_nan() for ball in balls):
            raise Undefined(f"{type(node).__name__} of something that is no real number")
        return row.ball(*balls)

    def plain_root(self, value: Any) -> Any:
        return arb(value).sqrt()
