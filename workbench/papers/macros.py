r"""Macros: the words that a paper defines for itself, \newcommand{\E}{\mathbb{E}}, written out again."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.errors import BadInput

NAME = r"\s*\{?\s*(?P<%s>\\[A-Za-z]+)\s*\}?\s*"
DEFINED = re.compile(
    rf"\\(?:(?:re)?newcommand|providecommand)\*?{NAME % 'new'}(?:\[(?P<takes>[1-9])\])?\s*"
    r"(?:\[(?P<default>[^\[\]]*)\])?\s*(?=\{)"
    rf"|\\def{NAME % 'def'}(?P<places>(?:\#[1-9]\s*)*)(?=\{{)"
    rf"|\\DeclarePairedDelimiter{NAME % 'pair'}(?=[{{\\])"
    rf"|\\DeclarePairedDelimiterX{NAME % 'pairs'}\[(?P<given>[1-9])\]\s*(?=[{{\\])"
    rf"|\\DeclareMathOperator\*?{NAME % 'word'}(?=\{{)"
)
SIZED = re.compile(r"\s*\*|\s*\[\s*\\[A-Za-z]+\s*\]")  # \norm*{x} and \norm[\big]{x}
GIVEN = re.compile(r"\s*\[([^\[\]]*)\]")
WORD = re.compile(r"\\[A-Za-z]+")
DEEPEST, LONGEST = 20, 20_000  # of macros within macros; of a formula that they are written out in


class Macro(NamedTuple):
    """How many things a macro takes, what it stands for, and the first thing where it may be left out."""

    takes: int
    text: str
    default: str | None = None
    sized: bool = False  # whether a star or a size may stand behind its name


def macros_of(text: str) -> dict[str, Macro]:
    """The macros that a file defines; a later definition counts."""
    found = {}
    for each in DEFINED.finditer(text):
        inside, end = braced(text, each.end())
        if name := each["word"]:
            found[name] = Macro(0, rf"\operatorname{{{inside}}}")
        elif name := each["pair"]:
            found[name] = Macro(1, f"{inside} #1 {braced(text, end)[0]}", sized=True)
        elif name := each["pairs"]:
            right, end = braced(text, end)
            found[name] = Macro(int(each["given"]), f"{inside} {braced(text, end)[0]} {right}", sized=True)
        elif name := each["def"]:
            found[name] = Macro(each["places"].count("#"), inside)
        else:
            found[each["new"]] = Macro(int(each["takes"] or 0), inside, each["default"])
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
        if macro.sized and (size := SIZED.match(formula, end)):
            end = size.end()
        if macro.default is not None:
            first = GIVEN.match(formula, end)
            given, end = [first[1] if first else macro.default], first.end() if first else end
        for _ in range(macro.takes - len(given)):
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
