"""Answers: a typed equation measured, compared exactly and judged; no theorem file is needed.

The left side is measured from its definition and, where the rules derive it, compared exactly as well. A
wrong right side is answered by the smallest case in which it fails and, where one is found, by a correction
that evidence of its own supports.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
import torch

from workbench.catalogue import Entry
from workbench.claims import Claim
from workbench.errors import BadInput
from workbench.evidence.ladder import RUNGS
from workbench.evidence.listings import in_order, order_of
from workbench.evidence.protocols import NotFound
from workbench.exact.instances import Vacuous, draw, letters_of
from workbench.judging import judge, proofs
from workbench.judging.confrontation import (
    SHAPES,
    Site,
    Trial,
    as_tensor,
    family_of,
    judged,
    looks,
    sizes_at,
    values_of,
)
from workbench.judging.judge import STANDARDS, Standard
from workbench.judging.verdicts import Verdict
from workbench.letters import Count, Size
from workbench.lowering.twins import twin_of
from workbench.sessions.derivations import compared, derivation_of
from workbench.sessions.equations import Equation, read_equation
from workbench.showing import printing

SHRUNK = ((1, 1), (1, 2), (1, 3), (2, 2))  # where the witness of a refutation is looked for
SPREAD = ((1, 4), (2, 5), (3, 2), (1, 6), (2, 2), (3, 3), (1, 5), (2, 3))  # where a correction is looked for
EQUALITY = 1e-6  # what a quadrature resolves; a blunter measurement cannot tell an equality from a near one
LONGEST = 64  # how far a count is raised to meet the hypotheses
TROUBLE = (BadInput, NotFound, Vacuous, ValueError, ArithmeticError, RuntimeError)


@dataclass(frozen=True)
class Answer(Verdict):
    """What the workbench says of a typed equation."""

    where: str = ""
    derived: str = ""  # the closed form that the rules found for the left side
    derived_latex: str = ""
    asked: tuple[str, ...] = field(default=())  # the declarations that were typed

    @property
    def replay(self) -> str:
        how = "".join(f" --where {shlex.quote(text)}" for text in self.asked)
        return f"workbench check {shlex.quote(self.conjecture)}{how} --standard {self.standard} --seed {self.seed}"


def check(statement: str, where: str | Iterable[str] = (), *, standard: str = "quick", seed: int = 0) -> Answer:
    """Judge a typed equation, e.g. check("E[X*X.T] == N*Sigma").

    where: what the letters mean, where they do not mean what they mostly do. The text is parsed, never evaluated.
    Raises BadInput when it cannot be read.
    """
    from workbench.judging.canaries import sound

    where = tuple(filter(None, (where,) if isinstance(where, str) else where))
    if standard not in STANDARDS:
        raise BadInput(f"no standard is called {standard!r}; the standards are {', '.join(STANDARDS)}")
    try:
        return sound(answer_to(read_equation(statement, where), STANDARDS[standard], seed, where))  # type: ignore
    except Vacuous as problem:
        raise BadInput(f"the statement says nothing: {problem}") from None


def answer_to(
    equation: Equation, standard: Standard, seed: int = 0, asked: tuple[str, ...] = (), *,
    twin: Callable[..., Any] | None = None, claim: Claim | None = None, proof: proofs.Proof | None = None,
) -> Answer:  # fmt: skip
    """The answer to an equation that was read; twin, claim and proof are made by machine where none are given."""
    started = time.perf_counter()
    torch.set_num_threads(1)
    case = Case(equation, twin or twin_of(equation.left, "left_side"), standard, seed)
    trials = case.trials(equation.right, seed)
    status, reason = judge.combine([trial.statuses[""] for trial in trials])
    if claim is None:
        claim = derivation_of(equation.left, equation.hypotheses)
        proof = proofs.check(claim) if claim else None
    right = aligned(equation.right, claim, trials[0])
    exactly = compared(equation.left, claim, proof, right, equation.hypotheses)
    status, reason = proofs.both_ways(status, reason, exactly)
    if exactly is None or exactly.grade == "open":
        status, reason = measured_only(status, reason, trials)
    refuted = status == "refuted"
    correction = case.correction(trials, claim) if refuted else None
    return Answer(
        witness=case.witness(trials, claim) or exact_witness(exactly, claim) if refuted else None,
        correction=correction.record() if correction else None,
        compared=in_words(exactly, claim),
        derived=printing.text(claim.formula) if claim else "",
        derived_latex=printing.latex(claim.formula) if claim else "",
        where=equation.where,
        asked=asked,
        **facts(equation, status, reason, standard, seed, trials, proof),
        seconds=round(time.perf_counter() - started, 3),
    )


def measured_only(status: str, reason: str, trials: list[Trial]) -> tuple[str, str]:
    """An equality that nothing compared exactly is supported only where it was measured sharply, and says so."""
    resolution = max(trial.findings[""].resolution for trial in trials)
    if status != "supported":
        return status, reason
    said = f"measured only, at the instances met: the two sides agree to {resolution:.2g}"
    return ("supported" if resolution <= EQUALITY else "undecided"), said


def exact_witness(exactly: Any, claim: Claim | None) -> dict[str, Any] | None:
    """The point at which exact arithmetic told a typed formula and the derived one apart."""
    from workbench.judging.records import derived_witness

    if claim is None or exactly is None or exactly.where is None:
        return None
    return derived_witness(exactly.line.expression, claim.formula, exactly.where)


def aligned(right: Any, claim: Claim | None, trial: Trial) -> Any:
    """A list in the order of the derived one, since the order of a list means nothing."""
    rows = trial.estimates[0].rows
    if not rows or claim is None or right.shape != claim.formula.shape:
        return right
    orders = [order_of(values_of(formula, trial.instance, ()), rows) for formula in (right, claim.formula)]
    entries = list(sp.ImmutableMatrix(right.as_explicit()))
    there = [sp.S.Zero] * len(entries)
    for mine, place in zip(*orders):
        there[place] = entries[mine]
    return sp.ImmutableMatrix(*right.shape, there)


def facts(
    equation: Equation, status: str, reason: str, standard: Standard, seed: int, trials: list[Trial], proof: Any
) -> dict[str, Any]:
    """The parts of an answer that every verdict has."""
    from workbench.judging.records import finite, instance_record, line_record

    return {
        "claim": equation.typed, "kind": "identity", "title": "a typed statement",
        "symbol": printing.text(equation.left), "formula": printing.text(equation.right),
        "latex": printing.latex(equation.right), "status": status, "reason": reason,
        "resolution": finite(max(t.findings[""].resolution for t in trials)),
        "z": finite(max(t.findings[""].z for t in trials)),
        "samples": sum(e.samples for t in trials for e in t.estimates), "seed": seed, "standard": standard.name,
        "rivals": {}, "mutants": {}, "assumed": [], "conjecture": equation.typed,
        "proof": [line_record(checked) for checked in proof.lines] if proof else [],
        "rungs": sorted({e.rung for t in trials for e in t.estimates}),
        "instances": [instance_record(t) for t in trials],
    }  # fmt: skip


def in_words(exactly: Any, claim: Claim | None) -> str:
    """What exact arithmetic says of the two sides."""
    if exactly is None or exactly.grade == "open":
        return "the two sides were not compared exactly"
    what = "the derived formula" if claim else "the left side, by brute force"
    return f"{'equal to' if exactly.stands else 'not'} {what}" + (
        f", {exactly.grade} {exactly.certainty}".rstrip() if exactly.stands else ""
    )


@dataclass
class Case:
    """An equation with the twin of its left side: where formulas in place of the right side meet the evidence."""

    equation: Equation
    twin: Callable[..., Any]
    standard: Standard
    seed: int

    @property
    def entry(self) -> Entry:
        return Entry(f"typed.statement.{self.twin.__name__}", "identity", self.equation.typed, "", Path(), 0)

    def instance(self, formula: Any, seed: int | str, place: int, shape: tuple[int, int] | None = None) -> Any:
        """A generic instance; counts are raised until what is said of sizes holds."""
        conditions = (*self.equation.hypotheses, *self.equation.regime)
        taken = signature(self.twin).parameters  # a letter at which the left side is taken is none of its own
        defining = [letter for letter in letters_of(self.equation.left) if letter.name in taken]
        letters = letters_of(*defining, formula, *conditions)
        named = [letter for letter in letters if isinstance(letter, Size)]
        sizes = sizes_at(place, named) if shape is None else {
            letter.name: shape[isinstance(letter, Count)] for letter in named
        }  # fmt: skip
        for _ in range(LONGEST):
            here = {letter: sizes[letter.name] for letter in named}
            if not (failing := [said for said in conditions if not proofs.allowed(here, (said,))]):
                break
            short = [letter for letter in named if any(said.has(letter) for said in failing)]
            counts = [letter for letter in short if isinstance(letter, Count)]
            sizes |= {letter.name: sizes[letter.name] + 1 for letter in counts or short}
        return draw(letters, f"{self.equation.typed}/{seed}/{place}", sizes, conditions)

    def trial(self, formula: Any, seed: int | str, place: int, shape: tuple[int, int] | None = None) -> Trial:
        """One instance: the left side measured there, and what the judge finds."""
        instance = self.instance(formula, seed, place, shape)
        letters = {letter.name: as_tensor(letter, exact) for letter, exact in instance.items()}
        claimed = values_of(formula, instance, ())
        first, second = looks([self.twin], letters, claimed, self.standard, f"{self.equation.typed}/{seed}/{place}")
        claimed = in_order(claimed, first[0].rows)
        if not np.isfinite(first[0].value).all() and first[0].rung in RUNGS:
            raise BadInput(
                f"{printing.text(self.equation.left)} is no finite number: some of its samples are too large, or the "
                f"root or logarithm of a negative number"
            )
        status, finding = judged(self.entry, claimed, first, second, self.standard)
        return Trial(instance, letters, (), first, second, {"": claimed}, {"": status}, {"": finding})

    def trials(self, formula: Any, seed: int | str) -> list[Trial]:
        if family_of(formula):
            raise BadInput("an eigenvalue stands for a whole spectrum, which a typed statement cannot say")
        return [self.trial(formula, seed, place) for place in range(self.standard.instances)]

    def witness(self, trials: list[Trial], claim: Claim | None) -> dict[str, Any] | None:
        """The smallest instance at which the equation fails, with both numbers."""
        right, seed = self.equation.right, f"{self.seed}/witness"
        for place, shape in enumerate(SHRUNK):
            try:
                if self.hides(self.instance(right, seed, -1 - place, shape), claim):
                    continue
                trial = self.trial(right, seed, -1 - place, shape)
            except TROUBLE:
                continue
            if failure := self.failure(trial, claim):
                return failure
        return next(filter(None, (self.failure(trial, claim) for trial in trials)), None)

    def failure(self, trial: Trial, claim: Claim | None) -> dict[str, Any] | None:
        """How the equation fails at an instance: against the measurement or, where that is blunt, the derivation."""
        from workbench.judging.records import derived_witness, witness_record

        if trial.statuses[""][0] == "refuted":
            return witness_record(trial)
        if claim is None or self.hides(trial.instance, claim):
            return None
        return derived_witness(self.equation.right, claim.formula, trial.instance)

    def hides(self, instance: Any, claim: Claim | None) -> bool:
        """Whether the right side and the derived one are equal at an instance: then it is no witness."""
        from workbench.judging.power import equal_at

        return claim is not None and equal_at(self.equation.right, claim.formula, Site(instance, ()))

    def correction(self, trials: list[Trial], claim: Claim | None) -> Any:
        """What the right side should have been, supported by evidence that the search never saw."""
        from workbench.diagnosis.corrections import correct

        fresh = self.seed + 1
        return correct(
            self.equation.right, lambda: self.samples(trials), lambda new: self.judged_afresh(new, fresh),
            letters_of(self.equation.right, self.equation.left), derived=claim.formula if claim else None,
            seed=fresh, standard=self.standard.name,
        )  # fmt: skip

    def judged_afresh(self, formula: Any, seed: int) -> tuple[str, float | None]:
        try:
            trials = self.trials(formula, seed)
        except TROUBLE:
            return "undecided", None
        resolution = max(trial.findings[""].resolution for trial in trials)
        return judge.combine([t.statuses[""] for t in trials])[0], resolution if np.isfinite(resolution) else None

    def samples(self, trials: list[Trial]) -> list[Any]:
        """What was measured, at these instances and at more of other sizes."""
        from workbench.diagnosis.claims import BLURRED, ENOUGH, sample_of
        from workbench.evidence.ladder import SURE

        found = list(trials)
        sure = all(trial.estimates[0].rung in SURE for trial in trials)
        for place, shape in enumerate(SPREAD[: (ENOUGH if sure else BLURRED) - len(trials)]):
            try:
                found.append(self.trial(self.equation.right, f"{self.seed}/diagnosis", place, shape))
            except TROUBLE:
                continue
        samples = [sample_of(trial.instance, trial.estimates[0], ()) for trial in found]
        return [sample for sample in samples if sample is not None]


__all__ = ["SHAPES", "Answer", "Case", "answer_to", "check"]
