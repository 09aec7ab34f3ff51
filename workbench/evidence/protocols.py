"""Protocols: how the samples of a twin become the quantity that is claimed.

Undecorated, a twin is averaged. A protocol is a decorator that the twin wears; each is one class
with one method, `solve`, which turns weighted noise into the quantity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np
import torch
from torch import Tensor

EPSILON = float(np.finfo(float).eps)  # roots are followed as far as floats go
Means = Callable[..., list[Tensor]]  # means of the twin's outputs, letters overridden by name


class NotFound(ArithmeticError):
    """The measurement did not find what it looked for (a root, a crossing)."""


def the_mean(value: Tensor) -> Tensor:
    """The quantity is the one mean itself."""
    return value


@dataclass(frozen=True)
class Average:
    """The quantity is the mean of what the twin returns."""

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        (value,) = means()
        return value


@dataclass(frozen=True)
class FunctionOfMeans:
    """The quantity is a smooth function of the means of what the twin returns."""

    combine: Callable[..., Tensor]

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        return self.combine(*means())


def newton(equation: Callable[[Tensor], Tensor], start: Tensor) -> Tensor | None:
    """The root that Newton's method settles on; None when it does not, or where the slope is singular."""
    flat, before = start.clone(), inf
    for _ in range(50):
        residual = equation(flat)  # first, because it settles which noise is used
        step, failed = torch.linalg.solve_ex(torch.func.jacrev(equation)(flat), residual)
        if failed:
            return None
        flat, length = flat - step, float(step.abs().max())
        # Newton ends where roundoff does: when a step is tiny and no longer shrinks.
        if length <= 1e-9 * (1 + float(flat.abs().max())) and length >= before / 4:
            return flat
        before = length
    return None


@dataclass(frozen=True)
class Root:
    """The quantity is the value of a letter at which the mean of the twin vanishes (Newton)."""

    letter: str
    combine: Callable[..., Tensor] = the_mean

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        point = torch.as_tensor(letters[self.letter], dtype=torch.float64)

        def equation(flat: Tensor) -> Tensor:
            return self.combine(*means(**{self.letter: flat.reshape(point.shape)})).reshape(-1)

        found = newton(equation, point.reshape(-1))
        if found is None:
            raise NotFound(f"Newton's method did not settle on a root in {self.letter}")
        return found.reshape(point.shape)


@dataclass(frozen=True)
class Crossing:
    """The quantity is the value of a letter at which the mean of the twin changes sign.

    A whole-number letter is bracketed between neighbours and the crossing read off the polynomial
    in 1/letter through four lengths around it, a fifth length telling how far that can be trusted;
    a real letter is found by bisection.
    """

    letter: str
    low: float
    high: float
    whole: bool
    combine: Callable[..., Tensor] = the_mean

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        height = self.height(means)
        found = self.between_whole(height, 4) if self.whole else self.between(height)
        return torch.tensor(found, dtype=torch.float64)

    def doubt(self, means: Means) -> Tensor:
        height = self.height(means)
        moved = self.between_whole(height, 5) - self.between_whole(height, 4) if self.whole else 0.0
        return torch.tensor(4 * abs(moved), dtype=torch.float64)

    def height(self, means: Means) -> Callable[[float], float]:
        """What changes sign, as a function of the letter."""
        return lambda value: float(self.combine(*means(**{self.letter: value})))

    def between(self, height: Callable[[float], float]) -> float:
        high = self.reach(height)
        if height(self.low) * height(high) > 0:
            raise NotFound(f"no sign change of the measured mean for {self.letter} in [{self.low}, {high}]")
        return root_between(height, self.low, high)

    def reach(self, height: Callable[[float], float]) -> float:
        """The upper end, lowered by factors of four while the mean is too large for floats there."""
        high = self.high
        while not isfinite(height(high)):
            high /= 4
            if high <= self.low:
                raise NotFound(f"the measured mean is no number for any {self.letter} in [{self.low}, {self.high}]")
        return high

    def between_whole(self, height: Callable[[int], float], points: int) -> float:
        below, above = self.neighbours(height)
        first = max(int(self.low), below - 1)
        # A fifth length is taken below, where the noise is smaller, unless there is none.
        lengths = [*range(first, first + 4)] + ([first - 1 if first > 1 else first + 4] if points > 4 else [])
        curve = np.polynomial.Polynomial.fit(
            [1 / length for length in lengths], [height(length) for length in lengths], len(lengths) - 1
        )
        ends = 1 / above, 1 / below
        if curve(ends[0]) * curve(ends[1]) > 0:  # the curve meets its lengths up to roundoff: it crosses at one of them
            return float(1 / min(ends, key=lambda end: abs(curve(end))))
        return 1 / root_between(curve, *ends)

    def neighbours(self, height: Callable[[int], float]) -> tuple[int, int]:
        """Neighbouring whole numbers between which the sign changes: by growing steps, then by halving."""
        below = above = int(self.low)
        while height(below) * height(above) > 0:
            if above >= self.high:
                raise NotFound(f"the measured mean keeps its sign for {self.letter} from {self.low} to {self.high}")
            below, above = above, min(above + max(1, above // 2), int(self.high))
        while above - below > 1:
            middle = (below + above) // 2
            below, above = (middle, above) if height(below) * height(middle) > 0 else (below, middle)
        return below, above


def root_between(height: Callable[[float], float], low: float, high: float) -> float:
    """Where a function of one number vanishes between two places of opposite signs, as closely as floats tell."""
    from scipy.optimize import brentq  # a third of a second, which most statements need not spend

    return float(brentq(height, low, high, xtol=EPSILON))


@dataclass(frozen=True)
class Experiment:
    """The quantity is what one run returns (a training, a simulation); runs are repeated independently."""

    runs: int

    def outcome(self, run: Callable[..., Tensor], chance: torch.Generator) -> tuple[Tensor, float]:
        """What one run says, letters overridden by name, and a bound on what is not chance in it.

        chance: what a search that is part of the run draws from, another one in each run.
        """
        return run(), 0.0


def protocol_of(twin: Callable[..., Any]) -> Any:
    """The protocol a twin wears; undecorated twins are averaged."""
    return getattr(twin, "protocol", Average())


def wearing(protocol: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that puts a protocol on a twin."""

    def put_on(twin: Callable[..., Any]) -> Callable[..., Any]:
        twin.protocol = protocol  # type: ignore[attr-defined]
        return twin

    return put_on


def function_of_means(combine: Callable[..., Tensor]) -> Callable[..., Any]:
    """The twin returns several samples; the quantity is `combine` of their means."""
    return wearing(FunctionOfMeans(combine))


def ratio(twin: Callable[..., Any]) -> Callable[..., Any]:
    """The twin returns (numerator, denominator); the quantity is the ratio of their means."""
    return wearing(FunctionOfMeans(lambda top, bottom: top / bottom))(twin)


def at(**stages: Callable[..., Any]) -> Callable[..., Any]:
    """Letters of a twin that are themselves measured first, by other twins: @at(U=fixed_point)."""

    def note(twin: Callable[..., Any]) -> Callable[..., Any]:
        twin.stages = stages  # type: ignore[attr-defined]
        return twin

    return note


def root(letter: str, *, of: Callable[..., Tensor] = the_mean) -> Callable[..., Any]:
    """The twin (or `of` its means) is an estimating equation in `letter`; Newton begins at the instance's own."""
    return wearing(Root(letter, of))


def crossing(
    letter: str, low: float, high: float, *, whole: bool = False, of: Callable[..., Tensor] = the_mean
) -> Callable[..., Any]:
    """The twin's mean (or `of` its means: an eigenvalue, say) changes sign once for `letter` in [low, high]."""
    return wearing(Crossing(letter, low, high, whole, of))


def experiment(runs: int) -> Callable[..., Any]:
    """The twin is one whole run; it is repeated that many times with fresh randomness."""
    return wearing(Experiment(runs))


def witness(of: Callable[..., Any]) -> Callable[..., Any]:
    """A further measurement of the claim that another twin measures."""

    def note(twin: Callable[..., Any]) -> Callable[..., Any]:
        twin.witness_of = of.__name__  # type: ignore[attr-defined]
        return twin

    return note
