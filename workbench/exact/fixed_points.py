"""Fixed points enclosed: numbers with t = image(t), found by iteration and certified by Krawczyk's test.

Balls around a fixed point that Newton's map takes into their interior hold exactly one. Slopes along letters follow
from the implicit function theorem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from workbench.exact.rings import Balls, Dual, NotRational, Undefined, as_dual, identity, solve
from workbench.exact.values import Walker, evaluate
from workbench.language.fixed_points import FixedPoint

ROUNDS = 2000  # of the iteration from 0, until Newton's method takes over
CLOSE = 2**-20  # relative move at which it does
POLISHINGS = 8  # Newton steps at most
GUARD = 40  # bits beyond the precision of the answer
WIDTHS = (2**-60, 2**-50, 2**-45, 2**-40)  # relative radii of the balls that are tried, narrow ones first


@Walker.read.register(FixedPoint)
def _(self: Walker, node: FixedPoint) -> Any:
    if not isinstance(self.ring, Balls):
        raise NotRational(f"{node}")
    return enclose_fixed_point(node.unknowns, node.images, self.point)[node.place]


class Images:
    """What each unknown must equal, as a map of balls at one point."""

    def __init__(self, unknowns: Sequence[Any], images: Sequence[Any], point: Mapping):
        self.unknowns, self.images, self.point = unknowns, images, point

    def values(self, at: np.ndarray) -> np.ndarray:
        there = {**self.point, **dict(zip(self.unknowns, at, strict=True))}
        return np.array([evaluate(image, there, Balls()) for image in self.images], dtype=object)

    def slopes(self, at: np.ndarray) -> np.ndarray:
        """The Jacobian, column by column."""
        columns = []
        for moving in range(len(at)):
            moved = np.array([Dual(t, fmpq(int(k == moving))) for k, t in enumerate(at)], dtype=object)
            columns.append([as_dual(value).slope for value in self.values(moved)])
        return np.array(columns, dtype=object).T


def enclose_fixed_point(unknowns: Sequence[Any], images: Sequence[Any], point: Mapping) -> np.ndarray:
    """Balls around the fixed point that iteration from 0 approaches; of dual numbers, with its slope.

    Raises Undefined when there is none, or it is not isolated from others.
    """
    plain = {letter: values_of(value) for letter, value in point.items()}
    with ctx.workprec(ctx.prec + GUARD):
        of = Images(unknowns, images, plain)
        found = certified(of, approached(of))
        if not any(has_slope(value) for value in point.values()):
            return found
        moved = Images(unknowns, images, point).values(found)
        along = np.array([[as_dual(value).slope] for value in moved], dtype=object)
        slopes = solve(identity(len(found)) - of.slopes(found), along)
        return np.array([Dual(t, slope) for t, slope in zip(found, slopes[:, 0], strict=True)], dtype=object)


def approached(of: Images) -> np.ndarray:
    """A point near the fixed point."""
    at = middles([arb(0)] * len(of.unknowns))
    for _ in range(ROUNDS):
        ahead = middles(of.values(at))
        if any(t < 0 for t in ahead):
            raise Undefined("the iteration to a positive fixed point turns negative")
        at, near = ahead, all(abs(a - b) <= CLOSE * abs(a) for a, b in zip(ahead, at, strict=True))
        if near:
            break
    for _ in range(POLISHINGS):
        gap = (at - of.values(at)).reshape(-1, 1)
        at, before = middles(at - solve(identity(len(at)) - of.slopes(at), gap)[:, 0]), at
        if all(abs(a - b) <= abs(a) * arb(2) ** -(ctx.prec // 2) for a, b in zip(at, before, strict=True)):
            break  # Newton's steps square what is left
    return at


def certified(of: Images, at: np.ndarray) -> np.ndarray:
    """Balls around a point that hold exactly one fixed point."""
    gap = at - of.values(at)
    weights = np.vectorize(lambda ball: ball.mid(), otypes=[object])(
        solve(identity(len(at)) - of.slopes(at), identity(len(at)))
    )
    for width in WIDTHS:
        box = np.array([arb(t, abs(t) * width) for t in at], dtype=object)
        rest = identity(len(at)) - weights @ (identity(len(at)) - of.slopes(box))
        image = at - weights @ gap + rest @ (box - at)
        if all(inner > 0 and outer.contains_interior(inner) for outer, inner in zip(box, image, strict=True)):
            return image
    raise Undefined("no positive fixed point is certified here: the iteration from 0 does not come to rest at one")


def middles(balls: Any) -> np.ndarray:
    """The midpoints of balls, exact numbers."""
    found = np.array([arb(ball).mid() for ball in balls], dtype=object)
    if any(not ball.is_finite() for ball in found):
        raise Undefined("the iteration to a fixed point leaves the numbers")
    return found


def values_of(value: Any) -> Any:
    """A value without its slope, entry by entry."""
    if isinstance(value, np.ndarray):
        return np.vectorize(values_of, otypes=[object])(value)
    return value.value if isinstance(value, Dual) else value


def has_slope(value: Any) -> bool:
    """Whether a value moves along a direction."""
    return any(isinstance(entry, Dual) for entry in np.asarray(value, dtype=object).reshape(-1))
