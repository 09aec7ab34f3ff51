"""Diagnosis of a claim's conjecture: the samples come from the claim's twin, so does the fresh evidence."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from workbench.catalogue import Entry, known_here, member
from workbench.claims import Claim
from workbench.diagnosis.corrections import Correction, Judgement, correct
from workbench.diagnosis.samples import Sample
from workbench.errors import BadInput
from workbench.evidence import Estimate
from workbench.evidence.ladder import SURE
from workbench.evidence.protocols import NotFound
from workbench.exact.instances import Vacuous
from workbench.judging import judge
from workbench.judging.confrontation import (
    Trial,
    as_tensor,
    confront,
    family_of,
    instance_for,
    measured,
    twins_of,
    values_of,
)  # fmt: skip
from workbench.judging.judge import STANDARDS, Standard
from workbench.judging.statements import letters_of_theorem
from workbench.letters import Count, Size
from workbench.notation import read_formula

# (dimensions, counts) at which samples are taken: small, and enough of them to tell N from d and N² from N.
SHAPES = ((1, 4), (2, 5), (3, 2), (1, 6), (2, 2), (3, 3), (1, 5), (2, 3), (1, 3), (1, 7))
ENOUGH = 6  # samples that settle which terms are right
BLURRED = 3  # samples taken where a measurement has chance in it: each is dear, and tells little
WIDE = 6  # standard errors in a bar
WILD = 1e30  # a formula with such values is no slip of the pen
AFRESH = 1  # the seed that judges a correction is the next one


def diagnose(
    name: str, formula: str, *, standard: str = "quick", seed: int = 0, derivation: bool = True
) -> Correction | None:
    """What a wrong formula, typed in place of a claim's, should have been.

    With `derivation=False` the claim's own closed form and its rivals stay unread, and the correction
    is found from the twin's measurements alone. None when nothing near the formula is supported.
    Raises BadInput when the formula cannot be read.
    """
    entry = known_here().claim(name)
    if standard not in STANDARDS:
        raise BadInput(f"no standard is called {standard!r}; the standards are {', '.join(STANDARDS)}")
    claim: Claim = member(entry, "derivations")
    guess = read_formula(formula, letters_of_theorem(entry), like=claim.formula)
    torch.set_num_threads(1)
    return correction_of(entry, claim, guess, STANDARDS[standard], seed, [], derivation=derivation)


def correction_of(
    entry: Entry, claim: Claim, formula: Any, standard: Standard, seed: int, trials: list[Trial], *,
    derivation: bool = True,
) -> Correction | None:  # fmt: skip
    """The correction of a formula that was refuted in place of a claim's."""

    if any(not (np.abs(trial.claimed[""]) < WILD).all() for trial in trials):
        return None

    def afresh(new: Any) -> Judgement:
        return judged_afresh(entry, claim, new, standard, seed + AFRESH)

    def samples() -> list[Sample]:
        return samples_of(entry, claim, formula, seed, trials)

    twin_letters = instance_for(entry, claim, {"": formula}, twins_of(entry), seed, 0)
    return correct(
        formula, samples, afresh, twin_letters, seed=seed + AFRESH, standard=standard.name,
        derived=claim.formula if derivation else None, seen=claim.rivals.values() if derivation else (),
    )  # fmt: skip


def judged_afresh(entry: Entry, claim: Claim, formula: Any, standard: Standard, seed: int) -> Judgement:
    """Status and resolution of a formula at new instances, on new samples of the claim's namesake."""
    twin, places = twins_of(entry)[:1], range(standard.instances)
    try:
        trials = [confront(entry, claim, {"": formula}, standard, seed, place, twins=twin) for place in places]
    except (BadInput, NotFound, Vacuous):
        return "undecided", None
    resolution = max(trial.findings[""].resolution for trial in trials)
    status, _ = judge.combine([trial.statuses[""] for trial in trials])
    return status, resolution if np.isfinite(resolution) else None


def samples_of(entry: Entry, claim: Claim, formula: Any, seed: int, trials: list[Trial]) -> list[Sample]:
    """What the twin measures at several instances of several sizes, those of the trials included."""
    family = family_of(claim.formula)
    found = [sample_of(trial.instance, trial.estimates[0], family) for trial in trials]
    samples = [sample for sample in found if sample is not None]
    sure = all(trial.estimates[0].rung in SURE for trial in trials)
    twin = twins_of(entry)[0]
    for place, (small, many) in enumerate(SHAPES):
        if len(samples) >= (ENOUGH if sure else BLURRED):
            break
        try:
            instance = sized_instance(entry, claim, formula, twin, f"{seed}/diagnosis", place, (small, many))
            letters = {letter.name: as_tensor(letter, exact) for letter, exact in instance.items()}
            claimed = values_of(formula, instance, family)
            seeded = f"{entry.id}/{seed}/diagnosis/{place}"
            estimate = measured(twin, letters, claimed, STANDARDS["quick"], seeded)
        except (BadInput, Vacuous, ArithmeticError, ValueError, RuntimeError):
            continue
        sure = sure and (estimate.rung in SURE or not np.isfinite(estimate.value).all())
        sample = sample_of(instance, estimate, family)
        samples += [sample] if sample is not None else []
    return samples


def sized_instance(
    entry: Entry, claim: Claim, formula: Any, twin: Any, seed: Any, place: int, shape: tuple[int, int]
) -> Any:
    """A generic instance with sizes of that shape; sizes of one kind do not move in step."""
    first = instance_for(entry, claim, {"": formula}, [twin], seed, place)
    small, many = shape
    named = sorted((letter for letter in first if isinstance(letter, Size)), key=lambda letter: letter.name)
    counts = [letter for letter in named if isinstance(letter, Count)]
    sizes = {letter.name: small + i for i, letter in enumerate(size for size in named if size not in counts)}
    sizes |= {letter.name: many + (i * (place + 1)) % 3 for i, letter in enumerate(counts)}
    return instance_for(entry, claim, {"": formula}, [twin], seed, place, sizes)


def sample_of(instance: Any, estimate: Estimate, family: Any) -> Sample | None:
    """An estimate as a sample; None when nothing was measured."""
    value, error = estimate.value.reshape(-1), estimate.error.reshape(-1)
    bar = WIDE * error + estimate.bound.reshape(-1)
    if not (np.isfinite(value).all() and np.isfinite(bar).all()):
        return None
    return Sample(instance, value, bar, family)
