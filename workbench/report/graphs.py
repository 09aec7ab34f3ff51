"""Graphs: which claim builds on which, as a drawing in layers.

A claim stands to the right of all it builds on. Layers are ordered by the barycentres of neighbours
(Sugiyama, Tagawa, Toda, 1981); heights are the closest to the neighbours' that keep order and distance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import isotonic_regression

SWEEPS = 12
ROW, BEND, GAP = 44, 14, 36  # heights of a claim and of a line that passes by; what lies between columns
LETTER, PADDING, EDGE = 7.1, 34, 2  # widths of a letter, of what surrounds a name, and of the margin

Point = str | tuple[str, str, int]  # a claim, or the place where the line between two claims crosses a layer


@dataclass(frozen=True)
class Box:
    """A claim in the drawing."""

    name: str
    left: float
    middle: float
    width: float


@dataclass(frozen=True)
class Drawing:
    """Boxes, the lines between them, and how much room they take."""

    boxes: list[Box]
    lines: list[tuple[str, str, str]]  # from, to, the path
    width: float
    height: float


def drawn(builds_on: Mapping[str, Iterable[str]]) -> Drawing:
    """The drawing of a graph without cycles: name → what it builds on."""
    depths = layers_of(builds_on)
    edges = [(earlier, name) for name, under in builds_on.items() for earlier in under]
    chains = [chain(a, b, depths) for a, b in edges]
    columns: list[list[Point]] = [[] for _ in range(max(depths.values(), default=0) + 1)]
    for points in [*chains, *([name] for name in depths)]:
        for shift, point in enumerate(points):
            column = columns[depths[points[0]] + shift]
            if point not in column:
                column.append(point)
    near = neighbours(chains)
    order(columns, near)
    heights = settled(columns, near)
    return placed(columns, chains, heights)


def layers_of(builds_on: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """How long the longest way is from each claim down to one that builds on nothing."""
    depths: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in depths:
            depths[name] = max((depth(earlier) + 1 for earlier in builds_on.get(name, ())), default=0)
        return depths[name]

    for name in builds_on:
        depth(name)
    return depths


def chain(a: str, b: str, depths: Mapping[str, int]) -> list[Point]:
    """The way of a line from claim to claim, through every layer between."""
    return [a, *((a, b, layer) for layer in range(depths[a] + 1, depths[b])), b]


def neighbours(chains: list[list[Point]]) -> dict[Point, list[Point]]:
    near: dict[Point, list[Point]] = {}
    for points in chains:
        for one, other in pairwise(points):
            near.setdefault(one, []).append(other)
            near.setdefault(other, []).append(one)
    return near


def order(columns: list[list[Point]], near: Mapping[Point, list[Point]]) -> None:
    """Sort each layer by the mean rank of its neighbours in the layer before it, to and fro; loners stay last."""
    for sweep in range(SWEEPS):
        way = columns if sweep % 2 == 0 else columns[::-1]
        for before, column in pairwise(way):
            rank = {point: place / len(before) for place, point in enumerate(before)}
            own = {point: [place / len(column)] for place, point in enumerate(column)}
            wanted = {
                point: mean([rank[n] for n in near.get(point, ()) if n in rank] or own[point]) for point in column
            }
            column.sort(key=wanted.__getitem__)
    for column in columns:
        column.sort(key=lambda point: point not in near)


def mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def settled(columns: list[list[Point]], near: Mapping[Point, list[Point]]) -> dict[Point, float]:
    """Heights: every point as level with its neighbours as order and distance allow, by least squares."""
    offsets = [np.cumsum([0.0, *(room(a, b) for a, b in pairwise(column))]) for column in columns]
    heights = {point: float(y) for column, ys in zip(columns, offsets) for point, y in zip(column, ys)}
    for sweep in range(2 * SWEEPS):
        way = zip(columns, offsets) if sweep % 2 == 0 else zip(columns[::-1], offsets[::-1])
        for column, offset in way:
            wanted = [mean([heights[n] for n in near[p]]) if p in near else heights[p] for p in column]
            found = isotonic_regression(np.array(wanted) - offset).x + offset
            heights |= {point: float(y) for point, y in zip(column, found)}
    return heights


def room(a: Point, b: Point) -> float:
    """The least distance of two points of a layer."""
    return sum(ROW if isinstance(point, str) else BEND for point in (a, b)) / 2


def placed(columns: list[list[Point]], chains: list[list[Point]], heights: Mapping[Point, float]) -> Drawing:
    """Boxes and curves in a frame that begins at the origin."""
    widths = [max((LETTER * letters(p) + PADDING for p in c if isinstance(p, str)), default=0.0) for c in columns]
    lefts = [EDGE + sum(widths[:at]) + GAP * at for at in range(len(columns))]
    top = min(heights.values(), default=0.0) - ROW / 2
    level = {point: y - top for point, y in heights.items()}
    column_of = {point: at for at, column in enumerate(columns) for point in column}
    boxes = [
        Box(point, lefts[at], level[point], widths[at])
        for at, column in enumerate(columns)
        for point in column
        if isinstance(point, str)
    ]
    lines = []
    for points in chains:
        at = [column_of[point] for point in points]
        ends = [(lefts[i], lefts[i] + widths[i], level[point]) for i, point in zip(at, points)]
        lines.append((str(points[0]), str(points[-1]), curve(ends)))
    height = max(level.values(), default=0.0) + ROW / 2
    return Drawing(boxes, lines, lefts[-1] + widths[-1] + EDGE, height)


def letters(name: str) -> int:
    """How many letters wide a claim's id is, its theorem in small print below its name."""
    theorem, _, own = name.rpartition(".")
    return max(len(own), round(0.8 * len(theorem.partition(".")[2])))


def curve(ends: list[tuple[float, float, float]]) -> str:
    """A line from the right edge of the first box to the left edge of the last, level in the columns it crosses."""
    _, x, y = ends[0]
    path = f"M{x:.1f} {y:.1f}"
    for left, right, level in ends[1:]:
        middle = (x + left) / 2
        path += f"C{middle:.1f} {y:.1f} {middle:.1f} {level:.1f} {left:.1f} {level:.1f}"
        path += f"H{right:.1f}" if (left, right, level) != ends[-1] else ""
        x, y = right, level
    return path
