"""Judgement: a statement's evidence made one finding, in one order, whoever asks.

Measurement, exact comparison with what the rules derive (which outranks it), the proof and the rivals of a claim,
a witness and a correction for what is refuted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

import numpy as np

from workbench.diagnosis.corrections import Correction
from workbench.evidence.ladder import CHEAP
from workbench.evidence.protocols import Average, protocol_of
from workbench.exact.instances import satisfied
from workbench.exact.turning_points import beside
from workbench.judging import judge, proofs
from workbench.judging.comparisons import compared, compared_where_refuted, in_words
from workbench.judging.confrontation import Trial, confront, confront_at, exact_values
from workbench.judging.judge import BLURRED, Standard
from workbench.judging.line_records import finite, line_records
from workbench.judging.records import instance_record
from workbench.judging.refutations import TROUBLE, correction_of, failure_of
from workbench.judging.right_values import right_value
from workbench.judging.saturation import saturated
from workbench.judging.small_dimensions import at_small_dimensions
from workbench.judging.statement import Statement
from workbench.judging.well_formed import dormant_terms, idle_letters, silent
from workbench.language.slopes import ScalarLimit

FAR, FEW, TURNS = 10, 4, 12  # powers of two that numbers spread over; instances drawn so, and where formulas turn
EQUALITY = 1e-6  # what a quadrature resolves; a blunter measurement cannot tell an equality from a near one


@dataclass(frozen=True)
class Judgement:
    """What was found about a statement, and on what evidence."""

    statement: Statement
    standard: Standard
    seed: int
    status: str
    reason: str
    trials: tuple[Trial, ...]
    exactly: proofs.CheckedLine | None  # the formula against the derived one; None for a claim in its own words
    witness: dict[str, Any] | None = None
    correction: Correction | None = None

    @property
    def rivals(self) -> dict[str, str]:
        """The status of every rival on the same evidence."""
        return rival_statuses(self.statement, self.trials)

    @property
    def sizes(self) -> str:
        """For which sizes the two sides were compared, in words."""
        if isinstance(self.statement.definition, ScalarLimit):
            return "as all sizes grow in fixed proportions"
        compared = [self.exactly] if self.exactly is not None and self.exactly.grade != "open" else []
        lines = [*(self.statement.proof.lines if self.statement.proof else ()), *compared]
        if not compared and self.statement.typed:  # measured only
            return proofs.sizes_in_words([proofs.sizes_of(trial.instance) for trial in self.trials])
        return proofs.quantifier(lines)

    def facts(self) -> dict[str, Any]:
        """The parts of a verdict that are the same for every statement."""
        estimates = [estimate for trial in self.trials for estimate in trial.estimates]
        proof = self.statement.proof
        return {
            "status": self.status, "reason": self.reason, "seed": self.seed, "standard": self.standard.name,
            "resolution": finite(max(trial.findings[""].resolution for trial in self.trials)),
            "z": finite(max(trial.findings[""].z for trial in self.trials)),
            "samples": sum(each.samples for each in estimates), "rungs": sorted({each.rung for each in estimates}),
            "witness": self.witness, "correction": self.correction.record() if self.correction else None,
            "conjecture": self.statement.typed, "sizes": self.sizes,
            "compared": in_words(self.exactly, self.statement) if self.statement.typed else "",
            "rivals": self.rivals, "assumed": proof.assumed if proof else [],
            "proof": line_records(proof.lines) if proof else [],
            "instances": [instance_record(trial) for trial in self.trials],
        }  # fmt: skip


def judged(statement: Statement, standard: Standard, seed: int) -> Judgement:
    """Judge a statement. Raises BadInput where it cannot be measured, Vacuous where it says nothing."""
    first = confront(statement, standard, seed, 0)
    exactly = compared(statement, first) if statement.typed else None
    further = range(1, 1 if first.alone else standard.instances)
    trials = (first, *(further_trial(statement, standard, seed, place, exactly) for place in further))
    measured = judge.combine([trial.statuses[""] for trial in trials])
    if statement.typed:
        at_points_only = not decided(exactly) or statement.proof is None
        if measured[0] == "supported" and at_points_only and not first.alone:
            trials = (*trials, *far_trials(statement, standard, seed))
            measured = judge.combine([trial.statuses[""] for trial in trials])
        if measured[0] == "refuted" and exactly is not None and exactly.stands:
            refuting = next(trial for trial in trials if trial.statuses[""][0] == "refuted")
            exactly = compared_where_refuted(statement, exactly, refuting)
        status, reason = after_comparison(*measured, statement, exactly, trials)
        if status == "supported" and not decided(exactly) and (node := saturated_in(statement, trials)):
            status, reason = "undecided", node
    else:
        status, reason = after_proof(*measured, statement, trials)
    if status == "supported" and (nothing := emptiness(statement, trials, exactly)):
        status, reason = "undecided", nothing
    if status == "supported" and statement.typed and (small := at_small_dimensions(statement)):
        return false_at_small_dimensions(statement, standard, seed, trials, *small)
    failing = correction = None
    if status == "refuted":
        failing = failure_of(statement, standard, seed, trials, exactly, measured[0] == "refuted")
    if failing and statement.typed:
        correction = correction_of(statement, standard, seed, trials)
        correction = correction or right_value(statement, failing, standard, seed)
    witness = failing.record if failing else None
    return Judgement(statement, standard, seed, status, reason, trials, exactly, witness, correction)


def false_at_small_dimensions(
    statement: Statement, standard: Standard, seed: int, trials: tuple[Trial, ...], there: Statement,
    exactly: proofs.CheckedLine,
) -> Judgement:  # fmt: skip
    """The judgement of a formula that is right for large dimensions only, with the right value at a small one."""
    status, reason = proofs.both_ways("supported", "", exactly)
    failing = failure_of(there, standard, seed, trials, exactly, measured=False)
    correction = right_value(there, failing, standard, seed) if failing else None
    witness = failing.record if failing else None
    return Judgement(statement, standard, seed, status, reason, trials, exactly, witness, correction)


def further_trial(
    statement: Statement, standard: Standard, seed: int, place: int, exactly: proofs.CheckedLine | None
) -> Trial:
    """A trial at a place; where exact arithmetic tells the sides apart or equal, as blunt as the standard allows."""
    if decided(exactly):
        blunt = confront(statement, replace(standard, widest=CHEAP), seed, place)
        if blunt.statuses[""][0] != "undecided":
            return blunt
    return confront(statement, standard, seed, place)


def decided(exactly: proofs.CheckedLine | None) -> bool:
    """Whether exact arithmetic says of both sides that they are equal, or that they are not."""
    return exactly is not None and exactly.grade != "open"


def far_trials(statement: Statement, standard: Standard, seed: int) -> Iterator[Trial]:
    """An equality that is only measured meets instances of other magnitudes, and those where its formulas turn.

    Where nothing can be measured, or not sharply, nothing is said.
    """
    sides = (statement.formula, statement.definition, *statement.conditions)  # their borders as well
    first = statement.instance(seed, 0)
    drawn = (statement.instance(f"{seed}/far", place, spread=FAR) for place in range(FEW))
    turned = (
        point
        for point in beside(first, *(side for side in sides if side is not None))
        if satisfied(statement.conditions, point)
    )
    for place, instance in enumerate(chain(islice(turned, TURNS), drawn)):
        try:
            trial = confront_at(statement, standard, instance, f"{statement.name}/{seed}/far/{place}")
        except TROUBLE:
            continue
        if trial.statuses[""][0] != "undecided":
            yield trial


def after_comparison(
    status: str, reason: str, statement: Statement, exactly: proofs.CheckedLine | None, trials: tuple[Trial, ...]
) -> tuple[str, str]:
    """What was measured and what exact arithmetic says of both sides, which outranks it.

    An equality that nothing compared exactly is supported only where it was measured sharply, and says so.
    """
    if exactly is not None and decided(exactly):
        if (
            exactly.stands
            and reason.startswith(BLURRED)
            and all(small_within_samples(statement, trial) for trial in trials)
        ):
            return "supported", ""
        return proofs.both_ways(status, reason, exactly)
    if status != "supported":
        return status, reason
    resolution = max(trial.findings[""].resolution for trial in trials)
    said = f"measured only, at the instances met: the two sides agree to {resolution:.2g}"
    return ("supported" if resolution <= EQUALITY else "undecided"), said


def small_within_samples(statement: Statement, trial: Trial) -> bool:
    """Whether a claim of zero, or one that is small beside the samples, was measured to within a small share of them.

    Where samples are large and cancel, the share of a number that is nearly zero may stay wide at any count of them.
    """
    claimed, finding, size = trial.claimed[""], trial.findings[""], trial.estimates[0].magnitude
    if not claimed.any():
        return finding.resolution <= 1
    # of anything but a mean, samples have other units than what is made of them
    plain = isinstance(protocol_of(statement.twins[0]), Average)
    return plain and finding.resolution * float(np.abs(claimed).max()) <= judge.SHARE * size


def saturated_in(statement: Statement, trials: tuple[Trial, ...]) -> str:
    """Why instances that were measured tell nothing: a function is as good as constant at all of them."""
    sides = [side for side in (statement.definition, statement.formula) if side is not None]
    node = saturated([trial.instance for trial in trials], *sides)
    return f"{node} is as good as constant at every instance met, so nothing tested it" if node else ""


def after_proof(status: str, reason: str, statement: Statement, trials: tuple[Trial, ...]) -> tuple[str, str]:
    """A claim stands when its proof does, its evidence supports it, and every rival falls."""
    assert statement.proof is not None
    broken = [line for line in statement.proof.lines if not line.stands]
    if broken:
        line = broken[0]
        status = "refuted" if line.grade == "false" else "undecided"
        return status, f"the line “{line.line.step.why}” is {line.grade}: {line.reason}"
    if status == "supported" and not statement.rivals:
        return (
            "undecided",
            "no rivals: a claim that nothing could refute says nothing; add what a careless reader would write",
        )
    surviving = [name for name, found in rival_statuses(statement, trials).items() if found != "refuted"]
    if status == "supported" and surviving:
        return "undecided", f"the rival “{surviving[0]}” survived the same evidence"
    return status, reason


def rival_statuses(statement: Statement, trials: tuple[Trial, ...]) -> dict[str, str]:
    """The status of every rival over all instances."""
    return {n: judge.combine([trial.statuses[f"rival {n}"] for trial in trials])[0] for n in statement.rivals}


def emptiness(statement: Statement, trials: tuple[Trial, ...], exactly: proofs.CheckedLine | None) -> str:
    """Why a formula says nothing although the evidence agrees with it; empty when it says something."""
    zero = all(not t.claimed[""].any() and silent(statement.twins[0], t.letters) for t in trials)
    if zero and not (statement.definition is not None and exactly is not None and exactly.stands):
        return "0 = 0: every sample of the twin is exactly zero, so nothing was measured"
    points = [trial.instance for trial in trials]
    if statement.typed:
        proved = exactly is not None and exactly.every
        dormant = [] if proved else dormant_terms(statement.formula, points)
        return f"the term {dormant[0]} is zero at every size met, so nothing tested it" if dormant else ""
    idle = idle_letters(statement.formula, points, lambda f, point: exact_values(f, point, statement.family))
    if idle:
        return f"the closed form names {', '.join(idle)} and does not depend on it: write it without, or mend it"
    return ""
