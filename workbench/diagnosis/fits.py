"""Fits: the fewest terms, with rational coefficients, that explain what a formula leaves over.

Columns are candidate terms at all instances, each row weighted by its error bar. One, two or three
columns are tried together, all of them, and a combination counts when its coefficients are
recognised as simple fractions within their error bars and what is then left lies within the bars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np

LARGEST = 60  # denominators and numerators beyond this are no coincidence we look for
BARS = 1.5  # how many bars the rest may lie off: bars are wide (nothing right was ever rejected at one)
SCREEN = 1e-8  # share of the residual that a combination may leave before it is looked at closely
KEPT = 60  # combinations looked at closely
DEPENDENT = 1e-7  # pairs of columns with a smaller angle say the same


@dataclass(frozen=True)
class Fit:
    """Columns and their rational coefficients."""

    columns: tuple[int, ...]
    coefficients: tuple[Fraction, ...]


def fits(residual: np.ndarray, columns: np.ndarray, bars: np.ndarray, most: int) -> Iterator[Fit]:
    """The fits with at most that many columns, sparsest first; columns stand in order of preference."""
    target, weighted = residual / bars, columns / bars[:, None]
    size = float(np.linalg.norm(target))
    lengths = np.linalg.norm(weighted, axis=0)
    usable = np.flatnonzero(np.isfinite(lengths) & (lengths > 0))
    unit = weighted[:, usable] / lengths[usable]
    noise = (BARS**2 * len(target)) / size**2 if size else 0.0
    for count, chosen in candidates(target / max(size, 1e-300), unit, max(SCREEN, noise), most, len(target)):
        places = usable[list(chosen)]
        fit = recognised(target, weighted[:, places], places)
        if fit is not None and count == len(fit.columns):
            yield fit


def candidates(
    target: np.ndarray, unit: np.ndarray, screen: float, most: int, rows: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Combinations of columns that leave little of the residual, in order of size."""
    overlap = unit.T @ target
    for one in np.flatnonzero(1 - overlap**2 < screen)[:KEPT]:
        yield 1, (int(one),)
    if most >= 2 and rows > 3:
        for one, other in pairs(overlap, unit.T @ unit, screen, 1.0):
            yield 2, (one, other)
    if most >= 3 and rows > 5:
        near = unit[:, :THIRDS]
        for third in range(near.shape[1]):
            yield from triples(target, near, third, screen)


THIRDS = 220  # columns among which three are chosen


def triples(target: np.ndarray, unit: np.ndarray, third: int, screen: float) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Pairs of columns that together with a third one leave little: what the third explains is taken out first."""
    axis = unit[:, third]
    rest, others = target - axis * (axis @ target), unit[:, third + 1 :]
    others = others - np.outer(axis, axis @ others)
    lengths, left = np.linalg.norm(others, axis=0), float(rest @ rest)
    good = np.flatnonzero(lengths > DEPENDENT)
    others = others[:, good] / lengths[good]
    for one, other in pairs(others.T @ rest, others.T @ others, screen, left):
        yield 3, (third, third + 1 + int(good[one]), third + 1 + int(good[other]))


def pairs(overlap: np.ndarray, gram: np.ndarray, screen: float, whole: float) -> list[tuple[int, int]]:
    """Pairs of unit columns that explain all but a small share of a residual of that squared length."""
    free = 1 - gram**2
    with np.errstate(divide="ignore", invalid="ignore"):
        explained = (overlap[:, None] ** 2 + overlap**2 - 2 * gram * overlap[:, None] * overlap) / free
    left = np.where(free > DEPENDENT, whole - explained, np.inf)
    found = np.argwhere(np.triu(left < screen, 1))
    order = np.argsort(found.sum(axis=1), kind="stable")[:KEPT]
    return [(int(i), int(j)) for i, j in found[order]]


def recognised(target: np.ndarray, chosen: np.ndarray, places: np.ndarray) -> Fit | None:
    """The fit of these columns, when its coefficients are simple fractions that leave no more than the bars."""
    solution, _, rank, _ = np.linalg.lstsq(chosen, target, rcond=None)
    if rank < len(places):
        return None
    errors = 3 * np.sqrt(np.diag(np.linalg.inv(chosen.T @ chosen))) + 1e-8 * np.abs(solution)
    fractions = [simplest(c, e) for c, e in zip(solution, errors)]
    if any(f is None or f == 0 for f in fractions):
        return None
    rest = target - chosen @ np.array([float(f) for f in fractions if f is not None])
    scale = float(np.abs(target).max()) * 1e-10
    if np.abs(rest).max() > BARS + scale:
        return None
    return Fit(tuple(int(p) for p in places), tuple(f for f in fractions if f is not None))


def simplest(value: float, error: float) -> Fraction | None:
    """The fraction with the least denominator within an error bar; None when it would be no surprise there."""
    if not np.isfinite(value) or not np.isfinite(error):
        return None
    fraction = least_denominator(Fraction(value - error), Fraction(value + error))
    q = fraction.denominator
    lucky = error * q * q > 0.25  # so many fractions with such denominators lie in any interval of this width
    return None if lucky or q > LARGEST or abs(fraction.numerator) > LARGEST**2 else fraction


def least_denominator(low: Fraction, high: Fraction) -> Fraction:
    """The simplest fraction in [low, high], by continued fractions."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -least_denominator(-high, -low)
    whole = floor(low)
    if whole == low:
        return Fraction(whole)
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / least_denominator(1 / (high - whole), 1 / (low - whole))
