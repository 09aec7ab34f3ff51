"""Hand cases for acquisition.loss_curves: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.acquisition import loss_curves as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_where_rank_and_share_of_the_text_beyond_it_are_inverse_to_each_other_the_loss_falls_like_one_over_a_root():
    # α = 1: n ∝ √t verbs are known, and those beyond are 1/n of the text
    assert worth(theorem.loss_exponent, alpha=1) == fmpq(1, 2)


def test_a_verb_in_every_sentence_costs_one_over_twice_the_time():
    # attention 1 − ε, slope c: ẋ = 2cε and ε = e^{−x}, so 1/(cε) grows by 2
    assert worth(theorem.last_lessons, p=1) == 2
