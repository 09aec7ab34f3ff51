"""Comparisons: an asserted formula against the derived one, exactly; by brute force where no rule derives one."""

from __future__ import annotations

from typing import Any

import sympy as sp

from workbench.calculus.agreement import Refuted
from workbench.calculus.errors import CalculusError
from workbench.calculus.rules import gradient
from workbench.claims import Claim, Line, by, given, so
from workbench.evidence.listings import order_of
from workbench.judging import proofs
from workbench.judging.confrontation import Trial, values_of
from workbench.judging.statement import Statement
from workbench.language.slopes import MatrixSlope, ScalarLimit, ScalarSlope

TENDING = "a limit: what stands in lim(…) less the right side goes to 0 as all sizes grow in fixed proportions"
STUCK = (CalculusError, ArithmeticError, NotImplementedError, ValueError, Refuted)  # where nothing is compared


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
    inside, wrt = left.args if isinstance(left, ScalarSlope | MatrixSlope) else (left, None)
    step = so("typed", right) if wrt is None else by(gradient, "typed", wrt=wrt)
    nameless = Claim("identity", "", {}, hypotheses, (), lambda: iter(()))
    both = (Line(given("the left side", inside), inside), Line(step, right))
    return proofs.one_checked(nameless, both, 1, "compared")


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
