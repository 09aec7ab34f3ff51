"""Degrees: how likely a false identity is to pass, by the lemma of Schwartz and Zippel.

A line of a proof is tried at a point whose numbers are drawn from a grid. There it is an equation
between rational functions of the numbers drawn; if it is false, the numerator of the difference
vanishes with a chance of at most its degree over the number of values in the grid. The degree is
counted on the structure of the formulas: nothing is expanded, so it is a bound, and a generous one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce, singledispatchmethod
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.exact.values import evaluate
from workbench.language import letters as L
from workbench.language.complex_gaussians import Adjoint, ComplexGaussian
from workbench.language.kronecker import Vec
from workbench.language.laws import Gaussian, Mask, MatrixMean, Random, ScalarMean

# Numbers of a proof's points, and the directions of its derivatives, have at least 2^BITS values to be drawn from.
BITS = 80
Factors = Mapping[tuple[str, Fraction], Fraction]  # (a polynomial's name, its degree) → its power


class NoBound(ArithmeticError):
    """The degree cannot be counted: the formula is no rational function, or a check does more than compare."""


@dataclass(frozen=True)
class Degree:
    """Entries p/q with one q: the degree of every p is at most `top`, and q is a product of named factors."""

    top: Fraction = Fraction(0)
    factors: Factors = field(default_factory=dict)

    @property
    def bottom(self) -> Fraction:
        return sum((degree * power for (_, degree), power in self.factors.items()), Fraction(0))

    def __add__(self, other: Degree) -> Degree:
        shared = {f: max(self.factors.get(f, 0), other.factors.get(f, 0)) for f in {*self.factors, *other.factors}}
        whole = Degree(Fraction(0), shared)
        tops = [one.top + whole.bottom - one.bottom for one in (self, other)]
        return Degree(max(tops), shared)

    def __mul__(self, other: Degree) -> Degree:
        both = {f: self.factors.get(f, 0) + other.factors.get(f, 0) for f in {*self.factors, *other.factors}}
        return Degree(self.top + other.top, both)

    def __pow__(self, exponent: int | Fraction) -> Degree:
        return Degree(self.top * exponent, {f: power * exponent for f, power in self.factors.items()})

    def inverse(self, name: str, size: int = 1) -> Degree:
        """Of a size×size matrix P/q, by its adjugate: q·adj(P)/det(P)."""
        return Degree(self.bottom + (size - 1) * self.top, {(name, size * self.top): Fraction(1)})

    def slope(self) -> Degree:
        """Of a derivative along a drawn direction: (p′q − pq′)/q² with one more factor for the direction."""
        return Degree(self.top + self.bottom + 1, (self**2).factors)


ONE = Degree(Fraction(1))


class Counter:
    """Counts degrees over SymPy expressions at the sizes of a point; `known` replaces letters by formulas."""

    def __init__(self, point: Mapping[Any, Any], known: Mapping[Any, Degree] | None = None):
        self.point, self.known = point, dict(known or {})

    def size(self, node: Any) -> int:
        """A size or an exponent, which must be a whole number here."""
        try:
            number = evaluate(sp.sympify(node), self.point)
        except (ArithmeticError, KeyError, TypeError):
            raise NoBound(f"{node} is no whole number here") from None
        if number.q != 1:
            raise NoBound(f"the power {node} is no rational function")
        return int(number.p)

    def visit(self, node: Any) -> Degree:
        if node not in self.known:  # a denominator of many terms is read once
            self.known[node] = self.read(node)
        return self.known[node]

    def total(self, nodes: Any) -> Degree:
        return reduce(lambda a, b: a + b, map(self.visit, nodes))

    def product(self, nodes: Any) -> Degree:
        return reduce(lambda a, b: a * b, map(self.visit, nodes), Degree())

    @singledispatchmethod
    def read(self, node: Any) -> Degree:
        raise NoBound(f"{type(node).__name__} is not a rational function")

    @read.register
    def _(self, node: sp.Rational | L.Size | sp.Identity | sp.ZeroMatrix | sp.OneMatrix | L.Coordinate) -> Degree:
        return Degree()

    @read.register
    def _(self, node: L.Scalar | L.Matrix) -> Degree:
        return ONE

    @read.register
    def _(self, node: L.UnitVector) -> Degree:
        return Degree(Fraction(2), {(f"1 + |{node.name}|²", Fraction(2)): Fraction(1)})

    @read.register
    def _(self, node: L.Orthogonal) -> Degree:
        return self.cayley(node)

    @read.register
    def _(self, node: L.SPD) -> Degree:
        return self.cayley(node) ** 2 * ONE

    def cayley(self, node: L.Matrix) -> Degree:
        """(I − K)(I + K)⁻¹ for a drawn antisymmetric K."""
        size = Fraction(self.size(node.shape[0]))
        return Degree(size, {(f"det(I + K) of {node.name}", size): Fraction(1)})

    @read.register
    def _(self, node: Gaussian) -> Degree:
        """As powers of it count under a mean: its covariances enter once for every two of it."""
        half = (self.visit(node.cov) * self.visit(node.token_cov)) ** Fraction(1, 2)
        return self.visit(node.mean) + half

    @read.register
    def _(self, node: ComplexGaussian) -> Degree:
        return (self.visit(node.cov) * self.visit(node.token_cov)) ** Fraction(1, 2)

    @read.register
    def _(self, node: Mask) -> Degree:
        return self.visit(node.rate)

    @read.register
    def _(self, node: Random) -> Degree:
        raise NoBound(f"the moments of {node} are not counted")

    @read.register
    def _(self, node: ScalarMean | MatrixMean) -> Degree:
        return self.visit(node.inside)

    @read.register
    def _(self, node: sp.Add | sp.MatAdd | sp.ImmutableDenseMatrix) -> Degree:
        return self.total(node if isinstance(node, sp.ImmutableDenseMatrix) else node.args)

    @read.register
    def _(self, node: sp.Mul | sp.MatMul | sp.HadamardProduct | sp.KroneckerProduct) -> Degree:
        return self.product(node.args)

    @read.register
    def _(self, node: sp.Pow | sp.MatPow | sp.HadamardPower) -> Degree:
        if node.base is sp.E:
            raise NoBound("exp is not a rational function")
        exponent = self.size(node.exp)
        return self.visit(node.base) ** exponent if exponent >= 0 else self.inverse(node.base) ** -exponent

    @read.register
    def _(self, node: sp.Inverse) -> Degree:
        return self.inverse(node.arg)

    def inverse(self, node: Any) -> Degree:
        if node.atoms(Random):
            raise NoBound("a mean of an inverse is not counted")
        return self.visit(node).inverse(str(node), self.size(node.shape[0]) if node.is_Matrix else 1)

    @read.register
    def _(self, node: sp.Determinant) -> Degree:
        return self.visit(node.arg) ** self.size(node.arg.shape[0])

    @read.register
    def _(self, node: sp.Trace | sp.Transpose | Adjoint | DiagMatrix | DiagonalOf | Vec) -> Degree:
        return self.visit(node.args[0])


def of_difference(check: str, before: Any, after: Any, point: Mapping, arguments: Mapping[str, Any]) -> int:
    """The degree of the equation that a check of two lines puts to the test. Raises NoBound."""
    here = Counter(point)
    if check == "same_value":
        tested = here.visit(before) + here.visit(after)
    elif check == "difference":
        tested = here.visit(before) + here.visit(arguments["what"]) + here.visit(after)
    elif check == "scalar_product":
        tested = here.visit(arguments["vector"]) * here.visit(before) + here.visit(after)
    elif check == "at_replaced_letters":
        known = {old: here.visit(sp.sympify(new)) for old, new in arguments["letters"].items()}
        tested = Counter(point, known).visit(before) + here.visit(after)
    elif check == "vanishes_there":
        tested = Counter(point, {arguments["wrt"]: here.visit(after)}).visit(before)
    elif check == "directional_derivative":
        tested = here.visit(before).slope() + here.visit(after) * ONE
    elif check == "second_derivative":
        tested = here.visit(before).slope().slope() + here.visit(after) * ONE
    else:
        raise NoBound(f"{check} does more than compare two formulas")
    return int(-(-tested.top // 1))
