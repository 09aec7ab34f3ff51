"""The page carries the letters of its formulas."""

import io
from base64 import b64decode

import pytest
from fontTools.ttLib import TTFont

from workbench.report.fonts import FONT, font_face


@pytest.fixture(scope="module")
def font():
    return TTFont(io.BytesIO(b64decode(font_face().split("base64,")[1].partition(")")[0])))


def test_the_font_has_letters_in_all_styles_roots_and_brackets_that_stretch(font):
    known = font.getBestCmap()
    assert {*map(ord, "αΣ∇and√ℝ𝔼⟨‖⊙ẋ")} <= set(known)
    assert {0x1D44E, 0x1D6FC, 0x210E} <= set(known)
    assert font["MATH"].table.MathVariants.VertGlyphConstruction
    assert FONT.stat().st_size < 140_000


def test_the_font_lies_beside_its_licence_and_says_it(font):
    licence = FONT.with_suffix(".txt").read_text()
    assert "SIL OPEN FONT LICENSE" in licence and font["name"].getDebugName(0) in licence
    assert "Open Font License" in font["name"].getDebugName(13)
