"""Layers of attention beside scikit-learn's imputers and Bayes: risks predicted and measured on four tables.

    pip install -e '.[tables]'; python benchmarks/imputation.py [--quick] [--seed 0]

Three real tables, their columns standardised, and a Gaussian sample: 1 is the risk of filling in the mean. `knowing` is
measured with imputers that have seen the whole table, as the theorems suppose, `learning` with imputers that see
what the masks leave, and seconds are those of the latter, of the processor, for one masking. Exits 1 when a
prediction is further from what is measured than chance explains.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from time import process_time
from typing import Any

import click
import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from scipy.stats import t as student
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, SimpleImputer

from workbench.tables import DepthImputer, GaussianImputer, OneLayerImputer
from workbench.tables.moments import covariance, standardised
from workbench.tables.predictions import measured, predicted

DEPTH, ROWS, COLUMNS = 8, 500, 8
CHANCE = 0.01  # that a right prediction of a whole run is found wrong
Row = tuple[str, float, str, float | None, float, float, float, float]


class KnownGaussianImputer(GaussianImputer):
    """Bayes: the conditional mean under the law from which a sample is drawn, which need not be learnt."""

    def __init__(self, law: np.ndarray):
        super().__init__()
        self.law = law

    def learn(self, rows: np.ndarray) -> None:
        # What the imputer has standardised by the sample, in units of the law.
        self.location_, self.covariance_ = -self.mean_ / self.scale_, self.law / np.outer(self.scale_, self.scale_)


def law() -> np.ndarray:
    """The covariance of the Gaussian sample: neighbours are alike, with correlation 0.8."""
    places = np.arange(COLUMNS)
    return 0.8 ** np.abs(places[:, None] - places)


def tables(seed: int) -> dict[str, np.ndarray]:
    """Tables without holes by name; the real ones standardised, the sample as it is drawn."""
    found = {load.__name__[5:]: standardised(load().data) for load in (load_diabetes, load_wine, load_breast_cancer)}
    return found | {"Gaussian": np.random.default_rng(seed).multivariate_normal(np.zeros(COLUMNS), law(), ROWS)}


def imputers(p: float | None) -> dict[str, Any]:
    """Imputers by the names of what is predicted for them; p: the rate to train the layer for, None for its own."""
    return {
        "column means": SimpleImputer(),
        "one layer": OneLayerImputer(rate=p),
        f"{DEPTH} layers": DepthImputer(layers=DEPTH),
        "conditional mean": GaussianImputer(),
        "IterativeImputer": IterativeImputer(random_state=0),
    }


def rows_of(name: str, values: np.ndarray, p: float, maskings: int, seed: int) -> Iterator[Row]:
    """What is predicted of every imputer and what is measured, on one table at one missing rate."""
    laws = predicted(covariance(values - values.mean(0)), p, DEPTH, 1.0, seed)
    knowing, learning = imputers(p), imputers(None)
    if name == "Gaussian":
        bayes = predicted(law(), p, DEPTH, 1.0, seed)["conditional mean"][0]
        laws["Bayes"] = bayes, bayes * np.sqrt(2 / ROWS)  # of the law, and the sample's squares scatter about it
        knowing["Bayes"] = learning["Bayes"] = KnownGaussianImputer(law())
    for each in knowing:
        value, error = measured(knowing[each], values, p, "before", maskings, seed)
        begun = process_time()
        lived = measured(learning[each], values, p, "after", maskings, seed)[0]
        seconds = (process_time() - begun) / maskings
        told, doubt = laws.get(each, (None, 0.0))
        yield name, p, each, told, value, float(np.hypot(error, doubt)), lived, seconds


def missed(rows: list[Row], maskings: int) -> list[Row]:
    """The rows whose prediction is further from its measurement than chance explains, so many being compared."""
    compared = [row for row in rows if row[3] is not None]
    far = student.isf(CHANCE / 2 / len(compared), maskings - 1)
    return [row for row in compared if abs(row[4] - row[3]) > far * row[5]]


def shown(rows: list[Row]) -> Table:
    board = Table("table", "missing", "imputer", "predicted", "knowing", "learning", "seconds")
    for place, (name, p, each, told, value, error, lived, seconds) in enumerate(rows):
        again = place and rows[place - 1][:2] == (name, p)
        said = "" if told is None else f"{told:.3f}"
        where = ("", "") if again else (name, f"{p:g}")
        board.add_row(*where, each, said, f"{value:.3f} ± {error:.3f}", f"{lived:.3f}", f"{seconds:.3f}")
    return board


@click.command()
@click.option("--quick", is_flag=True, help="One missing rate and few maskings.")
@click.option("--seed", default=0, show_default=True)
def main(quick: bool, seed: int) -> None:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore", ConvergenceWarning)  # chained regressions may not settle: they are judged as used
    rates, maskings = ((0.3,), 6) if quick else ((0.1, 0.3, 0.5, 0.7), 8)
    found = [
        row for name, values in tables(seed).items() for p in rates for row in rows_of(name, values, p, maskings, seed)
    ]
    Console(width=100).print(shown(found))
    wrong = missed(found, maskings)
    for name, p, each, told, value, error, *_ in wrong:
        print(
            f"{name} at {p:g}: {each} leaves {value:.3f} ± {error:.3f}, and {told:.3f} was predicted", file=sys.stderr
        )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
