"""Stepped means: E[polynomial × exp(quadratic) × erf, sign, steps, relu, |·|, cos, sin of one or two linear forms].

Independent of the rules that it re-checks: the exponential reweights the law by linear algebra over ℚ,
the polynomial is integrated exactly given the forms, the second form by moments of a cut normal, and
the first by rigorous quadrature. The answer is a ball.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import comb, factorial, prod
from typing import Any

import numpy as np
from flint import acb, arb, ctx, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from workbench.exact.gaussians import quadratic, triangular_factors
from workbench.exact.noise import Weight, affine, double_factorial
from workbench.exact.quadrature import Growth, enclose_pieces
from workbench.exact.rings import NotRational, identity, inverse, solve

Degrees = tuple[int, int]
ONE = fmpq(1)


@dataclass(frozen=True)
class Step:
    """y ↦ erf(√square·y)^errors · y^degree · (above where y > 0, below where y < 0) · cos(y)^cosines · sin(y)^sines."""

    errors: int
    degree: int
    above: int
    below: int
    square: fmpq = ONE
    cosines: int = 0
    sines: int = 0

    def __mul__(self, other: Step) -> Step:
        if self.errors and other.errors and self.square != other.square:
            raise NotRational("error functions of two irrational multiples of one form")
        square = self.square if self.errors else other.square
        pairs = zip((self.errors, self.degree), (other.errors, other.degree))
        waves = self.cosines + other.cosines, self.sines + other.sines
        return Step(*(a + b for a, b in pairs), self.above * other.above, self.below * other.below, square, *waves)

    @property
    def waves(self) -> int:
        """How many cosines and sines there are."""
        return self.cosines + self.sines

    def at(self, y: acb, side: int) -> acb:
        """The value on one side of 0, continued beyond it."""
        value = y**self.degree * (y * arb(self.square).sqrt()).erf() ** self.errors
        if self.waves:
            value *= y.cos() ** self.cosines * y.sin() ** self.sines
        return value * (self.above if side > 0 else self.below)


STEPS = {
    "erf": Step(1, 0, 1, 1),
    "sign": Step(0, 0, 1, -1),
    "Heaviside": Step(0, 0, 1, 0),
    "Max": Step(0, 1, 1, 0),
    "Abs": Step(0, 1, 1, -1),
    "cos": Step(0, 0, 1, 1, cosines=1),
    "sin": Step(0, 0, 1, 1, sines=1),
}
NOTHING = Step(0, 0, 1, 1)


def step_of(kind: str) -> Step:
    """The step of a name; "erf 1/2" is erf(√½·y)."""
    name, _, square = kind.partition(" ")
    return replace(STEPS[name], square=fmpq(*map(int, square.split("/")))) if square else STEPS[name]


@dataclass(frozen=True)
class Forms:
    """u₁ = c₁ + s₁ and u₂ = c₂ + g s₁ + s₂ with s independent, and E[polynomial | s] by degrees in s."""

    steps: tuple[Step, Step]
    centres: tuple[fmpq, fmpq]
    slope: fmpq
    variances: tuple[fmpq, fmpq]
    coefficients: Mapping[Degrees, fmpq]

    def mean(self) -> arb:
        """The mean over s₂ by moments, then over s₁ by quadrature."""
        first, (centre, other) = self.steps[0], self.centres

        def piece(middle: arb) -> Callable[[acb, bool], acb]:
            side = 1 if arb(centre) + middle > 0 else -1

            def function(x: acb, analytic: bool) -> acb:
                inner = Inner(self.steps[1], acb(arb(other)) + acb(arb(self.slope)) * x, acb(arb(self.variances[1])))
                total = sum((arb(c) * x**j * inner.mean(k) for (j, k), c in self.coefficients.items()), acb(0))
                return total * first.at(arb(centre) + x, side)

            return function

        return enclose_pieces(piece, arb(self.variances[0]), self.growth(), [arb(-centre)], ctx.prec)

    def growth(self) -> Growth:
        """A bound of the integrand on the line, from |y|^n ≤ n! exp|y| and E exp 2|s₂| ≤ 2 exp 2v₂."""
        degrees = sum(abs(c) * factorial(j) * factorial(k) for (j, k), c in self.coefficients.items())
        heights = prod(factorial(step.degree) * max(abs(step.above), abs(step.below)) for step in self.steps)
        spread = (arb(abs(self.centres[0]) + abs(self.centres[1]) + 2 * self.variances[1])).exp()
        return Growth(scale=arb(degrees) * heights * spread * 2, rate=2 + abs(self.slope))


class Inner:
    """Means over s ~ N(0, v) of s^k f(μ + s) for one step f."""

    def __init__(self, step: Step, centre: acb, variance: acb):
        self.step, self.mu, self.v = step, centre, variance
        self.known: dict[Any, acb] = {}

    def mean(self, k: int) -> acb:
        if self.step.errors:
            return self.with_error(k)
        if self.step.waves:
            return self.with_waves(k)[self.step.sines]
        below, above = acb(self.step.below), acb(self.step.above)
        total = acb(0)
        for i in range(k + 1):
            n = i + self.step.degree
            part = below * self.whole(n) + (above - below) * self.cut(n) if above != below else above * self.whole(n)
            total += comb(k, i) * (-self.mu) ** (k - i) * part
        return total

    def whole(self, n: int) -> acb:
        """E[y^n] for y ~ N(μ, v)."""
        weights = (comb(n, 2 * i) * double_factorial(2 * i - 1) for i in range(n // 2 + 1))
        terms = (c * self.v**i * self.mu ** (n - 2 * i) for i, c in enumerate(weights))
        return sum(terms, acb(0))

    def cut(self, n: int) -> acb:
        """E[y^n 1(y > 0)] for y ~ N(μ, v), by parts."""
        if n not in self.known:
            if n == 0:
                self.known[n] = (1 + (self.mu / (2 * self.v).sqrt()).erf()) / 2
            elif n == 1:
                edge = (-self.mu * self.mu / (2 * self.v)).exp() * (self.v / (2 * acb.pi())).sqrt()
                self.known[n] = self.mu * self.cut(0) + edge
            else:
                self.known[n] = self.mu * self.cut(n - 1) + self.v * (n - 1) * self.cut(n - 2)
        return self.known[n]

    def with_error(self, k: int) -> acb:
        """E[s^k erf(√r(μ + s))], by parts: erf′ is a Gaussian."""
        r = acb(arb(self.step.square))
        wide = 1 + 2 * r * self.v
        if k == 0:
            return (self.mu * (r / wide).sqrt()).erf()
        bell = Inner(NOTHING, -2 * r * self.v * self.mu / wide, self.v / wide)
        edge = 2 * (r / (acb.pi() * wide)).sqrt() * (-r * self.mu * self.mu / wide).exp() * bell.whole(k - 1)
        return self.v * (edge + ((k - 1) * self.with_error(k - 2) if k > 1 else 0))

    def with_waves(self, k: int) -> tuple[acb, acb]:
        """E[s^k cos(μ + s)] and E[s^k sin(μ + s)], by parts."""
        if k == 0:
            calm = (-self.v / 2).exp()
            return calm * self.mu.cos(), calm * self.mu.sin()
        cosine, sine = self.with_waves(k - 1)
        before = self.with_waves(k - 2) if k > 1 else (acb(0), acb(0))
        return self.v * ((k - 1) * before[0] - sine), self.v * ((k - 1) * before[1] + cosine)


def stepped_mean(polynomial: fmpq_mpoly, weight: Weight, variances: list[fmpq]) -> arb:
    """The mean of polynomial × weight over independent noise, as a ball.

    Raises NotRational for more than two different forms, dependent ones, or a divergent exponential.
    """
    factor, mean, cov = reweighted(weight, variances)
    rows: dict[Any, Step] = {}
    for kind, argument in weight.steps:
        rows[argument] = rows.get(argument, NOTHING) * step_of(kind)
    ordered = sorted(rows, key=lambda argument: _integrable(rows[argument]))
    if len(ordered) > 2 or (len(ordered) == 2 and not _integrable(rows[ordered[1]])):
        raise NotRational("steps of more than two forms, or powers of erf, cos or sin beside another step")
    parts = [affine(argument, len(variances)) for argument in ordered]
    steps = [rows[argument] for argument in ordered]
    return factor * _forms(polynomial, parts, steps, mean, cov).mean()


def _integrable(step: Step) -> bool:
    """Whether `Inner` knows the mean of a step."""
    smooth = step.degree == 0 and step.above == step.below == 1
    return step.errors + step.waves == 0 or (step.errors + step.waves == 1 and smooth)


def reweighted(weight: Weight, variances: list[fmpq]) -> tuple[arb, np.ndarray, np.ndarray]:
    """The law after the exponential: its total mass, mean and covariance."""
    if not weight.exponent:
        return arb(1), np.array([fmpq(0)] * len(variances)), identity(len(variances)) * np.array(variances)
    constant, slopes, precision = quadratic(weight.exponent, variances)
    rates = triangular_factors(precision)[1]
    if any(rate <= 0 for rate in rates):
        raise NotRational("a Gaussian mean that diverges")
    cov = inverse(precision)
    mean = cov @ slopes
    mass = arb(constant + slopes @ mean / 2).exp() / arb(prod([*rates, *variances], start=fmpq(1))).sqrt()
    return mass, mean, cov


def _forms(polynomial: fmpq_mpoly, parts: list, steps: list[Step], mean: np.ndarray, cov: np.ndarray) -> Forms:
    """The polynomial given the forms: z = mean + C Aᵀ S⁻¹ (u − c) + noise that the forms do not see."""
    matrix = np.array([row for _, row in parts])
    centres = [constant + row @ mean for constant, row in parts]
    joint = matrix @ cov @ matrix.T
    lower, spreads = triangular_factors(joint)
    if any(v <= 0 for v in spreads):
        raise NotRational("steps of linearly dependent forms")
    gain = solve(joint, matrix @ cov).T
    rest, rest_spreads = triangular_factors(cov - gain @ matrix @ cov)
    k, n = len(parts), len(mean)
    context = fmpq_mpoly_ctx.get(tuple(f"s{i}" for i in range(k)) + tuple(f"w{i}" for i in range(n)), "degrevlex")
    gens = np.empty(k + n, dtype=object)
    gens[:] = context.gens()  # entry by entry, because a polynomial has a length
    moved = (gain @ lower) @ gens[:k] + rest @ gens[k:] + mean
    coefficients: dict[Degrees, fmpq] = {}
    for degrees, value in polynomial.compose(*moved, ctx=context).to_dict().items():
        hidden = [int(degree) for degree in degrees[k:]]
        if not any(degree % 2 for degree in hidden):
            here = (int(degrees[0]), int(degrees[1]) if k == 2 else 0)
            weights = (v ** (e // 2) * double_factorial(e - 1) for v, e in zip(rest_spreads, hidden) if e)
            coefficients[here] = coefficients.get(here, fmpq(0)) + value * prod(weights, start=fmpq(1))
    if k == 1:
        return Forms((steps[0], NOTHING), (centres[0], fmpq(0)), fmpq(0), (spreads[0], fmpq(0)), coefficients)
    return Forms((steps[0], steps[1]), (centres[0], centres[1]), lower[1, 0], (spreads[0], spreads[1]), coefficients)
