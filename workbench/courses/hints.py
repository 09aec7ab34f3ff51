"""Hints: what kind of answer it is, what is wrong with the last try, which rules lead there, and at last the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from workbench.claims import Claim
from workbench.diagnosis.differences import differences
from workbench.language import printing
from workbench.language.laws import Random

HOW = {"derived": "the rule", "recalled": "the earlier claim", "assumed": "the cited theorem"}


def hints_on(claim: Claim, tried: Any) -> list[Callable[[], str]]:
    """All hints on a claim in their order; tried: the last wrong answer, if there was one."""
    return [lambda: shape_of(claim), lambda: wrong_in(claim, tried), lambda: way_to(claim), lambda: answer_of(claim)]


def shape_of(claim: Claim) -> str:
    """Whether a number or a matrix is asked for, in which letters, and how many terms it has."""
    formula = sp.sympify(claim.formula)
    rows = "×".join(map(printing.text, formula.shape)) if getattr(formula, "is_Matrix", False) else ""
    letters = sorted({letter.name for letter in formula.free_symbols - formula.atoms(Random)})
    terms = len(sp.Add.make_args(formula) if not rows else sp.MatAdd.make_args(formula))
    what = f"a {rows} matrix" if rows else "a number"
    parts = "one term" if terms == 1 else f"a sum of {terms} terms"
    return f"the answer is {what}, {parts} in {', '.join(letters) or 'no letter'}"


def wrong_in(claim: Claim, tried: Any) -> str:
    """What the terms of the last try tell, without a term of the answer."""
    if tried is None:
        return "try something first; this hint says what is wrong with it"
    told = differences(tried, claim.formula)
    missing = sum(line.startswith("missing") for line in told)
    parts = [line for line in told if line.startswith("too much")]
    of = [line.partition(" is ")[0] for line in told if line.startswith("the coefficient")]
    whole = printing.text(sp.sympify(claim.formula))  # a term without its coefficient may be all of the answer
    parts += [f"{'the coefficient of one term' if whole in each else each} is another one" for each in of]
    parts += [f"{missing} term{'s are' if missing > 1 else ' is'} missing"] if missing else []
    return f"of your last try, {'; '.join(parts) or 'the terms do not tell what is wrong: try a special case'}"


def way_to(claim: Claim) -> str:
    """The rules of the proof, without their results."""
    steps = [(line.step.how, line.step.rule.name if line.step.rule else line.step.why) for line in claim.lines]
    way = [f"{HOW[how]} “{name}”" for how, name in steps if how in HOW]
    return "the proof takes " + (", then ".join(dict.fromkeys(way)) or "no rule: write the definition down")


def answer_of(claim: Claim) -> str:
    return f"the answer is {printing.text(sp.sympify(claim.formula))}"
