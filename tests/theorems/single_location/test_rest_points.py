"""Hand cases for single_location.rest_points."""

from flint import arb, fmpq

from derivations.single_location import reduced_flow
from derivations.single_location import rest_points as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

LAYER = {"lam": 1, "gamma": "1/2", "s": 2}  # c′² = 4/(3/2) = 8/3


def at(claim, **letters):
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_the_flow_rests_at_five_points():
    points = {tuple(column) for column in theorem.rest_points.formula.T.tolist()}
    assert points == {(0, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)}


def test_both_flows_vanish_at_all_of_them():
    for kappa, nu in theorem.rest_points.formula.T.tolist():
        for flow in (reduced_flow.key_flow, reduced_flow.value_flow):
            assert at(flow, kappa=int(kappa), nu=int(nu), **LAYER).contains(0)


def test_the_value_moves_wherever_else_it_may_rest():
    assert at(reduced_flow.value_flow, kappa="1/2", nu="1/2", **LAYER) > 0
    assert at(reduced_flow.key_flow, kappa=0, nu="1/2", **LAYER) > 0


def test_the_saddle_has_one_direction_out_and_one_in():
    inwards, outwards = at(theorem.saddle_rates, **LAYER).reshape(-1)
    assert inwards < 0 < outwards


def test_the_product_of_the_saddles_rates_is_that_of_the_slopes():
    """J = 2γ²(2c′/√π) [[−2c/√π, 1], [1, 0]] has determinant −(4γ²c′/√π)²; here γ² = 1/4."""
    inwards, outwards = at(theorem.saddle_rates, **LAYER).reshape(-1)
    assert (inwards * outwards + (arb(8) / 3) / arb.pi()).contains(0)


def test_the_target_draws_both_overlaps_and_the_wrong_value_neither():
    assert all(rate < 0 for rate in at(theorem.target_rates, **LAYER).reshape(-1))
    assert all(rate > 0 for rate in at(theorem.wrong_value_rates, **LAYER).reshape(-1))


def test_right_or_wrong_the_value_moves_at_the_same_rate():
    """ν̇ is even in ν, so its slopes at 1 and −1 are opposite: ±4γ² erf c′."""
    right, wrong = (at(claim, **LAYER).reshape(-1)[1] for claim in (theorem.target_rates, theorem.wrong_value_rates))
    assert (right + wrong).contains(0) and (wrong - (arb(8) / 3).sqrt().erf()).contains(0)


def test_a_blunt_layer_at_the_target_costs_what_predicting_zero_costs():
    """λ → 0: no weight, R = ε² + γ²."""
    risk = at(theorem.target_risk, lam="1/1000000000000", gamma="1/2", s=2, L=4, epsilon=1)
    assert abs(risk - fmpq(5, 4)) < 1e-10


def test_at_the_target_in_the_papers_units_most_of_the_excess_is_the_clutter():
    """d = 400, L = 10, λ = 1/10: excess risk 0.1135, of which 9 ζ(0, 0.1) = 9 (2/π) arcsin(0.02/1.02) is clutter."""
    excess = at(theorem.target_risk, lam="1/10", gamma="5/7", s="99/7", L=10, epsilon=0)
    clutter = 9 * 2 / arb.pi() * (arb(2) / 102).asin()
    assert clutter < excess < clutter + fmpq(1, 500)
