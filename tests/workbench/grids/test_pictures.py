"""Pictures of sweeps: curves for few values of a letter, a diagram for many, dots where something was measured."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from workbench.errors import BadInput
from workbench.grids.axes import points_of
from workbench.grids.pictures import MOST_CURVES, check, draw
from workbench.grids.tables import row_of


def rows_over(axes):
    """Rows of a sweep whose measurements lie one above what is derived; the first point has no value."""
    rows = []
    for place, point in enumerate(points_of(axes)):
        value = float(sum(point.values())) if place else None
        above = value + 1 if place else None
        found = {"derived": value, "measured": above, "error": 0.5 if place else None, "how": "", "problem": ""}
        rows.append(row_of(point, found))
    return rows


@pytest.fixture
def drawn(monkeypatch):
    """The figure of a sweep over some axes, which is not written."""
    kept = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, target: kept.append(figure))

    def figure(axes):
        draw(rows_over(axes), axes, "r", "nowhere")
        return kept.pop()

    return figure


def test_few_values_of_a_second_letter_are_curves_with_measured_dots(drawn):
    (board,) = drawn({"a": [1, 2, 3], "b": [10, 20]}).axes
    first, second = (line for line in board.lines if line.get_label().startswith("b = "))
    assert first.get_label() == "b = 10" and board.get_xlabel() == "a" and board.get_ylabel() == "r"
    assert np.isnan(first.get_ydata()[0]) and [*first.get_ydata()[1:]] == [12, 13]
    assert [*second.get_ydata()] == [21, 22, 23]
    dots = [bars.lines[0].get_ydata() for bars in board.containers]
    assert [*dots[1]] == [22, 23, 24]


def test_many_values_of_two_letters_are_a_diagram_in_one_scale_of_colours(drawn):
    many = list(range(MOST_CURVES + 1))
    board, _ = drawn({"a": many, "b": [*many, 99]}).axes
    sheet, dots = board.collections
    assert (board.get_xlabel(), board.get_ylabel()) == ("b", "a")
    assert sheet.get_array().shape == (9, 10) and sheet.get_array()[8, 9] == 107 and dots.get_array()[89] == 108
    assert sheet.norm is dots.norm and (sheet.norm.vmin, sheet.norm.vmax) == (1, 108)


@pytest.mark.parametrize(("axes", "said"), [
    ({"a": [1]}, "no letter has more than one value"),
    ({"a": [1, 2], "b": [1, 2], "c": [1, 2]}, "a, b, c have more than one value"),
    ({"a": [1, "I"]}, "draws over numbers; a is none"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_said_before(axes, said):
    with pytest.raises(BadInput, match=said):
        check(axes)
