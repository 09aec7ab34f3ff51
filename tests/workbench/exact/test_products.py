"""Products are multiplied in the cheapest order, and are worth what they are worth from left to right."""

from functools import reduce
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.exact.instances import entries
from workbench.exact.products import cheapest, narrowest, product, trace_of_product

LENGTHS = st.lists(st.integers(1, 4), min_size=1, max_size=6) | st.lists(st.integers(1, 2), min_size=12, max_size=60)


def chain(lengths: list[int], seed: int) -> list[np.ndarray]:
    """Random rational matrices that can be multiplied: one from each length to the next."""
    rng = Random(seed)
    return [entries(rows, columns, rng) for rows, columns in pairwise(lengths)]


@given(LENGTHS.filter(lambda lengths: len(lengths) > 1), st.integers(0, 99))
def test_a_product_is_the_one_from_left_to_right(lengths, seed):
    matrices = chain(lengths, seed)
    assert (product(matrices) == reduce(np.matmul, matrices)).all()


@given(LENGTHS, st.integers(0, 99))
def test_the_trace_of_a_product_is_that_of_the_whole_matrix(lengths, seed):
    matrices = chain([*lengths, lengths[0]], seed)
    assert trace_of_product(matrices) == np.trace(reduce(np.matmul, matrices))


def test_factors_keep_their_order():
    A, B, C = chain([2, 2, 2, 2], 1)
    assert trace_of_product([A, B, C]) == trace_of_product([C, A, B]) != trace_of_product([B, A, C])


@pytest.mark.parametrize(
    ("lengths", "cost"), [((5, 5, 5, 1), 50), ((1, 5, 5, 5), 50), ((5, 1, 5, 5), 50), ((5, 5, 1, 5, 5), 75)]
)
def test_a_column_is_met_before_another_matrix(lengths, cost):
    assert cheapest(lengths)[0] == cost


def test_a_long_chain_of_columns_and_rows_is_split_between_them():
    lengths = (3, *[1, 3] * 100)
    assert lengths[narrowest(lengths)] == 1 and abs(narrowest(lengths) - 100) <= 1


def test_a_matrix_that_does_not_fit_is_refused():
    with pytest.raises(ValueError):
        product([*chain([2, 3], 0), *chain([2, 3], 1)])
    with pytest.raises(ValueError):
        trace_of_product([*chain([2, 3], 0), *chain([2, 2], 1)])
    with pytest.raises(ValueError):
        trace_of_product([*chain([2, 3], 0), *chain([3, 1], 1)])
