"""Hand cases for acquisition.preferences: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.acquisition import preferences as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_sentence_of_one_noun_that_is_copied_leaves_nothing_to_remember():
    assert worth(theorem.left_for_memory, N=1, V=5) == 0


def test_one_noun_among_two_that_are_always_right_and_a_memory_that_is():
    # N = 1, V = 3, q = 1: both raise the logit of the one answer, from the belief 1/3
    assert worth(theorem.copying_start, N=1, V=3, mu=2) == fmpq(2, 3)
    assert worth(theorem.memory_speed, N=1, V=3, q=1, m=0, K=1) == 1
    assert worth(theorem.critical_verbs, N=1, V=3, q=1, mu=2) == fmpq(3, 2)


def test_without_a_preference_there_is_nothing_to_remember():
    assert worth(theorem.memory_speed, N=2, V=5, q=fmpq(1, 5), m=0, K=7) == 0
    assert worth(theorem.critical_verbs, N=2, V=5, q=fmpq(1, 5), mu=1) == 0
