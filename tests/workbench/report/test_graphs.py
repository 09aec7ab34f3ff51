"""The map of claims: what builds on something stands to its right, and nothing covers anything."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workbench.report.graphs import ROW, curve, drawn


@st.composite
def graphs(draw):
    """Claims that build on earlier ones."""
    names = [f"chapter.theorem_{n % 3}.claim_{n}" for n in range(draw(st.integers(1, 14)))]
    return {
        name: draw(st.lists(st.sampled_from(names[:place]), unique=True, max_size=3)) if place else []
        for place, name in enumerate(names)
    }


@given(graphs())
def test_every_claim_stands_to_the_right_of_what_it_builds_on(builds_on):
    boxes = {box.name: box for box in drawn(builds_on).boxes}
    assert set(boxes) == set(builds_on)
    for name, under in builds_on.items():
        assert all(boxes[earlier].left + boxes[earlier].width < boxes[name].left for earlier in under)


@given(graphs())
def test_no_box_covers_another_and_all_are_within_the_frame(builds_on):
    drawing = drawn(builds_on)
    columns = {}
    for box in drawing.boxes:
        columns.setdefault(box.left, []).append(box.middle)
        assert 0 <= box.left and box.left + box.width <= drawing.width
        assert ROW / 2 <= box.middle + 1e-6 and box.middle <= drawing.height - ROW / 2 + 1e-6
    assert all(b - a > ROW - 1e-6 for middles in columns.values() for a, b in pairwise(sorted(middles)))


@given(graphs())
def test_every_use_is_a_line_from_edge_to_edge(builds_on):
    drawing = drawn(builds_on)
    boxes = {box.name: box for box in drawing.boxes}
    assert sorted((a, b) for a, b, _ in drawing.lines) == sorted(
        (a, b) for b, under in builds_on.items() for a in under
    )
    for a, b, path in drawing.lines:
        assert path.startswith(f"M{boxes[a].left + boxes[a].width:.1f} {boxes[a].middle:.1f}")
        assert path.endswith(f"{boxes[b].left:.1f} {boxes[b].middle:.1f}")


def test_ways_that_need_not_cross_do_not():
    """b → c, a → d, b → e, told in an order in which a → d would cross b → e."""
    at = {box.name: box.middle for box in drawn({"a": [], "b": [], "c": ["b"], "d": ["a"], "e": ["b"]}).boxes}
    assert at["b"] < at["a"] and max(at["c"], at["e"]) < at["d"]


def test_a_line_is_level_where_it_passes_a_column():
    assert curve([(0, 10, 5), (20, 30, 7), (40, 50, 9)]) == (
        "M10.0 5.0C15.0 5.0 15.0 7.0 20.0 7.0H30.0C35.0 7.0 35.0 9.0 40.0 9.0"
    )


def test_no_claim_has_a_drawing_too():
    assert drawn({}).boxes == []
