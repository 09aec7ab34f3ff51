"""Hand cases for single_location.swaps."""

from flint import arb, fmpq

from derivations.single_location import rest_points
from derivations.single_location import swaps as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

LAYER = {"lam": 1, "gamma": 1, "L": 4}  # q = 3, ζ(0, λγ) = ζ(0, λ) = (2/π) arcsin(2/3)
BLANK = 2 / arb.pi() * (arb(2) / 3).asin()


def at(claim, **letters):
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_a_value_that_does_not_lean_reads_nothing():
    """θ = 0: every token adds noise alone, ε² + γ²(1 + ζ(0, λγ)) + (L − 1) ζ(0, λ)."""
    assert (at(theorem.swapped_risk, theta=0, s=3, epsilon=1, **LAYER) - 2 - 4 * BLANK).contains(0)


def test_the_lean_is_the_correlation_over_the_second_moment():
    """2λγ²/√(πq) = 2/√(3π)."""
    lean = at(theorem.leaning_value, s=5, lam=1, gamma=1)
    assert (5 * lean * BLANK - 2 / (3 * arb.pi()).sqrt()).contains(0)


def test_at_the_critical_spike_the_value_points_straight_to_the_place():
    spike = at(theorem.straight_value, lam=1, gamma=1)
    lean = at(theorem.leaning_value, s=5, lam=1, gamma=1)
    assert (5 * lean - spike).contains(0)


def test_no_other_lean_leaves_less():
    settled = at(theorem.settled_risk, epsilon=1, **LAYER)
    for theta in ("-1/2", "0", "1/4", "3/4"):
        assert at(theorem.swapped_risk, theta=theta, s=5, epsilon=1, **LAYER) > settled


def test_in_the_papers_units_the_swapped_layer_wins_below_a_temperature_of_0_0907():
    """d = 400, L = 10: s = 99/7 and γ = 5/7 stand for √200 and √½."""
    letters = {"gamma": "5/7", "s": "99/7", "L": 10, "epsilon": 0}

    def gap(lam):
        swapped, target = (at(claim, lam=lam, **letters) for claim in (theorem.settled_risk, rest_points.target_risk))
        return swapped - target

    assert gap("8/100") < 0 < gap("1/10")


def test_the_comparison_by_noise_is_that_of_the_two_risks():
    """n = s/γ = 10."""
    letters = {"lam": "1/2", "s": 2, "L": 4}
    gap = at(theorem.swap_against_target, n=10, **letters)
    risks = [at(claim, gamma="1/5", epsilon=1, **letters) for claim in (theorem.settled_risk, rest_points.target_risk)]
    assert (gap - risks[0] + risks[1]).contains(0) and gap < fmpq(0)
