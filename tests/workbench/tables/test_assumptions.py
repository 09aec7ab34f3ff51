"""Assumptions: each is contradicted by a table that breaks it, and by few that keep it."""

import numpy as np
import pandas
import pytest
from sklearn.datasets import load_diabetes

from workbench import tables

NAN = np.nan
MCAR, ONE_RATE = "missing completely at random", "one rate in all columns"
INDEPENDENT, TAILS = "holes independent within a row", "Gaussian tails"


def gaussian(rows=400, seed=0):
    """Correlated Gaussian rows, and a generator."""
    generator = np.random.default_rng(seed)
    return generator.standard_normal((rows, 4)) @ (np.eye(4) + 0.5), generator


def verdicts(table):
    found = tables.hypotheses(table)
    return {each.name: each.verdict for each in found.found}


def test_a_table_without_holes_has_nothing_to_test():
    table = verdicts(gaussian()[0])
    assert {table[name] for name in (MCAR, ONE_RATE, INDEPENDENT)} == {"not tested"}
    assert table[TAILS] == "not contradicted"


def test_gaussian_rows_with_independent_holes_contradict_nothing():
    table, generator = gaussian()
    table[generator.random(table.shape) < 0.2] = NAN
    assert set(verdicts(table).values()) == {"not contradicted"}


def test_holes_that_follow_another_column_are_not_completely_at_random():
    table = gaussian()[0]
    table[table[:, 0] > 0, 1] = NAN
    assert verdicts(table)[MCAR] == "contradicted"


def test_littles_distance_of_two_patterns_is_one_by_hand():
    # y is missing in the last two rows: the means of x there and elsewhere, each in units of its variance.
    x = np.array([0.0, 1, 2, 3, 4, 8])
    table = np.column_stack([x, [1, 1, 2, 4, NAN, NAN]])
    off, spread = np.array([1.5, 6.0]) - x.mean(), x.var()
    distance = 4 * off[0] ** 2 / spread + 2 * off[1] ** 2 / spread
    assert f"χ² = {distance:.3g} with 1 degrees" in tables.hypotheses(table)[MCAR].shows


def test_columns_that_miss_unequally_often_are_noticed():
    table, generator = gaussian()
    table[generator.random(table.shape) < [0.1, 0.1, 0.1, 0.4]] = NAN
    found = verdicts(table)
    assert found[ONE_RATE] == "contradicted" and found[INDEPENDENT] == "not contradicted"


def test_rows_that_lose_all_or_nothing_are_noticed():
    table, generator = gaussian()
    table[np.ix_(generator.random(len(table)) < 0.3, [1, 2, 3])] = NAN
    assert verdicts(table)[INDEPENDENT] == "contradicted"


@pytest.mark.parametrize("tails", [np.sign, lambda x: x**3])
def test_short_and_long_tails_are_noticed(tails):
    assert verdicts(tails(gaussian()[0]))[TAILS] == "contradicted"


def test_the_record_prints_every_hypothesis_and_every_column():
    frame = load_diabetes(as_frame=True).data
    printed = str(tables.hypotheses(frame.mask(frame > 0.1)))
    assert all(name in printed for name in (MCAR, ONE_RATE, INDEPENDENT, TAILS, *frame.columns))


def test_what_pandas_calls_missing_is_missing():
    frame = pandas.DataFrame({"a": pandas.array([1, 2, None, 4, 6], dtype="Int64"), "b": [1.0, NAN, 3.0, 5.0, 4.0]})
    assert tables.hypotheses(frame).rates == {"a": 1 - 4 / 5, "b": 1 - 4 / 5}
