"""Instances of a Dyson system: points at which its traces are found by iteration, to tell which root is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from sympy import Dummy, Expr, Rational, lambdify, sympify

from workbench.calculus.equivalents.dyson import System
from workbench.calculus.errors import NoClosedForm

POINTS, MOST = 4, 11  # at which the iteration and a root are compared, and among how many they are found
SPECTRUM = (0.5, 1.3, 2.25)  # of every fixed letter, in equal parts
ROUNDS = 4000
RIDGES = (0.0,), (1.0, 0.1, 0.01, 0.001, 0.0)  # added to what is inverted, where the inverse of a mean does not exist
STILL = 1e-26  # the square of what a round moves when only rounding is left
NEAR = 1e-9  # relative distance of a root from the iterated value; the next root is elsewhere at some point


@dataclass(frozen=True)
class Instances:
    """Points of positive letters, and the traces there."""

    letters: Sequence[Mapping[Any, Expr]]
    traces: Sequence[Mapping[Dummy, float]]

    def alike(self, one: Dummy, other: Dummy) -> bool:
        """Whether two traces agree at all points, as far as double precision can tell."""
        return all(abs(t[one] - t[other]) <= NEAR * (1 + abs(t[one])) for t in self.traces)

    def vanish(self, one: Dummy) -> bool:
        """Whether a trace is zero at all points."""
        return all(abs(t[one]) <= NEAR for t in self.traces)

    def sign(self, one: Dummy) -> int:
        """The sign of a trace. Raises NoClosedForm when it has both."""
        signs = {np.sign(t[one]) for t in self.traces}
        if len(signs) > 1:
            raise NoClosedForm("a trace takes both signs; only what is positive is named by a fixed point")
        return int(signs.pop())

    def meant(self, expression: Expr) -> bool:
        """Whether an expression of traces and letters is zero at all points."""
        there = [{**point, **traces} for point, traces in zip(self.letters, self.traces, strict=True)]
        return all(isfinite(size) and size <= NEAR for size in (abs(complex(expression.subs(p))) for p in there))


def instances(system: System) -> Instances:
    """Points with sizes in either order, where the inverses exist. Raises NoClosedForm where the traces never rest."""
    bound = {*system.places, *system.families.eigenvalues.values(), *system.families.spikes.values()}
    pieces = (*system.blocks, *(each for place in system.places.values() for each in (place.size, place.covariance)))
    seen = (*pieces, *system.of.left.values(), *system.of.right.values())
    letters = sorted(set().union(*(sympify(one).free_symbols for one in seen)) - bound, key=str)
    found: list[tuple[Mapping[Any, Expr], Mapping[Dummy, float]]] = []
    for k in range(MOST):
        point = {letter: Rational(5 + (7 * k + 4 * i * (k + 1)) % 11, 6) for i, letter in enumerate(letters)}
        if (traces := iterated(system, point)) is not None:
            found.append((point, traces))
        if len(found) == POINTS:
            points, at_points = zip(*found, strict=True)
            return Instances(points, at_points)
    raise NoClosedForm("the fixed point is not reached by iteration; is the inverse defined at most positive letters?")


def iterated(system: System, point: Mapping[Any, Expr]) -> dict[Dummy, float] | None:
    """The traces at a point, approached from zero, or along a ridge that falls to zero; None where they do not rest."""
    ahead_of = one_round(system, point)
    for ridges in RIDGES:
        traces: np.ndarray | None = np.zeros(len(system.places))
        for ridge in ridges:
            traces = None if traces is None else rested(ahead_of, traces, ridge)
        if traces is not None:
            return dict(zip(system.places, map(float, traces), strict=True))
    return None


def rested(ahead_of: Callable[[np.ndarray, float], np.ndarray], traces: np.ndarray, ridge: float) -> np.ndarray | None:
    """Where damped rounds come to rest; None where they do not."""
    with np.errstate(all="ignore"):
        for _ in range(ROUNDS):
            try:
                ahead = ahead_of(traces, ridge)
            except np.linalg.LinAlgError:
                return None
            moved, far = np.sum((ahead - traces) ** 2), 1 + np.sum(traces**2)
            if not isfinite(moved) or not isfinite(far):
                return None
            traces = (ahead + traces) / 2
            if moved < STILL * far:
                return traces
    return None


def one_round(system: System, point: Mapping[Any, Expr]) -> Callable[[np.ndarray, float], np.ndarray]:
    """What each trace must equal, given all of them and a ridge, at eigenvalues that are spread like SPECTRUM."""
    families, places = system.families, list(system.places.values())
    known = [families.in_bulk(one).subs(point) for one in (*system.blocks, *(place.covariance for place in places))]
    values = lambdify([list(system.places), list(families.eigenvalues.values())], known, "numpy")
    sizes = np.array([float(place.size.subs(point)) for place in places])
    rows, columns = [place.row for place in places], [place.column for place in places]
    side, corners = system.blocks.shape[0], list(system.of.ridges)

    def ahead_of(traces: np.ndarray, ridge: float) -> np.ndarray:
        there = np.array([values(traces, [value] * len(families.eigenvalues)) for value in SPECTRUM], dtype=float)
        blocks = there[:, : side**2].reshape(-1, side, side)
        blocks[:, corners, corners] += ridge
        G = np.linalg.inv(blocks)
        return sizes * np.mean(there[:, side**2 :] * G[:, rows, columns], axis=0)

    return ahead_of
