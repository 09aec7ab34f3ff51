"""Hand cases for emergence.levels: what one can do on paper, compared exactly."""

import numpy as np
from flint import fmpq

from derivations.emergence import levels as theorem
from derivations.language import hierarchies
from workbench.exact.instances import as_point
from workbench.exact.rings import inverse
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_sibling_tells_the_square_of_its_correlation():
    # correlation q² = 1/4
    assert worth(theorem.siblings_read, s=2, q=HALF) == fmpq(15, 16)


def test_two_levels_read_one_after_the_other_are_one_regression():
    # words with correlations 1/4 between siblings and 1/16 between cousins
    near, far = fmpq(1, 4), fmpq(1, 16)
    words = np.array(
        [[fmpq(1), near, far, far], [near, fmpq(1), far, far], [far, far, fmpq(1), near], [far, far, near, 1]]
    )
    said = worth(hierarchies.memory, s=2, q=HALF, R=1)
    above = worth(theorem.handed_down_doubt, s=2, q=HALF, D=1, R=said)
    assert worth(theorem.handed_down_doubt, s=2, q=HALF, D=above, R=1) == 1 / inverse(words)[0, 0]


def test_a_doubt_that_is_handed_down_as_it_is():
    letters = {"s": 3, "q": fmpq(3, 4)}
    outer = worth(theorem.outer_doubt, **letters)
    assert outer == fmpq(21, 32)
    said = worth(hierarchies.remembered, **letters)
    assert worth(theorem.handed_down_doubt, D=outer, R=said, **letters) == outer


def test_at_the_kesten_stigum_point_the_outside_says_nothing():
    assert worth(theorem.outer_doubt, s=4, q=HALF) == 1


def test_words_that_repeat_their_phrase_need_one_sentence_for_each_and_one():
    # q → 1: nothing is left unsaid, and P > s is needed for a risk at all
    assert worth(theorem.sentences_needed, s=3, q=1) == 3


def test_two_words_with_the_correlation_one_quarter():
    # (P − 2)/(P − 1) = 1 − 1/16
    assert worth(theorem.sentences_needed, s=2, q=HALF) == 17


def test_the_critical_inheritance_needs_as_many_sentences_as_there_are():
    # two words after 17 sentences; and 16q⁴ = 1
    assert worth(theorem.inheritance_for_words, s=2, P=17) == HALF
    assert worth(theorem.inheritance_for_averages, s=2, P=17) == HALF
