"""Large-size expansions: leading orders in 1/N, 1/d or at a fixed ratio, with their remainder.

Every large letter is divided by a small ε and the expression, a rational function of ε, is divided
out as a power series over the field of everything else. Traces and means are numbers that stay of
order one unless `ratio` says how they grow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sympy import (
    QQ,
    Dummy,
    Expr,
    Identity,
    MatrixSymbol,
    Order,
    Poly,
    Rational,
    S,
    Symbol,
    Trace,
    ZeroMatrix,
    cancel,
    factor,
    oo,
    sympify,
    together,
)

from workbench.calculus.errors import CalculusError
from workbench.calculus.points import points
from workbench.language.laws import MatrixMean, ScalarMean


class NoExpansion(CalculusError):
    """An expression that has no expansion of the kind asked for."""


@dataclass(frozen=True)
class Remainder:
    """Terms of total degree at most −degree in several letters that grow together."""

    letters: tuple[Symbol, ...]
    degree: int

    def __str__(self) -> str:
        names = ", ".join(letter.name for letter in self.letters)
        return f"O(size^-{self.degree}) as {names} grow at bounded ratios"


@dataclass(frozen=True)
class Expansion:
    """main + remainder, with main = Σ of the terms; each term is (power of 1/size, summand).

    `remainder` is 0 when the expression ends there.
    """

    main: Expr
    remainder: Any
    terms: tuple[tuple[int, Expr], ...]
    order: int
    letters: tuple[Symbol, ...]


def expand_large(
    expression: Expr, large: Mapping[Symbol, Any], order: int, ratio: Mapping[Expr, Expr] | None = None
) -> Expansion:
    """The terms down to size^(−order) of a rational function of large letters, traces and scalars.

    `large` lists the letters that grow, as {N: oo}; `ratio` ties others to them, as {d: gamma*N} or
    {Trace(Sigma): tau*N}. Re-check: `check_expansion` counts degrees at rational instances.
    Raises NoExpansion when the expression is not rational in the large letters.
    """
    quotient = _in_small(expression, large, ratio)
    terms = tuple((power, c) for power, c in _series(quotient, order) if c != 0)
    return _packed(quotient, terms, order, tuple(large))


def leading_order(expression: Expr, large: Mapping[Symbol, Any], ratio: Mapping[Expr, Expr] | None = None) -> Expansion:
    """The one leading term of a rational function of large letters, and its remainder."""
    quotient = _in_small(expression, large, ratio)
    if quotient.top.is_zero:
        raise NoExpansion("the expression is 0: it has no leading term")
    order = quotient.valuation
    return _packed(quotient, tuple(_series(quotient, order)), order, tuple(large))


def check_expansion(
    expression: Expr, large: Mapping[Symbol, Any], found: Expansion, ratio: Mapping[Expr, Expr] | None = None
) -> bool:
    """Whether expression − main is O(size^(−order−1)): degrees of numerator and denominator over ℚ."""
    ratio = dict(ratio or {})
    difference = sympify(expression).xreplace(_tied(ratio)) - found.main
    plain = _hidden(difference)[0].subs({k: v for k, v in ratio.items() if isinstance(k, Symbol)})
    size = Dummy("size", positive=True)
    for point in points([plain], "expansion", 3):
        values = {s: _rational(point[s]) for s in plain.free_symbols if s in point}
        scaled = plain.subs({s: v * size if s in large else v for s, v in values.items()})
        above, below = cancel(together(scaled)).as_numer_denom()
        top, bottom = Poly(above, size, domain=QQ), Poly(below, size, domain=QQ)
        if not top.is_zero and top.degree() - bottom.degree() > -found.order - 1:
            return False
    return True


@dataclass(frozen=True)
class _Quotient:
    """top/bottom as polynomials in ε, and how to put the hidden numbers back."""

    top: Poly
    bottom: Poly
    small: Dummy
    names: Mapping[Any, Any]

    @property
    def valuation(self) -> int:
        """The lowest power of ε."""
        return _lowest(self.top) - _lowest(self.bottom)


def _in_small(expression: Expr, large: Mapping[Symbol, Any], ratio: Mapping[Expr, Expr] | None) -> _Quotient:
    """The expression as a quotient of polynomials in ε, every large letter being divided by ε."""
    expression, ratio = sympify(expression), dict(ratio or {})
    if getattr(expression, "is_Matrix", False):
        raise NoExpansion(f"{expression} is a matrix; expand its trace, or its value along an eigenvector")
    if not large or any(value is not oo for value in large.values()):
        raise NoExpansion("say which letters grow, as {N: oo}")
    plain, names = _hidden(expression.xreplace(_tied(ratio)))
    plain = plain.subs({k: sympify(v) for k, v in ratio.items() if isinstance(k, Symbol)})
    if any(node.has(*large) and not isinstance(node, Trace) for node in names.values()):
        raise NoExpansion(f"{expression} holds a mean of the large letters; compute the mean first")
    if any(_numbers(node) & set(large) for node in names.values()):
        raise NoExpansion(f"{expression} holds a trace with large letters inside; expand the product in it first")
    if not plain.is_rational_function(*large):
        raise NoExpansion(f"{expression} is not a rational function of {', '.join(map(str, large))}")
    small = Dummy("epsilon", positive=True)
    above, below = cancel(together(plain.subs({letter: letter / small for letter in large}))).as_numer_denom()
    return _Quotient(Poly(above, small), Poly(below, small), small, names)


def _tied(ratio: Mapping[Expr, Expr]) -> dict[Expr, Expr]:
    """The part of `ratio` that speaks of traces: replaced before sizes are."""
    return {k: sympify(v) for k, v in ratio.items() if not isinstance(k, Symbol)}


def _hidden(expression: Expr) -> tuple[Any, dict[Any, Any]]:
    """Traces and means replaced by letters, so that a size inside their shape stays untouched."""
    opaque = sorted(expression.atoms(Trace, ScalarMean, MatrixMean), key=str)
    names = {node: Dummy(f"t{i}", positive=True) for i, node in enumerate(opaque)}
    return expression.xreplace(names), {dummy: node for node, dummy in names.items()}


def _numbers(node: Any) -> set[Any]:
    """The scalar letters of an expression, sizes of its matrices left aside."""
    if isinstance(node, MatrixSymbol | Identity | ZeroMatrix):
        return set()
    return set().union(*map(_numbers, node.args)) if node.args else {node}


def _lowest(polynomial: Poly) -> int:
    return min(degree for (degree,) in polynomial.monoms())


def _series(quotient: _Quotient, order: int) -> list[tuple[int, Any]]:
    """The coefficients of the power series of top/bottom up to ε^order, by long division."""
    shift, start = _lowest(quotient.bottom), quotient.valuation
    above = {degree: c for (degree,), c in quotient.top.terms()}
    below = {degree - shift: c for (degree,), c in quotient.bottom.terms()}
    series: dict[int, Expr] = {}
    for power in range(start, order + 1):
        value = above.get(power + shift, S.Zero)
        value -= sum((c * series.get(power - k, S.Zero) for k, c in below.items() if k), S.Zero)
        series[power] = cancel(value / below[0])
    back = quotient.names
    return [(power, factor(value).xreplace(back)) for power, value in series.items()]


def _packed(quotient: _Quotient, terms: tuple, order: int, letters: tuple[Symbol, ...]) -> Expansion:
    """The expansion with its remainder: exactly 0, an Order in one letter, or a joint one."""
    main = sum((value for _, value in terms), S.Zero)
    there = {letter: letter / quotient.small for letter in letters}
    hidden_main = main.xreplace({node: dummy for dummy, node in quotient.names.items()})
    rest = quotient.top.as_expr() / quotient.bottom.as_expr() - hidden_main.subs(there)
    if cancel(together(rest)) == 0:
        remainder: Any = S.Zero
    elif len(letters) == 1:
        remainder = Order(letters[0] ** (-order - 1), (letters[0], oo))
    else:
        remainder = Remainder(letters, order + 1)
    return Expansion(main, remainder, terms, order, letters)


def _rational(number: Any) -> Expr:
    return Rational(int(number.p), int(number.q))
