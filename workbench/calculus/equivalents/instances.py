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

POINTS = 4  # at which the iteration and a root are compared
SPECTRUM = (0.5, 1.3, 2.25)  # of every fixed letter, in equal parts
ROUNDS = 4000
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
    """Points with sizes in either order. Raises NoClosedForm when the traces do not come to rest."""
    bound = {*system.places, *system.families.eigenvalues.values(), *system.families.spikes.values()}
    pieces = (*system.blocks, *(each for place in system.places.values() for each in (place.size, place.covariance)))
    seen = (*pieces, *system.of.left.values(), *system.of.right.values())
    letters = sorted(set().union(*(sympify(one).free_symbols for one in seen)) - bound, key=str)
    points = [
        {letter: Rational(5 + (7 * k + 4 * i * (k + 1)) % 11, 6) for i, letter in enumerate(letters)}
        for k in range(POINTS)
    ]
    return Instances(points, [iterated(system, point) for point in points])


def iterated(system: System, point: Mapping[Any, Expr]) -> dict[Dummy, float]:
    """The traces at a point, approached by damped rounds from zero."""
    ahead_of = one_round(system, point)
    traces = np.zeros(len(system.places))
    with np.errstate(all="ignore"):
        for _ in range(ROUNDS):
            try:
                ahead = ahead_of(traces)
            except np.linalg.LinAlgError:
                break
            moved = np.sum((ahead - traces) ** 2) / (1 + np.sum(traces**2))
            traces = (ahead + traces) / 2
            if moved < STILL:
                return dict(zip(system.places, map(float, traces), strict=True))
    raise NoClosedForm("the fixed point is not reached by iteration; is the inverse defined at all positive letters?")


def one_round(system: System, point: Mapping[Any, Expr]) -> Callable[[np.ndarray], np.ndarray]:
    """What each trace must equal, given all of them, at eigenvalues that are spread like SPECTRUM."""
    families, places = system.families, list(system.places.values())
    known = [families.in_bulk(one).subs(point) for one in (*system.blocks, *(place.covariance for place in places))]
    values = lambdify([list(system.places), list(families.eigenvalues.values())], known, "numpy")
    sizes = np.array([float(place.size.subs(point)) for place in places])
    rows, columns = [place.row for place in places], [place.column for place in places]
    side = system.blocks.shape[0]

    def ahead_of(traces: np.ndarray) -> np.ndarray:
        there = np.array([values(traces, [value] * len(families.eigenvalues)) for value in SPECTRUM], dtype=float)
        G = np.linalg.inv(there[:, : side**2].reshape(-1, side, side))
        return sizes * np.mean(there[:, side**2 :] * G[:, rows, columns], axis=0)

    return ahead_of
