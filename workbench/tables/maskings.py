"""Maskings: how many entries to hide while one layer is trained on few rows, predicted and measured.

A layer that is trained with endless maskings at rate r is a ridge regression, with a ridge r/(1 − r) in units of the
variances: hiding more than will be missing costs bias and saves variance. What is predicted here is no theorem of the
catalogue. It is the limit of ridge regression for many Gaussian rows and columns (Hastie, Montanari, Rosset and
Tibshirani, Annals of Statistics 2022), in which variances are taken as known; on ten columns it is a few per cent too
low, at every rate alike. So it is measured beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from workbench.errors import BadInput
from workbench.tables.entries import entries_of
from workbench.tables.imputers import OneLayerImputer
from workbench.tables.moments import covariance, standardised
from workbench.tables.records import aligned, frame_of

RATES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
TRAINED = 0.8  # the share of the rows to train on
LEAST, MOST = 1e-3, 0.95  # between which the best rate is sought


@dataclass(frozen=True)
class MaskingRisk:
    """What a layer that was trained with a share `rate` of the entries hidden leaves of a missing one.

    In units of the column's variance: predicted, and measured on other rows with its standard error.
    """

    rate: float
    predicted: float
    measured: float
    error: float


@dataclass(frozen=True)
class Maskings:
    """The risks of several masking rates for a layer that is trained on so many rows and used at missing rate p.

    best: the masking rate whose predicted risk is least.
    """

    risks: tuple[MaskingRisk, ...]
    rows: int
    columns: int
    p: float
    best: float

    def __str__(self) -> str:
        cells = [(f"{r.rate:g}", f"{r.predicted:.3f}", f"{r.measured:.3f} ± {r.error:.3f}") for r in self.risks]
        title = (
            f"trained on {self.rows} rows of {self.columns} columns, used where {self.p:g} is missing: "
            f"hide {self.best:.2f} of the entries"
        )
        return aligned(title, [("hidden in training", "predicted", "measured"), *cells])

    __repr__ = __str__

    def frame(self) -> Any:
        """The risks as a pandas DataFrame with a column for each field of a risk. Raises BadInput without pandas."""
        return frame_of(map(asdict, self.risks))

    def plot(self, axes: Any = None) -> Any:
        """Draw predicted risks as a line, measured ones as dots with bars of two standard errors; matplotlib's axes."""
        import matplotlib.pyplot as plt

        board: Any = axes or plt.subplots(figsize=(6, 3.5), layout="constrained")[1]
        rates = [risk.rate for risk in self.risks]
        board.plot(rates, [risk.predicted for risk in self.risks], label="predicted")
        bars = [2 * risk.error for risk in self.risks]
        board.errorbar(rates, [risk.measured for risk in self.risks], bars, fmt="o", markersize=4, label="measured")
        board.axvline(self.best, color="0.4", linestyle="--", label="best, predicted")
        board.set(xlabel="share of entries hidden in training", ylabel="error per missing entry")
        board.legend(fontsize="small")
        return board


def masking(
    table: Any,
    p: float,
    *,
    rates: Iterable[float] = RATES,
    rows: int | None = None,
    splits: int = 40,
    seed: int = 0,
) -> Maskings:
    """How much to hide while one layer is trained on complete rows, if a share p will be missing where it is used.

    table: (rows, columns) of numbers, a DataFrame or an array; rows with a hole are left out. rates: the shares to hide
    in training that are compared; rows: how many rows to train on, drawn at random `splits` times, four fifths where
    None; the others are for measuring. The prediction is a limit for many rows and columns, confirmed by measurement
    where it is, and no theorem. Raises BadInput where too few rows are complete or a rate is no probability.
    """
    values, rates = entries_of(table).values, tuple(rates)
    values = values[~np.isnan(values).any(1)]
    count = int(TRAINED * len(values)) if rows is None else rows
    check(values, count, (p, *rates), splits)
    values = standardised(values)
    cov = covariance(values)
    found = [MaskingRisk(r, predicted(cov, count, p, r), *measured(values, count, p, r, splits, seed)) for r in rates]
    best = minimize_scalar(lambda r: predicted(cov, count, p, r), bounds=(LEAST, MOST), method="bounded").x
    return Maskings(tuple(found), count, len(cov), p, float(best))


def check(values: np.ndarray, rows: int, rates: Iterable[float], splits: int) -> None:
    """Raises BadInput where something else is asked for than can be done."""
    least, most = values.shape[1] + 1, len(values) - 1
    if least > most:
        raise BadInput(
            f"{len(values)} rows are complete, too few for {least - 1} columns; drop columns with many holes"
        )
    if not least <= rows <= most:
        raise BadInput(f"of {len(values)} complete rows train on {least} to {most}, not on {rows}")
    for rate in rates:
        if not 0 < rate < 1:
            raise BadInput(f"rates lie between 0 and 1, and {rate} does not; hide a share such as 0.1")
    if splits < 2:
        raise BadInput(f"splits = {splits} do not show their own error; give 2 or more")


def predicted(cov: np.ndarray, rows: int, p: float, r: float) -> float:
    """The risk per missing entry at rate p of a layer trained on rows with endless maskings at rate r.

    cov: of standardised columns. The mean of each is learnt too, which costs a row, and one part in so many rows.
    """
    columns = np.arange(len(cov))
    risks = [entry_risk(cov[np.ix_(columns != i, columns != i)], cov[columns != i, i], rows - 1, p, r) for i in columns]
    return float(np.mean(risks) * (1 + 1 / rows))


def entry_risk(others: np.ndarray, cross: np.ndarray, rows: int, p: float, r: float) -> float:
    """The risk of one entry of unit variance, from the covariance of the others (d, d) and with them (d,)."""
    spectrum, axes = np.linalg.eigh(others)
    along = axes.T @ cross
    kappa = ridge(spectrum, rows, r / (1 - r))
    bias = kappa**2 * np.sum(along**2 / spectrum / (spectrum + kappa) ** 2)
    noise = 1 - np.sum(along**2 / spectrum)
    freedom = np.sum(spectrum**2 / (spectrum + kappa) ** 2)
    mean = along / (spectrum + kappa) / (1 - r)
    reads = (1 - p) * spectrum + p  # what a weight along each axis reads, its square on average
    scatter = (bias + noise) / (rows - freedom) / (1 - r) ** 2 * np.sum(spectrum / (spectrum + kappa) ** 2 * reads)
    return float(1 - 2 * (1 - p) * mean @ along + (1 - p) * (mean**2 @ reads + scatter))


def ridge(spectrum: np.ndarray, rows: int, asked: float) -> float:
    """The ridge that acts where one is asked for: κ = λ + (κ/n) Σ s/(s + κ), larger for fewer rows."""

    def beyond(kappa: float) -> float:
        return kappa - asked - kappa / rows * np.sum(spectrum / (spectrum + kappa))

    return float(brentq(beyond, asked, asked + spectrum.sum() / rows))  # type: ignore[arg-type]


def measured(values: np.ndarray, rows: int, p: float, r: float, splits: int, seed: int) -> tuple[float, float]:
    """The risk on other rows of a layer trained on some, the mean over splits and its standard error."""
    generator, found = np.random.default_rng(seed), []
    for _ in range(splits):
        order = generator.permutation(len(values))
        others = values[order[rows:]]
        hidden = generator.random(others.shape) < p
        if not hidden.any():
            raise BadInput(f"a share of {p} of {len(others)} rows is not one entry; train on fewer rows")
        filled = OneLayerImputer(rate=r).fit(values[order[:rows]]).transform(np.where(hidden, np.nan, others))
        found.append(np.mean((filled - others)[hidden] ** 2))
    return float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(splits))
