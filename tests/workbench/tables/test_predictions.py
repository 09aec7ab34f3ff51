"""Predictions: theorems held against real tables whose entries are hidden and restored."""

import matplotlib
import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

from derivations.imputation import bayes, depth, one_layer
from workbench import tables
from workbench.errors import BadInput
from workbench.tables import closed_forms
from workbench.tables.moments import covariance, standardised
from workbench.tables.predictions import optimism

matplotlib.use("agg")
NAN = np.nan
STANDARD_ERRORS = 4  # beyond which chance is no excuse, for a few dozen comparisons
SIGMA = np.array([[1, 0.5, 0.2], [0.5, 1, 0.4], [0.2, 0.4, 1]])


def digits(number):
    """A number without its roundoff."""
    return f"{number:.10g}"


def test_the_predicted_risks_are_those_of_the_theorems():
    masks = np.array([[True, True, False], [False, True, False], [False, False, False]])
    F = np.eye(3)[:2]
    left = closed_forms.conditional_means(SIGMA, masks)
    assert digits(closed_forms.one_layer(SIGMA, 0.3) * 0.9) == digits(one_layer.least_risk(Sigma=SIGMA, p=0.3))
    assert digits(left[0]) == digits(bayes.least_risk(Sigma=SIGMA, F=F))
    assert digits(left[1]) == digits(1 - 0.5**2 + 1 - 0.4**2) and left[2] == 3
    assert digits(closed_forms.critical_step(SIGMA)) == digits(depth.critical_step(top=np.linalg.eigvalsh(SIGMA)[-1]))


def test_a_single_layer_leaves_on_a_hidden_entry_what_it_does_on_paper():
    # x₃ − η(Σ₃₁x₁ + Σ₃₂x₂), squared: 1 − 2η(.2² + .4²) + η²(.2² + .4² + 2·.2·.4·.5), less 1 − Σ₃ₒΣₒₒ⁻¹Σₒ₃
    best = 1 - (0.2**2 + 0.4**2 - 2 * 0.5 * 0.2 * 0.4) / (1 - 0.5**2)
    distance = closed_forms.distances(SIGMA, np.array([[True, True, False]]), step=0.5, depth=1)
    assert digits(distance[0]) == digits(1 - 0.2 + 0.25 * 0.28 - best)


def test_the_theorem_counts_the_distance_on_seen_entries_too():
    whole = depth.excess(Sigma=SIGMA, F=np.eye(3)[:2], eta=0.5, L=3)
    assert 0 < closed_forms.distances(SIGMA, np.array([[True, True, False]]), step=0.5, depth=3)[0] < whole


DIABETES = {0.1: "0.482", 0.3: "0.579", 0.5: "0.667", 0.7: "0.765"}


@pytest.mark.parametrize("load", [load_diabetes, load_wine, load_breast_cancer])
def test_real_tables_leave_what_the_theorems_predict(load):
    found = tables.predict(load().data, rates=DIABETES, maskings=12)
    assert len(found.risks) == 16
    for risk in found.risks:
        assert abs(risk.measured - risk.predicted) < STANDARD_ERRORS * risk.error, risk
    layer = {risk.rate: f"{risk.predicted:.3f}" for risk in found.risks if risk.imputer == "one layer"}
    assert (load is not load_diabetes) or layer == DIABETES


def test_error_bars_would_catch_the_formula_of_a_neighbouring_rate():
    found = tables.predict(load_diabetes().data, rates=[0.5], maskings=12)
    layer = next(risk for risk in found.risks if risk.imputer == "one layer")
    for wrong in (0.4, 0.6):
        other = closed_forms.one_layer(covariance(standardised(load_diabetes().data)), wrong)
        assert abs(layer.measured - other) > STANDARD_ERRORS * layer.error


def test_a_table_with_holes_is_predicted_at_the_rate_of_the_union():
    table = load_diabetes().data.copy()
    table[np.random.default_rng(3).random(table.shape) < 0.2] = NAN
    found = tables.predict(table, rates=[0.3], maskings=12)
    own = np.isnan(table).mean()
    assert {digits(risk.rate) for risk in found.risks} == {digits(1 - (1 - own) * 0.7)}
    for risk in found.risks:
        assert abs(risk.measured - risk.predicted) < STANDARD_ERRORS * risk.error, risk


def test_who_learns_from_what_is_left_pays_for_it():
    table = load_diabetes().data
    before, after = (tables.predict(table, [0.3], learned=when).risks[1] for when in ("before", "after"))
    assert after.predicted > before.predicted and after.measured > before.measured + 2 * before.error
    assert abs(after.measured - after.predicted) < STANDARD_ERRORS * after.error


def test_regressions_on_gaussian_rows_pay_what_is_known_on_paper():
    # 12 rows of which half show the target, one regressor: (6 − 1)/(6 − 2)
    assert optimism(np.zeros((12, 2)), 0.5) == 5 / 4
    # Measured: a regression without intercept on m = 6 rows, its error on a new one.
    generator = np.random.default_rng(0)
    x, y, new, target = (generator.standard_normal((20_000, *shape)) for shape in ((6,), (6,), (), ()))
    errors = (target - (x * y).sum(1) / (x**2).sum(1) * new) ** 2
    assert abs(errors.mean() - 5 / 4) < STANDARD_ERRORS * errors.std() / np.sqrt(len(errors))


def test_a_prediction_prints_itself_and_is_a_frame_and_a_picture():
    found = tables.predict(load_wine(as_frame=True).data, rates=[0.2, 0.6], depth=3, maskings=2)
    lines = str(found).splitlines()
    assert lines[0].startswith("178 rows, 13 columns") and len(lines) == 2 + 2 * 4
    assert list(found.frame().imputer[:4]) == ["column means", "one layer", "3 layers", "conditional mean"]
    axes = found.plot()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(found.frame().imputer[:4])
    assert len(axes.get_lines()[0].get_xdata()) == 2


GOOD = [[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [4.0, 3.0]]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([[1, NAN], [2, NAN], [3, NAN]], "column '1' has no entry at all; drop it"),
        ([[1, 5], [2, 5], [3, 5]], "column '1' is constant, so there is nothing to predict; drop it"),
        ([[1, "red"], [2, "blue"], [3, "red"]], "column '1' holds 'red', which is no number; drop the column or code"),
        ([[1, 2]], "column '0' is seen in 1 rows, which tells nothing of others; give 3 or more"),
        ([[1, 2], [2, np.inf], [3, 4]], "column '1' holds an infinite number; leave NaN where nothing is known"),
        ([1, 2, 3], "a table has rows and at least two columns; this one is 3"),
        ([[1], [2], [3]], "a table has rows and at least two columns; this one is 3 × 1"),
        (7, "a table has rows and at least two columns; this one is a single number"),
    ],
)
def test_a_table_that_is_none_is_told_in_one_sentence(table, sentence):
    for ask in (tables.predict, tables.hypotheses):
        with pytest.raises(BadInput, match=sentence):
            ask(np.array(table, dtype=object))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"rates": [1.2]}, "rates lie between 0 and 1, and 1.2 does not; hide a share such as 0.1"),
        ({"learned": "never"}, "imputers have learned 'before' or 'after' entries are hidden, not 'never'"),
        ({"maskings": 1}, "maskings = 1 do not show their own error; give 2 or more"),
        ({"rates": [0.001]}, "a share of 0.001 of this table is not one entry; hide more"),
        ({"rates": [0.8], "learned": "after"}, "a column would be seen in 1, too few to learn 1 weights from"),
    ],
)
def test_what_cannot_be_predicted_is_told_in_one_sentence(asked, sentence):
    with pytest.raises(BadInput, match=sentence):
        tables.predict(GOOD, **asked)


def test_covariances_of_columns_that_are_rarely_seen_together_are_made_those_of_a_vector():
    # Three pairs of columns, each over rows of its own, with correlations that no three numbers have.
    one, other = np.array([[1.0, 1], [-1, -1]]), np.array([[1.0, -1], [-1, 1]])
    table = np.full((6, 3), NAN)
    table[:2, [0, 1]], table[2:4, [1, 2]], table[4:, [0, 2]] = one, one, other
    found = covariance(table)
    assert np.linalg.eigvalsh(found).min() > 0 and (np.diag(found).round(12) == 1).all()
    with pytest.raises(BadInput, match="no row is complete"):
        covariance(table, "complete")
