"""Right values: what the measured side of a refuted equation is worth where that fails, where no formula corrects it.

The number is exact or enclosed where brute force reaches, else the measured one with its error bar.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, fmpq

from workbench.calculus.agreement import told_apart
from workbench.calculus.errors import CalculusError
from workbench.diagnosis.corrections import Correction
from workbench.exact.rings import Unreadable
from workbench.exact.values import enclosed
from workbench.judging import judge
from workbench.judging.confrontation import Trial, shown
from workbench.judging.judge import Standard
from workbench.judging.refutations import Failure
from workbench.judging.statement import Statement

DIGITS, SHORT = 15, 24  # of an enclosed number; the most characters of an exact one
SURE = 20  # bits that an enclosed number is known to, at least
MOST = 9  # components that are written out; of more, the one that differs most
BY_BRUTE_FORCE = "by brute force; no closed form is derived"
TROUBLE = (CalculusError, Unreadable, ArithmeticError, ValueError, TypeError, KeyError)


def right_value(statement: Statement, failing: Failure, standard: Standard, seed: int) -> Correction | None:
    """The number, or matrix of numbers, that a refuted formula should be at its witness; None where none is known."""
    found = known_there(statement, failing) or (measured_there(failing.trial, standard) if failing.trial else None)
    if found is None:
        return None
    entries, shape, how, resolution = found
    if len(entries) > MOST:
        place = failing.record["component"]
        entries, shape, how = [entries[place]], (), f"component {place}, {how}"
    text, latex = written(entries, shape), written(entries, shape, latex=True)
    return Correction(text, latex, how, [], resolution, seed, standard.name, at=shown(failing.instance))


def known_there(statement: Statement, failing: Failure) -> Any:
    """What exact arithmetic knows of the other side: its entries as text, their shape, and how they were found."""
    derived = statement.derived is not None
    known = statement.derived if derived else statement.definition
    if known is None or statement.family:
        return None
    try:
        both = (enclosed(side, failing.instance) for side in (known, statement.formula))
        value, wrong = (np.asarray(side, dtype=object) for side in both)
        entries = [digits_of(*pair) for pair in zip(value.reshape(-1), wrong.reshape(-1), strict=True)]
    except TROUBLE:
        return None
    return entries, value.shape, "the derived formula there" if derived else BY_BRUTE_FORCE, None


def measured_there(trial: Trial, standard: Standard) -> Any:
    """What was measured at a trial: its entries as text, with the bars beyond which the judge rejects."""
    estimate = trial.estimates[0]
    bars = judge.bars(estimate, standard)
    if not (np.isfinite(estimate.value).all() and np.isfinite(bars).all()):
        return None
    entries = [with_bar(*pair) for pair in zip(estimate.value.reshape(-1), bars)]
    return entries, estimate.value.shape, f"measured ({estimate.rung}); no closed form is derived", float(bars.max())


def digits_of(entry: Any, wrong: Any) -> str:
    """An exact number as it is, or its first digits, enough to tell it from a wrong one.

    Raises ValueError where it is not known to a few.
    """
    if isinstance(entry, fmpq) and len(str(entry)) <= SHORT:
        return str(entry)
    ball = arb(entry)
    if not ball.is_finite() or (ball.rel_accuracy_bits() < SURE and not ball == 0):
        raise ValueError("the enclosure is too wide")
    digits, other = ball.str(DIGITS, radius=False), arb(wrong).str(DIGITS, radius=False)
    return f"{told_apart(entry, wrong)[0] if digits == other and entry != wrong else digits}…"


def with_bar(value: float, bar: float) -> str:
    """A measured number with the digits that its bar leaves."""
    if value == 0 or bar == 0:
        return f"{value:.{DIGITS}g} ± {bar:.2g}"
    digits = int(np.log10(abs(value) / bar)) + 2
    return f"{value:.{min(max(digits, 1), DIGITS)}g} ± {bar:.2g}"


def written(entries: list[str], shape: tuple[int, ...], latex: bool = False) -> str:
    """Entries as one number or as the rows of a matrix."""
    if latex:
        entries = [entry.replace("…", r"\ldots").replace("±", r"\pm") for entry in entries]
    if len(entries) == 1:
        return entries[0]
    width = shape[-1] if len(shape) > 1 else 1
    rows = [entries[start : start + width] for start in range(0, len(entries), width)]
    if latex:
        return r"\begin{bmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{bmatrix}"
    return "[" + ", ".join(f"[{', '.join(row)}]" for row in rows) + "]"
