"""Hand cases for measures.births: one bandwidth."""

from flint import arb, fmpq

from derivations.measures import births as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def ball(claim, **letters):
    """The closed form of a claim at these letters, as a ball."""
    return arb(evaluate(claim.formula, as_point(claim.formula, **letters), Balls()))


def test_a_wave_of_one_bandwidth_grows_at_the_rate_e_to_the_minus_half():
    assert ball(theorem.growth, h=1, k=1, D=fmpq(1, 10**9)).overlaps((arb(-1) / 2).exp() - arb("1e-9"))
    assert ball(theorem.fastest_wave, h=2).overlaps(arb(1) / arb(2).sqrt())


def test_noise_of_e_to_the_minus_half_forbids_waves_of_one_bandwidth():
    assert ball(theorem.critical_noise, h=1, k=1).overlaps((arb(-1) / 2).exp())


def test_the_shortest_wave_is_without_length_where_noise_is_a_squared_bandwidth():
    assert ball(theorem.no_births, h=3) == 9
    assert ball(theorem.shortest_wave, h=3, D=9 - fmpq(1, 10**12)) < fmpq(1, 10**5)
