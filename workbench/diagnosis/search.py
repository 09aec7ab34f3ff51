"""The search: formulas near a wrong one that agree with what was measured, sparsest change first.

Needs a formula, the letters it may use, and measured (or exact) values at generic instances; it
knows of no derivation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.calculus.algebra.polynomials import Term, TracePolynomial, total
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import CalculusError
from workbench.diagnosis.equations import Equation, Slot, equations
from workbench.diagnosis.fits import BARS, fits
from workbench.diagnosis.samples import ROUNDOFF, Point, Sample, agreeing, shape_at
from workbench.diagnosis.slips import twice_undone, undone
from workbench.diagnosis.terms import as_sum, neighbourhood

SHARP = 1e-6  # relative bars below which coefficients of several terms can be told apart
FEW = 4  # samples that must be that sharp
TROUBLE = (ArithmeticError, TypeError, ValueError, KeyError, np.linalg.LinAlgError, CalculusError)


def agreeing_formulas(
    formula: Any, samples: list[Sample], letters: Iterable[Any], seen: Iterable[Any] = ()
) -> Iterator[tuple[str, Any]]:
    """Formulas near the given one that agree with every sample, each with how it was found.

    seen: expressions whose terms may be part of the right one (rivals, say). Slips of the pen come
    first, then one or two wrong coefficients or terms, two slips, three terms.
    """
    letters = list(letters)
    fine = [sample for sample in samples if (sample.bar <= SHARP * np.abs(sample.measured).max()).all()]
    sharp = len(fine) >= min(FEW, len(samples))
    for new in undone(formula, letters):
        if agreeing(new, samples):
            yield "a slip undone", new
    places = list(of_formula(formula, fine if sharp else samples, letters, list(seen)))
    for most in (1, 2) if sharp else (1,):
        for place in places:
            yield from (("terms fitted", new) for new in place.corrected(most) if agreeing(new, samples))
    for new in twice_undone(formula, letters) if sharp else ():
        if agreeing(new, samples):
            yield "two slips undone", new
    for place in places[:2] if sharp else ():
        yield from (("terms fitted", new) for new in place.corrected(3) if agreeing(new, samples))


@dataclass
class Place:
    """An equation with candidate terms for its slots, evaluated at every sample."""

    equation: Equation
    owns: list[TracePolynomial]
    terms: list[tuple[int, Term]]  # (slot, term) of every column
    residual: np.ndarray
    columns: np.ndarray
    bars: np.ndarray

    def corrected(self, most: int) -> Iterator[Any]:
        """The formulas that the fits with exactly that many terms give."""
        for fit in fits(self.residual, self.columns, self.bars, most):
            if len(fit.columns) != most:
                continue
            news = []
            for slot, own in enumerate(self.owns):
                chosen = [(self.terms[c][1], q) for c, q in zip(fit.columns, fit.coefficients)
                          if self.terms[c][0] == slot]  # fmt: skip
                change = as_sum([t for t, _ in chosen], [q for _, q in chosen], own.shape)
                old = self.equation.slots[slot].expression
                news.append(expression_of(total((own, change))) if chosen else old)
            try:
                yield self.equation.rebuild(*news)
            except TROUBLE:
                continue


def of_formula(formula: Any, samples: list[Sample], letters: list[Any], seen: list[Any]) -> Iterator[Place]:
    """The places of a formula where terms can be fitted."""
    others = list(translated(seen))
    for equation in equations(formula):
        try:
            yield place_of(equation, formula, samples, letters, others)
        except TROUBLE:
            continue


def translated(expressions: Iterable[Any]) -> Iterator[TracePolynomial]:
    for expression in expressions:
        try:
            yield polynomial(expression)
        except TROUBLE:
            continue


def place_of(
    equation: Equation, formula: Any, samples: list[Sample], letters: list[Any], seen: list[TracePolynomial]
) -> Place:
    owns = [polynomial(slot.expression) for slot in equation.slots]
    terms = [(i, t) for i, own in enumerate(owns) for t in neighbourhood(own, seen, letters)]
    residuals, columns, bars = [], [], []
    for sample in samples:
        for point, y, bar in readings(formula, sample):
            residual, width = with_bar(equation, point, y, bar)
            residuals.append(residual.reshape(-1))
            bars.append(width.reshape(-1))
            shapes = [shape_at(slot.expression, sample.instance) for slot in equation.slots]
            moved = [moves(equation.slots[i], point, y, t, shapes[i]) for i, t in terms]
            columns.append(np.stack(moved, axis=1))
    rows, matrix, widths = np.concatenate(residuals), np.concatenate(columns), np.concatenate(bars)
    widths = np.maximum(widths, widths.max() / 100)  # else a few sharp rows alone would choose the terms
    kept = distinct(matrix / widths[:, None])
    return Place(equation, owns, [terms[i] for i in kept], rows, matrix[:, kept], widths)


def moves(slot: Slot, point: Point, y: np.ndarray, term: Term, shape: tuple[int, ...]) -> np.ndarray:
    """What a term in a slot does to the residual; a term that has no value there does nothing."""
    with np.errstate(all="ignore"):
        try:
            return slot.moves(point, y, point.term(term, shape)).reshape(-1)
        except (ArithmeticError, ValueError, TypeError):
            return np.full(y.size, np.nan)


def readings(formula: Any, sample: Sample) -> Iterator[tuple[Point, np.ndarray, np.ndarray]]:
    """What was measured at every point of a sample; a spectrum is dealt out in the formula's own order."""
    shape = shape_at(formula, sample.instance)
    if not sample.family:
        yield sample.points[0], sample.measured.reshape(shape), sample.bar.reshape(shape)
        return
    order = np.argsort([float(point.value(formula)) for point in sample.points])
    for rank, place in enumerate(order):
        yield sample.points[place], np.asarray(sample.measured[rank]), np.asarray(sample.bar[rank])


def with_bar(equation: Equation, point: Point, y: np.ndarray, bar: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The residual of an equation, and how far it moves when the measurement moves by its bar."""
    with np.errstate(all="ignore"):
        middle = np.asarray(equation.residual(point, y))
        rng = np.random.default_rng(0)
        signs = (rng.choice([-1.0, 1.0], size=y.shape) for _ in range(3))
        ends = [np.asarray(equation.residual(point, y + s * (bar + ROUNDOFF * np.abs(y).max()))) for s in signs]
    width = 2 * np.max([np.abs(end - middle) for end in ends], axis=0).max() / BARS
    if not np.isfinite(middle).all() or not np.isfinite(width):
        raise ValueError("the equation has no residual here")
    return middle, np.full(middle.shape, max(width, 1e-300))


def distinct(matrix: np.ndarray) -> list[int]:
    """The first of every set of proportional columns; those that vanish or have no value are left out."""
    kept: list[int] = []
    known: set[bytes] = set()
    for column in range(matrix.shape[1]):
        values = matrix[:, column]
        length = np.linalg.norm(values)
        if not np.isfinite(length) or length == 0:
            continue
        unit = values / length * np.sign(values[np.argmax(np.abs(values))])
        key = np.round(unit, 9).tobytes()
        if key not in known:
            known.add(key)
            kept.append(column)
    return kept
