"""Hand cases for single_location.attention_risk."""

from flint import arb, fmpq

from derivations.single_location import attention_risk as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

MIXED = {"kappa": "1/2", "nu": "1/3", "theta": "-1/4", "eta": "1/5", "rho": "1/7"}
BLIND = dict.fromkeys(MIXED, 0)


def at(claim, **letters):
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def same(one, other):
    """Two enclosures that overlap and are narrow."""
    return (one - other).contains(0) and (one - other).rad() < 1e-12


def test_without_noise_in_the_score_the_weight_is_erf():
    """g → 0: T(√2 t, 1) = (1 − erf(t)²)/8."""
    tiny = at(theorem.squared_weight, t="1/2", g="1/1000000000")
    assert abs(tiny - (arb(1) / 2).erf() ** 2) < 1e-15


def test_the_mean_square_of_a_blank_score_is_an_arcsine():
    """ζ(0, g) = (2/π) arcsin(2g²/(1+2g²)), and 2g² = 1/2."""
    assert same(at(theorem.squared_weight, t=0, g="1/2"), 2 / arb.pi() * (arb(1) / 3).asin())


def test_the_slope_of_an_even_function_vanishes_at_zero():
    assert at(theorem.squared_weight_slope, t=0, g="1/2").contains(0)


def test_a_blank_layer_pays_for_every_token_it_mistakes():
    """κ = … = 0, λ = γ = 1: R = ε² + 1 + ζ(0, 1) + (L − 1) ζ(0, 1)."""
    found = at(theorem.risk, **BLIND, lam=1, gamma=1, s=2, epsilon="1/2", L=4)
    weight = 2 / arb.pi() * (arb(2) / 3).asin()
    assert same(found, fmpq(1, 4) + 1 + 4 * weight)


def test_turning_key_and_value_around_changes_nothing():
    letters = {"lam": 1, "gamma": "1/2", "s": 2, "epsilon": 1, "L": 4}
    mirrored = {name: f"-{value}".replace("--", "") for name, value in MIXED.items() if name != "rho"}
    assert same(at(theorem.risk, **MIXED, **letters), at(theorem.risk, **mirrored, rho=MIXED["rho"], **letters))


def test_reflecting_the_axis_of_the_answer_changes_nothing():
    """k and −v mirrored in the hyperplane orthogonal to v*: θ, η and ρ change their sign, κ and ν do not."""
    letters = {"lam": 1, "gamma": "1/2", "s": 2, "epsilon": 1, "L": 4}
    mirrored = {**MIXED, "theta": "1/4", "eta": "-1/5", "rho": "-1/7"}
    assert same(at(theorem.risk, **MIXED, **letters), at(theorem.risk, **mirrored, **letters))


def test_on_the_manifold_nothing_pushes_off_it():
    found = at(theorem.slopes_on_manifold, kappa="1/2", nu="1/3", lam=1, gamma=1, s=2).reshape(-1)
    assert all(entry.is_zero() for entry in found[2:]) and not found[0].contains(0)
