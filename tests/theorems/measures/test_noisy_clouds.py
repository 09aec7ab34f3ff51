"""Hand cases for measures.noisy_clouds: value and scores one, decay five quarters, noise one half."""

from flint import arb, fmpq

from derivations.measures import noisy_clouds as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

HAND = {"a": 1, "v": 1, "kappa": fmpq(5, 4), "D": fmpq(1, 2)}


def value(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_it_rests_where_attention_and_noise_balance_decay():
    assert value(theorem.velocity, **HAND, variance=1) == fmpq(1, 2)
    # s² − 5s/2 + 1 = (s − 2)(s − 1/2), at half of scores and noise
    half = {**HAND, "a": fmpq(1, 2), "D": fmpq(1, 2), "kappa": fmpq(5, 4)}
    larger, smaller = value(theorem.resting_variances, **half).flat
    assert arb(larger).overlaps(arb(2)) and arb(smaller).overlaps(arb(1) / 2)
    assert arb(value(theorem.return_rate, **half)).overlaps(arb(-3) / 2)


def test_a_variance_changes_least_half_way_between_its_resting_places():
    # s² − 5s/2 + 1 again, which rests at 2 and at ½
    assert value(theorem.slowest_variance, a=fmpq(1, 2), v=1, kappa=fmpq(5, 4)) == fmpq(5, 4)


def test_critical_noise_and_critical_decay_say_the_same():
    assert value(theorem.critical_noise, a=1, v=1, kappa=2) == 1
    assert arb(value(theorem.critical_decay, a=1, v=1, D=1)).overlaps(arb(2))


def test_half_of_a_life_passes_before_the_slowest_place_where_noise_is_all_but_critical():
    # at s = κ/(2va) the later angle is zero and, with κ = w, the earlier one is π/4
    assert arb(value(theorem.life, a=1, v=1, kappa=1, w=1, variance=fmpq(1, 2))).overlaps(arb.pi() / 4)
