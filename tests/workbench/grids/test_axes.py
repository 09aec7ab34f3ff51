"""Axes: what is typed is what is swept, and anything else is refused in a sentence."""

import pytest

from workbench.errors import BadInput
from workbench.grids.axes import axes_of, points_of


def test_ranges_lists_and_matrices_are_read():
    axes = axes_of("sigma=0.1:0.3:3, d=4,8, 16;Λ = I, C=[[2, 1], [1, 3.5]], rho=-1e-3")
    assert axes == {"sigma": [0.1, 0.2, 0.3], "d": [4, 8, 16], "Λ": ["I"], "C": [[[2, 1], [1, 3.5]]], "rho": [-0.001]}
    assert axes_of("x=2:2:1") == {"x": [2]}


def test_the_last_letter_moves_fastest():
    assert points_of(axes_of("a=1,2, b=3,4")) == [
        {"a": 1, "b": 3},
        {"a": 1, "b": 4},
        {"a": 2, "b": 3},
        {"a": 2, "b": 4},
    ]


@pytest.mark.parametrize(("typed", "said"), [
    ("", "'' is no axis; write LETTER="), ("sigma", "'sigma' is no axis"), ("2=3", "'2=3' is no axis"),
    ("a=1, a=2", "a is given twice"), ("a=", "a = '' is no number"), ("a=1,,2", "a = '' is no number"),
    ("a=0:1:0", "a = 0:1:0 is an empty range"), ("a=1:0:5", "is an empty range"), ("a=0:1:1", "is an empty range"),
    ("a=0:0:2", "is an empty range"), ("a=0:1:2.5", "is an empty range"), ("a=0:1", "a = '0:1' is no number"),
    ("a=nan", "a = nan is not finite"), ("a=0:inf:3", "a = inf is not finite"), ("a=1e999", "is not finite"),
    ("a=exit()", "a = 'exit.*' is no number"), ("a=[[1, x]]", "is no matrix"), ("a=[]", "is no matrix"),
    ("a=I,2", "a = 'I' is no number"),
    ("a=[[true]]", "is no matrix"), ("a=" + "[" * 9999, "is no matrix"), ("a=0:1:1e300", "is an empty range"),
    ("a=0:1:1001, b=0:1:1000", "the grid has 1001000 points"),
])  # fmt: skip
def test_what_is_no_axis_is_named(typed, said):
    with pytest.raises(BadInput, match=said):
        axes_of(typed)
