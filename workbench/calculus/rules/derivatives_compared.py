"""Derivatives compared: dual numbers along random directions, on all of space or on a sphere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random as Generator
from typing import Any

import numpy as np
from flint import fmpq

from workbench.calculus.agreement import Refuted, agree
from workbench.exact.degrees import BITS
from workbench.exact.instances import dyadic, entries
from workbench.exact.rings import Dual, Rationals
from workbench.exact.values import evaluate


def moved(point: Mapping, wrt: Any, seed: str = "direction") -> tuple[dict, Any]:
    """The point with `wrt` on a line through it, as dual numbers, and the line's direction."""
    value = point[wrt]
    generator = Generator(f"{seed}/{value}")  # another direction at every point
    if not isinstance(value, np.ndarray):
        step = dyadic(generator, bits=BITS)
        return {**point, wrt: Dual(value, step)}, step
    step = entries(*value.shape, generator, bits=BITS)
    dual = np.vectorize(Dual, otypes=[object])(value, step)
    return {**point, wrt: dual}, step


def slopes(value: Any) -> Any:
    """The derivative parts of dual values."""
    take = np.vectorize(lambda entry: entry.slope if isinstance(entry, Dual) else fmpq(0), otypes=[object])
    return take(value) if isinstance(value, np.ndarray) else take(np.array([[value]]))[0, 0]


def directional_derivative(before: Any, after: Any, point: Mapping, ring: Rationals, *, wrt: Any) -> None:
    """The derivative of the line before in a random direction H is the scalar product of this line with H."""
    line, direction = moved(point, wrt)
    slope = slopes(evaluate(before, line, ring))
    found = evaluate(after, point, ring)
    agree(slope, np.sum(found * direction), "the directional derivative")


def partial_derivatives(before: Any, after: Any, point: Mapping, ring: Rationals, *, wrt: Sequence[Any]) -> None:
    """Each entry of this column is the derivative of the line before along one letter."""
    found = evaluate(after, point, ring).reshape(-1)
    if len(found) != len(wrt):
        raise Refuted(f"{len(found)} derivatives along {len(wrt)} letters")
    for letter, entry in zip(wrt, found):
        along = {**point, letter: Dual(point[letter], fmpq(1))}
        agree(slopes(evaluate(before, along, ring)), entry, f"the derivative along {letter}")


def second_derivative(before: Any, after: Any, point: Mapping, ring: Rationals, *, wrt: Any, direction: Any) -> None:
    """This line, paired with H', is the mixed second derivative of the line before in H and H'."""
    value, first = point[wrt], point[direction]
    second = entries(*value.shape, Generator(f"second/{value}"), bits=BITS)
    outer = np.vectorize(lambda u, h, k: Dual(Dual(u, h), Dual(k, fmpq(0))), otypes=[object])
    mixed = slopes(slopes(evaluate(before, {**point, wrt: outer(value, first, second)}, ring)))
    agree(mixed, np.sum(evaluate(after, point, ring) * second), "the second derivative")


def slope_along_sphere(before: Any, after: Any, point: Mapping, ring: Rationals, *, wrt: Any) -> None:
    """This line is tangent, and its product with a tangent ξ is the derivative of the line before along ξ."""
    here = point[wrt]
    step = tangent(here, entries(*here.shape, Generator("tangent")))
    line = {**point, wrt: np.vectorize(Dual, otypes=[object])(here, step)}
    found = evaluate(after, point, ring)
    agree(np.sum(found * here), fmpq(0), "the normal part of the gradient on the sphere")
    agree(slopes(evaluate(before, line, ring)), np.sum(found * step), "the derivative along the sphere")


def curvature_along_sphere(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, wrt: Any, direction: Any
) -> None:
    """This line, paired with η, is ∂²/∂a∂b of the line before at w + aξ + bη − ab⟨ξ,η⟩w, which stays on the sphere."""
    here = point[wrt]
    first = tangent(here, point[direction])
    second = tangent(here, entries(*here.shape, Generator("second tangent")))
    bend = np.sum(first * second)
    surface = np.vectorize(lambda w, h, k: Dual(Dual(w, h), Dual(k, -bend * w)), otypes=[object])
    mixed = slopes(slopes(evaluate(before, {**point, wrt: surface(here, first, second)}, ring)))
    found = evaluate(after, point, ring)
    agree(np.sum(found * here), fmpq(0), "the normal part of the Hessian on the sphere")
    agree(mixed, np.sum(found * second), "the second derivative along the sphere")


def tangent(here: np.ndarray, step: np.ndarray) -> np.ndarray:
    """The part of a step that is tangent to the unit sphere."""
    return step - here * np.sum(here * step)


def solves_the_flow(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, unknown: Any, time: Any, initial: Any
) -> None:
    """This line has the line before as its derivative in time, and starts at the initial value."""
    start, there = evaluate(after, {**point, time: fmpq(0)}, ring), {**point, time: fmpq(1, 64)}
    agree(start, evaluate(initial, point, ring), "the initial value")
    moving = evaluate(after, {**there, time: Dual(there[time], fmpq(1))}, ring)
    speed = evaluate(before, {**there, unknown: evaluate(after, there, ring)}, ring)
    agree(slopes(moving), speed, "the derivative in time")


def takes_the_time(before: Any, after: Any, point: Mapping, ring: Rationals, *, unknown: Any, initial: Any) -> None:
    """This line is zero at the start, and its slope in the unknown is one over the speed in the line before."""
    start = {**point, unknown: evaluate(initial, point, ring)}
    agree(evaluate(after, start, ring), fmpq(0), "the time at the start")
    moving = evaluate(after, {**point, unknown: Dual(point[unknown], fmpq(1))}, ring)
    agree(slopes(moving) * evaluate(before, point, ring), fmpq(1), "the slope of the time, times the speed")
