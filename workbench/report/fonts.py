"""Fonts: the letters that formulas are set in.

MathML needs a font that knows how brackets stretch; phones have none, so the page carries the part of STIX Two Math
(Open Font License) that it uses.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterable
from importlib.metadata import distribution

from fontTools import subset
from markupsafe import Markup

FONT = "ziamath/fonts/STIXTwoMath-Regular.ttf"
ITALIC = (0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C))  # what browsers make of single letters
RADICAL = ord("√")  # which no text says: browsers draw it around a root, and nothing where the font has none


def font_face(text: Iterable[str]) -> Markup:
    """The letters of a text, upright and italic, as a font within the page."""
    options = subset.Options(flavor="woff", layout_features=["*"], hinting=False, name_IDs=["*"])  # with its licence
    file = io.BytesIO()
    with subset.load_font(str(distribution("ziamath").locate_file(FONT)), options) as font:
        cut = subset.Subsetter(options)
        cut.populate(unicodes={*map(ord, text), *ITALIC, RADICAL})
        cut.subset(font)
        subset.save_font(font, file, options)
    data = b64encode(file.getvalue()).decode()
    return Markup(f'@font-face {{ font-family: "STIX Two Math"; src: url(data:font/woff;base64,{data}); }}')
