"""Phases: a critical scale of two letters as curves over one of them, one for each of some values of the other.

The page is made from verdicts alone, so the formula is read from its text, and the dots are the instances that the
verdict keeps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

from workbench.errors import BadInput
from workbench.judging.verdicts import Verdict
from workbench.report.figures import Scale, linear
from workbench.sweeps.texts import compiled

NUMBER = re.compile(r"a (positive number|real number|probability|count|dimension|number)\b")
WHOLE = ("a count", "a dimension")
VALUE = re.compile(r"(\w+) = (-?\d+(?:/\d+)?)(?=,|$)")
CURVES, FEW, POINTS = 5, 3, 60
APART = 0.07  # of the height, between two names


@dataclass(frozen=True)
class Diagram:
    """Two axes, the curves between two phases, and what was measured; all placed between 0 and 1."""

    along: str
    other: str
    across: Scale
    up: Scale
    curves: list[tuple[str, list[list[tuple[float, float]]]]]  # each with its value, in unbroken parts
    names: list[tuple[float, float, str]]  # where the value of each curve stands
    dots: list[tuple[float, float, str]]


def phases(verdict: Verdict) -> Diagram | None:
    """The diagram of a critical scale whose formula has two letters that are numbers; None for any other."""
    letters = letters_of(verdict)
    if len(letters) != 2 or not (found := measured(verdict, letters)):
        return None
    along, other = sorted(letters, key=lambda name: -len({at[name] for at, _ in found}))
    try:
        formula = compiled(verdict.formula, along, other)
        return diagram(formula, found, along, other, letters)
    except (BadInput, ArithmeticError, TypeError, ValueError, NameError, AttributeError, NotImplementedError):
        return None  # a formula that numpy cannot draw


def letters_of(verdict: Verdict) -> dict[str, str]:
    """The letters of a formula and what they are; none where one of them is no number."""
    known = verdict.says.get("letters", {})
    used = {name: known[name] for name in re.findall(r"[A-Za-z_]\w*", verdict.formula) if name in known}
    return used if all(NUMBER.match(said) for said in used.values()) else {}


def measured(verdict: Verdict, letters: dict[str, str]) -> list[tuple[dict[str, float], float]]:
    """The values of two letters at each instance, and the one number that was measured there."""
    found = []
    for instance in verdict.instances:
        at = {name: float(Fraction(value)) for name, value in VALUE.findall(instance["letters"]) if name in letters}
        if len(at) == 2 and len(instance["measured"]) == 1 and isfinite(instance["measured"][0]):
            found.append((at, instance["measured"][0]))
    return found


def diagram(
    formula: Callable[[Any, float], Any], found: list[Any], along: str, other: str, said: dict[str, str]
) -> Diagram:
    """Curves through the measured values of the other letter, over a range that holds those of the first."""
    values = [at[along] for at, _ in found]
    low, high = (0.0, 1.0) if said[along] == "a probability" else (min(values) / 2, max(values) * 1.5)
    grid = np.linspace(max(low, 1.0) if said[along].startswith(WHOLE) else low, high, POINTS)
    lines = {}
    for value in levels({at[other] for at, _ in found}, said[other]):
        with np.errstate(all="ignore"):
            heights = np.asarray(formula(grid, value) + 0 * grid)
        if np.iscomplexobj(heights):
            raise TypeError("no real number")
        lines[f"{other} = {value:g}"] = heights
    top = max(seen for _, seen in found)
    shown = [y for heights in lines.values() for y in heights if isfinite(y) and abs(y) <= 4 * abs(top)]
    up, across = linear(min([*shown, *(y for _, y in found)]), max([*shown, top])), linear(low, high)
    dots = [(across.place(at[along]), up.place(y), f"{at}: measured {y:.6g}") for at, y in found]
    curves = [(name, unbroken(grid, heights, across, up)) for name, heights in lines.items()]
    return Diagram(along, other, across, up, curves, spread(curves), dots)


def levels(measured: set[float], said: str) -> list[float]:
    """The values of the other letter that have a curve: the measured ones, and where these are few, farther ones."""
    found = sorted(measured)[:CURVES]
    if len(found) < FEW and found[0] > 0:
        whole = round if said.startswith(WHOLE) else float
        most = (1 + found[-1]) / 2 if said == "a probability" else 2 * found[-1]
        found = sorted({*found, float(whole(max(found[0] / 2, 1 if whole is round else 0))), float(whole(most))})
    return found


def spread(curves: list[tuple[str, Any]]) -> list[tuple[float, float, str]]:
    """A place for the name of each curve at its end, none upon another."""
    found: list[tuple[float, float, str]] = []
    for (x, y), name in sorted(((parts[-1][-1], name) for name, parts in curves if parts), key=lambda end: end[0][1]):
        found.append((x, max(y, found[-1][1] + APART if found else y), name))
    return found


def unbroken(grid: Any, heights: Any, across: Scale, up: Scale) -> list[list[tuple[float, float]]]:
    """The parts of a curve that lie within the picture."""
    parts: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(grid, heights):
        if isfinite(y) and up.low <= up.bend(y) <= up.high:
            parts[-1].append((across.place(x), up.place(y)))
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if len(part) > 1]
