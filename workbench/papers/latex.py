r"""LaTeX: marks in comments, each right before its formula, and the macros that the paper defines.

% workbench: second moment
% expect: refuted
\begin{equation} \E[X X^\top] = N \Sigma \end{equation}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.papers.macros import expanded, macros_of
from workbench.papers.marks import Fault, Mark

BEGIN = re.compile(r"\s*%+\s*workbench\s*:\s?(.*)", re.IGNORECASE)
COMMENT = re.compile(r"\s*%+(.*)")
ENVIRONMENT = re.compile(r"\\begin\s*\{((?:equation|align|gather|multline|displaymath|math|flalign|eqnarray)\*?)\}")
PAIRS = {r"\[": r"\]", "$$": "$$", r"\(": r"\)", "$": "$"}
OUTSIDE = re.compile(r"(?<!\\)%.*")
MOST = 200  # lines of a formula
DRESS = re.compile(
    r"\\(?:label|tag\*?|ref|eqref|cite)\s*\{[^{}]*\}|\\(?:nonumber|notag)\b"
    r"|[_^]?\{\s*\}|\\(?:begin|end)\s*\{(?:aligned|split|gathered)\}(?:\[[a-z]\])?"
)


def marks(text: str) -> Iterator[Mark | Fault]:
    """The marks of a LaTeX file, with the formulas after them."""
    lines, macros, at = text.splitlines(), macros_of(text), 0
    while at < len(lines):
        found = BEGIN.match(lines[at])
        if not found:
            at += 1
            continue
        first, words, at = at + 1, [found[1]], at + 1
        while at < len(lines) and (more := COMMENT.fullmatch(lines[at])) and not BEGIN.match(lines[at]):
            words.append(more[1])
            at += 1
        formula, unclosed = formula_at(lines, at)
        if unclosed:
            yield Fault(first, f"the formula after this mark begins with {unclosed} and does not end", words[0].strip())
        else:
            said = "\n".join(expanded(line, macros) for line in words)
            yield Mark(first, said, undressed(expanded(formula, macros)))


def formula_at(lines: list[str], at: int) -> tuple[str, str]:
    """The formula that begins on a line or, after empty ones, soon; what opens it, if nothing closes it."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at == len(lines):
        return "", ""
    start = lines[at].strip()
    environment = ENVIRONMENT.match(start)
    opening = environment[0] if environment else next((sign for sign in PAIRS if start.startswith(sign)), "")
    if not opening:
        return "", ""
    closing = f"\\end{{{environment[1]}}}" if environment else PAIRS[opening]
    inside = start[len(opening) :]
    for line in lines[at + 1 : at + MOST]:
        if closing in inside or not line.strip() or BEGIN.match(line):  # no formula of TeX holds an empty line
            break
        inside += f"\n{OUTSIDE.sub('', line)}"
    formula, found, _ = OUTSIDE.sub("", inside).partition(closing)
    return (formula, "") if found else ("", opening)


def undressed(formula: str) -> str:
    """A formula without labels, numbers and the places where its lines are broken."""
    formula = DRESS.sub(" ", formula)
    return formula if "\\begin" in formula else re.sub(r"(?<!\\)&|\\\\(?:\[[^\]]*\])?", " ", formula)
