"""Imputers: layers of attention that are fitted to tables, on paper and by brute force."""

import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from derivations.imputation import depth, one_layer
from workbench import tables
from workbench.errors import BadInput

NAN = np.nan
ALL = [tables.OneLayerImputer, tables.DepthImputer, tables.GaussianImputer]
CORNERS = np.array(list(product((-1.0, 1.0), repeat=3)))


def alike(rho):
    """Eight rows of three entries of mean zero and unit variance, every two with correlation ρ exactly."""
    return CORNERS @ np.linalg.cholesky(rho + (1 - rho) * np.eye(3)).T


def digits(numbers, shown=12):
    """Numbers without their roundoff."""
    return (np.round(numbers, shown) + 0.0).tolist()


@pytest.mark.parametrize("imputer", ALL)
@pytest.mark.filterwarnings("default")
def test_scikit_learn_accepts_the_imputers_as_its_own(imputer):
    found = check_estimator(imputer(), on_skip=None)
    # Array API input is tried only where the user asks scipy for it.
    assert {each["check_name"] for each in found if each["status"] != "passed"} <= {"check_array_api_input"}
    assert len(found) > 40


@pytest.mark.parametrize("imputer", ALL)
def test_entries_that_are_seen_stay_and_holes_are_filled(imputer):
    table = np.where(np.random.default_rng(0).random((8, 3)) < 0.2, NAN, alike(0.5) * [1, 10, 100] + 7)
    filled = imputer().fit_transform(table)
    seen = ~np.isnan(table)
    assert (filled[seen] == table[seen]).all() and np.isfinite(filled).all()


def test_one_column_is_read_off_another_that_is_twice_as_large():
    table = np.array([[1.0, 2.0], [3.0, 6.0], [5.0, 10.0]])
    for imputer in (tables.OneLayerImputer(rate=0.5), tables.GaussianImputer(), tables.DepthImputer(layers=200)):
        filled = imputer.fit(table).transform([[2.0, NAN], [NAN, 8.0], [NAN, NAN]])
        assert digits(filled, 5) == [[2, 4], [4, 8], [3, 6]]


@pytest.mark.parametrize("p", [0.2, 0.5])
def test_three_alike_share_one_weight(p):
    # minimise 1 − 2q·2wρ + q w² (2 + 2qρ): w = ρ/(1 + qρ)
    weights = tables.OneLayerImputer(rate=p).fit(alike(0.5)).weights_
    assert digits(weights[~np.eye(3, dtype=bool)]) == digits([0.5 / (1 + (1 - p) * 0.5)] * 6)
    assert (np.diag(weights) == 0).all()


@pytest.mark.parametrize("p", [0.1, 0.7])
def test_the_layer_of_a_complete_table_is_that_of_the_theorem(p):
    table = load_diabetes().data
    layer = tables.OneLayerImputer(rate=p).fit(table)
    Sigma = np.corrcoef(table.T)
    assert digits(layer.weights_, 9) == digits(one_layer.fixed_point(Sigma=(Sigma + Sigma.T) / 2, p=p), 9)


def test_endless_maskings_are_the_mean_over_all_masks():
    # Every row of a table with holes, under every further mask of two of the others, weighed by its chance.
    table = np.array([[1.0, 2, 0], [2, 0, 1], [-1, -1, NAN], [0, NAN, 2], [-2, -1, -3], [1.5, 3, 1]])
    layer = tables.OneLayerImputer(rate=0.4).fit(table)
    rows = np.nan_to_num((table - layer.mean_) / layer.scale_)
    kept = 0.6 / (16 / 18)
    masks = np.array(list(product((0, 1), repeat=2)))
    chances = np.where(masks, kept, 1 - kept).prod(1)
    shown = np.concatenate([rows[:, 1:] * mask for mask in masks])
    weigh = np.sqrt(np.repeat(chances, len(rows)))
    by_hand = np.linalg.lstsq(shown * weigh[:, None], np.tile(rows[:, 0], 4) * weigh, rcond=None)[0]
    assert digits(layer.weights_[0, 1:]) == digits(by_hand)


def test_a_single_deep_layer_weighs_by_covariances():
    imputer = tables.DepthImputer(layers=1, step=0.4).fit(alike(0.5))
    assert digits(imputer.transform([[1.0, 2.0, NAN]])[0, 2]) == digits(0.4 * 0.5 * (1 + 2))


def test_the_usual_step_is_half_of_the_critical_one():
    imputer = tables.DepthImputer().fit(alike(0.5))
    assert digits(imputer.step_) == digits(depth.critical_step(top=2.0) / 2) == 0.5


def test_many_layers_are_the_conditional_mean():
    table = np.where(np.random.default_rng(1).random((8, 3)) < 0.3, NAN, alike(0.5))
    deep, best = (imputer.fit(alike(0.5)) for imputer in (tables.DepthImputer(500), tables.GaussianImputer()))
    assert digits(deep.transform(table), 6) == digits(best.transform(table), 6)


def test_the_conditional_mean_of_two_is_a_regression():
    # ρ = 1/2: the last of three alike given the others is their sum over three
    imputer = tables.GaussianImputer().fit(alike(0.5))
    assert digits(imputer.transform([[1.0, 2.0, NAN], [1, NAN, NAN]])[:, 2], 6) == [1, 0.5]


def test_the_likeliest_gaussian_of_a_monotone_table_is_known_in_closed_form():
    # x is complete, y missing once: y regressed on x where both are seen, carried over to the mean of all x.
    table = np.array([[0.0, 1], [1, 2], [2, 4], [3, 4], [9, NAN]])
    imputer = tables.GaussianImputer(max_iter=2000, tol=1e-10).fit(table)
    slope, intercept = np.polyfit(*table[:4].T, 1)
    mean = imputer.location_ * imputer.scale_ + imputer.mean_
    assert digits(mean, 5) == digits([3, intercept + 3 * slope], 5)


def test_imputers_stand_in_pipelines_and_keep_the_names_of_a_frame():
    frame = load_diabetes(as_frame=True).data
    filled = make_pipeline(tables.OneLayerImputer().set_output(transform="pandas")).fit_transform(
        frame.mask(frame > 0.1)
    )
    assert list(filled.columns) == list(frame.columns) and not filled.isna().any(axis=None)
    assert list(SimpleImputer().fit(frame).get_feature_names_out()) == list(frame.columns)


@pytest.mark.parametrize(
    ("imputer", "table", "sentence"),
    [
        (tables.OneLayerImputer(), [[1, NAN], [2, NAN]], "column '1' has no entry at all; drop it"),
        (tables.OneLayerImputer(rate=0.1), [[1, NAN], [2, 3]], "rate = 0.1 must lie between the table's own 0.25"),
        (tables.DepthImputer(layers=0), [[1, 2], [2, 3]], "layers = 0 must be a whole number from 1 upwards"),
        (tables.DepthImputer(), [[1, NAN], [NAN, 3], [2, NAN]], "two columns are never seen together"),
    ],
)
def test_what_cannot_be_fitted_is_told_in_one_sentence(imputer, table, sentence):
    with pytest.raises(BadInput, match=sentence):
        imputer.fit(np.array(table, dtype=float))


def test_a_constant_column_is_filled_with_its_constant():
    for imputer in ALL:
        filled = imputer().fit([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]]).transform([[NAN, 5.0], [2.0, NAN]])
        assert digits(filled, 6) == [[2, 5], [2, 5]]


def test_who_has_no_scikit_learn_is_told_what_to_install():
    code = "import sys; sys.modules['sklearn'] = None\nfrom workbench import tables\ntables.OneLayerImputer"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr.splitlines()[-1]
    assert said.endswith("BadInput: tables need scikit-learn: pip install 'theorem-workbench[tables]'")
    light = "import sys; from workbench import tables; print({'sklearn', 'pandas', 'torch', 'sympy'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", light], capture_output=True, text=True).stdout.strip() == "set()"
