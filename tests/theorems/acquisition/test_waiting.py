"""Hand cases for acquisition.waiting: what one can do on paper, compared exactly."""

from flint import arb, fmpq

from derivations.acquisition import waiting as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_coin_shows_three_heads_after_six_throws_give_or_take_the_root_of_six():
    assert worth(theorem.waiting_mean, p=fmpq(1, 2), n=3) == 6 == worth(theorem.waiting_variance, p=fmpq(1, 2), n=3)


def test_three_quarters_of_a_chance_met_nine_times_missed_leave_an_error_of_a_sixth():
    # √((1 − 3/4)/9)
    assert worth(theorem.relative_error, p=fmpq(3, 4), n=9) == fmpq(1, 6)


def test_of_three_words_half_is_believed_after_four_logarithms_and_one_in_thirds():
    found = evaluate(theorem.meetings.formula, as_point(theorem.meetings.formula, V=3), Balls())
    assert found.overlaps((1 + 2 * arb(2).log()) / 3)
