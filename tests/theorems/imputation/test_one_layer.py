"""Hand cases for imputation.one_layer: what one can do on paper, compared exactly."""

import pytest
import torch
from flint import fmpq

from derivations.imputation import one_layer as theorem
from numerics.imputation.imputers import chances, completion_error, masks
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

RATES = [fmpq(1, 5), fmpq(1, 2), fmpq(4, 5)]


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def alike(d, rho):
    """Unit variances and equal correlations."""
    return [[1 if i == j else rho for j in range(d)] for i in range(d)]


@pytest.mark.parametrize("p", RATES)
def test_an_entry_alone_has_nothing_to_be_filled_in_from(p):
    assert worth(theorem.risk, d=1, Sigma=[[3]], W=[[7]], p=p) == 3 * p
    assert worth(theorem.fixed_point, d=1, Sigma=[[3]], p=p) == [[0]]
    assert worth(theorem.least_risk, d=1, Sigma=[[3]], p=p) == 3 * p


@pytest.mark.parametrize("p", RATES)
def test_two_entries_have_the_risk_that_four_masks_give(p):
    # One is missing and the other seen with probability p(1 − p), twice; then 1 − 2wρ + w². Both missing: 1 each.
    w, rho = fmpq(1, 3), fmpq(1, 2)
    risk = worth(theorem.risk, d=2, Sigma=alike(2, rho), W=[[5, w], [w, 5]], p=p)
    assert risk == 2 * p * (1 - p) * (1 - 2 * w * rho + w**2) + 2 * p**2


@pytest.mark.parametrize("p", RATES)
def test_two_entries_regress_on_each_other_at_every_missing_rate(p):
    W = worth(theorem.fixed_point, d=2, Sigma=[[2, 1], [1, 4]], p=p)
    assert W.tolist() == [[0, fmpq(1, 4)], [fmpq(1, 2), 0]]


@pytest.mark.parametrize("p", RATES)
def test_independent_entries_teach_nothing(p):
    letters = {"d": 3, "Sigma": [[1, 0, 0], [0, 2, 0], [0, 0, 5]], "p": p}
    assert (worth(theorem.fixed_point, **letters) == 0).all()
    assert worth(theorem.least_risk, **letters) == 8 * p


@pytest.mark.parametrize("p", RATES)
def test_three_alike_share_one_weight(p):
    # minimise 1 − 2q·2wρ + q w² (2 + 2qρ): w = ρ/(1 + qρ)
    rho, q = fmpq(1, 3), 1 - p
    W = worth(theorem.fixed_point, d=3, Sigma=alike(3, rho), p=p)
    assert {W[i, j] for i in range(3) for j in range(3) if i != j} == {rho / (1 + q * rho)}
    assert worth(theorem.least_risk, d=3, Sigma=alike(3, rho), p=p) == 3 * p * (1 - 2 * q * rho**2 / (1 + q * rho))


def test_one_masked_entry_of_three_alike_is_regressed_on_both_others():
    W = worth(theorem.pseudo_likelihood, d=3, Sigma=alike(3, fmpq(1, 2)))
    assert W.tolist() == [[0 if i == j else fmpq(1, 3) for j in range(3)] for i in range(3)]


def test_one_weight_bends_the_risk_by_the_variance_it_reads():
    letters = {"d": 2, "Sigma": [[2, 1], [1, 4]], "p": fmpq(1, 4)}
    assert worth(theorem.curvature, H=[[0, 1], [0, 0]], **letters) == 2 * fmpq(3, 16) * 4
    assert worth(theorem.curvature, H=[[1, 0], [0, 1]], **letters) == 0


def test_the_gradient_vanishes_at_the_trained_layer():
    letters = {"d": 3, "Sigma": [[2, 1, 0], [1, 3, 1], [0, 1, 1]], "p": fmpq(1, 4)}
    W = worth(theorem.fixed_point, **letters)
    assert (worth(theorem.risk_gradient, W=W, **letters) == 0).all()


def test_the_layer_reads_missing_entries_as_zero_and_is_judged_on_them():
    x, o = torch.tensor([1.0, 2.0, 4.0]), torch.tensor([1.0, 0.0, 1.0])
    W = torch.tensor([[9.0, 9.0, 9.0], [3.0, 9.0, -1.0], [9.0, 9.0, 9.0]])
    assert completion_error(W, x, o) == (2 - (3 * 1 - 1 * 4)) ** 2


def test_the_chances_of_all_masks_sum_to_one():
    o = masks(3)
    assert len({tuple(mask) for mask in o.tolist()}) == 8
    assert chances(o, 0.25).sum() == 1 and chances(o, 0.25)[o.sum(-1) == 3] == 0.75**3
