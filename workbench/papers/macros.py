r"""Macros: the words that a paper defines for itself, \newcommand{\E}{\mathbb{E}}, written out again."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.errors import BadInput

DEFINED = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand)\*?\s*\{?\s*(\\[A-Za-z]+)\s*\}?\s*(?:\[([1-9])\])?\s*(?=\{)"
    r"|\\def\s*(\\[A-Za-z]+)\s*(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{?\s*(\\[A-Za-z]+)\s*\}?\s*(?=\{)"
)
WORD = re.compile(r"\\[A-Za-z]+")
DEEPEST, LONGEST = 20, 20_000  # of macros within macros; of a formula that they are written out in


class Macro(NamedTuple):
    """How many things a macro takes, and what it stands for."""

    takes: int
    text: str


def macros_of(text: str) -> dict[str, Macro]:
    """The macros that a file defines; a later definition counts."""
    found = {}
    for each in DEFINED.finditer(text):
        inside, _ = braced(text, each.end())
        if each[4]:
            found[each[4]] = Macro(0, rf"\operatorname{{{inside}}}")
        else:
            found[each[1] or each[3]] = Macro(int(each[2] or 0), inside)
    return found


def expanded(formula: str, macros: dict[str, Macro]) -> str:
    """A formula with its macros written out; one whose braces do not end stays as it is, and is refused later."""
    for _ in range(DEEPEST):
        try:
            found = once(formula, macros)
        except BadInput:
            return formula
        if found == formula or len(found) > LONGEST:
            break
        formula = found
    return formula


def once(formula: str, macros: dict[str, Macro]) -> str:
    """A formula with each of its macros written out once."""
    written, at = [], 0
    for word in WORD.finditer(formula):
        if word.start() < at or word[0] not in macros:
            continue
        macro, end, given = macros[word[0]], word.end(), []
        for _ in range(macro.takes):
            inside, end = braced(formula, end)
            given.append(inside)
        text = re.sub("#([1-9])", lambda found: (given + [""] * 9)[int(found[1]) - 1], macro.text)  # noqa: B023
        written += [formula[at : word.start()], f" {text} "]
        at = end
    return "".join([*written, formula[at:]])


def braced(text: str, at: int) -> tuple[str, int]:
    """What stands in the braces that begin at a place, or the one sign there; and where it ends."""
    while at < len(text) and text[at].isspace():
        at += 1
    if at < len(text) and text[at] != "{":
        found = WORD.match(text, at)
        return (found[0], found.end()) if found else (text[at], at + 1)
    depth = 0
    for place in range(at, min(len(text), at + LONGEST)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return text[at + 1 : place], place + 1
    raise BadInput("a brace without its end")
