"""Protocols: how the samples of a twin become the quantity that is claimed.

Undecorated, a twin is averaged. A protocol is a decorator that the twin wears; each is one class
with one method, `solve`, which turns weighted noise into the quantity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any

import numpy as np
import torch
from scipy.optimize import brentq
from torch import Tensor

EPSILON = float(np.finfo(float).eps)  # roots are followed as far as floats go
Means = Callable[..., list[Tensor]]  # means of the twin's outputs, letters overridden by name


class NotFound(ArithmeticError):
    """The measurement did not find what it looked for (a root, a crossing)."""


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


@dataclass(frozen=True)
class Limit:
    """The quantity is the limit of infinite size: the twin returns its values at sizes n, 2n, 4n, …

    The means are extrapolated, assuming an expansion in 1/size (Richardson); what the last
    elimination still moved bounds the error that is left.
    """

    combine: Callable[..., Tensor]

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        return self.table(means)[-1][-1]

    def doubt(self, means: Means) -> Tensor:
        table = self.table(means)
        return (table[-1][-1] - table[-1][-2]).abs()

    def table(self, means: Means) -> list[list[Tensor]]:
        columns = zip(*means())  # one tuple of means for each size
        table: list[list[Tensor]] = []
        for value in (self.combine(*column) for column in columns):
            row = [value]
            for order, above in enumerate(table[-1] if table else []):
                row.append(row[-1] + (row[-1] - above) / (2 ** (order + 1) - 1))
            table.append(row)
        return table


@dataclass(frozen=True)
class Root:
    """The quantity is the value of a letter at which the mean of the twin vanishes (Newton)."""

    letter: str

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        point = torch.as_tensor(letters[self.letter], dtype=torch.float64)

        def equation(flat: Tensor) -> Tensor:
            return means(**{self.letter: flat.reshape(point.shape)})[0].reshape(-1)

        flat, before = point.reshape(-1).clone(), inf
        for _ in range(50):
            residual = equation(flat)  # first, because it settles which noise is used
            step = torch.linalg.solve(torch.func.jacfwd(equation)(flat), residual)
            flat, length = flat - step, float(step.abs().max())
            # Newton ends where roundoff does: when a step is tiny and no longer shrinks.
            if length <= 1e-9 * (1 + float(flat.abs().max())) and length >= before / 4:
                return flat.reshape(point.shape)
            before = length
        raise NotFound(f"Newton's method did not settle on a root in {self.letter}")


@dataclass(frozen=True)
class Crossing:
    """The quantity is the value of a letter at which the mean of the twin changes sign.

    A whole-number letter is bracketed between neighbours and the crossing read off the polynomial
    in 1/letter through four lengths around it; a real letter is found by bisection.
    """

    letter: str
    low: float
    high: float
    whole: bool

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        def height(value: float) -> float:
            return float(means(**{self.letter: value})[0])

        found = self.between_whole(height) if self.whole else self.between(height)
        return torch.tensor(found, dtype=torch.float64)

    def between(self, height: Callable[[float], float]) -> float:
        if height(self.low) * height(self.high) > 0:
            raise NotFound(f"no sign change of the measured mean for {self.letter} in [{self.low}, {self.high}]")
        return float(brentq(height, self.low, self.high, xtol=EPSILON))

    def between_whole(self, height: Callable[[int], float]) -> float:
        measured = cache(height)
        below, above = self.neighbours(measured)
        first = max(int(self.low), below - 1)
        around = range(first, first + 4)
        curve = np.polynomial.Polynomial.fit([1 / length for length in around], [measured(m) for m in around], 3)
        return float(1 / brentq(curve, 1 / above, 1 / below, xtol=EPSILON))

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


@dataclass(frozen=True)
class Experiment:
    """The quantity is what one run returns (a training, a simulation); runs are repeated independently."""

    runs: int


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


def limit(combine: Callable[..., Tensor] = lambda value: value) -> Callable[..., Any]:
    """The twin stacks its samples at sizes n, 2n, 4n, …; `combine` makes the means at one size the quantity."""
    return wearing(Limit(combine))


def at(**stages: Callable[..., Any]) -> Callable[..., Any]:
    """Letters of a twin that are themselves measured first, by other twins: @at(U=fixed_point)."""

    def note(twin: Callable[..., Any]) -> Callable[..., Any]:
        twin.stages = stages  # type: ignore[attr-defined]
        return twin

    return note


def root(letter: str) -> Callable[..., Any]:
    """The twin is an estimating equation in `letter`; Newton begins at the letter of the instance."""
    return wearing(Root(letter))


def crossing(letter: str, low: float, high: float, *, whole: bool = False) -> Callable[..., Any]:
    """The twin's mean changes sign once as `letter` runs through [low, high]."""
    return wearing(Crossing(letter, low, high, whole))


def experiment(runs: int) -> Callable[..., Any]:
    """The twin is one whole run; it is repeated that many times with fresh randomness."""
    return wearing(Experiment(runs))


def witness(of: Callable[..., Any]) -> Callable[..., Any]:
    """A further measurement of the claim that another twin measures."""

    def note(twin: Callable[..., Any]) -> Callable[..., Any]:
        twin.witness_of = of.__name__  # type: ignore[attr-defined]
        return twin

    return note
