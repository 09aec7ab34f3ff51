"""Commas: a text apart at its commas, those in brackets and scalar products aside."""

from __future__ import annotations

import re

from workbench.language.shorthand import PRODUCTS

HELD, BETWEEN = "\0", re.compile(r"\\langle.*?\\rangle")  # a comma in a scalar product parts nothing


def pieces(text: str) -> list[str]:
    """The parts of a text between its commas, those in brackets aside."""
    for pair in (*PRODUCTS, BETWEEN):
        text = pair.sub(lambda found: found[0].replace(",", HELD), text)
    found, depth = [""], 0
    for sign in text:
        depth += (sign in "([{⟨") - (sign in ")]}⟩")
        if sign == "," and depth == 0 and not found[-1].endswith("\\"):
            found.append("")
        else:
            found[-1] += sign
    return [part.strip().replace(HELD, ",") for part in found if part.strip()]
