"""The font of the report: STIX Two Math without the letters that no formula here uses.

    pip install fonttools && python docs/font.py STIXTwoMath-Regular.ttf    # from https://github.com/stipub/stixfonts

writes workbench/report/STIXTwoMath.woff. Its licence, the SIL Open Font License, lies beside it and allows the cut.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset

PLACE = Path(__file__).resolve().parents[1] / "workbench" / "report" / "STIXTwoMath.woff"
BLOCKS = {
    "Latin letters": (0x20, 0x180),
    "accents": (0x300, 0x310),
    "Greek letters": (0x370, 0x400),
    "punctuation, superscripts and indices": (0x2010, 0x20A0),
    "letters like ℝ and ℎ, fractions, arrows and operators": (0x2100, 0x2300),
    "brackets that stretch": (0x2308, 0x23E2),
    "angle brackets and long arrows": (0x27E6, 0x2800),
    "large operators": (0x2A00, 0x2A10),
    "bold and italic letters": (0x1D400, 0x1D468),
    "script and Fraktur letters": (0x1D49C, 0x1D504),
    "double-struck letters": (0x1D538, 0x1D56C),
    "Greek letters, bold and italic": (0x1D6A8, 0x1D71C),
}
SINGLE = map(ord, "•□✓✗˙ˢˣȷẋẏẇṁṗṙẆ")
FEATURES = ["dtls"]  # letters without their dots under an accent


def cut(font: str) -> None:
    """Write the part of a font that formulas use."""
    options = subset.Options(flavor="woff", layout_features=FEATURES, hinting=False, name_IDs=["*"])  # with its licence
    whole, cutter = subset.load_font(font, options), subset.Subsetter(options)
    cutter.populate(unicodes={*SINGLE, *(code for block in BLOCKS.values() for code in range(*block))})
    cutter.subset(whole)
    subset.save_font(whole, str(PLACE), options)


if __name__ == "__main__":
    cut(sys.argv[1])
