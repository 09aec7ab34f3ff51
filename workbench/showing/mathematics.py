"""Mathematics: LaTeX as MathML that breaks between terms; browsers and notebooks draw it without a script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import unescape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

BREAKS = "+-−=≤≥<>±"  # a line may end before one of these, where it stands outside every bracket


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
