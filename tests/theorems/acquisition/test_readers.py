"""Hand cases for acquisition.readers: what one can do on paper."""

from flint import arb, fmpq

from derivations.acquisition import readers as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters, enclosed in balls."""
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_who_copies_nothing_pays_the_logarithm_of_the_vocabulary_wherever_it_looks():
    assert worth(theorem.reader_loss, own=3, other=1, far=-1, m=0, g=2, V=8).overlaps(arb(8).log())


def test_among_three_nouns_the_first_lesson_is_two_against_one_and_one():
    found = worth(theorem.first_lesson, m=9, g=1).reshape(-1)
    assert all(entry.overlaps(arb(whole)) for entry, whole in zip(found, (2, -1, -1)))


def test_the_first_lesson_is_minus_the_slope_at_scores_that_are_zero():
    slopes = worth(theorem.reader_slopes, own=0, other=0, far=0, m=fmpq(3, 2), g=3, V=9).reshape(-1)
    lesson = worth(theorem.first_lesson, m=fmpq(3, 2), g=3).reshape(-1)
    assert all(slope.overlaps(-part) for slope, part in zip(slopes[:3], lesson))


def test_a_verb_that_prefers_neither_head_is_lost_at_once():
    assert worth(theorem.critical_length, own=1, other=1, far=-1).contains(0)
