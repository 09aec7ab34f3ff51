"""Lines: the mean of any function of one Gaussian number, in a ball.

Everything random under a mean may be a polynomial in one Gaussian number y, whatever functions are taken of it:
tanh(10⁵z), exp(min(z, 8)), log(1 + exp(aᵀx)). The line is cut where an argument of |·|, max or a step vanishes, each
piece is integrated by balls, which miss no narrow feature, and the tails are bounded by how fast the function grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np
import sympy as sp
from flint import acb, arb, ctx, fmpq, fmpq_poly

from workbench.exact.growths import Growths, growth_of, times
from workbench.exact.noise import PLAIN, Noise
from workbench.exact.quadrature import NotEnclosed, enclose_pieces
from workbench.exact.rings import Balls, NotRational, Undefined
from workbench.exact.values import Point, Walker
from workbench.language.laws import Random

Function = Callable[[acb, bool], acb]
MOST = 20_000  # evaluations of an integrand on one piece
FARTHEST = 200  # standard deviations beyond which no tail is waited for
ENTIRE: dict[type, Callable[[acb], acb]] = {
    sp.exp: lambda x: x.exp(), sp.erf: lambda x: x.erf(), sp.erfc: lambda x: x.erfc(), sp.sin: lambda x: x.sin(),
    sp.cos: lambda x: x.cos(), sp.tan: lambda x: x.tan(), sp.sinh: lambda x: x.sinh(), sp.cosh: lambda x: x.cosh(),
    sp.tanh: lambda x: x.tanh(),
}  # fmt: skip
ONE = fmpq_poly([1])
KINKED = (sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min)


class Line:
    """What stands under a mean as a function of one Gaussian number y, N(0, variance)."""

    def __init__(self, inside: Any, noise: Walker, variances: list[fmpq], point: Point):
        self.inside, self.noise, self.variances = inside, noise, variances
        self.fixed = Walker(point, Balls())
        self.slopes: np.ndarray | None = None  # of y in the noise
        self.polynomials: dict[Any, fmpq_poly | None] = {}
        parts = sp.preorder_traversal(inside)
        for part in parts:
            if self.polynomial(part) is not None:
                parts.skip()  # of y as a whole: in x − y, neither x nor y moves along the line
        if self.slopes is None:
            raise NotEnclosed("nothing here is a number that moves along a line")
        self.variance = sum((s * s * v for s, v in zip(self.slopes, variances)), fmpq(0))

    def polynomial(self, node: Any) -> fmpq_poly | None:
        """A part as a polynomial in y; None for what is none. Parts of several numbers are looked into."""
        if node not in self.polynomials:
            self.polynomials[node] = self.read(node) if isinstance(node, sp.Expr) and not node.is_Matrix else None
        return self.polynomials[node]

    def read(self, node: Any) -> fmpq_poly | None:
        if not node.atoms(Random):
            return None
        try:
            found = self.noise.visit(node)
        except ArithmeticError:
            return None
        if not isinstance(found, Noise) or list(found.terms) != [PLAIN]:
            return None
        terms = {tuple(map(int, k)): c for k, c in found.terms[PLAIN].to_dict().items()}
        if max(map(sum, terms)) > 1 and len(self.variances) > 1:
            return None
        size = len(self.variances)
        units = [tuple(int(i == j) for j in range(size)) for i in range(size)]
        if size == 1:
            self.slopes = np.array([fmpq(1)])
            return fmpq_poly([terms.get((k,), fmpq(0)) for k in range(max(terms)[0] + 1)])
        return self.along(terms.get((0,) * size, fmpq(0)), np.array([terms.get(unit, fmpq(0)) for unit in units]))

    def along(self, start: fmpq, slopes: np.ndarray) -> fmpq_poly:
        """An affine form of the noise in y, which is the first of them. Raises NotEnclosed for one across the line."""
        if not any(slopes):
            return fmpq_poly([start])
        if self.slopes is None:
            self.slopes = slopes
        pivot = next(i for i, slope in enumerate(self.slopes) if slope != 0)
        share = slopes[pivot] / self.slopes[pivot]
        if any(a != share * b for a, b in zip(slopes, self.slopes)):
            raise NotEnclosed("a function of several Gaussian numbers")
        return fmpq_poly([start, share])

    def number(self, node: Any) -> arb:
        """A part without random letters."""
        return arb(self.fixed.visit(node))

    def coefficients(self, node: Any) -> list[arb] | None:
        """A polynomial in y, or a number, by its coefficients, the lowest first."""
        if (found := self.polynomial(node)) is not None:
            return [arb(c) for c in found.coeffs()]
        return None if node.atoms(Random) else [self.number(node)]

    def turns(self) -> list[arb]:
        """Where the argument of something with a kink vanishes, as far as it is a polynomial."""
        found: list[arb] = []
        for node in sp.preorder_traversal(self.inside):
            for argument in map(self.polynomial, arguments_of(node)):
                if argument is not None and argument.degree() == 1:
                    found.append(arb(-argument[0] / argument[1]))
                elif argument is not None and argument.degree() > 1:
                    for factor, _ in argument.factor_squarefree()[1]:
                        found += [place.real for place, _ in factor.complex_roots() if place.imag.contains(0)]  # type: ignore
        return found

    def compiled(self, node: Any, middle: arb) -> Function:
        """A part as a function of complex balls on the piece around a middle: kinks at its ends are none inside."""
        if (coefficients := self.coefficients(node)) is not None:
            return polynomial_of([acb(c) for c in coefficients])
        if node.is_Matrix or isinstance(node, sp.Trace | sp.Determinant):
            raise NotEnclosed("a function of several Gaussian numbers")
        if isinstance(node, KINKED):
            return self.sided(node, middle)
        parts = [self.compiled(part, middle) for part in node.args]
        if isinstance(node, sp.Add):
            return lambda y, analytic: reduce(lambda a, b: a + b, (part(y, analytic) for part in parts))
        if isinstance(node, sp.Mul):
            return lambda y, analytic: reduce(lambda a, b: a * b, (part(y, analytic) for part in parts))
        if isinstance(node, sp.log):
            return lambda y, analytic: parts[0](y, analytic).log(analytic)
        if isinstance(node, sp.Pow) and node.exp.is_Integer:
            return lambda y, analytic: parts[0](y, analytic) ** int(node.exp)
        if isinstance(node, sp.Pow) and node.exp.is_Rational:
            if node.exp.q == 2:
                return lambda y, analytic: parts[0](y, analytic).sqrt(analytic) ** int(node.exp.p)
            return lambda y, analytic: parts[0](y, analytic).pow(acb(arb(fmpq(node.exp.p, node.exp.q))), analytic)
        if type(node) in ENTIRE:
            function = ENTIRE[type(node)]
            return lambda y, analytic: function(parts[0](y, analytic))
        raise NotEnclosed(f"no enclosure along a line is known for {type(node).__name__}")

    def sided(self, node: Any, middle: arb) -> Function:
        """Something with a kink: where the sign of its argument is known on the piece, one side of it."""
        parts = [self.compiled(part, middle) for part in node.args[:1]]
        if isinstance(node, sp.Max | sp.Min):
            return reduce(
                lambda one, other: self.chosen(node, one, other, middle),
                [(part, self.compiled(part, middle)) for part in node.args],
            )[1]
        side = self.side(node.args[0], middle)
        if side is None:
            if isinstance(node, sp.Abs):
                return lambda y, analytic: parts[0](y, analytic).real_abs(analytic)
            if isinstance(node, sp.sign):
                return lambda y, analytic: parts[0](y, analytic).real_sgn(analytic)
            return lambda y, analytic: stepped(parts[0](y, analytic), self.number(node.args[1]), analytic)
        if isinstance(node, sp.Abs):
            return lambda y, analytic: parts[0](y, analytic) * side
        value = acb(side) if isinstance(node, sp.sign) else acb((1 + side) // 2)
        return lambda y, analytic: value

    def chosen(self, node: Any, one: Any, other: Any, middle: arb) -> Any:
        """The larger or smaller of two functions."""
        (a, f), (b, g) = one, other
        side = None if a is None else self.side(a - b, middle)
        if side is not None:
            return one if (side > 0) == isinstance(node, sp.Max) else other
        if isinstance(node, sp.Max):
            return None, lambda y, analytic: f(y, analytic).real_max(g(y, analytic), analytic)
        return None, lambda y, analytic: f(y, analytic).real_min(g(y, analytic), analytic)

    def side(self, argument: Any, middle: arb) -> int | None:
        """The sign of an argument on the piece around a middle; None where it may change there."""
        found = self.polynomial(argument)
        if found is None:
            return None
        value = polynomial_of([acb(arb(c)) for c in found.coeffs()])(acb(middle), False).real
        return 1 if value > 0 else -1 if value < 0 else None

    def mean(self, bits: int, beside: fmpq_poly = ONE) -> arb:
        """The mean, with an error of about 2^(−bits); beside: a polynomial in y that multiplies it."""
        factor, growths = [arb(c) for c in beside.coeffs()] or [arb(0)], Growths(self.coefficients)
        growth = times(growths.growth(self.inside), growth_of(factor))
        if not growth.reach(arb(self.variance), bits) < FARTHEST * arb(self.variance).sqrt():
            raise NotEnclosed("a tail that reaches too far")

        def piece(middle: arb) -> Function:
            function, polynomial = self.compiled(self.inside, middle), polynomial_of([acb(c) for c in factor])
            return lambda y, analytic: function(y, analytic) * polynomial(y, analytic)

        return enclose_pieces(piece, arb(self.variance), growth, self.turns(), bits, eval_limit=MOST)


def arguments_of(node: Any) -> Iterator[Any]:
    """What has to be zero for something to have a kink there."""
    if isinstance(node, sp.Max | sp.Min):
        yield from (one - other for one, other in combinations(node.args, 2))
    elif isinstance(node, KINKED):
        yield node.args[0]


def stepped(value: acb, at_zero: arb, analytic: bool) -> acb:
    """A step of a value; of one that is zero on the whole piece, what the step is there."""
    return acb(at_zero) if value == 0 else value.real_heaviside(analytic)


def polynomial_of(coefficients: list[acb]) -> Function:
    """A polynomial by Horner's rule, the lowest coefficient first."""
    return lambda y, _: reduce(lambda total, c: total * y + c, reversed(coefficients), acb(0))


def mean_along_a_line(inside: Any, noise: Walker, variances: list[fmpq], point: Point) -> arb:
    """The mean of a function of one Gaussian number, with about as many bits as balls have now.

    Raises NotRational where it is none, or where no ball can be promised.
    """
    try:
        return Line(inside, noise, variances, point).mean(ctx.prec)
    except (NotRational, Undefined, ZeroDivisionError, OverflowError) as problem:
        raise NotEnclosed(str(problem)) from None
