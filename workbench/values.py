"""Values: what an expression is worth at one exact point.

One walker over SymPy expressions, several arithmetics. Matrices are numpy arrays whose entries are
elements of a ring: rationals (`fmpq`), balls that enclose a real number (`arb`), dual numbers
(value and directional derivative), or polynomials in the noise under a mean (`workbench.oracle`).
Nothing here simplifies: this is the independent re-check of everything the calculus derives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce, singledispatchmethod
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, fmpq
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.laws import MatrixMean, ScalarMean

Point = Mapping[sp.Basic, Any]


class NotRational(ArithmeticError):
    """The value is not a rational number that exact arithmetic can reach; use balls."""


class Undefined(ArithmeticError):
    """The expression has no value at this point (a division by zero, a singular matrix)."""


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
    """The determinant by cofactors along the first row (sizes here are small)."""
    if len(matrix) == 1:
        return matrix[0, 0]
    minors = (np.delete(matrix[1:], j, axis=1) for j in range(len(matrix)))
    return sum(
        ((-1) ** j * entry * determinant(minor) for j, (entry, minor) in enumerate(zip(matrix[0], minors))),
        fmpq(0),
    )


def rational_root(value: fmpq) -> fmpq:
    """The exact square root of a rational square; raises NotRational otherwise."""
    if not isinstance(value, fmpq) or value < 0:
        raise NotRational(f"the square root of {value}")
    root = fmpq(value.p.isqrt(), value.q.isqrt())
    if root * root != value:
        raise NotRational(f"the square root of {value}")
    return root


BALL_FUNCTIONS: dict[type, Callable[..., arb]] = {
    sp.exp: lambda x: x.exp(),
    sp.log: lambda x: x.log(),
    sp.erf: lambda x: x.erf(),
    sp.sin: lambda x: x.sin(),
    sp.cos: lambda x: x.cos(),
    sp.tan: lambda x: x.tan(),
    sp.asin: lambda x: x.asin(),
    sp.acos: lambda x: x.acos(),
    sp.atan: lambda x: x.atan(),
    sp.sinh: lambda x: x.sinh(),
    sp.cosh: lambda x: x.cosh(),
    sp.tanh: lambda x: x.tanh(),
    sp.Abs: lambda x: abs(x),
    sp.sign: lambda x: x.sgn(),
    sp.Heaviside: lambda x, at_zero: at_zero if x == 0 else (1 + x.sgn()) / 2,
    sp.Max: lambda *xs: reduce(lambda a, b: a.max(b), xs),
    sp.Min: lambda *xs: reduce(lambda a, b: a.min(b), xs),
    sp.gamma: lambda x: x.gamma(),
    sp.LambertW: lambda x: x.lambertw(),
}


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
        return rational_root(value)


class Balls(Rationals):
    """Arithmetic with rigorous enclosures; every number is an `arb`."""

    def constant(self, number: sp.Number | sp.NumberSymbol) -> Any:
        if number in (sp.pi, sp.E):
            return arb.pi() if number is sp.pi else arb(1).exp()
        return arb(super().constant(number))

    def embed(self, value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return np.vectorize(self.embed, otypes=[object])(value)
        return arb(value) if isinstance(value, fmpq) else value

    def function(self, node: sp.Function, argument: Any) -> Any:
        enclosing = getattr(type(node), "enclose", None) or BALL_FUNCTIONS.get(type(node))
        if enclosing is None:
            raise Unreadable(f"no enclosure is known for {type(node).__name__}")
        arguments = argument if isinstance(argument, list) else [argument]
        return enclosing(*map(arb, arguments))

    def root(self, value: Any) -> Any:
        return arb(value).sqrt()


class Walker:
    """Evaluates the nodes of an expression at one point, in one arithmetic."""

    def __init__(self, point: Point, ring: Rationals):
        self.point, self.ring = point, ring

    def many(self, nodes: Any) -> list[Any]:
        return [self.visit(node) for node in nodes]

    def size(self, node: sp.Expr) -> int:
        value = Walker(self.point, Rationals()).visit(node)
        return int(value.p) if isinstance(value, fmpq) else int(value)

    def visit(self, node: sp.Basic) -> Any:
        if node in self.point:
            return self.ring.embed(self.point[node])
        return self.read(node)

    @singledispatchmethod
    def read(self, node: Any) -> Any:
        raise Unreadable(f"cannot evaluate {type(node).__name__}: {node}")

    @read.register
    def _(self, node: sp.Number | sp.NumberSymbol) -> Any:
        return self.ring.constant(node)

    @read.register
    def _(self, node: sp.Symbol | sp.MatrixSymbol) -> Any:
        raise KeyError(f"no value was given for the letter {node}")

    @read.register
    def _(self, node: sp.Add | sp.MatAdd) -> Any:
        return reduce(lambda a, b: a + b, self.many(node.args))

    @read.register
    def _(self, node: sp.Mul | sp.MatMul) -> Any:
        values = self.many(node.args)
        scalars = [v for v in values if not isinstance(v, np.ndarray)]
        matrices = [v for v in values if isinstance(v, np.ndarray)]
        scale = reduce(lambda a, b: a * b, scalars, fmpq(1))
        return scale if not matrices else reduce(np.matmul, matrices) * scale

    @read.register
    def _(self, node: sp.Pow) -> Any:
        if node.base is sp.E:
            return self.apply(sp.exp(0, evaluate=False), self.visit(node.exp))
        base, exponent = self.visit(node.base), self.visit(node.exp)
        if isinstance(exponent, arb) and node.exp.is_Integer:
            exponent = fmpq(int(node.exp))
        if isinstance(exponent, fmpq) and exponent.q == 1:
            return power(base, int(exponent.p))
        if isinstance(exponent, fmpq) and exponent.q == 2:
            return power(self.ring.root(base), int(exponent.p))
        if not isinstance(self.ring, Balls):
            raise NotRational(f"{node}")
        return arb(base) ** arb(exponent)

    @read.register
    def _(self, node: sp.MatPow) -> Any:
        return power(self.visit(node.base), self.size(node.exp))

    @read.register
    def _(self, node: sp.Transpose) -> Any:
        return self.visit(node.arg).T

    @read.register
    def _(self, node: sp.Inverse) -> Any:
        return inverse(self.visit(node.arg))

    @read.register
    def _(self, node: sp.Trace) -> Any:
        return np.trace(self.visit(node.arg))

    @read.register
    def _(self, node: sp.Determinant) -> Any:
        return determinant(self.visit(node.arg))

    @read.register
    def _(self, node: sp.Identity) -> Any:
        return self.ring.embed(identity(self.size(node.shape[0])))

    @read.register
    def _(self, node: sp.ZeroMatrix | sp.OneMatrix) -> Any:
        shape = tuple(self.size(length) for length in node.shape)
        return np.full(shape, self.ring.embed(fmpq(int(isinstance(node, sp.OneMatrix)))), dtype=object)

    @read.register
    def _(self, node: sp.HadamardProduct) -> Any:
        return reduce(lambda a, b: a * b, self.many(node.args))

    @read.register
    def _(self, node: sp.HadamardPower) -> Any:
        exponent = self.size(node.exp)
        return np.vectorize(lambda entry: power(entry, exponent), otypes=[object])(self.visit(node.base))

    @read.register
    def _(self, node: sp.KroneckerProduct) -> Any:
        return reduce(np.kron, self.many(node.args))

    @read.register
    def _(self, node: DiagMatrix) -> Any:
        entries = self.visit(node.args[0]).reshape(-1)
        return identity(len(entries)) * entries

    @read.register
    def _(self, node: DiagonalOf) -> Any:
        return np.diagonal(self.visit(node.arg)).reshape(-1, 1)

    @read.register
    def _(self, node: sp.ImmutableDenseMatrix) -> Any:
        entries = np.empty(node.shape, dtype=object)
        for place in np.ndindex(*node.shape):
            entries[place] = self.visit(node[place])
        return entries

    @read.register
    def _(self, node: sp.Function | sp.Max | sp.Min) -> Any:
        if len(node.args) != 1:
            return self.ring.function(node, self.many(node.args))
        return self.apply(node, self.visit(node.args[0]))

    def apply(self, node: sp.Function, argument: Any) -> Any:
        """A function of one argument; of a dual number, by the function's own derivative."""
        if not isinstance(argument, Dual):
            return self.ring.function(node, argument)
        x = sp.Dummy("x", real=True)
        slope = Walker({x: argument.value}, self.ring).visit(node.func(x).diff(x))
        return Dual(self.apply(node, argument.value), slope * argument.slope)

    @read.register
    def _(self, node: ScalarMean | MatrixMean) -> Any:
        from workbench.oracle import mean

        return mean(node, self.point, self.ring)


def evaluate(expression: sp.Basic, point: Point, ring: Rationals | None = None) -> Any:
    """The value of an expression at a point: a ring element, or a numpy array of them.

    `point` gives every letter its value (rationals, or arrays of rationals; sizes included).
    Raises NotRational (use `Balls()`), Undefined, Unreadable, KeyError (a letter has no value).
    """
    return Walker(point, ring or Rationals()).visit(expression)


def value(expression: sp.Basic, point: Point) -> Any:
    """The value in the sharpest arithmetic that can express it: rational first, then balls."""
    try:
        return evaluate(expression, point, Rationals())
    except NotRational:
        return evaluate(expression, point, Balls())


def floats(value: Any) -> np.ndarray:
    """A value as float64, correctly rounded entry by entry."""

    def one(entry: Any) -> float:
        return float(entry.mid()) if isinstance(entry, arb) else int(entry.p) / int(entry.q)

    return np.vectorize(one, otypes=[float])(np.asarray(value, dtype=object))


def as_point(expression: sp.Basic, **letters: Any) -> dict[Any, Any]:
    """A point from plain numbers and nested lists, by the names of an expression's letters.

    Raises KeyError when a name is not a letter of the expression, or a letter is left out.
    """
    from workbench.instances import as_rational, letters_of

    known = {letter.name: letter for letter in letters_of(expression)}
    missing, extra = sorted(known.keys() - letters.keys()), sorted(letters.keys() - known.keys())
    if missing:
        raise KeyError(
            f"no value for the letters {', '.join(missing)}" + (f"; {', '.join(extra)} is unused" if extra else "")
        )
    return {known[name]: as_rational(value) for name, value in letters.items() if name in known}
