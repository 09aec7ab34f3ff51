"""Figures: where things stand on their axes."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.report.figures import against, bracket, brackets, scale_for

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9)


@given(VALUES)
@example([2e-311])
@example([0.5, 60.0, 0.5, 0.5])
def test_larger_values_stand_further_along_and_all_within_the_axis(values):
    axis = scale_for(values)
    places = [axis.place(value) for value in sorted(values)]
    assert all(0 <= place <= 1 for place in places) and all(a <= b for a, b in pairwise(places))
    assert axis.ticks and len(axis.ticks) <= 12


@given(VALUES)
def test_different_values_do_not_stand_at_one_place(values):
    axis = scale_for(values)
    largest = max(map(abs, values))
    apart = [(a, b) for a, b in pairwise(sorted(set(values))) if b - a > largest / 10]
    assert all(axis.place(a) < axis.place(b) for a, b in apart)


def test_values_that_spread_over_many_decades_are_told_apart():
    axis = scale_for([0.001, 0.5, 3.0, 7000.0])
    places = [axis.place(value) for value in (0.5, 3.0, 7000.0)]
    assert all(b - a > 0.05 for a, b in pairwise(places))


@pytest.mark.parametrize(
    ("measured", "error", "shown"),
    [
        (0.714285714, 4e-9, "0.71428571[00, 80]"),
        (0.8, 1e-3, "[0.7990, 0.8010]"),
        (-2.0, 0.5, "[-2.50, -1.50]"),
        (2.5, 0.0, "2.5"),
        (1200.0, 30.0, "[1170, 1230]"),
    ],
)
def test_a_bracket_is_written_with_the_digits_that_tell_its_ends_apart(measured, error, shown):
    assert bracket(measured, error) == shown


def test_the_claimed_scale_lies_in_its_bracket_and_every_rival_outside(verdicts):
    (onset,) = [verdict for verdict in verdicts if verdict.kind == "critical scale"]
    rows = brackets(onset)["rows"]
    assert len(rows) == len(onset.instances)
    for row in rows:
        low, high = row["dot"].bar
        assert low <= row["dot"].claimed <= high and high - low > 0.02
        assert len(row["dot"].rivals) == 2 and not any(low <= place <= high for _, place in row["dot"].rivals)


def test_a_refuted_claim_lies_off_the_diagonal_and_a_supported_one_on_it(verdicts):
    for verdict in verdicts:
        off = [abs(dot.measured - dot.claimed) > 0.02 for dot in against(verdict)["dots"]]
        assert all(off) if verdict.status == "refuted" else not any(off)
