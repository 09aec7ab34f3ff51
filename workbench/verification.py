"""Verification: a claim confronted with its twin.

The proof is re-checked line by line, the closed form is evaluated exactly at several instances,
the twin is measured there, and the judge compares. Rivals meet the same evidence and must fail.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from inspect import Parameter, signature
from itertools import product
from typing import Any

import numpy as np
import sympy as sp
import torch

from workbench import judge, printing, proofs
from workbench.catalogue import Entry, builtin, catalogue_for, load, member
from workbench.claims import Claim
from workbench.errors import BadInput
from workbench.evidence import Estimate, measure
from workbench.evidence.ladder import SURE
from workbench.evidence.protocols import NotFound
from workbench.instances import Instance, draw, letters_of
from workbench.judge import STANDARDS, Finding, Standard
from workbench.letters import Count, Eigenvalue, Size, is_letter
from workbench.values import NotRational, Undefined, floats, value
from workbench.verdicts import Verdict

Twin = Callable[..., Any]
SHAPES = ((2, 4), (3, 3), (2, 7), (4, 5))  # (dimensions, counts) of the instances, smallest first
SHRUNK = ((1, 1), (1, 2), (1, 3), (2, 2))  # where a witness is looked for when a claim is refuted


@dataclass
class Trial:
    """One instance: the evidence there, and what the judge found for every formula that was tried."""

    instance: Instance
    letters: dict[str, Any]
    estimates: list[Estimate]
    claimed: dict[str, np.ndarray]
    statuses: dict[str, tuple[str, str]]
    findings: dict[str, Finding]


def verify(name: str, *, standard: str = "quick", seed: int = 0) -> Verdict:
    """Verify one claim of the catalogue by its id, e.g. verify("in_context.one_layer.risk")."""
    return verify_entry(builtin().claim(name), standard=standard, seed=seed)


def verify_entry(entry: Entry, *, standard: str = "quick", seed: int = 0, conjectured: Any = None) -> Verdict:
    """Verify a claim, or a conjectured formula in its place.

    Raises BadInput when the theorem or its twin cannot be used as they stand.
    """
    started = time.perf_counter()
    torch.set_num_threads(1)
    rule = standard_called(standard)
    claim: Claim = member(entry, "derivations")
    proof = proofs.check(claim)
    formula = claim.formula if conjectured is None else conjectured
    formulas = {"": formula, **{f"rival {n}": sp.sympify(r) for n, r in claim.rivals.items()}}
    trials = [confront(entry, claim, formulas, rule, seed, place) for place in range(rule.instances)]
    status, reason = judge.combine([trial.statuses[""] for trial in trials])
    if conjectured is None:
        status, reason = after_proof(status, reason, proof, claim, trials)
    witness = witness_of(entry, claim, formula, rule, seed, trials) if status == "refuted" else None
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
        standard=standard,
        witness=witness,
        rivals=rival_statuses(claim, trials),
        assumed=proof.assumed,
        proof=[line_record(checked) for checked in proof.lines],
        rungs=sorted({e.rung for t in trials for e in t.estimates}),
        instances=[instance_record(t) for t in trials],
        seconds=round(time.perf_counter() - started, 3),
        source=entry.source,
        statement=claim.statement,
    )


def standard_called(name: str) -> Standard:
    if name not in STANDARDS:
        raise BadInput(f"no standard is called {name!r}; the standards are {', '.join(STANDARDS)}")
    return STANDARDS[name]


def finite(number: float) -> float | None:
    return number if np.isfinite(number) else None


def after_proof(
    status: str, reason: str, proof: proofs.Proof, claim: Claim, trials: list[Trial]
) -> tuple[str, str]:
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


def confront(
    entry: Entry, claim: Claim, formulas: dict[str, Any], standard: Standard, seed: int, place: int,
    sizes: dict[str, int] | None = None,
) -> Trial:  # fmt: skip
    """Measure the twin at one instance and let the judge look at every formula."""
    twins = twins_of(entry)
    instance = instance_for(entry, claim, formulas, twins, seed, place, sizes)
    letters = {letter.name: as_tensor(letter, exact) for letter, exact in instance.items()}
    claimed = {name: values_of(formula, instance) for name, formula in formulas.items()}
    first, second = [], []
    for twin in twins:
        name = f"{entry.id}/{seed}/{place}/{twin.__name__}"
        one = measured(twin, letters, claimed[""], standard, f"{name}/first")
        first.append(one)
        # Chance needs a second, independent look; a rung without chance would only repeat itself.
        sure = one.rung in SURE
        second.append(one if sure else measured(twin, letters, claimed[""], standard, f"{name}/second"))
    statuses, findings = {}, {}
    for name, array in claimed.items():
        statuses[name], findings[name] = judged(entry, array, first, second, standard)
    return Trial(instance, letters, first, claimed, statuses, findings)


def judged(
    entry: Entry, claimed: np.ndarray, first: list[Estimate], second: list[Estimate], standard: Standard
) -> tuple[tuple[str, str], Finding]:
    """The status of a claimed array: no witness may refute it, and the sharpest must be sharp enough."""
    statuses, findings = [], []
    for one, other in zip(first, second):
        if one.value.size != claimed.size:
            raise BadInput(
                f"{entry.id}: the formula has {claimed.size} components and its twin returns {one.value.size}; "
                "give both the same shape"
            )
        a, b = judge.look(claimed, one, standard), judge.look(claimed, other, standard)
        heavy = max(one.tail, other.tail) > judge.HEAVY
        statuses.append(judge.decide(a, b, standard, heavy=heavy))
        findings.append(a)
    if any(status == "refuted" for status, _ in statuses):
        place = [status for status, _ in statuses].index("refuted")
        return statuses[place], findings[place]
    best = min(range(len(findings)), key=lambda i: (statuses[i][0] != "supported", findings[i].resolution))
    return statuses[best], findings[best]


def measured(
    twin: Twin, letters: dict[str, Any], claimed: np.ndarray, standard: Standard, seed: str
) -> Estimate:
    """Measure with growing samples until the error bar is narrow enough."""
    estimate = None
    for samples in standard.samples:
        estimate = measure(twin, letters, seed=f"{seed}/{samples}", samples=samples)
        if estimate.value.size != claimed.size or judge.sharp_enough(claimed, estimate, standard):
            break
        if estimate.rung != "quasi-Monte Carlo":
            break
    assert estimate is not None
    return estimate


def twins_of(entry: Entry) -> list[Twin]:
    """The functions that measure a claim: its namesake, and further witnesses."""
    module, name = load(entry, "numerics"), entry.parts[2]
    member(entry, "numerics")
    extra = [f for f in vars(module).values() if getattr(f, "witness_of", None) == name]
    return [getattr(module, name), *extra]


def instance_for(
    entry: Entry, claim: Claim, formulas: dict[str, Any], twins: list[Twin], seed: int, place: int,
    sizes: dict[str, int] | None = None,
) -> Instance:  # fmt: skip
    """A generic instance for every letter that the formulas or the twins name."""
    conditions = (*claim.hypotheses, *claim.regime)
    letters = {letter.name: letter for letter in letters_of(*formulas.values(), *conditions)}
    known = {v.name: v for v in vars(load(entry, "derivations")).values() if is_letter(v)}
    for twin in twins:
        for name, parameter in signature(twin).parameters.items():
            if parameter.kind != Parameter.KEYWORD_ONLY and name in known:
                letters[name] = known[name]
    every = list(letters.values())
    if sizes is None:
        sizes = sizes_at(place, [s for s in letters_of(*every) if isinstance(s, Size)])
    return draw(every, f"{entry.id}/{seed}/{place}", sizes, conditions)


def sizes_at(place: int, sizes: list[Any]) -> dict[str, int]:
    """Sizes for the instance at a place; different letters get different ones, so none can stand for another."""
    small, many = SHAPES[place % len(SHAPES)]
    dimensions = sorted(s.name for s in sizes if not isinstance(s, Count))
    counts = sorted(s.name for s in sizes if isinstance(s, Count))
    chosen = {name: small + shift for shift, name in enumerate(dimensions)}
    return chosen | {name: many + shift for shift, name in enumerate(counts)}


def as_tensor(letter: Any, exact: Any) -> Any:
    """A letter's exact value for torch: ints for sizes, floats for scalars, float64 tensors otherwise."""
    if isinstance(letter, Size):
        return int(exact.p)
    if isinstance(exact, np.ndarray):
        tensor = torch.from_numpy(floats(exact))
        return tensor[:, 0] if letter.shape[1] == 1 else tensor
    return float(floats(exact))


def values_of(formula: Any, instance: Instance) -> np.ndarray:
    """The closed form at an instance, as a flat array; over all eigenvalues, sorted, when it names any."""
    eigenvalues = sorted(formula.atoms(Eigenvalue), key=lambda letter: letter.name)
    if not eigenvalues:
        return floats(value_at(formula, instance)).reshape(-1)
    choices = [eigenvalues_of(instance, letter.of) for letter in eigenvalues]
    found = [
        floats(value_at(formula, {**instance, **dict(zip(eigenvalues, chosen))}))
        for chosen in product(*choices)
    ]
    return np.sort(np.array(found).reshape(-1))


def value_at(formula: Any, instance: Instance) -> Any:
    try:
        return value(formula, instance)
    except (Undefined, ZeroDivisionError) as error:
        raise BadInput(
            f"the formula {printing.text(formula)} has no value at {shown(instance)}: {error}"
        ) from None
    except NotRational as error:
        raise BadInput(f"the formula {printing.text(formula)} cannot be evaluated: {error}") from None


def eigenvalues_of(instance: Instance, letter: Any) -> list[Any]:
    """The exact rational eigenvalues with which a positive definite letter was drawn."""
    from workbench.instances import known_eigenvalues

    return known_eigenvalues(instance[letter])


def shown(instance: Instance) -> str:
    """An instance in words: d = 1, Lambda = [[5/16]]."""
    parts = []
    for letter, exact in sorted(
        instance.items(), key=lambda pair: (not isinstance(pair[0], Size), pair[0].name)
    ):
        if isinstance(exact, np.ndarray):
            exact = "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in exact) + "]"
        parts.append(f"{letter.name} = {exact}")
    return ", ".join(parts)


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


def line_record(checked: proofs.CheckedLine) -> dict[str, str]:
    step = checked.line.step
    return {
        "how": step.how,
        "why": step.why,
        "rule": step.rule.name if step.rule else "",
        "reference": step.source if step.how == "assumed" else "",
        "grade": checked.grade,
        "reason": checked.reason,
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
    }


def conjecture(
    name: str, formula: str, *, standard: str = "quick", seed: int = 0, paths: Iterable[str] = ()
) -> Verdict:
    """Judge a typed formula against the measurement of a claim.

    Raises BadInput when the formula cannot be read; typed text is parsed, never evaluated.
    """
    from workbench.notation import read_formula

    entry = catalogue_for(paths)[0].claim(name)
    module = load(entry, "derivations")
    letters = {v.name: v for v in vars(module).values() if is_letter(v)}
    claim: Claim = member(entry, "derivations")
    guess = read_formula(formula, letters, like=claim.formula)
    verdict = verify_entry(entry, standard=standard, seed=seed, conjectured=guess)
    return replace(verdict, title=f"conjectured in place of: {entry.title}")
