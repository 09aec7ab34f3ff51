"""Assumptions: what the theorems on imputation suppose of a table, held against what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import chi2, norm

from workbench.tables.entries import Entries, entries_of
from workbench.tables.moments import likeliest, standardised
from workbench.tables.records import aligned

LEVEL = 0.01  # below this chance a hypothesis is contradicted
STEPS, TOL = 200, 1e-4  # of expectation and maximisation


@dataclass(frozen=True)
class Hypothesis:
    """One supposition, what a table shows of it, and what leans on it.

    chance: how likely so large a deviation is where the hypothesis holds; None where nothing can be tested.
    """

    name: str
    shows: str
    chance: float | None
    needed_by: str

    @property
    def verdict(self) -> str:
        if self.chance is None:
            return "not tested"
        return "contradicted" if self.chance < LEVEL else "not contradicted"


@dataclass(frozen=True)
class Hypotheses:
    """What the theorems suppose of a table of so many rows and columns.

    rates and kurtoses: the missing rate of each column, and its fourth moment over the squared variance (Gaussian: 3).
    """

    found: tuple[Hypothesis, ...]
    shape: tuple[int, int]
    rates: dict[str, float]
    kurtoses: dict[str, float]

    def __getitem__(self, name: str) -> Hypothesis:
        return next(each for each in self.found if each.name == name)

    def __str__(self) -> str:
        heads = ("hypothesis", "", "what the table shows", "needed by")
        cells = [(each.name, each.verdict, each.shows, each.needed_by) for each in self.found]
        columns = [
            (name, f"{self.rates[name]:.3g} missing", f"kurtosis {self.kurtoses[name]:.3g}") for name in self.rates
        ]
        title = f"{self.shape[0]} rows, {self.shape[1]} columns, {np.mean([*self.rates.values()]):.3g} missing"
        return aligned(title, [heads, *cells]) + "\n" + aligned("", [("column", "", ""), *columns])

    __repr__ = __str__


def hypotheses(table: Any) -> Hypotheses:
    """Which hypotheses of the theorems on imputation a table contradicts, each tested at the level of one per cent.

    table: (rows, columns) of numbers with NaN, a DataFrame or an array. Returns a record that prints itself; its
    `found` has a Hypothesis each for: missing completely at random (Little's test), one rate in all columns, holes
    independent within a row, Gaussian tails. That a test does not contradict a hypothesis does not prove it.
    Raises BadInput where a column holds something else than numbers, is constant or is hardly seen.
    """
    entries = entries_of(table)
    values = standardised(entries.values)
    kurtoses = np.nanmean(values**4, 0)
    return Hypotheses(
        tuple(tests(entries, values, kurtoses)),
        entries.values.shape,
        dict(zip(entries.names, entries.rates.tolist())),
        dict(zip(entries.names, kurtoses.tolist())),
    )


def tests(entries: Entries, values: np.ndarray, kurtoses: np.ndarray) -> Iterator[Hypothesis]:
    """Every hypothesis, tested."""
    everything = "all predictions"
    for name, needed_by, test in (
        ("missing completely at random", everything, little(values)),
        ("one rate in all columns", everything, one_rate(entries.seen)),
        ("holes independent within a row", everything, independent_holes(entries.seen)),
        ("Gaussian tails", "that the conditional mean is linear; no predicted risk", tails(entries.seen, kurtoses)),
    ):
        yield Hypothesis(name, test[0], test[1], needed_by)


Test = tuple[str, float | None]


def little(values: np.ndarray) -> Test:
    """Little's test: the rows of each pattern of holes have the means that the likeliest Gaussian gives them."""
    seen = ~np.isnan(values)
    patterns, which = np.unique(seen, axis=0, return_inverse=True)
    if len(patterns) == 1:
        return "all rows show the same columns", None
    mean, cov, _ = likeliest(values, STEPS, TOL)
    distance = degrees = 0.0
    for place, pattern in enumerate(patterns):
        rows = values[which.ravel() == place][:, pattern]
        off = rows.mean(0) - mean[pattern] if pattern.any() else np.zeros(0)
        distance += len(rows) * off @ np.linalg.lstsq(cov[np.ix_(pattern, pattern)], off, rcond=None)[0]
        degrees += pattern.sum()
    degrees -= values.shape[1]
    return chi_squared(f"Little's test over {len(patterns)} patterns", distance, degrees)


def one_rate(seen: np.ndarray) -> Test:
    """Whether columns are missing equally often, beyond what chance makes of one rate."""
    rates, rate = 1 - seen.mean(0), 1 - seen.mean()
    if rate == 0:
        return "nothing is missing", None
    distance = len(seen) * np.sum((rates - rate) ** 2) / (rate * (1 - rate))
    return chi_squared(f"rates from {rates.min():.3g} to {rates.max():.3g}", distance, seen.shape[1] - 1)


def independent_holes(seen: np.ndarray) -> Test:
    """Whether rows have as unequal numbers of holes as independent ones make."""
    rates = 1 - seen.mean(0)
    spread = np.sum(rates * (1 - rates))
    if spread == 0:
        return "no column has some holes", None
    counts = (~seen).sum(1)
    squares = (counts - counts.mean()) ** 2
    off = (squares.mean() - spread) / (squares.std() / np.sqrt(len(squares)) or 1)
    words = f"holes per row vary {squares.mean() / spread:.3g} times as much as independent ones"
    return words, float(2 * norm.sf(abs(off)))


def tails(seen: np.ndarray, kurtoses: np.ndarray) -> Test:
    """Whether fourth moments are those of Gaussian columns: the least likely of them, corrected for their number."""
    errors = np.sqrt(24 / seen.sum(0))
    chances = 2 * norm.sf(np.abs(kurtoses - 3) / errors)
    words = f"kurtosis from {kurtoses.min():.3g} to {kurtoses.max():.3g}, Gaussian 3"
    return words, float(min(1.0, chances.min() * len(chances)))


def chi_squared(words: str, distance: float, degrees: float) -> Test:
    """A squared distance in so many degrees of freedom, in words, and its chance."""
    chance = float(chi2.sf(distance, degrees))
    return f"{words}: χ² = {distance:.3g} with {degrees:.0f} degrees of freedom, chance {chance:.2g}", chance
