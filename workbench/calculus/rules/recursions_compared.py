"""Recursions compared: means of one more step, by brute force at random states; nothing here closes a recursion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random as Generator
from typing import Any

import numpy as np
from flint import fmpq
from sympy import MatrixBase

from workbench.calculus.agreement import Refuted, Unsettled, agree
from workbench.exact.disks import OnTheCircle, inside, products_less_one
from workbench.exact.instances import entries
from workbench.exact.rings import Dual, Rationals
from workbench.exact.values import evaluate
from workbench.language.laws import E, random_letters


def mean_of(expression: Any) -> Any:
    """The mean of what may hold no random letter."""
    return E(expression) if random_letters(expression) else expression


def means_of_the_next_state(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, update: Mapping, means: Mapping
) -> None:
    """From any state, the means of the functionals after one step are this line at their values, and it is affine."""
    rows = list(after) if isinstance(after, MatrixBase) else [after]
    if after.has(*update) or len(rows) != len(means):
        raise Refuted("the line still holds the state, or has another number of means than are followed")
    here = {letter: evaluate(functional, point, ring) for letter, functional in means.items()}
    agree(evaluate(before, point, ring), here[next(iter(means))], "the first mean that is followed")
    for functional, row in zip(means.values(), rows):
        moved = mean_of(functional.xreplace(dict(update)))
        agree(evaluate(moved, point, ring), evaluate(row, {**point, **here}, ring), "the mean after one step")
        affine(row, point, ring, here)


def affine(row: Any, point: Mapping, ring: Rationals, here: Mapping) -> None:
    """Raises Refuted where f(a + b) + f(0) is not f(a) + f(b): a mean of squares is no square of the mean."""
    other = {letter: elsewhere(value, f"{letter}") for letter, value in here.items()}
    both = {letter: here[letter] + other[letter] for letter in here}
    none = {letter: here[letter] * fmpq(0) for letter in here}
    at = [evaluate(row, {**point, **values}, ring) for values in (both, none, here, other)]
    agree(at[0] + at[1], at[2] + at[3], "the recursion is not affine in the means")


def elsewhere(value: Any, seed: str) -> Any:
    """Another value of a mean, symmetric where that is."""
    generator = Generator(f"elsewhere/{seed}")
    if not isinstance(value, np.ndarray):
        return fmpq(generator.randint(1, 99), 64)
    drawn = entries(*value.shape, generator, bits=8)
    return drawn + drawn.T if value.shape[0] == value.shape[1] and (value == value.T).all() else drawn


def mean_after_one_step_more(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, update: Mapping, times: Any
) -> None:
    """After no step this line is the line before, and its mean over a step from any state is the line a step later."""
    last = int(evaluate(times, point, ring).p)
    agree(evaluate(before, point, ring), evaluate(after, {**point, times: fmpq(0)}, ring), "the mean after no step")
    moved = mean_of(after.xreplace(dict(update)))
    for done in sorted({0, 1, last}):
        there, later = {**point, times: fmpq(done)}, {**point, times: fmpq(done + 1)}
        agree(evaluate(moved, there, ring), evaluate(after, later, ring), f"the mean after {done + 1} steps")


def loses_stability(
    before: Any,
    after: Any,
    point: Mapping,
    ring: Rationals,
    *,
    unknowns: Sequence,
    parameter: Any,
    hypotheses: Any = (),
) -> None:
    """Below this line's value all eigenvalues of the line before are inside the unit circle, a little above one is not.

    Below means at sixteenths of it, and a little below.
    """
    rate = evaluate(after, point, ring)
    if not rate > 0:
        raise Refuted(f"the rate {rate} is not positive")
    agree(products_less_one(jacobian(before, point, ring, unknowns, parameter, rate)), fmpq(0), "on the unit circle")
    shares = [fmpq(k, 16) for k in range(1, 16)] + [fmpq(255, 256), fmpq(257, 256)]
    try:
        found = [inside(jacobian(before, point, ring, unknowns, parameter, rate * share)) for share in shares]
    except OnTheCircle as problem:
        raise Unsettled(str(problem)) from None
    if found != [True] * 16 + [False]:
        raise Refuted(f"{parameter} = {rate} is not where the recursion stops being stable")


def jacobian(line: Any, point: Mapping, ring: Rationals, unknowns: Sequence, parameter: Any, value: Any) -> np.ndarray:
    """The slopes of the next means in the means before."""
    rows = list(line) if isinstance(line, MatrixBase) else [line]
    columns = []
    for moving in unknowns:
        there = {u: Dual(point[u], fmpq(int(u == moving))) for u in unknowns}
        values = [evaluate(row, {**point, parameter: value, **there}, ring) for row in rows]
        columns.append([each.slope if isinstance(each, Dual) else fmpq(0) for each in values])
    return np.array(columns, dtype=object).T
