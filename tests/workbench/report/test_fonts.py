"""The page carries the letters of its formulas."""

import io
from base64 import b64decode

from fontTools.ttLib import TTFont

from workbench.report.fonts import font_face


def test_the_font_has_the_letters_of_the_text_in_italics_and_brackets_that_stretch():
    data = b64decode(font_face("αΣ∇ and").split("base64,")[1].partition(")")[0])
    font = TTFont(io.BytesIO(data))
    known = font.getBestCmap()
    assert {*map(ord, "αΣ∇and√"), 0x1D44E, 0x1D6FC} <= set(known) and ord("∮") not in known
    assert font["MATH"].table.MathVariants.VertGlyphConstruction and "Open Font License" in font["name"].getDebugName(
        13
    )
    assert len(data) < 60_000
