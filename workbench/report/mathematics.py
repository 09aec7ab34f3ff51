"""Mathematics: LaTeX as MathML that breaks between terms, and the letters it is set in.

Browsers draw MathML themselves, without a script. They need a font that knows how brackets stretch;
phones have none, so the page carries the part of STIX Two Math (Open Font License) that it uses.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from importlib.metadata import distribution
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from fontTools import subset
from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

BREAKS = "+-−=≤≥<>±"  # a line may end before one of these, where it stands outside every bracket
FONT = "ziamath/fonts/STIXTwoMath-Regular.ttf"
ITALIC = (0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C))  # what browsers make of single letters
RADICAL = ord("√")  # which no text says: browsers draw it around a root, and nothing where the font has none


@cache
def mathematics(latex: str) -> Markup:
    """LaTeX as MathML, one element per term so that long sums break; unreadable LaTeX is shown as text."""
    try:
        whole = convert_to_element(latex)
    except Exception:  # the converter raises many kinds; a formula must never break the page
        return Markup("<code>{}</code>").format(escape(latex))
    for element in whole.iter():  # the converter leaves character references, and nothing escaped
        element.text, element.tail = unescape(element.text or ""), None
    for row in whole.iter():
        set_words_apart(row)
    return Markup("<wbr>").join(Markup(serialized(term)) for term in terms(whole))


def set_words_apart(row: Element) -> None:
    """Leave room around tr, log and letters that are words, but none before the bracket of what they act on."""
    for element, after in zip(row, [*row[1:], None]):
        if len(element.text or "") > 1 and element.text.isalpha() and element.tag in ("mi", "mo"):
            close = after is not None and "(" in (after.text, *(inner.text for inner in after[:1]))
            element.tag = "mo"
            element.attrib |= {"lspace": "0.17em", "rspace": "0" if close else "0.17em"}


def terms(whole: Element) -> Iterator[list[Element]]:
    """The parts of a formula between which a line may break."""
    (row,) = whole
    part: list[Element] = []
    depth = 0
    for element in row:
        sign = element.text if element.tag == "mo" else ""
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if part and sign and sign in BREAKS and not depth:
            yield part
            part = []
            element.set("form", "infix")  # also at the beginning of a line
        part.append(element)
    yield part


def serialized(term: list[Element]) -> str:
    """A part of a formula as an element of its own; every character that means something to HTML is escaped."""
    math = Element("math", displaystyle="true")
    row = ElementTree.SubElement(math, "mrow")
    row.extend(term)
    return ElementTree.tostring(math, encoding="unicode", short_empty_elements=False)


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
