"""Hand cases for acquisition.directions: few verbs, and Cover's sum."""

from itertools import product
from math import comb

import numpy as np
import pytest
from flint import fmpq

from derivations.acquisition import directions as theorem
from numerics.acquisition.directions import divisions, embedded, fewest, in_a_plane, least
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
    assert worth(theorem.learned_in_space, K=K) * 2**K == cover(K, 3) == len(divisions(embedded(K, 3)))


def test_half_of_all_languages_are_learned_at_twice_as_many_verbs_as_directions():
    assert all(2 * cover(2 * d, d) == 2 ** (2 * d) for d in range(1, 40))
    assert theorem.half_in_a_plane.formula == 4 and theorem.half_in_space.formula == 6


@pytest.mark.parametrize("d", range(1, 5))
def test_any_number_of_directions_learns_as_many_languages_as_the_sum_of_cover_says(d):
    assert all(len(divisions(embedded(K, d))) == cover(K, d) for K in range(d, 8))


def test_two_verbs_need_one_direction_in_half_of_all_languages_and_two_in_the_others():
    # alike or opposite along a line, or not: 1 + one throw of a coin
    assert sorted(least(2).tolist()) == [1, 1, 2, 2]
    assert worth(theorem.least_directions, K=2) == fmpq(3, 2) and worth(theorem.spread_of_directions, K=2) == fmpq(1, 4)


@pytest.mark.parametrize("K", range(2, 12))
def test_mean_and_variance_of_the_least_number_of_directions_are_those_of_the_sum_of_cover(K):
    chances = {d: fmpq(cover(K, d) - cover(K, d - 1), 2**K) for d in range(1, K + 1)}
    mean = sum((d * chance for d, chance in chances.items()), fmpq(0))
    assert worth(theorem.least_directions, K=K) == mean
    assert worth(theorem.spread_of_directions, K=K) == sum((d * d * c for d, c in chances.items()), fmpq(0)) - mean**2
    assert worth(theorem.half_in_any_dimension, d=K) == 2 * K


def test_linear_programming_needs_as_many_directions_as_were_counted():
    signs = np.array(list(product((-1, 1), repeat=5)))
    assert [fewest(row[:, None] * embedded(5, 5)) for row in signs] == least(5).tolist()
