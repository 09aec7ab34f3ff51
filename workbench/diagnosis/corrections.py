"""Corrections: what is proposed in place of a refuted formula, judged on fresh evidence first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np

from workbench.diagnosis.differences import differences
from workbench.diagnosis.samples import Sample
from workbench.diagnosis.search import TROUBLE, agreeing_formulas
from workbench.errors import BadInput
from workbench.language import printing
from workbench.language.reading import read_formula

TRIED = 4  # formulas that agreed with the samples and are judged afresh, at most
Judgement = tuple[str, float | None]  # status and resolution


@dataclass(frozen=True)
class Correction:
    """A formula proposed in place of a refuted one: it is supported by evidence that the search never saw.

    Or the right value at one instance, where no formula is found.
    """

    formula: str  # in the notation that is typed; or a number, or the rows of a matrix of numbers
    latex: str
    found: str  # how: by the derivation, a slip undone, terms fitted, …
    differences: list[str]  # term by term, where the derivation tells
    resolution: float | None
    seed: int
    standard: str
    at: str | None = None  # the instance that a right value belongs to, empty where nothing is free; None of a formula

    @property
    def sentence(self) -> str:
        return sentence(asdict(self))

    def record(self) -> dict[str, Any]:
        """The correction as plain data."""
        return asdict(self)

    def __str__(self) -> str:
        return self.sentence


def sentence(record: dict[str, Any]) -> str:
    """A correction in one line, from its record."""
    if (at := record.get("at")) is not None:
        return f"the right value{f' at {at}' if at else ''} is {record['formula']}  ({record['found']})"
    caught = "" if record["resolution"] is None else f" with resolution {record['resolution']:.1e}"
    told = f"; {'; '.join(record['differences'])}" if record["differences"] else ""
    return f"try: {record['formula']}  (supported{caught}; {record['found']}{told})"


def correct(
    formula: Any,
    samples: Callable[[], list[Sample]],
    judge_afresh: Callable[[Any], Judgement],
    letters: Iterable[Any],
    *,
    derived: Any = None,
    seen: Iterable[Any] = (),
    seed: int = 0,
    standard: str = "quick",
) -> Correction | None:
    """The correction of a wrong formula; None when nothing near it is supported.

    samples: measured or exact values at generic instances (asked for only when the derivation does
    not answer); judge_afresh: status and resolution of a formula on evidence of its own; letters: what
    the formula may be made of; derived: the derived closed form, where there is one; seen: expressions
    whose terms may be part of the right formula. Nothing but these is needed: no theorem, no twin.
    """
    letters = list(letters)

    def proposed(new: Any, found: str, told: list[str]) -> Correction | None:
        typed = typed_form(new, letters, formula)
        status, resolution = judge_afresh(new) if typed else ("unreadable", None)
        if not typed or status != "supported":
            return None
        return Correction(typed, printing.latex(new), found, told, resolution, seed, standard)

    if derived is not None and (correction := proposed(derived, "by the derivation", differences(formula, derived))):
        return correction
    try:
        with np.errstate(all="ignore"):  # a neighbour may have values beyond what a float holds; it fits nothing
            for found, new in islice(agreeing_formulas(formula, samples(), letters, seen), TRIED):
                if correction := proposed(new, found, differences(formula, new)):
                    return correction
    except (*TROUBLE, RecursionError):  # SymPy may fail on a neighbour: then there is no answer, but a verdict
        pass
    return None


def typed_form(new: Any, letters: list[Any], like: Any) -> str:
    """The formula as a user would type it; empty when that does not read back as the same expression."""
    text = printing.text(new)
    names = {letter.name: letter for letter in letters}
    try:
        again = read_formula(text, names, like=like)
    except (BadInput, *TROUBLE):
        return ""
    return text if printing.text(again) == text or again == new else text if same_text(again, new) else ""


def same_text(one: Any, other: Any) -> bool:
    """Whether two expressions have one normal form."""
    from workbench.calculus.algebra.equality import same
    from workbench.calculus.algebra.translation import polynomial

    try:
        return same(polynomial(one), polynomial(other))
    except TROUBLE:
        return False
