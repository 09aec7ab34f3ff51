"""Predictions: how well imputers fill in a table's holes, by the theorems and by hiding entries that are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from workbench.errors import BadInput
from workbench.tables import closed_forms, moments
from workbench.tables.entries import entries_of
from workbench.tables.imputers import DepthImputer, GaussianImputer, Imputer, MeanImputer, OneLayerImputer
from workbench.tables.moments import Covariance, standardised
from workbench.tables.records import aligned, frame_of

RATES = (0.1, 0.3, 0.5, 0.7)
LEARNED = ("before", "after")


@dataclass(frozen=True)
class Risk:
    """What an imputer leaves of a missing entry, in units of its column's variance.

    rate: the share of entries that are missing, those of the table included; predicted: by the closed form; measured:
    on hidden entries, with its standard error (which holds that of the prediction, where masks are drawn for it).
    """

    rate: float
    imputer: str
    predicted: float
    measured: float
    error: float


@dataclass(frozen=True)
class Predictions:
    """The risks of several imputers at several missing rates, for one table of so many rows and columns."""

    risks: tuple[Risk, ...]
    shape: tuple[int, int]

    def __str__(self) -> str:
        heads = ("missing", "imputer", "predicted", "measured")
        cells = [
            (f"{r.rate:.3g}", r.imputer, f"{r.predicted:.3f}", f"{r.measured:.3f} ± {r.error:.3f}") for r in self.risks
        ]
        return aligned(f"{self.shape[0]} rows, {self.shape[1]} columns; 1 is filling in the mean", [heads, *cells])

    __repr__ = __str__

    def frame(self) -> Any:
        """The risks as a pandas DataFrame with a column for each field of a risk. Raises BadInput without pandas."""
        return frame_of(map(asdict, self.risks))

    def plot(self, axes: Any = None) -> Any:
        """Draw risks over the missing rate, predicted as lines and measured as dots with bars of two standard errors.

        Returns matplotlib's axes, new ones where none are given.
        """
        import matplotlib.pyplot as plt

        board: Any = axes or plt.subplots(figsize=(6, 3.5), layout="constrained")[1]
        for place, name in enumerate(dict.fromkeys(risk.imputer for risk in self.risks)):
            here = [risk for risk in self.risks if risk.imputer == name]
            rates = [risk.rate for risk in here]
            board.plot(rates, [risk.predicted for risk in here], color=f"C{place}", label=name)
            bars = [2 * risk.error for risk in here]
            board.errorbar(rates, [risk.measured for risk in here], bars, fmt="o", color=f"C{place}", markersize=4)
        board.set(xlabel="share of missing entries", ylabel="error per missing entry")
        board.legend(fontsize="small", title="lines: predicted, dots: measured", title_fontsize="small")
        return board


def predict(
    table: Any,
    rates: Iterable[float] = RATES,
    *,
    depth: int = 8,
    learned: Literal["before", "after"] = "before",
    maskings: int = 16,
    seed: int = 0,
    covariance: Covariance = "pairwise",
) -> Predictions:
    """The risk of each imputer on a table: predicted by the theorems at its covariance, and measured beside it.

    table: (rows, columns) of numbers with NaN, a DataFrame or an array. rates: shares of the seen entries that are
    hidden at random, `maskings` times each, to be restored; columns are standardised first, so that 1 is the risk of
    filling in the mean. depth: the layers of the deep imputer. covariance: "pairwise" or "complete" rows.
    learned: "before" the entries are hidden, so that an imputer knows the table's law, as the theorems suppose; or
    "after", from what is left, as one does in life. The risk predicted for one layer is then raised by what a
    regression on that many Gaussian rows pays for learning its weights (see `optimism`); those of the others are not.
    Raises BadInput where the table has a column that is no number, constant or hardly seen, or a rate is no
    probability.
    """
    values, rates = standardised(entries_of(table).values), tuple(rates)
    check(rates, learned, maskings)
    cov = moments.covariance(values, covariance)
    own, found = float(np.isnan(values).mean()), []
    for rate in rates:
        p = own + rate - own * rate
        laws = predicted(cov, p, depth, optimism(values, p) if learned == "after" else 1.0, seed)
        for (name, law), imputer in zip(laws.items(), imputers(p, depth, learned)):
            value, error = measured(imputer, values, rate, learned, maskings, seed)
            found.append(Risk(p, name, law[0], value, float(np.hypot(error, law[1]))))
    return Predictions(tuple(found), values.shape)


def check(rates: Iterable[float], learned: str, maskings: int) -> None:
    """Raises BadInput where something else is asked for than can be done."""
    for rate in rates:
        if not 0 < rate < 1:
            raise BadInput(f"rates lie between 0 and 1, and {rate} does not; hide a share such as 0.1")
    if learned not in LEARNED:
        raise BadInput(f"imputers have learned 'before' or 'after' entries are hidden, not {learned!r}")
    if maskings < 2:
        raise BadInput(f"maskings = {maskings} do not show their own error; give 2 or more")


def predicted(cov: np.ndarray, p: float, depth: int, raised: float, seed: int) -> dict[str, tuple[float, float]]:
    """The risk per missing entry that the theorems predict for each imputer, and its standard error over masks.

    raised: the factor by which learning from few rows raises the risk of one layer.
    """
    masks, chances = closed_forms.masks_of(len(cov), p, np.random.default_rng(seed))
    step = closed_forms.critical_step(cov) / 2
    left = closed_forms.conditional_means(cov, masks)
    deep = left + closed_forms.distances(cov, masks, step, depth)
    return {
        "column means": (float(np.trace(cov)) / len(cov), 0.0),
        "one layer": (closed_forms.one_layer(cov, p) * raised, 0.0),
        f"{depth} layers": per_missing_entry(deep, masks, chances),
        "conditional mean": per_missing_entry(left, masks, chances),
    }


def per_missing_entry(left: np.ndarray, masks: np.ndarray, chances: np.ndarray) -> tuple[float, float]:
    """What masks leave, over how much they hide, and its standard error where masks are a sample."""
    hidden = (~masks).sum(1)
    share = float(chances @ left / (chances @ hidden))
    if masks.shape[1] <= closed_forms.ALL_MASKS:
        return share, 0.0
    return share, float(np.std(left - share * hidden) / hidden.mean() / np.sqrt(len(masks)))


def optimism(values: np.ndarray, p: float) -> float:
    """The factor by which learning its weights raises the risk of a linear regression, where a share p is missing.

    On m rows that show the target and d − 1 Gaussian regressors it is (m − 1)/(m − d), exactly; those of a layer are
    zero where they are missing, and their means are learnt too, so here it is close and no theorem. Raises BadInput
    where so many rows cannot teach so many weights.
    """
    rows, d = values.shape
    m = rows * (1 - p)
    if m <= d:
        raise BadInput(
            f"of {rows} rows a column would be seen in {m:.0f}, too few to learn {d - 1} weights from; hide less"
        )
    return (m - 1) / (m - d)


def imputers(p: float, depth: int, learned: str) -> Iterator[Imputer]:
    """The imputers in the order of what is predicted for them."""
    yield MeanImputer()
    yield OneLayerImputer(rate=p if learned == "before" else None)
    yield DepthImputer(layers=depth)
    yield GaussianImputer()


def measured(
    imputer: Imputer, values: np.ndarray, rate: float, learned: str, maskings: int, seed: int
) -> tuple[float, float]:
    """What an imputer leaves of a hidden entry of a table, the mean over maskings and its standard error."""
    generator, seen = np.random.default_rng([seed, 1]), ~np.isnan(values)
    found = []
    if learned == "before":
        imputer.fit(values)
    for _ in range(maskings):
        hidden = seen & (generator.random(values.shape) < rate)
        if not hidden.any():
            raise BadInput(f"a share of {rate} of this table is not one entry; hide more")
        left = np.where(hidden, np.nan, values)
        filled = imputer.transform(left) if learned == "before" else imputer.fit_transform(left)
        found.append(np.mean((filled - values)[hidden] ** 2))
    return float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(maskings))
