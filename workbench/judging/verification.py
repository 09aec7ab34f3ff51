"""Verification: a claim confronted with its twin.

The proof is re-checked line by line, the closed form is evaluated exactly at several instances,
the twin is measured there, and the judge compares. Rivals meet the same evidence and must fail.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp
import torch

from workbench.calculus.agreement import Refuted, Unsettled, agree
from workbench.catalogue import Entry, catalogue_for, known_here, member
from workbench.claims import Claim
from workbench.errors import BadInput
from workbench.evidence.protocols import NotFound
from workbench.exact.instances import Vacuous
from workbench.exact.rings import Undefined
from workbench.judging import judge, proofs
from workbench.judging.confrontation import (
    Site,
    Trial,
    confront,
    exact_values,
    instance_for,
    judged,
    shown,
    twins_of,
)  # fmt: skip
from workbench.judging.judge import STANDARDS, Standard
from workbench.judging.mutants import mutants
from workbench.judging.statements import check_statement, idle_letters, letters_of_theorem, silent
from workbench.judging.verdicts import Verdict, unmeasured
from workbench.letters import Count, Size
from workbench.showing import printing

ELSEWHERE = 3  # the place (of larger sizes) at which mutants that are equal at all instances are compared again
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


def finite(number: float) -> float | None:
    return number if np.isfinite(number) else None


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


def mutation_score(entry: Entry, claim: Claim, formula: Any, trials: list[Trial], standard: Standard) -> dict[str, Any]:
    """How many slips of the pen the same evidence refutes, and the smallest relative change among them.

    Slips that leave the formula equal are set aside: equal exactly, at every instance and at one more
    of larger sizes that no measurement met. A slip that is equal only where it was measured survives.
    """
    tried, refuted, changes, surviving = 0, 0, [], []
    sites = [Site(trial.instance, trial.family) for trial in trials]
    if trials:
        sites += [Site(instance_for(entry, claim, {"": formula}, twins_of(entry), 0, ELSEWHERE), trials[0].family)]
    for mutant in mutants(formula) if trials else []:
        if all(equal_at(formula, mutant.formula, site) for site in sites):
            continue
        tried += 1
        found = [judged_mutant(entry, mutant.formula, trial, site, standard) for trial, site in zip(trials, sites)]
        if any(status == "refuted" for status, _ in found):
            refuted += 1
            changes.append(max(change for _, change in found))
        else:
            surviving.append(mutant.slip)
    return {"total": tried, "refuted": refuted, "smallest": min(changes, default=None), "surviving": surviving}


def equal_at(formula: Any, other: Any, site: Site) -> bool:
    """Whether two formulas have the same exact value at an instance."""
    try:
        agree(site.exact(formula), site.exact(other), "the mutant")
    except (Refuted, Unsettled, Undefined, BadInput):
        return False
    return True


def judged_mutant(entry: Entry, formula: Any, trial: Trial, site: Site, standard: Standard) -> tuple[str, float]:
    """The status of a mutant at an instance and its relative change there; without a value it is wrong."""
    try:
        claimed = site.numbers(formula)
    except BadInput:
        return "refuted", np.inf
    if claimed.shape != trial.claimed[""].shape:  # a slip that drops an eigenvalue has fewer components
        return "refuted", np.inf
    with np.errstate(over="ignore", invalid="ignore"):  # a wild formula may change beyond what a float holds
        change = np.abs(claimed - trial.claimed[""]).max() / max(np.abs(trial.claimed[""]).max(), np.finfo(float).tiny)
    (status, _), _ = judged(entry, claimed, trial.estimates, trial.second_looks, standard)
    return status, float(change)


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


def witness_record(trial: Trial) -> dict[str, Any]:
    """Where a formula fails: the instance and the worst component, claimed and measured."""
    claimed, measured_ = trial.claimed[""], trial.estimates[0].value.reshape(-1)
    worst = int(np.argmax(np.abs(claimed - measured_)))
    return {
        "instance": shown(trial.instance),
        "component": worst,
        "claimed": float(claimed[worst]),
        "measured": float(measured_[worst]),
    }


def line_record(checked: proofs.CheckedLine) -> dict[str, Any]:
    step = checked.line.step
    return {
        "how": step.how,
        "why": step.why,
        "rule": step.rule.name if step.rule else "",
        "reference": step.source if step.how == "assumed" else "",
        "grade": checked.grade,
        "reason": checked.reason,
        "certainty": checked.certainty,
        "log2_chance": None if checked.chance is None else finite(checked.chance),
        "radius": checked.radius,
        "sizes": list(checked.sizes),
        "text": printing.text(checked.line.expression),
        "latex": printing.latex(checked.line.expression),
    }


def instance_record(trial: Trial) -> dict[str, Any]:
    """Theory against measurement at one instance: what the report draws."""
    estimate, finding = trial.estimates[0], trial.findings[""]
    return {
        "letters": shown(trial.instance),
        "claimed": trial.claimed[""].tolist(),
        "measured": estimate.value.reshape(-1).tolist(),
        "error": (estimate.error + estimate.bound).reshape(-1).tolist(),
        "status": trial.statuses[""][0],
        "reason": trial.statuses[""][1],
        "resolution": finite(finding.resolution),
        "z": finite(finding.z),
        "rungs": [e.rung for e in trial.estimates],
        "samples": sum(e.samples for e in trial.estimates),
        "rivals": {n.removeprefix("rival "): array.tolist() for n, array in trial.claimed.items() if n},
    }


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
    exactly = in_words(proofs.compared(claim, guess))
    return replace(sound(verdict), title=f"conjectured in place of: {entry.title}", compared=exactly)


def in_words(found: proofs.CheckedLine) -> str:
    """What exact arithmetic says of a typed formula and the derived one."""
    if found.stands:
        return f"equal to the derived formula, {found.grade} {found.certainty}".rstrip()
    return "not the derived formula" if found.grade == "false" else "not compared exactly with the derived formula"
