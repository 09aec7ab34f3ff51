"""Quadrature: rigorous enclosures of Gaussian means, to re-check a closed form without using it.

Guarantee of both functions: if the caller's `Growth` is true, the returned ball contains E f. The
radius is not promised, it is measured (`.rad()`); the aim is 2^(−bits)·scale.

* `enclose_line_mean`: one normal, kinks allowed. Arb's ball integrator on [−R, R] plus an explicit
  bound of the two tails.
* `enclose_mean`: one or two normals, f holomorphic on a strip. The trapezoidal rule, whose error
  is at most 2M/(exp(2πa/h) − 1) when ∫|f(x+ib)|dx ≤ M for |b| < a (Trefethen & Weideman 2014,
  theorem 5.1), plus an explicit bound of the nodes left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import ceil
from typing import Any

from flint import acb, arb, ctx

from workbench.exact.rings import NotRational, Undefined

Integrand = Callable[..., Any]


class NotEnclosed(NotRational):
    """A mean for which no ball can be promised."""


@dataclass(frozen=True)
class Growth:
    """The bound |f(x + iy)| ≤ scale·exp(rate·Σ|x_i| + square·Σx_i²) for real x and |y_i| ≤ strip."""

    scale: Any = 1
    rate: Any = 0
    square: Any = 0
    strip: Any = 0

    def decay(self, variance: arb) -> arb:
        """How fast the integrand with its density decays: 1/(2v) − square, which must be positive."""
        value = 1 / (2 * variance) - arb(self.square)
        if not value > 0:
            raise Undefined(f"an integrand growing like exp({self.square} z²) has no mean under variance {variance}")
        return value

    def tail(self, variance: arb, reach: arb) -> arb:
        """∫_{|x|>reach} exp(rate|x| + square x²) dN(0, v), completed to a square."""
        decay, rate = self.decay(variance), arb(self.rate)
        height = 2 * (rate**2 / (4 * decay)).exp() / (2 * arb.pi() * variance).sqrt()
        edge = decay.sqrt() * (reach - rate / (2 * decay))
        return height * (arb.pi() / decay).sqrt() / 2 * edge.erfc()

    def bound(self, variance: arb, x: arb) -> arb:
        """The bound times the density at x."""
        return (arb(self.rate) * abs(x) - self.decay(variance) * x * x).exp() / root(variance)

    def reach(self, variance: arb, bits: int) -> arb:
        """A half-width past the peak of the bound, beyond which it weighs less than 2^(−bits)."""
        reach, aim = 2 + arb(self.rate) / (2 * self.decay(variance)), arb(2) ** (-bits - 4)
        while not self.tail(variance, reach) < aim:
            reach = reach * 9 / 8
        return arb(reach.mid())


def root(variance: arb) -> arb:
    """√(2πv), which normalises the density."""
    return (2 * arb.pi() * variance).sqrt()


def enclose_line_mean(
    function: Integrand,
    variance: Any = 1,
    growth: Growth = Growth(),
    breaks: Sequence[Any] = (),
    bits: int = 53,
) -> arb:
    """A ball that contains E f(z) for z ~ N(0, v), with f holomorphic between its `breaks`.

    `function(x, analytic)` maps complex balls to complex balls; when `analytic` is true it must
    return a non-finite ball wherever it is not holomorphic (`acb.real_max(…, analytic)` and its
    kin do). Raises Undefined when the growth beats the density.
    """
    return enclose_pieces(lambda _: function, variance, growth, breaks, bits)


def enclose_pieces(
    piece: Callable[[arb], Integrand],
    variance: Any = 1,
    growth: Growth = Growth(),
    breaks: Sequence[Any] = (),
    bits: int = 53,
    **limits: int,
) -> arb:
    """The same for a function that is told piece by piece: `piece(middle)` is what it is around a middle.

    A kink at an end of a piece is then none of that piece; limits: those of Arb's integrator.
    """
    with ctx.workprec(bits + 20):
        spread = arb(variance)
        growing = max(0, ceil(float((1 + arb(growth.scale)).log() / arb(2).log())))
        edge, aim, height = growth.reach(spread, bits + growing), arb(2) ** (-bits - 2), root(spread)
        cuts = sorted((arb(b) for b in breaks), key=float)
        points = [-edge, *(cut for cut in cuts if -edge < cut < edge), edge]
        inside = acb(0)
        for low, high in pairwise(points):
            if not low < high:
                continue  # two names of one place
            function = piece(arb(((low + high) / 2).mid()))

            def weighted(x: acb, analytic: bool, function: Integrand = function) -> acb:
                return function(x, analytic) * (-x * x / (2 * spread)).exp() / height

            inside += acb.integral(weighted, acb(low), acb(high), abs_tol=aim, rel_tol=aim, **limits)
        return widened(inside.real, arb(growth.scale) * growth.tail(spread, edge))


def enclose_mean(
    function: Integrand, variances: Sequence[Any] = (1,), growth: Growth = Growth(strip=1), bits: int = 53
) -> arb:
    """A ball that contains E f(z₁) or E f(z₁, z₂), z_i ~ N(0, v_i) independent, f holomorphic on the strip.

    `function(x[, y])` maps real balls to real balls. Raises Undefined when the growth beats
    the density, NotEnclosed for more than two normals or without a strip.
    """
    if len(variances) not in (1, 2) or not arb(growth.strip) > 0:
        raise NotEnclosed(
            f"the trapezoidal rule covers one or two normals (not {len(variances)}) and functions "
            "holomorphic on a strip of positive width"
        )
    with ctx.workprec(bits + 20):
        axes = [Axis(growth, arb(v), bits) for v in variances]
        total = arb(0)
        for points in product(*(axis.nodes() for axis in axes)):
            weight = arb(1)
            for axis, x in zip(axes, points, strict=True):
                weight *= axis.weight(x)
            total += weight * function(*points)
        return widened(total, arb(growth.scale) * combined_error(axes))


def combined_error(axes: Sequence[Axis]) -> arb:
    """The error of the product rule: one axis exact and the other wrong, then the other way round."""
    if len(axes) == 1:
        return axes[0].error()
    first, second = axes
    return first.error() * second.mass() + first.sum_of_bounds() * second.error()


def widened(value: arb, slack: arb) -> arb:
    """A ball made wider by a bound."""
    result = value + arb(0, slack.upper())
    if not result.is_finite():
        raise NotEnclosed("the integrand could not be enclosed; state its growth and its breaks")
    return result


class Axis:
    """The trapezoidal rule along one normal: step, nodes and rigorous error for |f| ≤ the growth, scale 1."""

    def __init__(self, growth: Growth, variance: arb, bits: int):
        self.growth, self.variance = growth, variance
        # a wide strip costs exp(a²/2v): beyond 3 standard deviations it no longer pays
        self.strip = min(arb(growth.strip), 3 * variance.sqrt(), key=float)
        exponent = bits * 0.7 + float(self.strip**2 / (2 * variance)) + 4
        self.step = arb(int(2**20 * float(2 * arb.pi() * self.strip) / exponent)) / 2**20
        self.count = ceil(float(growth.reach(variance, bits) / self.step)) + 1

    def nodes(self) -> list[arb]:
        """The points kh inside the reach."""
        return [self.step * k for k in range(-self.count, self.count + 1)]

    def weight(self, x: arb) -> arb:
        """h times the density."""
        return self.step * (-x * x / (2 * self.variance)).exp() / root(self.variance)

    def mass(self) -> arb:
        """∫ of the growth against the law."""
        return self.growth.tail(self.variance, arb(0))

    def sum_of_bounds(self) -> arb:
        """The rule applied to the growth itself, on the nodes that are kept."""
        return sum((self.step * self.growth.bound(self.variance, x) for x in self.nodes()), arb(0))

    def error(self) -> arb:
        """The trapezoidal error on the whole line, plus the nodes left out (the bound decreases there)."""
        on_strip = self.mass() * (self.strip**2 / (2 * self.variance)).exp()
        rule = 2 * on_strip / ((2 * arb.pi() * self.strip / self.step).exp() - 1)
        return rule + self.growth.tail(self.variance, self.step * self.count)
