"""Hand cases for single_location.reduced_flow."""

from flint import arb

from derivations.single_location import reduced_flow as theorem
from workbench.exact.rings import Balls
from workbench.exact.values import as_point, evaluate

LAYER = {"lam": 1, "gamma": "1/2", "s": 2}


def at(claim, **letters):
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_the_flow_rests_at_five_points():
    for kappa, nu in ((1, 1), (-1, -1), (1, -1), (-1, 1), (0, 0)):
        assert at(theorem.key_flow, kappa=kappa, nu=nu, **LAYER).contains(0)
        assert at(theorem.value_flow, kappa=kappa, nu=nu, **LAYER).contains(0)


def test_the_value_moves_wherever_else_it_may_rest():
    assert at(theorem.value_flow, kappa="1/2", nu="1/2", **LAYER) > 0
    assert at(theorem.key_flow, kappa=0, nu="1/2", **LAYER) > 0


def test_a_blank_key_waits_for_no_value():
    assert at(theorem.waiting_key, kappa=0, **LAYER).contains(0)


def test_the_saddle_has_one_direction_out_and_one_in():
    inwards, outwards = at(theorem.saddle_rates, **LAYER).reshape(-1)
    assert inwards < 0 < outwards


def test_the_product_of_the_saddles_rates_is_that_of_the_slopes():
    """J = 2γ²(2c′/√π) [[−2c/√π, 1], [1, 0]] has determinant −(4γ²c′/√π)²; here c′² = 4/(3/2), γ² = 1/4."""
    inwards, outwards = at(theorem.saddle_rates, **LAYER).reshape(-1)
    assert (inwards * outwards + 16 * arb(1) / 16 * (arb(8) / 3) / arb.pi()).contains(0)


def test_the_target_draws_both_overlaps():
    assert all(rate < 0 for rate in at(theorem.target_rates, **LAYER).reshape(-1))


def test_the_slope_of_the_risk_is_that_of_its_parts():
    """At κ = 0 the key ignores everything: R = ε² + γ²(1 + ζ(0, λγ)) + (L − 1) ζ(0, λ), whatever the value."""
    letters = {**LAYER, "epsilon": 0, "L": 1}
    risks = [at(theorem.risk_on_manifold, kappa=0, nu=nu, **letters) for nu in (0, "1/2", -1)]
    blank = (1 + 2 / arb.pi() * (arb(1) / 3).asin()) / 4
    assert all((risk - blank).contains(0) for risk in risks)
