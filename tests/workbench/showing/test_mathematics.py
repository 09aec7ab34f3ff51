"""Mathematics in a page or a notebook: terms between which lines break, escaped."""

import re

import pytest

from workbench.showing.mathematics import mathematics


@pytest.mark.parametrize(
    ("latex", "terms"),
    [
        ("a + b - c", 3),
        ("- a", 1),
        (r"\left(a + b\right) c", 1),
        ("(a + b) - c", 2),
        (r"\frac{a + b}{c} = d", 2),
        (r"\begin{cases} a + b & c \end{cases}", 1),
    ],
)
def test_a_line_may_break_between_terms_and_nowhere_else(latex, terms):
    assert mathematics(latex).count("<math ") == mathematics(latex).count("</math>") == terms


def test_a_sign_at_the_beginning_of_a_line_is_still_between_two_terms():
    assert '<mo form="infix">+</mo>' in mathematics("a + b") and 'form="infix"' not in mathematics("- a")


@pytest.mark.parametrize(
    "latex", [r"\text{<script>alert(1)</script>}", "<script>", r"\text{&lt;script>}", r"\frac{<b>"]
)
def test_no_formula_becomes_markup(latex):
    tags = set(re.findall(r"<\s*/?\s*(\w+)", mathematics(latex)))
    assert tags <= {"math", "mrow", "mtext", "mo", "mi", "mn", "mfrac", "wbr", "code"}


def test_a_formula_that_cannot_be_read_is_shown_as_it_is():
    assert mathematics("") == "<code></code>"
    assert mathematics(r"\left( a <") == r"<code>\left( a &lt;</code>"
