"""Verification: a claim confronted with its twin.

The proof is re-checked line by line, the closed form is evaluated exactly at several instances,
the twin is measured there, and the judge compares. Rivals meet the same evidence and must fail.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sympy as sp
import torch

from workbench.catalogue import Entry, catalogue_for, known_here, member
from workbench.claims import Claim
from workbench.errors import BadInput
from workbench.evidence.protocols import NotFound
from workbench.exact.instances import Vacuous
from workbench.judging import judge, proofs
from workbench.judging.confrontation import (
    Trial,
    confront,
    exact_values,
    twins_of,
)  # fmt: skip
from workbench.judging.judge import STANDARDS, Standard
from workbench.judging.power import mutation_score
from workbench.judging.records import derived_witness, finite, instance_record, line_record, witness_record
from workbench.judging.statements import check_statement, idle_letters, letters_of_theorem, silent
from workbench.judging.verdicts import Verdict, unmeasured
from workbench.letters import Count, Size
from workbench.showing import printing

SHRUNK = ((1, 1), (1, 2), (1, 3), (2, 2))  # where a witness is looked for when a claim is refuted


def verify(name: str, *, standard: str = "quick", seed: int = 0) -> Verdict:
    """Verify one claim of the catalogue by its id, e.g. verify("in_context.one_layer.risk").

    The first verification of a process also judges the canaries; where one survives, no verdict supports.
    """
    from workbench.judging.canaries import sound

    return sound(verify_entry(known_here().claim(name), standard=standard, seed=seed))


def verify_entry(
    entry: Entry, *, standard: str = "quick", seed: int = 0, conjectured: Any = None, typed: str = ""
) -> Verdict:
    """Verify a claim, or a conjectured formula (typed so) in its place.

    Raises BadInput when the theorem or its twin cannot be used as they stand.
    """
    started = time.perf_counter()
    torch.set_num_threads(1)
    rule = standard_called(standard)
    claim: Claim = member(entry, "derivations")
    formula = claim.formula if conjectured is None else conjectured
    check_statement(entry, formula, twins_of(entry)[0], letters_of_theorem(entry))
    try:
        return measured_verdict(entry, claim, formula, rule, seed, typed, started)
    except Vacuous as problem:
        return vacuous_verdict(entry, claim, formula, str(problem), standard, seed)


def vacuous_verdict(entry: Entry, claim: Claim, formula: Any, problem: str, standard: str, seed: int) -> Verdict:
    """The verdict of a claim whose hypotheses nothing satisfies: it says nothing."""
    return unmeasured(
        entry, f"vacuous: {problem}", standard, seed, symbol=claim.symbol, statement=claim.statement,
        formula=printing.text(formula), latex=printing.latex(formula),
    )  # fmt: skip


def measured_verdict(
    entry: Entry, claim: Claim, formula: Any, rule: Standard, seed: int, typed: str, started: float
) -> Verdict:
    """The verdict of a formula that can be measured: the proof re-checked, twin and closed form confronted."""
    proof = proofs.check(claim)
    formulas = {"": formula, **{f"rival {n}": sp.sympify(r) for n, r in claim.rivals.items()}}
    trials = [confront(entry, claim, formulas, rule, seed, place) for place in range(rule.instances)]
    status, reason = judge.combine([trial.statuses[""] for trial in trials])
    if not typed:
        status, reason = after_proof(status, reason, proof, claim, trials)
    if status == "supported" and (nothing := emptiness(twins_of(entry)[0], formula, trials, typed)):
        status, reason = "undecided", nothing
    witness = witness_of(entry, claim, formula, rule, seed, trials) if status == "refuted" else None
    correction = correction_record(entry, claim, formula, rule, seed, trials) if typed and witness else None
    return Verdict(
        claim=entry.id,
        kind=claim.kind,
        title=entry.title,
        symbol=claim.symbol,
        formula=printing.text(formula),
        latex=printing.latex(formula),
        status=status,
        reason=reason,
        resolution=finite(max(t.findings[""].resolution for t in trials)),
        z=finite(max(t.findings[""].z for t in trials)),
        samples=sum(e.samples for t in trials for e in t.estimates),
        seed=seed,
        standard=rule.name,
        witness=witness,
        rivals=rival_statuses(claim, trials),
        mutants=mutation_score(entry, claim, formula, trials if status == "supported" else [], rule),
        conjecture=typed,
        assumed=proof.assumed,
        proof=[line_record(checked) for checked in proof.lines],
        rungs=sorted({e.rung for t in trials for e in t.estimates}),
        instances=[instance_record(t) for t in trials],
        seconds=round(time.perf_counter() - started, 3),
        source=entry.source,
        statement=claim.statement,
        builds_on=[earlier.id for earlier in claim.builds_on],
        correction=correction,
    )


def emptiness(twin: Any, formula: Any, trials: list[Trial], typed: str) -> str:
    """Why a formula says nothing although the evidence agrees with it; empty when it says something."""
    if all(not t.claimed[""].any() and silent(twin, t.letters) for t in trials):
        return "0 = 0: every sample of the twin is exactly zero, so nothing was measured"
    family = trials[0].family
    idle = idle_letters(formula, [t.instance for t in trials], lambda f, point: exact_values(f, point, family))
    if idle and not typed:
        return f"the closed form names {', '.join(idle)} and does not depend on it: write it without, or mend it"
    return ""


def standard_called(name: str) -> Standard:
    if name not in STANDARDS:
        raise BadInput(f"no standard is called {name!r}; the standards are {', '.join(STANDARDS)}")
    return STANDARDS[name]


def after_proof(status: str, reason: str, proof: proofs.Proof, claim: Claim, trials: list[Trial]) -> tuple[str, str]:
    """A claim stands when its proof does, its evidence supports it, and every rival falls."""
    broken = [line for line in proof.lines if not line.stands]
    if broken:
        line = broken[0]
        status = "refuted" if line.grade == "false" else "undecided"
        return status, f"the line “{line.line.step.why}” is {line.grade}: {line.reason}"
    if status == "supported" and not claim.rivals:
        return (
            "undecided",
            "no rivals: a claim that nothing could refute says nothing; add what a careless reader would write",
        )
    surviving = [n for n, s in rival_statuses(claim, trials).items() if s != "refuted"]
    if status == "supported" and surviving:
        return "undecided", f"the rival “{surviving[0]}” survived the same evidence"
    return status, reason


def rival_statuses(claim: Claim, trials: list[Trial]) -> dict[str, str]:
    return {n: judge.combine([t.statuses[f"rival {n}"] for t in trials])[0] for n in claim.rivals}


def witness_of(
    entry: Entry, claim: Claim, formula: Any, standard: Standard, seed: int, trials: list[Trial]
) -> dict[str, Any] | None:
    """The smallest instance at which the formula is refuted, with both numbers."""
    known = {s.name: s for t in trials for s in t.instance if isinstance(s, Size)}
    for small, many in SHRUNK if known else ():
        sizes = {name: many if isinstance(s, Count) else small for name, s in known.items()}
        try:
            trial = confront(entry, claim, {"": formula}, standard, seed, -1, sizes)
        except (BadInput, NotFound, ValueError, ArithmeticError, torch.linalg.LinAlgError, RuntimeError):
            continue
        if trial.statuses[""][0] == "refuted":
            return witness_record(trial)
    failing = [trial for trial in trials if trial.statuses[""][0] == "refuted"]
    return witness_record(failing[0]) if failing else None


def correction_record(
    entry: Entry, claim: Claim, formula: Any, standard: Standard, seed: int, trials: list[Trial]
) -> dict[str, Any] | None:
    """What a refuted conjecture should have been, when something near it is supported afresh."""
    from workbench.diagnosis.claims import correction_of

    correction = correction_of(entry, claim, formula, standard, seed, trials)
    return correction.record() if correction else None


def conjecture(
    name: str, formula: str, *, standard: str = "quick", seed: int = 0, paths: Iterable[str] = ()
) -> Verdict:
    """Judge a typed formula against the measurement of a claim.

    Raises BadInput when the formula cannot be read; typed text is parsed, never evaluated.
    """
    from workbench.judging.canaries import sound
    from workbench.notation import read_formula

    entry = (catalogue_for(paths)[0] if paths else known_here()).claim(name)
    claim: Claim = member(entry, "derivations")
    guess = read_formula(formula, letters_of_theorem(entry), like=claim.formula)
    verdict = verify_entry(entry, standard=standard, seed=seed, conjectured=guess, typed=formula)
    verdict = outranked(verdict, entry, claim, guess, proofs.compared(claim, guess))
    return replace(sound(verdict), title=f"conjectured in place of: {entry.title}")


def outranked(verdict: Verdict, entry: Entry, claim: Claim, guess: Any, exactly: proofs.CheckedLine) -> Verdict:
    """A conjecture's verdict with what exact arithmetic says of it and the derived formula, which outranks samples."""
    said = replace(verdict, compared=in_words(exactly))
    if not proofs.check(claim).stands or verdict.resolution is None:
        return said
    status, reason = proofs.both_ways(verdict.status, verdict.reason, exactly)
    if status == verdict.status:
        return said
    if status != "refuted" or exactly.where is None:
        return replace(said, status=status, reason=reason)
    witness = derived_witness(guess, claim.formula, exactly.where)
    correction = correction_record(entry, claim, guess, STANDARDS[verdict.standard], verdict.seed, [])
    return replace(said, status=status, reason=reason, witness=witness, correction=correction)


def in_words(found: proofs.CheckedLine) -> str:
    """What exact arithmetic says of a typed formula and the derived one."""
    if found.stands:
        return f"equal to the derived formula, {found.grade} {found.certainty}".rstrip()
    return "not the derived formula" if found.grade == "false" else "not compared exactly with the derived formula"
