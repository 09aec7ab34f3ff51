"""Saturation: functions that are as near to their limits as no arithmetic tells, wherever two sides were compared.

erf(60) is 1 in every digit that is computed, and a kink at zero is never met by t + z where t is 60 and z a standard
number. Two sides that agree at such points alone were not compared: the difference is what nothing there resolves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random as Generator
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, fmpq

from workbench.exact.values import enclosed, evaluate
from workbench.language import printing
from workbench.language.gaussian_functions import zeta_erf
from workbench.language.laws import Gaussian, Random, random_letters

PATIENT = 640  # bits: what tells 1 from the error function at 20
DRAWS, REACH, GRID = 24, 96, 16  # values of random letters, between −6 and 6
NEARLY = arb(2) ** -40  # from its limit: beside what means are enclosed to, and the chance of a draw far out
BOUNDED, KINKED = (sp.erf, sp.tanh, zeta_erf), (sp.Heaviside, sp.sign, sp.Abs, sp.Max, sp.Min)
UNKNOWN = (ArithmeticError, ValueError, TypeError, KeyError)


def saturated(points: Sequence[Mapping[Any, Any]], *expressions: Any) -> str:
    """The first function that has one value, or shows one side of its kink, at all of the points; empty for none."""
    for node in dict.fromkeys(node for each in expressions for node in sp.preorder_traversal(each)):
        at_limit = is_at_limit if isinstance(node, BOUNDED) else is_on_one_side
        kinked = isinstance(node, KINKED) and random_letters(node)
        if (isinstance(node, BOUNDED) or kinked) and points and all(at_limit(node, point) for point in points):
            return printing.text(node)
    return ""


def is_at_limit(node: Any, point: Mapping[Any, Any]) -> bool:
    """Whether erf or tanh cannot be told from 1 or −1 at a point, whatever its random letters are."""
    near = NEARLY if random_letters(node) else arb(0)
    values = [*values_of(node, point)]
    return bool(values) and all((1 - abs(value)).lower() <= near for value in values)


def is_on_one_side(node: Any, point: Mapping[Any, Any]) -> bool:
    """Whether what a kink is taken of stays farther from it than it moves, whatever its random letters are."""
    gaps = [a - node.args[0] for a in node.args[1:]] if isinstance(node, sp.Max | sp.Min) else [node.args[0]]
    for gap in gaps:
        values = [value.mid() for value in values_of(gap, point)]
        if not values or min(map(abs, values)) <= max(values) - min(values):
            return False
    return True


def values_of(number: Any, point: Mapping[Any, Any]) -> Iterator[arb]:
    """What a number is worth at a point, for several values of its random letters; nothing where that is not known."""
    letters = sorted(random_letters(number), key=str)
    try:
        for place in range(DRAWS if letters else 1):
            held = {letter: drawn(letter, f"{letter.name}/{place}", point) for letter in letters}
            yield arb(enclosed(number, {**point, **held}, PATIENT))
    except UNKNOWN:
        return


def drawn(letter: Random, seed: str, point: Mapping[Any, Any]) -> np.ndarray:
    """A value of a random letter of usual size, about its mean."""
    rng, shape = Generator(seed), [int(evaluate(sp.sympify(side), point).p) for side in letter.shape]
    noise = [fmpq(rng.randint(-REACH, REACH), GRID) for _ in range(int(np.prod(shape)))]
    value = np.array(noise, dtype=object).reshape(shape)
    return value + evaluate(letter.mean, point) if isinstance(letter, Gaussian) else value
