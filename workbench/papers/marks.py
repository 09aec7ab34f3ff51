"""Marks: what stands in a paper for the workbench to see, in the same words whatever the file is.

let d: size; Sigma: spd d         letters and hypotheses, for all that follows
second moment                     the name of a statement; then, a line each, where there is something to say:
where: N > d + 1                  letters and hypotheses of its own
sizes: every                      it has to hold for every size; or at which it is judged: d = 2; N = 5
expect: refuted                   print is wrong here, and the workbench has to find it so
statement: E[X*X.T] == N*Sigma    in place of the formula after the mark
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from workbench.errors import BadInput
from workbench.language.clauses import told
from workbench.language.spelling import with_letters
from workbench.sessions.declarations import named_in

KEYS = ("where", "sizes", "expect", "statement")
LET = re.compile(r"let\b[\s:]*", re.IGNORECASE)
KEY = re.compile(r"\s*([A-Za-z]+)\s*:\s*(.*)", re.DOTALL)
LONGEST = 100  # letters of a name


class Mark(NamedTuple):
    """Where a mark stands and what it says; the formula after it, as it is printed, if there is one."""

    line: int
    words: str
    formula: str = ""


@dataclass(frozen=True)
class Marked:
    """A statement of a paper with its contract: where its letters live, for which sizes, and what is expected."""

    name: str
    line: int
    text: str
    where: tuple[str, ...] = ()
    every_size: bool = False
    expect: str = "supported"


class Fault(NamedTuple):
    """What cannot be read, in a sentence; the others go on."""

    line: int
    sentence: str
    name: str = ""


@dataclass
class Paper:
    """The statements of a file in their order, and what could not be read."""

    path: Path
    statements: list[Marked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)  # declared so far, for all that follows
    names: dict[str, int] = field(default_factory=dict)  # taken so far, each by a line

    def take(self, line: int, entry: Callable[[], None], name: str = "") -> None:
        """Enter something; where that fails, the sentence that says why."""
        try:
            entry()
        except BadInput as problem:
            self.faults.append(Fault(line, str(problem), name))

    def mark(self, mark: Mark) -> None:
        """Enter what a mark says."""
        words = mark.words.strip()
        if found := LET.match(words):
            self.take(mark.line, lambda: self.let(words[found.end() :]))
        else:
            name, fields = words.partition("\n")[0].strip(), words.partition("\n")[2]
            self.take(mark.line, lambda: self.state(name, mark.line, fields_of(fields), mark.formula), name)

    def let(self, text: str) -> None:
        """Declare letters for all that follows."""
        if not (new := told(text)):
            raise BadInput('let declares nothing; write e.g. "let d: size; Sigma: spd d; N > d"')
        if twice := names_of(new) & names_of(self.letters):
            raise BadInput(f"{min(twice)} is declared already; where one statement means another thing by it, say so "
                           f"in its own where:")  # fmt: skip
        self.letters += new

    def state(self, name: str, line: int, fields: dict[str, str], formula: str = "") -> None:
        """Enter a statement."""
        if not name or len(name) > LONGEST:
            raise BadInput(f"a statement needs a name of at most {LONGEST} letters")
        if self.names.setdefault(name, line) != line:
            raise BadInput(f"the name {name!r} is taken by line {self.names[name]}; give the statement another")
        own = told(fields.get("where", ""))
        every, sizes = sized(fields.get("sizes", ""))
        text = " ".join((fields.get("statement") or formula).split())
        if not text:
            raise BadInput(f"no formula stands right after the mark of {name!r}; put the mark before one, or say "
                           f"statement: LEFT = RIGHT")  # fmt: skip
        where = without(without(self.letters, own), sizes) + without(own, sizes) + sizes
        self.statements.append(
            Marked(name, line, text, tuple(filter(None, ["; ".join(where)])), every, expected(fields.get("expect", "")))
        )


def fields_of(text: str) -> dict[str, str]:
    """What the lines of a mark say, by key: where: may be said again, and a long statement: goes on below."""
    fields: dict[str, str] = {}
    key = ""
    for line in filter(str.strip, text.splitlines()):
        found = KEY.fullmatch(line)
        if found and found[1] in KEYS:
            key = found[1]
            if key in fields and key != "where":
                raise BadInput(f"{key}: is said twice")
            fields[key] = f"{fields[key]}; {found[2]}" if key in fields else found[2]
        elif key == "statement" and not found:
            fields[key] += f" {line.strip()}"
        else:
            raise BadInput(f"{line.strip()[:60]!r} is not understood in a mark; its lines begin with "
                           f"{', '.join(f'{each}:' for each in KEYS)}")  # fmt: skip
    return fields


def expected(word: str) -> str:
    word = word.strip() or "supported"
    if word not in ("supported", "refuted"):
        raise BadInput(f"expect: {word[:40]!r} is not understood; write supported or refuted")
    return word


def sized(text: str) -> tuple[bool, list[str]]:
    """Whether a statement has to hold for every size, and the sizes at which it is judged."""
    if text.strip() in ("every", "every size"):
        return True, []
    said = told(text)
    if odd := [each for each in said if not re.fullmatch(r"\s*\w+\s*=\s*\d+\s*", each)]:
        raise BadInput(f"sizes: {odd[0]!r} is not understood; write every, or values: d = 2; N = 5")
    return False, said


def names_of(parts: Iterable[str]) -> set[str]:
    return {name for part in parts for name in named_in(with_letters(part).strip())}


def without(parts: list[str], stronger: list[str]) -> list[str]:
    """Declarations but for those of letters that stronger ones speak of."""
    return [part for part in parts if not names_of([part]) & names_of(stronger)]
