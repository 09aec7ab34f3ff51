"""Answers: a typed equation as a statement, and what the judge finds about it; no theorem file is needed.

The left side is measured from its definition and, where the rules derive it, compared exactly as well.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from inspect import signature
from typing import Any

import torch

from workbench.claims import Claim
from workbench.errors import BadInput
from workbench.evidence.ladder import RUNGS
from workbench.exact.instances import Vacuous, letters_of
from workbench.judging import proofs
from workbench.judging.judge import Standard
from workbench.judging.judgement import Judgement, judged
from workbench.judging.statement import Statement
from workbench.judging.verdicts import Verdict
from workbench.judging.verification import standard_called
from workbench.language import printing
from workbench.language.laws import random_letters
from workbench.sessions.derivations import derivation_of
from workbench.sessions.equations import Equation, read_statement
from workbench.sessions.inequalities import Comparison, compared
from workbench.sessions.quantities import measure_of


@dataclass(frozen=True, repr=False)
class Answer(Verdict):
    """What the workbench says of a typed equation."""

    where: str = ""
    derived: str = ""  # the closed form that the rules found for the left side
    derived_latex: str = ""
    asked: tuple[str, ...] = field(default=())  # the declarations that were typed
    sign: str = "="  # between the two sides
    links: tuple[Answer, ...] = field(default=())  # of a chain A == B == C, each judged by itself

    @property
    def replay(self) -> str:
        how = "".join(f" --where {shlex.quote(text)}" for text in self.asked)
        return f"workbench check {shlex.quote(self.conjecture)}{how} --standard {self.standard} --seed {self.seed}"


def check(statement: str, where: str | Iterable[str] = (), *, standard: str = "quick", seed: int = 0) -> Answer:
    """Judge a typed statement, e.g. check("E[X*X.T] == N*Sigma"), an inequality, or a chain A == B <= C.

    where: what the letters mean, where they do not mean what they mostly do. The text is parsed, never evaluated.
    Raises BadInput when it cannot be read.
    """
    from workbench.judging.canaries import sound

    where, rule = tuple(filter(None, (where,) if isinstance(where, str) else where)), standard_called(standard)
    try:
        links = [answer_to(each, rule, seed, where) for each in read_statement(statement, where)]
        return sound(links[0] if len(links) == 1 else chained(links, statement))  # type: ignore
    except Vacuous as problem:
        raise BadInput(f"the hypotheses leave nothing to judge: {problem}") from None


ORDER = ("refuted", "undecided", "supported")  # the status of a chain is the first that one of its links has


def chained(links: list[Answer], typed: str) -> Answer:
    """The answer to a chain: that of its first link that fails, or of all where none does."""
    worst = min(links, key=lambda link: ORDER.index(link.status))
    sharp = [link.resolution for link in links if link.resolution is not None]
    reason = worst.reason if worst.status == "supported" else f"the link {worst.conjecture} is {worst.status}"
    return replace(
        worst, claim=typed, conjecture=typed, reason=reason, links=tuple(links), resolution=max(sharp, default=None)
    )


def answer_to(
    equation: Equation, standard: Standard, seed: int = 0, asked: tuple[str, ...] = (), *,
    twin: Callable[..., Any] | None = None, claim: Claim | None = None, proof: proofs.Proof | None = None,
) -> Answer:  # fmt: skip
    """The answer to an equation that was read; twin, claim and proof are made by machine where none are given."""
    started = time.perf_counter()
    torch.set_num_threads(1)
    if equation.sign != "==":
        return unequal(equation, standard, seed, asked)
    if claim is None:
        claim = derivation_of(equation.left, equation.hypotheses)
        proof = proofs.check(claim) if claim else None
    statement = statement_of(equation, twin or measure_of(equation.left), proof)
    if statement.family:
        raise BadInput("an eigenvalue stands for a whole spectrum, which a typed statement cannot say")
    return answer(equation, judged(statement, standard, seed), asked, started)


def unequal(equation: Equation, standard: Standard, seed: int, asked: tuple[str, ...]) -> Answer:
    """The answer to an inequality: its left side is judged to be what is derived for it, and then compared."""
    closed = derivation_of(equation.left, equation.hypotheses)
    known = equation.left if closed is None else closed.formula
    base = answer_to(replace(equation, right=known, sign="=="), standard, seed, asked)
    found = compared(known, equation, seed)
    if base.status != "supported" and found.status == "supported" and closed is not None:
        found = Comparison("undecided", f"the closed form of the left side is {base.status}")
    return replace(
        base, kind="inequality", formula=printing.text(equation.right), latex=printing.latex(equation.right),
        sign=equation.sign, status=found.status, reason=found.reason, witness=found.witness, correction=None,
        compared=found.compared,
    )  # fmt: skip


def statement_of(equation: Equation, twin: Callable[..., Any], proof: proofs.Proof | None = None) -> Statement:
    """A typed equation as a statement; a letter at which the left side is taken is none of its own."""
    taken, hypotheses = signature(twin).parameters, tuple(equation.hypotheses)
    letters = tuple(letter for letter in letters_of(equation.left) if letter.name in taken)
    right = worked_out(equation.right, hypotheses)
    return Statement(
        equation.typed, right, (twin,), letters, hypotheses, tuple(equation.regime), proof=proof,
        definition=equation.left, typed=equation.typed,
    )  # fmt: skip


def worked_out(right: Any, hypotheses: tuple[Any, ...]) -> Any:
    """A right side with the means in it worked out where that is proved: closed forms are compared at more points."""
    claim = derivation_of(right, hypotheses) if random_letters(right) else None
    return claim.formula if claim and proofs.check(claim).stands else right


def answer(equation: Equation, found: Judgement, asked: tuple[str, ...], started: float) -> Answer:
    """What was found about an equation, as an answer. Raises BadInput where its left side is no finite number."""
    if any(not trial.finite and trial.estimates[0].rung in RUNGS for trial in found.trials):
        raise BadInput(
            f"{printing.text(equation.left)} is no finite number: some of its samples are too large, or the "
            f"root or logarithm of a negative number"
        )
    derived = found.statement.derived
    return Answer(
        claim=equation.typed,
        kind="identity",
        title="a typed statement",
        symbol=printing.text(equation.left),
        formula=printing.text(equation.right),
        latex=printing.latex(equation.right),
        mutants={},
        derived="" if derived is None else printing.text(derived),
        derived_latex="" if derived is None else printing.latex(derived),
        where=equation.where,
        asked=asked,
        seconds=round(time.perf_counter() - started, 3),
        **found.facts(),
    )
