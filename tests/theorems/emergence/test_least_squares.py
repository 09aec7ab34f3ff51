"""Hand cases for emergence.least_squares: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import least_squares as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_word_seen_as_one_and_as_two():
    # WWᵀ = 1 + 4: the weight is off with variance σ²/5, and the fresh word has the variance 3
    assert worth(theorem.error, p=1, P=2, W=[[1, 2]], Sigma=[[3]], sigma=1) == fmpq(8, 5)


def test_one_word_in_four_sentences():
    # E 1/χ²₄ = 1/2
    assert worth(theorem.risk, p=1, P=4, sigma=1) == fmpq(3, 2)


def test_nothing_read_costs_nothing_more():
    assert worth(theorem.risk, p=0, P=7, sigma=2) == 4


def test_the_second_word_doubles_what_is_paid_after_four_sentences():
    # σ²·3/2 for one word, σ²·3/1 for two
    assert worth(theorem.price, p=1, P=4) == 2
