"""Comparisons: an asserted formula against the derived one, exactly; by brute force where no rule derives one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from workbench.calculus.agreement import Refuted
from workbench.calculus.errors import CalculusError
from workbench.calculus.rules import gradient
from workbench.claims import Claim, Line, by, given, so
from workbench.evidence.listings import order_of
from workbench.exact.rings import Unreadable
from workbench.judging import proofs
from workbench.judging.confrontation import Trial, values_of
from workbench.judging.far_points import refute_there
from workbench.judging.sizes import equality
from workbench.judging.statement import Statement
from workbench.language.slopes import MatrixSlope, ScalarLimit, ScalarSlope

TENDING = "a limit: what stands in lim(…) less the right side goes to 0 as all sizes grow in fixed proportions"
# where nothing is compared
STUCK = (CalculusError, ArithmeticError, NotImplementedError, ValueError, Refuted, Unreadable)


def compared(statement: Statement, trial: Trial) -> proofs.CheckedLine | None:
    """What exact arithmetic says of both sides; None where it can say nothing."""
    try:
        if statement.proof is not None:
            formula = aligned(statement, trial)
            return proofs.compared(statement.proof.claim, formula) if statement.proof.stands else None
        return by_brute_force(statement.definition, statement.formula, statement.hypotheses)
    except STUCK:
        return None


def by_brute_force(left: Any, right: Any, hypotheses: tuple[Any, ...]) -> proofs.CheckedLine:
    """A definition, its means multiplied out and its gradients taken by dual numbers, against a formula."""
    nameless = Claim("identity", "", {}, hypotheses, (), lambda: iter(()))
    return proofs.one_checked(nameless, both_lines(left, right), 1, "compared")


def both_lines(left: Any, right: Any) -> tuple[Line, Line]:
    """A definition, and a formula that is said to follow from it."""
    inside, wrt = left.args if isinstance(left, ScalarSlope | MatrixSlope) else (left, None)
    step = so("typed", right) if wrt is None else by(gradient, "typed", wrt=wrt)
    return Line(given("the left side", inside), inside), Line(step, right)


def compared_where_refuted(statement: Statement, exactly: proofs.CheckedLine, trial: Trial) -> proofs.CheckedLine:
    """A comparison of sides that were found equal, once more at the instance at which they were measured to differ."""
    known = statement.definition if statement.derived is None else statement.derived
    if known is None or statement.family or trial.estimates[0].rows:
        return exactly
    before, after = both_lines(known, statement.formula)
    try:
        refute_there(trial.instance, after.step.rule or equality, before.expression, after)
    except Refuted as refutation:
        return replace(exactly, grade="false", reason=str(refutation), every=False, where=trial.instance)
    except STUCK:
        pass
    return exactly


def aligned(statement: Statement, trial: Trial) -> Any:
    """A list in the order of the derived one, since the order of a list means nothing."""
    rows, right, derived = trial.estimates[0].rows, statement.formula, statement.derived
    if not rows or right.shape != derived.shape:
        return right
    orders = [order_of(values_of(formula, trial.instance, ()), rows) for formula in (right, derived)]
    entries = list(sp.ImmutableMatrix(right.as_explicit()))
    there = [sp.S.Zero] * len(entries)
    for mine, place in zip(*orders):
        there[place] = entries[mine]
    return sp.ImmutableMatrix(*right.shape, there)


def in_words(exactly: proofs.CheckedLine | None, statement: Statement) -> str:
    """What exact arithmetic says of the two sides."""
    if exactly is None or exactly.grade == "open":
        return "the two sides were not compared exactly"
    what = "the derived formula" if statement.proof else "the left side, by brute force"
    said = f"equal to {what}, {exactly.grade} {exactly.certainty}".rstrip() if exactly.stands else f"not {what}"
    return f"{said}; {TENDING}" if isinstance(statement.definition, ScalarLimit) else said
