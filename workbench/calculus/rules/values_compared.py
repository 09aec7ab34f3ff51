"""Values compared: both lines evaluated exactly at a point of all their letters."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from flint import fmpq
from sympy import Float, lambdify

from workbench.calculus.agreement import Refuted, agree
from workbench.calculus.rules.making import watching
from workbench.exact.rings import Balls, NotRational, Rationals
from workbench.exact.values import evaluate, floats
from workbench.language.laws import random_letters


def same_value(before: Any, after: Any, point: Mapping, ring: Rationals, **_: Any) -> None:
    """Both lines have the same value."""
    agree(evaluate(before, point, ring), evaluate(after, point, ring), "the line before and this one differ")


def same_value_given_others(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, over: tuple[Any, ...], **_: Any
) -> None:
    """Both lines have the same value where the random letters that are not averaged over are held fixed."""
    generator, held = np.random.default_rng(len(over)), {}
    for letter in sorted(random_letters(before) - {*over}, key=str):
        sides = [int(evaluate(length, point).p) for length in letter.shape]
        held[letter] = np.vectorize(fmpq, otypes=[object])(generator.integers(-99, 99, sides), 64)
    same_value(before, after, {**point, **held}, ring)


def at_replaced_letters(before: Any, after: Any, point: Mapping, ring: Rationals, **to: Any) -> None:
    """The line before, at the values of the replacements, is this line."""
    replaced = {old: evaluate(new, point, ring) for old, new in to["letters"].items()}
    agree(evaluate(before, {**point, **replaced}, ring), evaluate(after, point, ring), "after substitution")


def vanishes_there(before: Any, after: Any, point: Mapping, ring: Rationals, *, wrt: Any, **_: Any) -> None:
    """The line before is zero where `wrt` has the value of this line."""
    there = {**point, wrt: evaluate(after, point, ring)}
    values = np.asarray(evaluate(before, there, ring), dtype=object).reshape(-1)
    agree(values, np.array([fmpq(0)] * len(values)), "the equation at the solution")


def changes_sign_there(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, parameter: Any, positive: bool | None = None, **_: Any
) -> None:
    """The line before vanishes at this line's value and has opposite signs a little below and above it."""
    vanishes_there(before, after, point, ring, wrt=parameter)
    scale = evaluate(after, point, ring)
    if (parameter.is_positive if positive is None else positive) and not scale > 0:
        raise Refuted(f"{parameter} is positive and the value {scale} is not; it may need a hypothesis")
    below, above = (evaluate(before, {**point, parameter: scale * fmpq(k, 256)}, ring) for k in (255, 257))
    if not (below * above < 0):
        raise Refuted(f"no sign change: {below} below and {above} above {scale}")


def step_by_step(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, unknown: Any, times: Any, initial: Any
) -> None:
    """From the initial state, the line before taken as the next state that many times over ends at this line."""
    state = evaluate(initial, point, ring)
    for _ in range(int(evaluate(times, point, ring).p)):
        state = evaluate(before, {**point, unknown: state}, ring)
    agree(state, evaluate(after, point, ring), "the state after the last step")


def scalar_product(before: Any, after: Any, point: Mapping, ring: Rationals, *, vector: Any) -> None:
    """This line is the scalar product of the line before with the vector."""
    product = np.sum(evaluate(vector, point, ring) * evaluate(before, point, ring))
    agree(product, evaluate(after, point, ring), "the scalar product")


def difference(before: Any, after: Any, point: Mapping, ring: Rationals, *, what: Any) -> None:
    """This line is the line before minus what is named."""
    agree(
        evaluate(before, point, ring) - evaluate(what, point, ring),
        evaluate(after, point, ring),
        "the difference",
    )


def quotient(before: Any, after: Any, point: Mapping, ring: Rationals, *, what: Any) -> None:
    """This line times what is named is the line before."""
    agree(
        evaluate(before, point, ring),
        evaluate(after, point, ring) * evaluate(what, point, ring),
        "the quotient times the divisor",
    )


@watching
def leaves_a_remainder(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, large: Mapping[Any, Any], order: int, **_: Any
) -> None:
    """The line before minus this line falls like size^−(order + 1) while the large letters double."""
    gaps = []
    for doublings in range(6, 10):
        there = {**point, **{letter: point[letter] * 2**doublings for letter in large}}
        gap = np.asarray(evaluate(before, there, ring) - evaluate(after, there, ring), dtype=object)
        gaps.append([abs(entry) * 2 ** (doublings * order) for entry in gap.reshape(-1)])
    for each in zip(*gaps):
        falls(list(each), order)


def falls(gaps: list[Any], order: int) -> None:
    """Gaps that fall at least like the inverse of the size, or are zero. Raises Refuted for others."""
    if any(gap == 0 for gap in gaps):
        agree(np.array(gaps), np.array([fmpq(0)] * len(gaps)), "the remainder")
        return
    for shorter, longer in pairwise(gaps):
        if not longer < shorter * fmpq(3, 4):
            raise Refuted(f"the remainder does not fall faster than size^-{order}: {shorter} became {longer}")


SUMMED = 2**22  # ranks added one by one; those beyond follow the power law of the last ones
SEEN = 2**-12  # gaps below this are what that power law leaves out


@watching
def sums_to(before: Any, after: Any, point: Mapping, ring: Rationals, *, large: Any) -> None:
    """The line before, summed rank by rank, minus this line vanishes while the large letter doubles."""
    if not isinstance(ring, Balls):
        raise NotRational("a sum over unlimited ranks")
    rank = before.limits[0][0]
    gaps = []
    for doublings in range(3):
        there = {**point, large: point[large] * 2**doublings}
        numbers = {letter: float(floats(value)) for letter, value in there.items() if letter.is_symbol}
        summand = lambdify(rank, before.function.xreplace({x: Float(n) for x, n in numbers.items() if x != rank}))
        gaps.append(abs(sum_of(summand) - float(floats(evaluate(after, there, ring)))))
    for shorter, longer in pairwise(gaps):
        if longer > max(shorter / 2, SEEN):
            raise Refuted(f"the sum differs from this line by {shorter:.3g} and then by {longer:.3g}")


def sum_of(summand: Any) -> float:
    """The sum over all ranks: one by one, then by the power law that the last octave follows."""
    total = float(np.sum(summand(np.arange(1, SUMMED + 1, dtype=float))))
    middle, last = float(summand(SUMMED / 2)), float(summand(float(SUMMED)))
    power = float(np.log2(middle / last)) if last > 0 else np.inf
    return total + (last * SUMMED / (power - 1) * (1 + 0.5 / SUMMED) ** (1 - power) if last > 0 else 0.0)
