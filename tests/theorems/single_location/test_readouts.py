"""Hand cases for single_location.readouts, exact over the rationals."""

from itertools import product

from flint import fmpq

from derivations.single_location import readouts as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def at(claim, **letters):
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_single_token_is_read_whole():
    assert at(theorem.linear_readout, L=1, gamma=3) == 1
    assert at(theorem.least_linear_risk, L=1, gamma=3, epsilon=2) == 4


def test_tokens_that_look_alike_are_averaged():
    """γ = 1: every token has the same variance along v*, and the best weight is 1/L."""
    for L in (2, 3, 7):
        assert at(theorem.linear_readout, L=L, gamma=1) == fmpq(1, L)
        assert at(theorem.least_linear_risk, L=L, gamma=1, epsilon=0) == 1 - fmpq(1, L)


def test_predicting_zero_costs_the_answer_and_its_noise():
    assert at(theorem.linear_risk, b=0, L=5, gamma=3, epsilon=2) == 13


def test_the_least_risk_is_no_more_than_that_of_other_weights():
    for b, L in product((fmpq(0), fmpq(1, 3), fmpq(1)), (2, 5)):
        least = at(theorem.least_linear_risk, L=L, gamma=2, epsilon=1)
        assert least < at(theorem.linear_risk, b=str(b), L=L, gamma=2, epsilon=1)


def test_a_blind_key_trains_no_value():
    formula = theorem.trained_value.formula
    value = evaluate(formula, as_point(formula, kappa=0, lam=1, gamma=1, s=1, L=3), Balls())
    assert value.contains(0) and value.rad() < 1e-12
