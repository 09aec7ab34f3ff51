"""Inequalities: one closed form below another, refuted at a point or proved for all letters, and otherwise undecided.

A proof writes the gap as a sum of products that are never negative: positive letters, even powers, traces such as
tr(A Σ Aᵀ) with Σ positive definite, and what inequalities of Cauchy and Schwarz leave. Points at which it holds,
however many, prove nothing and are never called so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import sympy as sp
from flint import arb

from workbench.calculus.algebra.signs import never_negative_trace
from workbench.exact.instances import Crowded, Vacuous, draw, letters_of, satisfied
from workbench.exact.rings import identity
from workbench.exact.turning_points import beside, turning_points
from workbench.exact.values import real_value
from workbench.judging.confrontation import shown
from workbench.language.letters import SPD, Matrix, Overlap, Size, Vector
from workbench.sessions.equations import Equation
from workbench.sessions.squares import left_by_squares

TRIED, FAR = 12, 10  # points at usual magnitudes and at others, and the powers of two that these spread over
FARTHEST, FEW, TURNS = 60, 6, 60  # powers of two of a few points more; places where the gap turns
WIDEST = 40  # the largest size that is drawn because the gap turns there
BETWEEN = (sp.erf, sp.tanh)  # between −1 and 1


@dataclass(frozen=True)
class Comparison:
    """What is found about an inequality."""

    status: str
    reason: str = ""
    compared: str = ""
    witness: dict[str, Any] | None = None


def compared(known: Any, equation: Equation, seed: int) -> Comparison:
    """Compare what is known of the left side with the right side, in exact arithmetic."""
    sides = (known, equation.right) if equation.sign[0] == "<" else (equation.right, known)
    gap, strict = sides[1] - sides[0], equation.sign in ("<", ">")
    points = 0
    for point in points_of(gap, equation, seed):
        if (value := real_value(gap, point)) is None:
            continue
        points += 1
        if value < 0 or (strict and value == 0):
            return Comparison("refuted", "", "", witness(known, equation.right, point))
    if not letters_of(gap):
        return of_numbers(gap, strict)
    if never_negative(gap, equation.hypotheses, strict):
        return Comparison("supported", "", "proved for all letters: the gap is a sum of what is never negative")
    tried = f"it holds at the {points} points that were tried" if points else "it could be computed at no point"
    return Comparison("undecided", f"{tried}, and no rule proves it for all letters")


def of_numbers(gap: Any, strict: bool) -> Comparison:
    """An inequality in which no letter is free: its gap is enclosed in a ball."""
    value = real_value(gap, {})
    if value is not None and (value > 0 or (not strict and value == 0)):
        how = "the gap is enclosed, and positive" if isinstance(value, arb) else "the gap is computed exactly"
        return Comparison("supported", "", how)
    return Comparison("undecided", "the two sides are too close to each other to be told apart")


def points_of(gap: Any, equation: Equation, seed: int) -> Iterator[Any]:
    """Instances of all letters, at usual magnitudes and far from them."""
    letters = letters_of(gap, *equation.hypotheses)
    for spread, place in product((0, FAR), range(TRIED)):
        try:
            yield draw(letters, f"{seed}/{spread}/{place}", hypotheses=equation.hypotheses, spread=spread)
        except (Vacuous, Crowded):
            if not spread and not place:
                raise
    yield from special_points(letters, gap, equation, seed)


def special_points(letters: list[Any], gap: Any, equation: Equation, seed: int) -> Iterator[Any]:
    """Instances of sizes one, far out, at zero and the identity, and where the gap turns: where equality may hold."""
    ones = {letter.name: 1 for letter in letters if isinstance(letter, Size)}
    drawn = []
    for place, (sizes, spread) in enumerate([(ones, 0), *[({}, FARTHEST)] * FEW, ({}, 0)]):
        with suppress(Vacuous, Crowded):
            drawn.append(draw(letters, f"{seed}/special/{place}", sizes, equation.hypotheses, spread=spread))
    for point in drawn[-1:]:
        drawn += [{**point, letter: value * 0} for letter, value in point.items() if type(letter) in (Matrix, Vector)]
        drawn += [{**point, letter: identity(len(value))} for letter, value in point.items() if type(letter) is SPD]
        drawn += islice(beside(point, gap, *equation.hypotheses), TURNS)
        for letter in (letter for letter in letters if isinstance(letter, Size)):
            found = [int(number.p) for number in turning_points(letter, point, gap) if 0 < number < WIDEST]
            for number in found:
                with suppress(Vacuous, Crowded):
                    drawn.append(draw(letters, f"{seed}/turn", {letter.name: number}, equation.hypotheses))
    yield from (point for point in drawn if satisfied(equation.hypotheses, point))


def witness(known: Any, right: Any, point: Any) -> dict[str, Any]:
    """Where an inequality fails, with both of its sides."""
    left, other = (float(real_value(side, point)) for side in (known, right))
    return {"instance": shown(point), "component": 0, "claimed": other, "measured": left, "by": "derived"}


def never_negative(gap: Any, hypotheses: tuple[Any, ...], strict: bool) -> bool:
    """Whether a number is seen not to be negative, or to be positive, for all letters that the hypotheses allow."""
    wide = [bounded(shifted(gap, hypotheses), end) for end in (1, -1)]
    forms = [form for each in wide for form in forms_of(each)]
    sums = [sp.Add.make_args(form) for form in forms]
    return any(all(map(is_nonnegative, terms)) and (not strict or some_positive(terms)) for terms in sums)


def shifted(gap: Any, hypotheses: tuple[Any, ...]) -> Any:
    """A number in letters that are only known not to be negative: d = 1 + d′, and a = b + a′ where a > b."""
    for relation in hypotheses:
        big, small = relation.gts, relation.lts
        if big.is_Symbol and not small.has(big):
            gap = gap.xreplace({big: small + sp.Dummy(big.name, nonnegative=True)})
    sizes = {letter: 1 + sp.Dummy(letter.name, nonnegative=True) for letter in gap.atoms(Size)}
    return gap.xreplace(sizes) if not gap.atoms(sp.MatrixSymbol) else gap


def forms_of(gap: Any) -> list[Any]:
    """A number multiplied out, and factored, or less inequalities of Cauchy and Schwarz."""
    if not gap.atoms(sp.Trace):
        return [sp.expand(gap), sp.factor(gap)]
    left = left_by_squares(gap, is_nonnegative)
    return [sp.expand(gap)] if left is None else [sp.expand(gap), left]


def bounded(gap: Any, end: int) -> Any:
    """A number in which what lies between −1 and 1 is written from one of these ends, and exp(q) as 1 + p for q ≥ 0."""
    inside = [node for node in gap.atoms(*BETWEEN) if not node.is_number] + sorted(gap.atoms(Overlap), key=str)
    gap = gap.xreplace({node: end * (1 - sp.Dummy("rest", positive=True)) for node in inside})
    grown = [node for node in gap.atoms(sp.exp) if all(map(is_nonnegative, sp.Add.make_args(sp.expand(node.exp))))]
    return gap.xreplace({node: 1 + sp.Dummy("growth", nonnegative=True) for node in grown})


def is_nonnegative(term: Any) -> bool:
    return all(bool(factor.is_nonnegative) or of_squares(factor) for factor in sp.Mul.make_args(term))


def some_positive(terms: Any) -> bool:
    """Whether a term of a sum of what is not negative is positive."""
    return any(term.is_positive for term in terms)


def of_squares(factor: Any) -> bool:
    """Whether a factor is an even power, a power of what is not negative, or such a trace."""
    if isinstance(factor, sp.Pow):
        return bool(factor.exp.is_even) or is_nonnegative(factor.base)
    return isinstance(factor, sp.Abs) or (isinstance(factor, sp.Trace) and never_negative_trace(factor))
