"""Means over rotations in few dimensions, where the formula for many is another number."""

import pytest

from workbench import check


@pytest.mark.parametrize(
    ("statement", "where", "least"),
    [
        ("E[tr(H)^4] = 3", "H ~ Haar(d)", 1),
        ("E[tr(H*H)**2] = 3", "H ~ Haar(d)", 1),
        ("E[tr(H)^6] = 15", "H ~ Haar(d); d > 1", 2),
    ],
)
def test_a_formula_for_many_dimensions_is_refuted_at_few(statement, where, least):
    answer = check(statement, where)
    assert answer.status == "refuted" and answer.witness["instance"] == f"d = {least}"


@pytest.mark.parametrize("where", ["H ~ Haar(d); d >= 2", "H ~ Haar(d); d > 1; d < 9"])
def test_it_is_supported_where_the_hypotheses_leave_few_out(where):
    assert check("E[tr(H)^4] = 3", where).status == "supported"


def test_a_formula_without_small_dimensions_is_supported_everywhere():
    assert check("E[H*A*H] = A.T/d", "H ~ Haar(d)").status == "supported"
