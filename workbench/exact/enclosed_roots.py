"""Counting solutions in a box with balls: what no theorem about polynomials counts, boxes enclose.

A box in which one equation has no zero holds no solution, a box that Newton's map (in the form of
Krawczyk) maps into its own interior holds exactly one, and any other box is halved. The box is that of
all overlaps, which lie in [−1, 1], with a margin, so that solutions at its corners are inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx
from sympy import Add, Dummy, Expr, Mul, Poly, Symbol, cancel, diff, together

from workbench.exact.real_roots import NotZeroDimensional, real_solution_count
from workbench.exact.rings import Balls, Undefined
from workbench.exact.values import evaluate, real_value
from workbench.language.letters import Overlap

MAX_BOXES = 4_000
REACH = 1 + 2**-4  # of the box, in every direction
WIDER = 1.5  # a box is searched with its surroundings, so that a solution on a wall is inside of something
PRECISION = 128  # bits
POLISHINGS = 6  # each squares the width of the enclosure of a solution

Box = np.ndarray  # of balls, one for each unknown


def solution_count(system: Sequence[Expr], unknowns: Sequence[Symbol], point: Mapping) -> int:
    """How many real solutions a system has at one rational parameter point, in the box of overlaps if not polynomial.

    Raises NotZeroDimensional where they cannot be counted.
    """
    if is_polynomial(system, unknowns):
        one = affine_count(system, unknowns, point)
        return real_solution_count(system, unknowns, point) if one is None else one
    if not all(isinstance(unknown, Overlap) for unknown in unknowns):
        raise NotZeroDimensional("not polynomial, so the split into cases has no independent count")
    before, ctx.prec = ctx.prec, PRECISION
    try:
        return len(Field(system, unknowns, point).zeros())
    finally:
        ctx.prec = before


def affine_count(system: Sequence[Expr], unknowns: Sequence[Symbol], point: Mapping) -> int | None:
    """How many solutions as many affine equations as unknowns have, with coefficients in balls; None for others.

    Over the rationals the theorems count, and they say more of a system that is degenerate.
    """
    numerators = [cancel(together(equation)).as_numer_denom() for equation in system]
    if len(system) != len(unknowns) or any(below.has(*unknowns) for _, below in numerators):
        return None
    polynomials = [Poly(above, *unknowns) for above, _ in numerators]
    if any(polynomial.total_degree() > 1 for polynomial in polynomials):
        return None
    rows = [[real_value(p.coeff_monomial(each), point) for each in (*unknowns, 1)] for p in polynomials]
    entries = [entry for row in rows for entry in row]
    if None in entries or not any(isinstance(entry, arb) for entry in entries):
        return None
    try:
        found = arb_mat([row[:-1] for row in rows]).solve(arb_mat([[-row[-1]] for row in rows]))
    except ZeroDivisionError:
        raise NotZeroDimensional("the affine system is degenerate, or nearly so") from None
    return int(all(value > 0 for value, unknown in zip(found.entries(), unknowns) if unknown.is_positive))


def is_polynomial(system: Sequence[Expr], unknowns: Sequence[Symbol]) -> bool:
    """Whether every numerator is a polynomial of the unknowns."""
    return all(cancel(together(equation)).as_numer_denom()[0].is_polynomial(*unknowns) for equation in system)


class Field:
    """The equations at one parameter point, as a map from boxes of the unknowns to boxes of values."""

    def __init__(self, system: Sequence[Expr], unknowns: Sequence[Symbol], point: Mapping):
        self.unknowns, self.point = list(unknowns), dict(point)
        self.equations = [self.prepared(equation) for equation in system]
        self.derivatives = [[diff(equation, unknown) for unknown in unknowns] for equation in self.equations]

    def prepared(self, node: Any) -> Any:
        """An equation whose parts without unknowns are evaluated once, and stand in it as letters."""
        if node.is_Number or node in self.unknowns:
            return node
        if not node.has(*self.unknowns):
            letter = Dummy(real=True)
            self.point[letter] = evaluate(node, self.point, Balls())
            return letter
        parts = list(node.args)
        if isinstance(node, Add | Mul):
            constant, moving = node.as_independent(*self.unknowns)
            parts = [constant, *type(node).make_args(moving)]
        return node.func(*map(self.prepared, parts))

    def values(self, box: Box) -> Box:
        """Balls around everything that the equations take on in a box."""
        there = {**self.point, **dict(zip(self.unknowns, box))}
        return np.array([evaluate(equation, there, Balls()) for equation in self.equations], dtype=object)

    def slopes(self, box: Box) -> Box:
        """Balls around the Jacobian in a box."""
        there = {**self.point, **dict(zip(self.unknowns, box))}
        return np.array([[evaluate(slope, there, Balls()) for slope in row] for row in self.derivatives], dtype=object)

    def zeros(self) -> list[Box]:
        """Enclosures of all solutions, one for each."""
        found: list[Box] = []
        pending = [(np.zeros(len(self.unknowns)), np.full(len(self.unknowns), REACH))]
        for _ in range(MAX_BOXES):
            if not pending:
                return found
            centre, radius = pending.pop()
            if not self.may_vanish(ball_box(centre, radius)):
                continue
            box = ball_box(centre, WIDER * radius)
            zero = self.only_zero(box)
            if zero is None or not settled(zero, box, found):
                pending += halves(centre, radius)
            elif not any(contains(box, other) for other in found):
                found.append(zero)
        raise NotZeroDimensional(f"the solutions are not told apart by {MAX_BOXES} boxes")

    def may_vanish(self, box: Box) -> bool:
        """Whether no equation is known to keep away from zero in a box."""
        try:
            return all(ball.contains(0) for ball in self.values(box))
        except (Undefined, ZeroDivisionError):
            return True

    def only_zero(self, box: Box) -> Box | None:
        """A narrow enclosure of the one solution in a box; None when it is not known to hold exactly one."""
        image = self.newton(box)
        if image is None or not all(outer.contains_interior(inner) for outer, inner in zip(box, image)):
            return None
        for _ in range(POLISHINGS):
            closer = self.newton(image)
            image = image if closer is None else np.array([a.intersection(b) for a, b in zip(image, closer)])
        return image

    def newton(self, box: Box) -> Box | None:
        """Krawczyk's map, which encloses every solution that a box holds; None where the slopes are singular."""
        centre = np.array([ball.mid() for ball in box], dtype=object)
        try:
            slopes = self.slopes(box)
            middle = np.array([[float(entry.mid()) for entry in row] for row in slopes])
            inverse = np.vectorize(arb, otypes=[object])(np.linalg.inv(middle))
            rest = np.eye(len(box), dtype=int) - inverse @ slopes
            return centre - inverse @ self.values(centre) + rest @ (box - centre)
        except (Undefined, ZeroDivisionError, np.linalg.LinAlgError):
            return None


def ball_box(centre: np.ndarray, radius: np.ndarray) -> Box:
    """Balls with these centres and radii."""
    return np.array([arb(float(c), float(r)) for c, r in zip(centre, radius)], dtype=object)


def halves(centre: np.ndarray, radius: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """A box cut in two across its longest side."""
    side = np.zeros(len(radius))
    side[radius.argmax()] = radius.max() / 2
    return [(centre + sign * side, radius - side) for sign in (-1, 1)]


def contains(box: Box, other: Box) -> bool:
    """Whether the other box lies in this one."""
    return all(outer.contains(inner) for outer, inner in zip(box, other))


def settled(zero: Box, box: Box, found: Sequence[Box]) -> bool:
    """Whether every solution found so far is either the one in this box or certainly another."""
    return all(contains(box, other) or not all(a.overlaps(b) for a, b in zip(zero, other)) for other in found)
