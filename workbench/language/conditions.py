"""Conditional means: E[z | z > 0] and P(u > 0 | v > 0), the mean over what happens beside an event, by its chance."""

from __future__ import annotations

import ast
import re
from typing import Any

from workbench.errors import NotUnderstood
from workbench.language.counts import Binomial, Multinomial, Poisson
from workbench.language.events import are_events
from workbench.language.laws import Mask, OneHot, random_letters

TAKEN = re.compile(r"(?<![\w.])(?:E|Var|Cov|P|Pr|Prob)\s*([\[(])")
DISCRETE = (Mask, OneHot, Binomial, Multinomial, Poisson)
GIVEN, OPEN, CLOSE = "given", "([{", ")]}"
ASK = "after the bar of a conditional mean stand events, E[z | z > 0]; a mean given a number is not read"


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


def events_given(parts: list[ast.expr]) -> list[ast.expr]:
    """The events after the bar of a conditional mean; none where there is no bar. Raises NotUnderstood for others."""
    last = parts[-1] if parts else None
    if not (isinstance(last, ast.Call) and isinstance(last.func, ast.Name) and last.func.id == GIVEN):
        return []
    if not are_events(last.args):
        raise NotUnderstood(ASK)
    return last.args


def refuse_null(events: list[ast.expr], chance: Any) -> None:
    """Raise NotUnderstood for an equality between what is not counted: its chance is zero."""
    equal = any(isinstance(sign, ast.Eq) for event in events if isinstance(event, ast.Compare) for sign in event.ops)
    if equal and not all(isinstance(letter, DISCRETE) for letter in random_letters(chance)):
        raise NotUnderstood(f"the event {ast.unparse(events[0])} has the chance zero, and there is no mean given that")
