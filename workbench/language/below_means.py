r"""Below means: the laws that papers write under the sign of a mean, told apart from the formula.

    E_{x∼N(0,Σ)}[x xᵀ] = Σ   →   E_{x}[x xᵀ] = Σ   and   x ~ N(0, Σ)

The letters stay below the mean, so that a mean over x alone is never read as one over something else as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.language.commas import pieces

ABOVE = re.compile(r"\\(?:overset|stackrel)\s*\{(?:[^{}]|\{[^{}]*\})*\}\s*\{?\s*\\sim\s*\}?|∼|\\sim(?![A-Za-z])")
BELOW = re.compile(r"_\s*\{")


def lifted(text: str) -> tuple[str, list[str]]:
    """A text whose indices hold letters alone, and the laws that stood there as declarations."""
    if "_" not in text or not re.search(r"[~∼]|\\sim", text):
        return text, []
    laws: list[str] = []
    written, done = "", 0
    for start, end in groups(text):
        inside = ABOVE.sub("~", text[start + 1 : end])
        if "~" in inside and start > done:
            lines = [inside] if "\\begin" in inside else inside.split(r"\\")  # of a \substack, and of no matrix
            parts = [part for line in lines for part in pieces(line)]
            drawn = list(declarations_in(parts))
            laws += drawn
            written += f"{text[done:start]}{{{','.join(letters_of(each) for each in drawn)}"
            done = end
    return written + text[done:], laws


def groups(text: str) -> Iterator[tuple[int, int]]:
    """Where the braces after an underscore begin and end."""
    for found in BELOW.finditer(text):
        depth = 0
        for place in range(found.end() - 1, len(text)):
            depth += {"{": 1, "}": -1}.get(text[place], 0)
            if not depth:
                yield found.end() - 1, place
                break


def declarations_in(parts: list[str]) -> Iterator[str]:
    """Declarations from parts between commas: x, y ~ N(0, I) is one."""
    waiting: list[str] = []
    for part in parts:
        waiting.append(re.sub(r"\\(?:substack|[,;:! ])", "", part).strip())
        if "~" in part:
            said = ", ".join(waiting)
            yield said.replace("~", r"\sim ") if "\\" in said else said  # LaTeX's own ~ is a blank
            waiting = []
    if waiting:
        yield ", ".join(waiting)


def letters_of(declaration: str) -> str:
    """The letters that a declaration speaks of, without brackets."""
    return re.split(r"~|\\sim", declaration)[0].strip().strip("()")
