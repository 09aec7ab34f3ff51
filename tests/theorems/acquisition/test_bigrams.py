"""Hand cases for acquisition.bigrams: what one can do on paper."""

from flint import arb, fmpq

from derivations.acquisition import bigrams as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters, enclosed in a ball."""
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_at_first_a_word_is_learned_at_its_frequency():
    assert worth(theorem.bigram_speed, z=0, V=7, p=fmpq(1, 3)).overlaps(arb(1) / 3)


def test_of_two_words_half_is_believed_at_once():
    assert worth(theorem.bigram_half, V=2, p=fmpq(1, 3)) == 0 == worth(theorem.sign_half, V=2)


def test_of_three_words_half_is_believed_after_a_third_of_one_and_four_logarithms():
    # (2 ln 2 + 1)/3
    assert worth(theorem.bigram_half, V=3, p=1).overlaps((1 + 2 * arb(2).log()) / 3)


def test_the_course_and_the_time_are_each_other_s_inverse():
    time = worth(theorem.bigram_time, V=5, p=fmpq(1, 4), y=3)
    logit = evaluate(
        theorem.bigram_course.formula,
        {**as_point(theorem.bigram_course.formula, V=5, p=fmpq(1, 4), t=1), theorem.t: time},
        Balls(),
    )
    assert logit.overlaps(arb(3).log())
