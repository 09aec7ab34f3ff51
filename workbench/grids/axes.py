"""Axes: the values that letters go through, typed as `sigma=0.1:2:40, d=4,8,16, Lambda=I`."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from itertools import product
from math import isfinite, prod
from typing import Any

from workbench.errors import BadInput

Value = Any  # a number, a matrix as lists of numbers, or "I"
Point = dict[str, Value]
AXIS = re.compile(r"\s*([^\W\d]\w*)\s*=(.*)", re.DOTALL)
NEXT = re.compile(r"[,;]\s*(?=[^\W\d]\w*\s*=)")  # a comma before the next letter
MOST = 10**6  # points of a grid
HOW = "write LETTER=FROM:TO:HOW_MANY, LETTER=VALUE,VALUE,… or LETTER=[[…]], e.g. sigma=0.1:2:40, d=4,8,16, Lambda=I"


class Range(list):
    """Values between two ends; those of a size are the whole numbers next to them."""


def axes_of(text: str) -> dict[str, list[Value]]:
    """The values of every letter. Raises BadInput for what is no axis, an empty one, or a grid that is too large."""
    axes: dict[str, list[Value]] = {}
    for part in NEXT.split(text):
        if not (found := AXIS.fullmatch(part)):
            raise BadInput(f"{part.strip()[:60]!r} is no axis; {HOW}")
        name, said = found[1], found[2].strip()
        if name in axes:
            raise BadInput(f"{name} is given twice; give each letter one axis")
        axes[name] = values_of(name, said)
    if (points := prod(map(len, axes.values()))) > MOST:
        raise BadInput(f"the grid has {points} points, and at most {MOST} are swept; take fewer values")
    return axes


def values_of(name: str, said: str) -> list[Value]:
    """What stands behind a letter."""
    if said.startswith("["):
        return [matrix(name, said)]
    if said.count(":") == 2:
        low, high, count = (number(name, part) for part in said.split(":"))
        return between(name, said, low, high, count)
    return ["I"] if said == "I" else list(dict.fromkeys(number(name, part) for part in said.split(",")))


def between(name: str, said: str, low: float, high: float, count: float) -> Range:
    """Values at equal distances, both ends included; in exact arithmetic, so that 0.1:0.3:3 has a 0.2."""
    if count != int(count) or not 1 <= count <= MOST or (count > 1) != (high > low):
        raise BadInput(
            f"{name} = {said} is an empty range; write FROM:TO:HOW_MANY with FROM < TO, e.g. {name}=0.1:2:40"
        )
    first, last, steps = Fraction(repr(low)), Fraction(repr(high)), max(int(count) - 1, 1)
    return Range(number(name, repr(float(first + (last - first) * k / steps))) for k in range(int(count)))


def number(name: str, said: str) -> float | int:
    """A number; a whole one as such."""
    try:
        value = float(said)
    except ValueError:
        raise BadInput(f"{name} = {said.strip()[:60]!r} is no number; {HOW}") from None
    if not isfinite(value):
        raise BadInput(f"{name} = {said.strip()} is not finite; {HOW}")
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def matrix(name: str, said: str) -> Value:
    """A vector or matrix, typed as lists of numbers."""
    try:
        rows = json.loads(said)
        entries = [entry for row in rows for entry in (row if isinstance(row, list) else [row])]
        if not entries or any(type(entry) not in (int, float) for entry in entries):
            raise ValueError("its entries are numbers")
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"{name} = {said[:60]!r} is no matrix ({problem}); write e.g. {name}=[[1, 0], [0, 2]]") from None
    return rows


def points_of(axes: dict[str, list[Value]]) -> list[Point]:
    """All combinations; the last letter moves fastest."""
    return [dict(zip(axes, values)) for values in product(*axes.values())]
