"""Hand cases for imputation.remasking: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.imputation import remasking as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

PAIR = {"d": 2, "Sigma": [[2, 1], [1, 3]], "p": fmpq(1, 2), "r": fmpq(1, 2)}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_an_entry_alone_costs_its_variance_where_it_is_hidden_on_purpose():
    alone = worth(theorem.risk, d=1, Sigma=[[3]], W=[[7]], p=fmpq(1, 5), r=fmpq(1, 2))
    assert alone == 3 * fmpq(1, 2) * fmpq(4, 5)


def test_one_entry_restored_from_the_other_pays_only_where_the_other_is_left():
    # W₁₂ = 1: hidden with 1/4; x₂ is left with 1/4, and then (x₁ − x₂)² has mean 2 − 2 + 3; the other entry costs 3/4
    assert worth(theorem.risk, W=[[0, 1], [0, 0]], **PAIR) == fmpq(1, 4) * (fmpq(3, 4) * 2 + fmpq(1, 4) * 3 + 3)


def test_two_entries_are_at_rest_at_the_regression_on_the_other_one_whatever_the_rates():
    # with one regressor no ridge enters: W₁₂ = Σ₁₂/Σ₂₂
    rest = [[0, fmpq(1, 3)], [fmpq(1, 2), 0]]
    assert (worth(theorem.risk_gradient, W=rest, **PAIR) == 0).all()
    assert not (worth(theorem.risk_gradient, W=[[0, 1], [1, 0]], **PAIR) == 0).all()
