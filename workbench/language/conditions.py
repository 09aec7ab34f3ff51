"""Conditional means: E[z | z > 0] and P(u > 0 | v > 0), the mean over what happens beside an event, by its chance."""

from __future__ import annotations

import re

TAKEN = re.compile(r"(?<![\w.])(?:E|Var|Cov|Corr|P|Pr|Prob)\s*([\[(])")
GIVEN, OPEN, CLOSE = "given", "([{", ")]}"


def conditioned(text: str) -> str:
    """The text with E[z, given(z > 0)] for E[z | z > 0]."""
    found, start = "", 0
    for taken in TAKEN.finditer(text):
        if taken.start() < start:
            continue
        end = closing(text, taken.end())
        inside = conditioned(text[taken.end() : end])
        if place := bar(inside):
            inside = f"{inside[:place].rstrip()}, {GIVEN}({inside[place + 1 :].strip()})"
        found, start = found + text[start : taken.end()] + inside, end
    return found + text[start:]


def closing(text: str, start: int) -> int:
    """Where the bracket closes that was opened before a place; the end of a text where it does not."""
    depth = 1
    for place in range(start, len(text)):
        depth += (text[place] in OPEN) - (text[place] in CLOSE)
        if not depth:
            return place
    return len(text)


def bar(inside: str) -> int:
    """Where a condition begins: at the only bar, or at one with a space on either side after pairs of bars; 0: none."""
    bars = [place for place, sign in enumerate(inside) if sign == "|" and "|" not in inside[place - 1 : place]]
    if len(bars) == 1:
        return bars[0]
    spaced = (place for count, place in enumerate(bars) if count % 2 == 0 and inside[place - 1 : place + 2] == " | ")
    return next(spaced, 0)
