"""Values: what an expression is worth at one exact point.

One walker over SymPy expressions, several arithmetics. Matrices are numpy arrays whose entries are
elements of a ring: rationals (`fmpq`), balls that enclose a real number (`arb`), dual numbers
(value and directional derivative), or polynomials in the noise under a mean (`workbench.exact.oracle`).
Nothing here simplifies: this is the independent re-check of everything the calculus derives.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce, singledispatchmethod
from math import inf
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx, fmpq
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.exact.products import product, trace_of_product
from workbench.exact.rings import (
    Balls,
    Dual,
    NotRational,
    Rationals,
    Undefined,
    Unreadable,
    as_dual,
    determinant,
    identity,
    inverse,
    power,
)
from workbench.language.kronecker import Vec

Point = Mapping[sp.Basic, Any]
MISSING = object()
PRECISION = 256  # bits of a ball; the radius reached is stated wherever a ball decides
HIGHEST = 2**12  # of the powers that are multiplied out exactly; g**(6*10**8) is as long as a library


class Walker:
    """Evaluates the nodes of expressions at one point, in one arithmetic; a part that recurs is tried once."""

    def __init__(self, point: Point, ring: Rationals):
        self.point, self.ring = point, ring
        self.found: dict[sp.Basic, Any] = {}
        self.beyond: dict[sp.Basic, ArithmeticError] = {}  # what has no value here, or none in this arithmetic, and why

    def many(self, nodes: Any) -> list[Any]:
        return [self.visit(node) for node in nodes]

    def size(self, node: sp.Expr | int) -> int:
        value = Walker(self.point, Rationals()).visit(sp.sympify(node))  # written-out matrices count in ints
        return int(value.p) if isinstance(value, fmpq) else int(value)

    def visit(self, node: sp.Basic) -> Any:
        if (value := self.found.get(node, MISSING)) is not MISSING:  # few look-ups: expressions are dear to hash
            return value
        if self.beyond and node in self.beyond:
            raise type(self.beyond[node])(str(self.beyond[node]))
        try:
            given = self.point.get(node, MISSING)
            value = self.reader(type(node))(self, node) if given is MISSING else self.ring.embed(given)
        except (NotRational, Undefined) as problem:
            self.beyond[node] = type(problem)(str(problem))
            raise
        self.found[node] = value
        return value

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
        scale, matrices = self.factors(node)
        return product(matrices) * scale if matrices else scale

    def factors(self, node: sp.Basic) -> tuple[Any, list[np.ndarray]]:
        """The values of a product's factors: its numbers multiplied, its matrices in their order."""
        values = self.many(node.args)
        scalars = (each for each in values if not isinstance(each, np.ndarray))
        return reduce(lambda a, b: a * b, scalars, fmpq(1)), [each for each in values if isinstance(each, np.ndarray)]

    @read.register
    def _(self, node: sp.Pow) -> Any:
        if node.base is sp.E:
            return self.apply(sp.exp(0, evaluate=False), self.visit(node.exp))
        base, exponent = self.visit(node.base), self.visit(node.exp)
        if isinstance(exponent, arb) and node.exp.is_Rational:
            exponent = fmpq(int(node.exp.p), int(node.exp.q))
        if isinstance(exponent, fmpq) and abs(exponent.p) <= HIGHEST:
            if exponent.q == 1:
                return power(base, int(exponent.p))
            if exponent.q == 2:
                return power(self.ring.root(base), int(exponent.p))
        if not isinstance(self.ring, Balls):
            raise NotRational(f"{node}")
        return self.real_power(base, exponent)

    def real_power(self, base: Any, exponent: Any) -> Any:
        """bᵉ as a ball; of dual numbers by (bᵉ)′ = e bᵉ⁻¹ b′ + e′ bᵉ ln b."""
        if not isinstance(base, Dual) and not isinstance(exponent, Dual):
            return arb(base) ** arb(exponent)
        (b, db), (e, de) = ((x.value, x.slope) for x in map(as_dual, (base, exponent)))
        found = self.real_power(b, e)
        slope = e * self.real_power(b, e - 1) * db
        return Dual(found, slope if de == 0 else slope + de * found * self.apply(sp.log(sp.Dummy("b")), b))

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
        if not isinstance(node.arg, sp.MatMul):
            return np.trace(self.visit(node.arg))
        scale, matrices = self.factors(node.arg)
        return trace_of_product(matrices) * scale

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
    def _(self, node: Vec) -> Any:
        return self.visit(node.arg).T.reshape(-1, 1)

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
            return self.apply_to_many(node, self.many(node.args))
        return self.apply(node, self.visit(node.args[0]))

    def apply(self, node: sp.Function, argument: Any) -> Any:
        """A function of one argument; of a dual number, by the function's own derivative."""
        if not isinstance(argument, Dual):
            return self.ring.function(node, argument)
        x = sp.Dummy("x", real=True)
        slope = Walker({x: argument.value}, self.ring).visit(node.func(x).diff(x))
        return Dual(self.apply(node, argument.value), slope * argument.slope)

    def apply_to_many(self, node: Any, arguments: list[Any]) -> Any:
        """A function of several arguments; of dual numbers, by the chain rule."""
        if not any(isinstance(argument, Dual) for argument in arguments):
            return self.ring.function(node, arguments)
        letters = [sp.Dummy(f"x{place}", real=True) for place in range(len(arguments))]
        values = [argument.value if isinstance(argument, Dual) else argument for argument in arguments]
        there, symbolic, slope = Walker(dict(zip(letters, values)), self.ring), node.func(*letters), fmpq(0)
        for letter, argument in zip(letters, arguments):
            if isinstance(argument, Dual):
                slope = slope + there.visit(symbolic.diff(letter)) * argument.slope
        return Dual(self.apply_to_many(node, values), slope)

    reader = staticmethod(read.dispatcher.dispatch)  # a singledispatchmethod wraps its function anew at every call


def evaluate(expression: sp.Basic, point: Point, ring: Rationals | None = None) -> Any:
    """The value of an expression at a point: a ring element, or a numpy array of them.

    `point` gives every letter its value (rationals, or arrays of rationals; sizes included).
    Raises NotRational (use `Balls()`), Undefined, Unreadable, KeyError (a letter has no value).
    """
    return Walker(point, ring or Rationals()).visit(sp.sympify(expression))  # a rule may be told a plain number


class Values:
    """What expressions are worth at one point, each in the sharpest arithmetic: rational first, then balls."""

    def __init__(self, point: Point):
        self.rational, self.enclosing = Walker(point, Rationals()), Walker(point, Balls())

    def of(self, expression: sp.Basic) -> Any:
        """The value of one expression; what it shares with earlier ones is not evaluated again."""
        try:
            return self.rational.visit(expression)
        except NotRational:
            return self.enclosing.visit(expression)


def value(expression: sp.Basic, point: Point) -> Any:
    """The value in the sharpest arithmetic that can express it: rational first, then balls."""
    return Values(point).of(expression)


def floats(value: Any) -> np.ndarray:
    """A value as float64, correctly rounded entry by entry; infinite beyond the largest float."""

    def one(entry: Any) -> float:
        if isinstance(entry, arb):
            return float(entry.mid())
        try:
            return int(entry.p) / int(entry.q)
        except OverflowError:
            return inf if entry > 0 else -inf

    return np.vectorize(one, otypes=[float])(np.asarray(value, dtype=object))


def enclosed(expression: sp.Basic, point: Mapping, precision: int = PRECISION) -> Any:
    """The value at a point: rational where possible, else a ball computed with that many bits."""
    before, ctx.prec = ctx.prec, precision
    try:
        return value(expression, point)
    finally:
        ctx.prec = before


def real_value(expression: sp.Basic, point: Mapping) -> Any:
    """The real value at a point, or None where there is none (a root of a negative number, a pole)."""
    try:
        number = enclosed(expression, point)
    except (NotRational, Undefined, Unreadable, ZeroDivisionError):
        return None
    return None if isinstance(number, arb) and not number.is_finite() else number
