"""Fonts: the letters that formulas are set in.

MathML needs a font that knows how brackets stretch; phones have none, so the page carries the part of STIX Two Math
that formulas use (`docs/font.py` cut it; its licence, the SIL Open Font License, lies beside it).
"""

from __future__ import annotations

from base64 import b64encode
from importlib.resources import files

from markupsafe import Markup

FONT = files("workbench.report") / "STIXTwoMath.woff"


def font_face() -> Markup:
    """The letters of formulas, upright and italic, as a font within the page."""
    data = b64encode(FONT.read_bytes()).decode()
    return Markup(f'@font-face {{ font-family: "STIX Two Math"; src: url(data:font/woff;base64,{data}); }}')
