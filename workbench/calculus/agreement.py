"""Agreement: two exact values are the same, or a line of a proof is false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from flint import arb, fmpq

from workbench.exact.rings import Undefined

SHORT, DIGITS = 24, (9, 16, 25, 40, 60)  # characters of an exact number in a sentence; digits of any other
RADIUS = fmpq(1, 2**20)  # how narrow an enclosure of a difference must be, relative to what is compared

_WIDTHS: ContextVar[list[float] | None] = ContextVar("widths", default=None)


class Refuted(AssertionError):
    """A line of a proof is false: two values that should agree do not; `where` is the point, once it is known."""

    where: Mapping[Any, Any] | None = None


class Unsettled(ArithmeticError):
    """An enclosure is too wide to say whether two values agree."""


@contextmanager
def widths() -> Iterator[list[float]]:
    """How wide, relative to what was compared, every enclosure was by which `agree` decides meanwhile."""
    noted: list[float] = []
    before = _WIDTHS.set(noted)
    try:
        yield noted
    finally:
        _WIDTHS.reset(before)


def agree(left: Any, right: Any, what: str) -> None:
    """Two exact values are equal, or enclosures narrower than RADIUS overlap.

    Raises Refuted when they differ, Unsettled when an enclosure is too wide to tell.
    """
    left, right = np.asarray(left, dtype=object).reshape(-1), np.asarray(right, dtype=object).reshape(-1)
    if left.shape != right.shape:
        raise Refuted(f"{what}: {left.size} components became {right.size}")
    for a, b in zip(left, right):
        gap = a - b
        if isinstance(gap, arb) and gap.is_nan():
            raise Undefined(f"{what} has no value here")
        if isinstance(gap, arb) and gap.contains(0) and not gap.rad() <= RADIUS * (abs(a) + abs(b) + RADIUS):
            raise Unsettled(f"{what}: {a} and {b} are enclosed too widely to tell")
        if not (gap.contains(0) if isinstance(gap, arb) else gap == 0):
            raise Refuted(f"{what}: {' is not '.join(told_apart(a, b))}")
        noted = _WIDTHS.get()
        if noted is not None and isinstance(gap, arb):
            noted.append(float((gap.rad() / (abs(a) + abs(b) + RADIUS)).upper()))


def told_apart(one: Any, other: Any) -> tuple[str, str]:
    """Two different numbers, in digits enough to see that they are."""
    exact = str(one), str(other)
    if isinstance(one, fmpq) and isinstance(other, fmpq) and max(map(len, exact)) <= SHORT:
        return exact
    for digits in DIGITS:
        first, second = (arb(each).str(digits, radius=False) for each in (one, other))
        if first != second:
            return first, second
    return brief(one), brief(other)


def brief(value: Any) -> str:
    """A ring element short enough for a sentence."""
    exact = str(value)
    if len(exact) <= SHORT:
        return exact
    return f"≈ {arb(value).str(9, radius=False)}" if isinstance(value, fmpq) else f"{exact[:40]}…"
