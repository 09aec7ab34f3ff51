"""Hand cases for emergence.shrunken_guesses: one word in a few sentences."""

from flint import fmpq

from derivations.emergence import shrunken_guesses as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

SIGNAL = {"p": 1, "sigma": 1, "Sigma": [[3]], "b": [[1]]}  # a signal of 3 in noise of 1
SEEN = {**SIGNAL, "P": 2, "W": [[1, 2]]}  # WWᵀ = 1 + 4: the weight learned has variance 1/5


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_half_of_what_was_learned_from_one_word_seen_as_one_and_as_two():
    # half of the weight is off by 1/2 and has variance 1/20, and the fresh word has variance 3
    assert worth(theorem.error, a=fmpq(1, 2), **SEEN) == 1 + fmpq(3, 4) + fmpq(3, 20)


def test_nothing_said_leaves_the_word_and_all_said_leaves_chance():
    # E 1/χ²₄ = 1/2
    assert worth(theorem.risk, a=0, P=4, **SIGNAL) == 1 + 3
    assert worth(theorem.risk, a=1, P=4, **SIGNAL) == fmpq(3, 2)
    assert worth(theorem.error_slope, a=0, **SEEN) == -6
    assert worth(theorem.error_slope, a=1, **SEEN) == fmpq(6, 5)


def test_a_signal_five_times_as_strong_as_chance_is_said_in_five_parts_of_six():
    assert worth(theorem.best_share, **SEEN) == fmpq(5, 6)
    # 3/36 of silence and (25/36)(3/5) of chance
    assert worth(theorem.least_error, **SEEN) == 1 + fmpq(3, 36) + fmpq(15, 36)


def test_half_is_best_where_all_is_as_bad_as_nothing():
    weak = {**SEEN, "b": [[1]], "sigma": 5, "W": [[3, 4]]}  # σ²c = 25·3/25
    assert worth(theorem.best_share, **weak) == fmpq(1, 2)
    assert worth(theorem.error, a=0, **weak) == worth(theorem.error, a=1, **weak) == 25 + 3
