"""Verification: a claim of the catalogue, or a formula typed in its place, judged and given a verdict."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import torch

from workbench.catalogue import Entry, catalogue_for, known_here, member
from workbench.claims import Claim
from workbench.diagnosis.corrections import Correction
from workbench.errors import BadInput
from workbench.exact.instances import Vacuous
from workbench.judging.judge import STANDARDS, Standard
from workbench.judging.judgement import Judgement, judged
from workbench.judging.power import mutation_score
from workbench.judging.refutations import correction_of
from workbench.judging.statement import of_claim
from workbench.judging.verdicts import Verdict, unmeasured
from workbench.judging.well_formed import letters_of_theorem
from workbench.language import printing
from workbench.language.reading import read_formula
from workbench.stating import saying


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
    rule, claim = standard_called(standard), member(entry, "derivations")
    formula = claim.formula if conjectured is None else conjectured
    try:
        found = judged(of_claim(entry, formula, typed), rule, seed)
    except Vacuous as problem:  # nothing satisfies the hypotheses: the claim says nothing
        return unmeasured(entry, f"vacuous: {problem}", standard, seed, **stated(entry, claim, formula))
    return replace(verdict_of(entry, claim, found), seconds=round(time.perf_counter() - started, 3))


def verdict_of(entry: Entry, claim: Claim, found: Judgement) -> Verdict:
    """What was found about a claim, or about a formula in its place, as a verdict."""
    supported = found.trials if found.status == "supported" else ()
    return Verdict(
        claim=entry.id,
        kind=claim.kind,
        title=entry.title,
        source=entry.source,
        builds_on=[earlier.id for earlier in claim.builds_on],
        mutants=mutation_score(found.statement, supported, found.standard),
        seconds=0.0,
        **stated(entry, claim, found.statement.formula),
        **found.facts(),
    )


def stated(entry: Entry, claim: Claim, formula: Any) -> dict[str, Any]:
    """What a claim, or a formula in its place, says."""
    return {
        "symbol": claim.symbol,
        "statement": claim.statement,
        "says": saying(entry, claim),
        "formula": printing.text(formula),
        "latex": printing.latex(formula),
    }


def standard_called(name: str) -> Standard:
    """A standard by its name. Raises BadInput when there is none."""
    if name not in STANDARDS:
        raise BadInput(f"no standard is called {name!r}; the standards are {', '.join(STANDARDS)}")
    return STANDARDS[name]


def conjecture(
    name: str, formula: str, *, standard: str = "quick", seed: int = 0, paths: Iterable[str] = ()
) -> Verdict:
    """Judge a typed formula against the measurement of a claim.

    Raises BadInput when the formula cannot be read; typed text is parsed, never evaluated.
    """
    from workbench.judging.canaries import sound

    entry = (catalogue_for(paths)[0] if paths else known_here()).claim(name)
    guess = formula_in_place_of(entry, formula)
    verdict = verify_entry(entry, standard=standard, seed=seed, conjectured=guess, typed=formula)
    return replace(sound(verdict), title=f"conjectured in place of: {entry.title}")


def formula_in_place_of(entry: Entry, typed: str) -> Any:
    """A formula in the letters of a claim's theorem, as it was typed."""
    return read_formula(typed, letters_of_theorem(entry), like=member(entry, "derivations").formula)


def diagnose(
    name: str, formula: str, *, standard: str = "quick", seed: int = 0, derivation: bool = True
) -> Correction | None:
    """What a wrong formula, typed in place of a claim's, should have been.

    With `derivation=False` the claim's own closed form and its rivals stay unread, and the correction
    is found from the twin's measurements alone. None when nothing near the formula is supported.
    Raises BadInput when the formula cannot be read.
    """
    entry, rule = known_here().claim(name), standard_called(standard)
    statement = of_claim(entry, formula_in_place_of(entry, formula), formula)
    torch.set_num_threads(1)
    return correction_of(statement, rule, seed, (), derivation=derivation)
