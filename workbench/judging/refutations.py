"""Refutations: where a refuted statement fails, and what it should have been, judged on evidence of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from workbench.diagnosis.corrections import Correction, Judgement, correct
from workbench.diagnosis.samples import Sample
from workbench.errors import BadInput
from workbench.evidence.ladder import SURE
from workbench.evidence.protocols import NotFound, protocol_of
from workbench.evidence.scales import Limit
from workbench.exact.instances import Vacuous
from workbench.judging import judge
from workbench.judging.confrontation import Site, Trial, confront, judged
from workbench.judging.judge import STANDARDS, Standard
from workbench.judging.power import equal_at
from workbench.judging.proofs import CheckedLine
from workbench.judging.records import derived_witness, witness_record
from workbench.judging.statement import Statement
from workbench.language.letters import Size

SHRUNK = ((1, 1), (1, 2), (1, 3), (2, 2))  # where a witness is looked for
# (dimensions, counts) at which samples are taken: small, and enough of them to tell N from d and N² from N.
SHAPES = ((1, 4), (2, 5), (3, 2), (1, 6), (2, 2), (3, 3), (1, 5), (2, 3), (1, 3), (1, 7))
ENOUGH = 6  # samples that settle which terms are right
BLURRED = 3  # samples taken where a measurement has chance in it: each is dear, and tells little
QUICK = STANDARDS["quick"]
WILD = 1e30  # a formula with such values is no slip of the pen
AFRESH = 1  # the seed that judges a correction is the next one
TROUBLE = (BadInput, NotFound, Vacuous, ValueError, ArithmeticError, RuntimeError, torch.linalg.LinAlgError)


@dataclass(frozen=True)
class Failure:
    """Where a statement fails, with both numbers as data; and what was measured there, if anything was."""

    record: dict[str, Any]
    instance: Mapping[Any, Any]
    trial: Trial | None = None


def failure_of(
    statement: Statement, standard: Standard, seed: int, trials: Sequence[Trial], exactly: CheckedLine | None,
    measured: bool,
) -> Failure | None:  # fmt: skip
    """The smallest instance at which a statement fails, with both numbers.

    measured: whether the measurement refutes it; else only exact arithmetic does, and names the point.
    """
    only = statement.without_rivals()
    sized = any(isinstance(letter, Size) for trial in trials for letter in trial.instance)
    sized = sized and not isinstance(protocol_of(statement.twins[0]), Limit)  # ratios of sizes alone matter there
    for place, shape in enumerate(SHRUNK if sized and measured else ()):
        try:
            if hides(only, only.instance(f"{seed}/witness", -1 - place, shape)):
                continue
            trial = confront(only, standard, f"{seed}/witness", -1 - place, shape)
        except TROUBLE:
            continue
        if trial.statuses[""][0] == "refuted":
            return failing(trial)
    if measured:
        return next(failing(trial) for trial in trials if trial.statuses[""][0] == "refuted")
    if exactly is None or exactly.where is None:
        return None
    derived = statement.derived is not None
    known, by = (statement.derived, "derived") if derived else (statement.definition, "by brute force")
    record = derived_witness(statement.formula, known, exactly.where, by)
    return Failure(record, exactly.where) if record else None


def failing(trial: Trial) -> Failure:
    return Failure(witness_record(trial), trial.instance, trial)


def hides(statement: Statement, instance: Any) -> bool:
    """Whether an asserted formula and the derived one are equal at an instance: then it is no witness."""
    if not statement.typed or statement.derived is None:
        return False
    return equal_at(statement.formula, statement.derived, Site(instance, statement.family))


def correction_of(
    statement: Statement, standard: Standard, seed: int, trials: Sequence[Trial], *, derivation: bool = True
) -> Correction | None:
    """What a refuted statement should have said, where something near it is supported afresh.

    With `derivation=False` the derived formula and the rivals stay unread.
    """
    if any(not (np.abs(trial.claimed[""]) < WILD).all() for trial in trials):
        return None
    fresh, derived = seed + AFRESH, statement.derived if derivation else None

    def afresh(new: Any) -> Judgement:
        # A proof is evidence of its own: what it derives need only agree with what was measured.
        if derived is not None and new == derived and trials and statement.proof and statement.proof.stands:
            return judged_again(statement.name, derived, trials, standard)
        return judged_afresh(statement.saying(new), standard, fresh)

    return correct(
        statement.formula, lambda: samples_of(statement, standard, seed, trials), afresh, statement.instance(seed, 0),
        seed=fresh, standard=standard.name, derived=derived, seen=statement.rivals.values() if derivation else (),
    )  # fmt: skip


def judged_again(name: str, derived: Any, trials: Sequence[Trial], standard: Standard) -> Judgement:
    """Status and resolution of a proved formula on evidence that another one met: supported unless refuted there."""
    findings = []
    for trial in trials:
        numbers = Site(trial.instance, trial.family).numbers(derived)
        (status, _), finding = judged(name, numbers, trial.estimates, trial.second_looks, standard)
        if status == "refuted":
            return "refuted", None
        findings.append(finding.resolution)
    return "supported", max(findings) if np.isfinite(findings).all() else None


def judged_afresh(statement: Statement, standard: Standard, seed: int) -> Judgement:
    """Status and resolution of a statement at new instances, on new samples of its sharpest twin."""
    alone = replace(statement.without_rivals(), twins=statement.twins[:1])
    try:
        trials = [confront(alone, standard, seed, place) for place in range(standard.instances)]
    except TROUBLE:
        return "undecided", None
    resolution = max(trial.findings[""].resolution for trial in trials)
    status, _ = judge.combine([trial.statuses[""] for trial in trials])
    return status, resolution if np.isfinite(resolution) else None


def samples_of(statement: Statement, standard: Standard, seed: int, trials: Sequence[Trial]) -> list[Sample]:
    """What the sharpest twin measures at several instances of several sizes, those of the trials included."""
    alone = replace(statement.without_rivals(), twins=statement.twins[:1])
    found = [sample_of(trial, standard) for trial in trials]
    sure = all(trial.estimates[0].rung in SURE for trial in trials)
    for place, shape in enumerate(() if any(trial.alone for trial in trials) else SHAPES):
        if sum(sample is not None for sample in found) >= (ENOUGH if sure else BLURRED):
            break
        try:
            trial = confront(alone, QUICK, f"{seed}/diagnosis", place, shape)
        except TROUBLE:
            continue
        sure = sure and (trial.estimates[0].rung in SURE or not trial.finite)
        found.append(sample_of(trial, QUICK))
    return [sample for sample in found if sample is not None]


def sample_of(trial: Trial, standard: Standard) -> Sample | None:
    """What was measured at an instance as a sample, with the judge's bars; None when nothing was."""
    estimate = trial.estimates[0]
    value, bar = estimate.value.reshape(-1), judge.bars(estimate, standard)
    if not (np.isfinite(value).all() and np.isfinite(bar).all()):
        return None
    return Sample(trial.instance, value, bar, trial.family)
