"""Critical scales of two letters as curves between phases, from what the verdict keeps alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workbench.report.phases import APART, phases, spread

POSITIVE, COUNT = "a positive number", "a count, 1, 2, 3, …"


def verdict(formula, letters, *instances):
    return SimpleNamespace(
        formula=formula,
        says={"letters": letters},
        instances=[{"letters": at, "measured": [value]} for at, value in instances],
    )


def test_every_curve_goes_through_what_was_measured_on_it():
    found = phases(verdict("2*a/(1 + n)", {"a": POSITIVE, "n": COUNT},
                           ("n = 3, a = 3/2", 0.75), ("n = 7, a = 1/2", 0.125)))  # fmt: skip
    assert found is not None and [name for name, _ in found.curves] == ["n = 2", "n = 3", "n = 7", "n = 14"]
    lines = dict(found.curves)
    for (x, y, said), curve in zip(found.dots, ("n = 3", "n = 7")):
        (part,) = lines[curve]
        below, above = max(p for p in part if p[0] <= x), min(p for p in part if p[0] >= x)
        assert below[1] - 1e-9 <= y <= above[1] + 1e-9 and "measured" in said


def test_a_curve_ends_where_its_formula_is_no_real_number():
    found = phases(verdict("sqrt(a**2 - b**2)", {"a": POSITIVE, "b": POSITIVE}, ("a = 2, b = 1", 1.7320508)))
    assert found is not None
    starts = [part[0][0] for _, (part, *_) in found.curves]
    assert starts == sorted(starts) and starts[-1] > starts[0]


def test_names_of_curves_do_not_stand_upon_each_other():
    names = spread([("a = 1", [[(0.0, 0.2), (1.0, 0.5)]]), ("a = 2", [[(0.0, 0.1), (1.0, 0.49)]]), ("a = 3", [])])
    (_, low, first), (_, high, second) = names
    assert (first, second) == ("a = 2", "a = 1") and high - low >= APART


@pytest.mark.parametrize(("formula", "letters", "at"), [
    ("a*b*c", {"a": POSITIVE, "b": POSITIVE, "c": POSITIVE}, "a = 1, b = 1, c = 1"),
    ("a", {"a": POSITIVE}, "a = 1"), ("a*tr(Sigma)", {"a": POSITIVE, "Sigma": "a d×d matrix"}, "a = 1"),
    ("t, where t = a + exp(-b*t)", {"a": POSITIVE, "b": POSITIVE}, "a = 1, b = 1"),
    ("nonsense(a, b)", {"a": POSITIVE, "b": POSITIVE}, "a = 1, b = 1"),
    ("__import__('os').abort() + a*b", {"a": POSITIVE, "b": POSITIVE}, "a = 1, b = 1"),
])  # fmt: skip
def test_what_has_not_two_numbers_or_no_formula_that_is_drawn_has_no_diagram(formula, letters, at):
    assert phases(verdict(formula, letters, (at, 1.0))) is None


def test_what_was_never_measured_has_no_diagram():
    assert phases(verdict("a*b", {"a": POSITIVE, "b": POSITIVE})) is None
