"""Growths: how large a function of one number y can be far out, read from its structure.

What a function is between, as quadratics in |y|, and what its size stays below: a bound of the form
scale·exp(rate·|y| + square·y²) is what a tail under a Gaussian density is bounded with. Every bound holds for all
real y; where none is known, NotEnclosed is raised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from flint import arb

from workbench.exact.quadrature import Growth, NotEnclosed

Quadratic = tuple[arb, arb, arb]  # c₀ + c₁|y| + c₂y²
ZERO = (arb(0), arb(0), arb(0))
WITHIN: dict[type, tuple[Any, Any]] = {
    sp.tanh: (-1, 1), sp.erf: (-1, 1), sp.sin: (-1, 1), sp.cos: (-1, 1), sp.sign: (-1, 1), sp.Heaviside: (0, 1),
    sp.erfc: (0, 2), sp.atan: (-2, 2),
}  # fmt: skip


@dataclass(frozen=True)
class Band:
    """What a real function stays between: quadratics in |y|, None where it is not bounded so."""

    low: Quadratic | None
    high: Quadratic | None

    def size(self) -> Quadratic | None:
        """A quadratic with coefficients that are not negative, above the absolute value."""
        if self.low is None or self.high is None:
            return None
        first, second, third = (abs(a).max(abs(b)) for a, b in zip(self.low, self.high))
        return first, second, third

    def __neg__(self) -> Band:
        return Band(scaled(self.high, arb(-1)), scaled(self.low, arb(-1)))

    def __add__(self, other: Band) -> Band:
        return Band(summed(self.low, other.low), summed(self.high, other.high))


def constant(value: Any) -> Quadratic:
    return arb(value), arb(0), arb(0)


def scaled(bound: Quadratic | None, factor: arb) -> Quadratic | None:
    return None if bound is None else (bound[0] * factor, bound[1] * factor, bound[2] * factor)


def summed(one: Quadratic | None, other: Quadratic | None) -> Quadratic | None:
    return None if one is None or other is None else (one[0] + other[0], one[1] + other[1], one[2] + other[2])


def is_flat(bound: Quadratic | None, sign: int) -> bool:
    """Whether a bound never goes beyond its value at 0, upwards (1) or downwards (−1)."""
    return bound is not None and all(bool(part * sign <= 0) for part in bound[1:])


def of_polynomial(coefficients: list[arb]) -> Band:
    """The band of a polynomial, its lowest coefficient first."""
    if len(coefficients) <= 3:
        c0, c1, c2 = (*coefficients, *ZERO)[:3]
        summit = constant(c0 - c1**2 / (4 * c2)) if c2 > 0 or c2 < 0 else None
        low, high = (c0, -abs(c1), c2), (c0, abs(c1), c2)
        return Band(summit if summit and c2 > 0 else low, summit if summit and c2 < 0 else high)
    degree, leading, top = len(coefficients) - 1, coefficients[-1], None
    if degree % 2 == 0 and (leading < 0 or leading > 0):
        # Where |y| exceeds the reach, the leading term is larger than all the others together.
        reach = 1 + sum((abs(c) for c in coefficients[:-1]), arb(0)) / abs(leading)
        top = constant(sum((abs(c) * reach**k for k, c in enumerate(coefficients[:-1])), arb(0)))
    low = scaled(top, arb(-1)) if leading > 0 else None
    return Band(low, top if leading < 0 else None)


class Growths:
    """The bands and growths of the parts of a function; `leaf` knows polynomials in y, and numbers."""

    def __init__(self, leaf: Callable[[Any], list[arb] | None]):
        self.leaf = leaf

    def band(self, node: Any) -> Band:
        """What a part stays between."""
        if (coefficients := self.leaf(node)) is not None:
            return of_polynomial(coefficients)
        if type(node) in WITHIN:
            low, high = WITHIN[type(node)]
            return Band(constant(low), constant(high))
        if isinstance(node, sp.Add):
            return reduce(lambda one, other: one + other, map(self.band, node.args))
        if isinstance(node, sp.Mul):
            return self.of_product(node)
        if isinstance(node, sp.Max):
            return of_maximum([self.band(part) for part in node.args])
        if isinstance(node, sp.Min):
            return -of_maximum([-self.band(part) for part in node.args])
        if isinstance(node, sp.Abs):
            return Band(ZERO, self.band(node.args[0]).size())
        if isinstance(node, sp.exp):
            high = self.band(node.args[0]).high
            return Band(ZERO, constant(high[0].exp()) if high is not None and is_flat(high, 1) else None)
        if isinstance(node, sp.cosh):
            return Band(constant(1), None)
        if isinstance(node, sp.log):
            return self.of_logarithm(node.args[0])
        return self.of_power(node) if isinstance(node, sp.Pow) else Band(None, None)

    def of_product(self, node: Any) -> Band:
        """A number times a band; of other products only the signs."""
        numbers = [part for part in node.args if (found := self.leaf(part)) is not None and len(found) <= 1]
        others = [part for part in node.args if part not in numbers]
        factor = reduce(lambda a, b: a * b, [(self.leaf(part) or [arb(0)])[0] for part in numbers], arb(1))
        if len(others) == 1:
            band = self.band(others[0])
            if not (factor > 0 or factor < 0):
                return Band(None, None)
            return Band(scaled(band.low, factor), scaled(band.high, factor)) if factor > 0 else -Band(
                scaled(band.low, -factor), scaled(band.high, -factor)
            )  # fmt: skip
        if factor > 0 and all(is_flat(low := self.band(part).low, -1) and low and low[0] >= 0 for part in others):
            return Band(ZERO, None)
        return Band(None, None)

    def of_logarithm(self, inside: Any) -> Band:
        low = self.band(inside).low
        try:
            above = self.growth(inside)
        except NotEnclosed:
            return Band(None, None)
        high = (arb(above.scale).log(), arb(above.rate), arb(above.square))
        return Band(constant(low[0].log()) if low is not None and is_flat(low, -1) and low[0] > 0 else None, high)

    def of_power(self, node: Any) -> Band:
        base, power = self.band(node.base), node.exp
        size = base.size()
        if power == sp.S.Half:
            return Band(ZERO, None if size is None else root_of(size))
        if power == 2:
            if size is None or not size[2] == 0:
                return Band(ZERO, None)
            return Band(ZERO, (size[0] ** 2, 2 * size[0] * size[1], size[1] ** 2))
        if power.is_Rational and power < 0 and base.low is not None and is_flat(base.low, -1) and base.low[0] > 0:
            return Band(ZERO, constant(base.low[0] ** arb(sp_ball(power))))
        return Band(ZERO if power.is_Rational and power.p % 2 == 0 else None, None)

    def growth(self, node: Any) -> Growth:
        """What the size of a part stays below. Raises NotEnclosed where nothing is known."""
        if (size := self.band(node).size()) is not None:
            # |y| ≤ exp|y| and y² ≤ 2 exp|y|
            return Growth(size[0] + size[1] + 2 * size[2], 0 if size[1] == 0 and size[2] == 0 else 1)
        if (coefficients := self.leaf(node)) is not None:
            return growth_of(coefficients)
        parts = node.args
        if isinstance(node, sp.Add | sp.Max | sp.Min):
            return reduce(beside, map(self.growth, parts))
        if isinstance(node, sp.Mul):
            return reduce(times, map(self.growth, parts))
        if isinstance(node, sp.exp):
            high = self.band(parts[0]).high
            if high is not None:
                return Growth(high[0].exp(), high[1].max(arb(0)), high[2])
        if isinstance(node, sp.sinh | sp.cosh) and (size := self.band(parts[0]).size()) is not None:
            return Growth(size[0].exp(), size[1], size[2])
        if isinstance(node, sp.Abs):
            return self.growth(parts[0])
        if isinstance(node, sp.Pow) and node.exp.is_Rational and node.exp > 0:
            base, most = self.growth(node.base), int(sp.ceiling(node.exp))
            base = Growth(arb(base.scale).max(arb(1)), base.rate, arb(base.square).max(arb(0)))
            return reduce(times, [base] * most)
        raise NotEnclosed(f"no bound is known for {node}")


def growth_of(coefficients: list[arb]) -> Growth:
    """What a polynomial stays below, its lowest coefficient first."""
    if len(coefficients) == 1:
        return Growth(abs(coefficients[0]))
    powers = (abs(c) * arb(k).gamma() * k if k else abs(c) for k, c in enumerate(coefficients))
    return Growth(sum(powers, arb(0)), 1)  # |y|ⁿ ≤ n! exp|y|


def of_maximum(bands: list[Band]) -> Band:
    """The band of the largest of several functions."""
    lows = [band.low for band in bands if band.low is not None]
    highs = [band.high for band in bands]
    best = max(lows, key=lambda low: tuple(float(part) for part in reversed(low)), default=None)
    if any(high is None for high in highs):
        return Band(best, None)
    first, second, third = (reduce(lambda a, b: a.max(b), parts) for parts in zip(*highs))  # type: ignore[arg-type]
    return Band(best, (first, second, third))


def root_of(size: Quadratic) -> Quadratic:
    """Above the root of a + b|y| + cy²: √a + √b(1 + |y|) + √c|y|."""
    a, b, c = (part.sqrt() for part in size)
    return a + b, b + c, arb(0)


def beside(one: Growth, other: Growth) -> Growth:
    """The growth of a sum."""
    rate, square = (arb(a).max(arb(b)) for a, b in ((one.rate, other.rate), (one.square, other.square)))
    return Growth(arb(one.scale) + arb(other.scale), rate, square)


def times(one: Growth, other: Growth) -> Growth:
    """The growth of a product."""
    return Growth(
        arb(one.scale) * arb(other.scale), arb(one.rate) + arb(other.rate), arb(one.square) + arb(other.square)
    )


def sp_ball(number: Any) -> arb:
    """A SymPy fraction as a ball."""
    return arb(int(number.p)) / int(number.q)
