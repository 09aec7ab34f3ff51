"""Operators between matrices that Python has no sign for: A ∘ B entry by entry, and A ⊗ B of Kronecker.

They bind one factor on either side, more tightly than a product: A (B ∘ C), and A B ∘ C is A (B ∘ C).
"""

from __future__ import annotations

import re

from workbench.errors import BadInput

OPERATORS = {"∘": "had", "⊙": "had", "⊗": "kron"}
ABOVE = r"(?:\s*(?:\.[TH]\b|\^(?:-?\d+|T\b|H\b|\{T\})|\*\*\(?-?\d+\)?|[ᵀ⊤ᴴ†'⁰¹²³⁴⁵⁶⁷⁸⁹⁻]))*"
NAME, ENDS = re.compile(r"\s*(?:[A-Za-z_]\w*|\d+)", re.ASCII), re.compile(rf"{ABOVE}\s*$")
LAST, FUNCTION = re.compile(r"[A-Za-z_]\w*$|\d+$", re.ASCII), re.compile(r"[A-Za-z_]\w+$", re.ASCII)
POSITIVE = re.compile(r"_\+(?![\w(])")
DOUBLE = "a double factorial, n!!, is not read; write it with factorials, (2k)!/(2**k*k!) for (2k - 1)!!"
FACTORIAL = re.compile(r"(?<=[\w)])!(?!=)")
PAIRS = {")": "(", "]": "["}


def called(text: str) -> str:
    """The text with had(…) and kron(…) in place of their operators, relu(…) for (x)_+, and factorial(n) for n!."""
    while found := FACTORIAL.search(text):
        if text[found.end() : found.end() + 1] == "!":
            raise BadInput(DOUBLE)
        start = factor_before(text, found.start())
        text = f"{text[:start]} factorial({text[start : found.start()]}){text[found.end() :]}"
    while found := POSITIVE.search(text):
        start = factor_before(text, found.start())
        if start == found.start():
            break
        text = f"{text[:start]} relu({text[start : found.start()]}){text[found.end() :]}"
    while place := next((place for place, sign in enumerate(text) if sign in OPERATORS), 0):
        start, end = factor_before(text, place), factor_after(text, place + 1)
        if start == place or end == place + 1:
            return text  # there is no factor, which is said when the text is parsed
        name, left, right = OPERATORS[text[place]], text[start:place].strip(), text[place + 1 : end].strip()
        text = f"{text[:start]} {name}({left}, {right}){text[end:]}"
    return text


def factor_before(text: str, end: int) -> int:
    """Where the factor begins that ends at a place."""
    end = ENDS.search(text[:end]).start()  # type: ignore[union-attr]
    if text[end - 1 : end] not in PAIRS:
        found = LAST.search(text[:end])
        return found.start() if found else end
    depth, place = 0, end
    while place and (depth or place == end):
        place -= 1
        depth += (text[place] in PAIRS) - (text[place] in PAIRS.values())
    found = FUNCTION.search(text[:place])
    return found.start() if found else place


def factor_after(text: str, start: int) -> int:
    """Where the factor ends that begins at a place."""
    found = NAME.match(text, start)
    place = found.end() if found else start + len(text[start:]) - len(text[start:].lstrip())
    if text[place : place + 1] in ("(", "["):
        depth = 1
        while depth and (place := place + 1) < len(text):
            depth += (text[place] in PAIRS.values()) - (text[place] in PAIRS)
        place += 1
    elif not found:
        return start
    return re.compile(ABOVE).match(text, place).end()  # type: ignore[union-attr]
