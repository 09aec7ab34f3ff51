"""Hand cases for single_location.reduced_flow."""

from flint import arb

from derivations.single_location import reduced_flow as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

LAYER = {"lam": 1, "gamma": "1/2", "s": 2}


def at(claim, **letters):
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_a_blank_key_waits_for_no_value():
    assert at(theorem.waiting_key, kappa=0, **LAYER).contains(0)


def test_at_unit_noise_the_key_waits_longest_at_the_fourth_root_of_an_eighth():
    assert (8 * at(theorem.slowest_temperature, gamma=1) ** 4 - 1).contains(0)


def test_there_the_key_waits_longer_than_at_neighbouring_temperatures():
    """λγ = 8^(−1/4) = 0.5946…: 3/5 is nearer to it than 1/2 and 7/10 are."""
    near, *others = (at(theorem.waiting_key, kappa="1/2", lam=lam, gamma=1, s=2) for lam in ("3/5", "1/2", "7/10"))
    assert all(near > other for other in others)


def test_the_slope_of_the_risk_is_that_of_its_parts():
    """At κ = 0 the key ignores everything: R = ε² + γ²(1 + ζ(0, λγ)) + (L − 1) ζ(0, λ), whatever the value."""
    letters = {**LAYER, "epsilon": 0, "L": 1}
    risks = [at(theorem.risk_on_manifold, kappa=0, nu=nu, **letters) for nu in (0, "1/2", -1)]
    blank = (1 + 2 / arb.pi() * (arb(1) / 3).asin()) / 4
    assert all((risk - blank).contains(0) for risk in risks)
