r"""Directions: the mean of any function of one projection of a random direction, in a ball.

For u on the unit sphere of d dimensions, a·u is |a| cos θ, where θ in [0, π] has the density sinᵈ⁻² θ up to a factor
(Archimedes for d = 3). Kinks of the function are ends of the pieces that are integrated by balls.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from flint import acb, arb, ctx, fmpq, fmpq_mpoly_ctx

from workbench.exact.lines import MOST, Line
from workbench.exact.noise import PLAIN, Noise, NoiseRing
from workbench.exact.quadrature import NotEnclosed
from workbench.exact.rings import NotRational, Rationals, Undefined
from workbench.exact.values import Point, Walker, evaluate
from workbench.language.laws import Haar

GUARD = 20  # bits beyond those of the balls


def mean_over_a_direction(inside: Any, letter: Haar, point: Point) -> arb:
    """The mean of a function of one projection. Raises NotEnclosed where it is none, or has no ball."""
    d, columns = (int(evaluate(length, point).p) for length in letter.shape)
    if columns != 1:
        raise NotEnclosed(f"{letter} is no single direction")
    gens = fmpq_mpoly_ctx.get([f"u{i}" for i in range(d)], "degrevlex").gens()
    entries = np.array([[Noise({PLAIN: gen})] for gen in gens], dtype=object)
    try:
        noise = Walker({**point, letter: entries}, NoiseRing(Rationals()))
        line = Line(inside, noise, [fmpq(1)] * d, point)
        return at_both_ends(line) if d == 1 else over_angles(line, d)
    except (NotRational, Undefined, ZeroDivisionError, OverflowError) as problem:
        raise NotEnclosed(str(problem)) from None


def at_both_ends(line: Line) -> arb:
    """In one dimension a direction is a sign, and everything is a polynomial in it."""
    ends = [acb(1), acb(-1)]
    return sum((line.compiled(line.inside, end.real)(end, False).real for end in ends), arb(0)) / 2


def over_angles(line: Line, d: int) -> arb:
    """The mean over the angle between the direction and the vector along which it is projected."""
    with ctx.workprec(ctx.prec + GUARD):
        length = arb(line.variance).sqrt()
        cosines = [turn / length for turn in line.turns()]
        if any(not (abs(cosine) < 1 or abs(cosine) >= 1) for cosine in cosines):
            raise NotEnclosed("a kink that may lie beyond the projections or not")
        cuts = sorted((cosine.acos() for cosine in cosines if abs(cosine) < 1), key=float)
        points, total = [arb(0), *cuts, arb.pi()], acb(0)
        for low, high in pairwise(points):
            if low < high:
                function = line.compiled(line.inside, length * ((low + high) / 2).cos())
                total += integral(lambda t, analytic, f=function: f(length * t.cos(), analytic), d, low, high)
        found = (total / integral(lambda t, analytic: acb(1), d, points[0], points[-1])).real
    if not found.is_finite():
        raise NotEnclosed("the integrand could not be enclosed")
    return found


def integral(function: Callable[[acb, bool], acb], d: int, low: arb, high: arb) -> acb:
    """∫ f(θ) sinᵈ⁻² θ dθ, in a ball."""
    aim = arb(2) ** -ctx.prec
    return acb.integral(
        lambda t, analytic: function(t, analytic) * t.sin() ** (d - 2), acb(low), acb(high),
        abs_tol=aim, rel_tol=aim, eval_limit=MOST,
    )  # fmt: skip
