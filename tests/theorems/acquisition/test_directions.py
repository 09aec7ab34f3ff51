"""Hand cases for acquisition.directions: few verbs, and Cover's sum."""

from math import comb

import pytest
from flint import fmpq

from derivations.acquisition import directions as theorem
from numerics.acquisition.directions import in_a_plane, in_space
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_as_many_verbs_as_directions_are_always_learned():
    assert worth(theorem.learned_in_a_plane, K=2) == 1 == worth(theorem.learned_in_space, K=3)


def test_three_verbs_of_a_plane_are_learned_in_six_of_eight_languages():
    assert worth(theorem.learned_in_a_plane, K=3) == fmpq(3, 4)
    assert len(in_a_plane(3)) == 6


def cover(K, d):
    """The number of languages of K verbs that d directions learn."""
    return 2 * sum(comb(K - 1, i) for i in range(d))


@pytest.mark.parametrize("K", range(2, 9))
def test_both_are_the_sum_of_cover(K):
    assert worth(theorem.learned_in_a_plane, K=K) * 2**K == cover(K, 2) == len(in_a_plane(K))
    assert worth(theorem.learned_in_space, K=K) * 2**K == cover(K, 3) == len(in_space(K))


def test_half_of_all_languages_are_learned_at_twice_as_many_verbs_as_directions():
    assert all(2 * cover(2 * d, d) == 2 ** (2 * d) for d in range(1, 40))
    assert theorem.half_in_a_plane.formula == 4 and theorem.half_in_space.formula == 6
