"""Mathematics in the page: terms between which lines break, escaped, in letters that the page carries."""

import io
import re
from base64 import b64decode

import pytest
from fontTools.ttLib import TTFont

from workbench.report.mathematics import font_face, mathematics


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


def test_the_font_has_the_letters_of_the_text_in_italics_and_brackets_that_stretch():
    data = b64decode(font_face("αΣ∇ and").split("base64,")[1].partition(")")[0])
    font = TTFont(io.BytesIO(data))
    known = font.getBestCmap()
    assert {*map(ord, "αΣ∇and√"), 0x1D44E, 0x1D6FC} <= set(known) and ord("∮") not in known
    assert font["MATH"].table.MathVariants.VertGlyphConstruction and "Open Font License" in font["name"].getDebugName(
        13
    )
    assert len(data) < 60_000
