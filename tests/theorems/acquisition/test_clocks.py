"""Hand cases for acquisition.clocks: what one can do on paper."""

from flint import arb, fmpq

from derivations.acquisition import clocks as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters, enclosed in balls."""
    return arb(evaluate(claim.formula, as_point(claim.formula, **letters), Balls()))


def test_a_verb_that_looks_at_both_heads_alike_learns_half_as_fast_as_copying_is_strong():
    assert worth(theorem.verb_speed, p=fmpq(1, 4), m=4, x=0).overlaps(arb(1) / 2)


def test_odds_of_two_take_a_verb_of_every_second_sentence_three_halves_and_two_logarithms():
    # (2 − 1/2 + 2 ln 2)/(2 · 1/2 · 1)
    found = worth(theorem.verb_time, p=fmpq(1, 2), m=1, y=2)
    assert found.overlaps(arb(3) / 2 + 2 * arb(2).log())


def test_under_the_frequencies_one_over_k_squared_the_third_verb_takes_nine_times_as_long():
    assert worth(theorem.one_clock, k=3, alpha=1).overlaps(arb(9))


def test_one_verb_is_known_when_the_commonest_is():
    time = (arb(3) / 2 + 2 * arb(2).log()).mid().fmpq()
    known = worth(theorem.verbs_known, p=fmpq(1, 2), m=1, y=2, alpha=1, t=4 * time)
    assert abs(known - 2) < arb(2) ** -40
