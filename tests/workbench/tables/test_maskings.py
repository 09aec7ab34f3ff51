"""Maskings: a prediction that is a limit, held against the theorem it ends in, paper, and layers that are trained."""

from math import sqrt

import matplotlib
import numpy as np
import pytest
from sklearn.datasets import load_diabetes

from derivations.imputation import one_layer
from workbench import tables
from workbench.errors import BadInput
from workbench.tables.maskings import entry_risk, predicted, ridge

matplotlib.use("agg")
ENDLESS = 10**12
SIGMA = np.array([[1, 0.5, 0.2], [0.5, 1, 0.4], [0.2, 0.4, 1]])


def digits(number, shown=8):
    """A number without its roundoff, and without what rows that have an end change."""
    return f"{number:.{shown}f}"


@pytest.mark.parametrize("r", [0.2, 0.5, 0.8])
def test_endless_rows_leave_what_the_theorem_says_of_a_layer_trained_at_another_rate(r):
    layer = one_layer.fixed_point(Sigma=SIGMA, p=r)
    theorem = one_layer.risk(Sigma=SIGMA, W=layer, p=0.2) / (0.2 * 3)
    assert digits(predicted(SIGMA, ENDLESS, 0.2, r)) == digits(theorem)
    best = one_layer.least_risk(Sigma=SIGMA, p=0.2) / (0.2 * 3)
    assert (digits(theorem) == digits(best)) is (r == 0.2)


def test_two_columns_without_masks_are_least_squares():
    # ρ = 1/2 leaves 3/4, and one weight learnt from eleven rows costs a factor 11/(11 − 1) in this limit.
    assert digits(entry_risk(np.eye(1), np.array([0.5]), 11, p=0.0, r=0.0)) == digits(0.75 * 1.1)


def test_the_ridge_that_acts_solves_a_quadratic_for_one_column():
    # κ − 1/2 = κ/(2(1 + κ)): κ² = 1/2
    assert digits(ridge(np.ones(1), 2, 0.5)) == digits(sqrt(0.5))


def excess(d, rate):
    """By how much d columns that share a factor leave more than is predicted, trained on twice as many rows."""
    generator = np.random.default_rng(0)
    table = sqrt(0.7) * generator.standard_normal((40_000, d)) + sqrt(0.3) * generator.standard_normal((40_000, 1))
    (risk,) = tables.masking(table, 0.1, rates=[rate], rows=2 * d, splits=20).risks
    return risk.measured / risk.predicted - 1


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_layers_trained_on_more_gaussian_columns_leave_what_the_limit_says_but_for_one_part_in_so_many(rate):
    assert abs(excess(48, rate)) < excess(12, rate) / 2


def test_the_predicted_rate_is_a_good_one_on_a_real_table():
    # The same splits serve all rates.
    found = tables.masking(load_diabetes().data, 0.3, rates=[0.05, 0.28, 0.6], rows=40)
    low, best, high = found.risks
    assert low.rate < found.best < high.rate and digits(found.best, 2) == "0.28"
    assert best.measured + best.error < min(low.measured - low.error, high.measured - high.error)


def test_fewer_rows_ask_for_more_masks_than_will_be_missing_and_endless_rows_for_as_many():
    best = [tables.masking(load_diabetes().data, 0.1, rates=[0.1], rows=rows, splits=2).best for rows in (20, 40, 353)]
    assert best == sorted(best, reverse=True) and digits(best[-1], 1) == "0.1"


def test_the_record_prints_itself_and_is_a_frame_and_a_picture():
    found = tables.masking(load_diabetes(as_frame=True).data, 0.2, rates=[0.1, 0.5], splits=2)
    assert str(found).startswith("trained on 353 rows of 10 columns, used where 0.2 is missing: hide 0.20")
    assert list(found.frame().columns) == ["rate", "predicted", "measured", "error"]
    assert len(found.plot().get_lines()) > 1


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"p": 1.5}, "rates lie between 0 and 1, and 1.5 does not"),
        ({"p": 0.1, "rates": [0.0]}, "rates lie between 0 and 1, and 0.0 does not"),
        ({"p": 0.1, "rows": 442}, "of 442 complete rows train on 11 to 441, not on 442"),
        ({"p": 0.1, "rows": 5}, "of 442 complete rows train on 11 to 441, not on 5"),
        ({"p": 0.1, "splits": 1}, "splits = 1 do not show their own error; give 2 or more"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_sentence(asked, sentence):
    with pytest.raises(BadInput, match=sentence):
        tables.masking(load_diabetes().data, **asked)


def test_a_table_with_few_complete_rows_is_told_so():
    table = load_diabetes().data[:20].copy()
    table[:12, 0] = np.nan
    with pytest.raises(BadInput, match="8 rows are complete, too few for 10 columns; drop columns with many holes"):
        tables.masking(table, 0.1)
