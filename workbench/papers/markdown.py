"""Markdown: marks in comments, each right before its formula, or in fenced blocks that hold the statement too.

<!-- workbench: second moment
expect: refuted -->
$$ E[X X^T] = N Σ $$

```workbench
let d: size; Sigma: spd d

second moment
statement: E[x xᵀ] = Σ
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.papers.latex import formula_at, undressed
from workbench.papers.marks import Fault, Mark

COMMENT = re.compile(r"\s*<!--\s*workbench\s*:(.*)", re.IGNORECASE | re.DOTALL)
FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*([\w-]*)")
MATH = ("math", "latex", "tex")
LONGEST = 200  # lines of one comment or block


def marks(text: str) -> Iterator[Mark | Fault]:
    """The marks of a Markdown file, with the formulas after them; what other fenced blocks hold is none."""
    lines, at = text.splitlines(), 0
    while at < len(lines):
        fence, comment = FENCE.match(lines[at]), COMMENT.match(lines[at])
        if fence:
            inside, end = fenced(lines, at, fence[1])
            if fence[2].lower() == "workbench":
                yield from (
                    paragraphs(inside, at + 2)
                    if end
                    else [Fault(at + 1, f"this block has no end; close it with {fence[1]}")]
                )
            at = end or at + 1
        elif comment:
            words, end = commented(lines, at, comment[1])
            yield marked(words, lines, at, end) if end else Fault(at + 1, "this comment has no end; close it with -->")
            at = end or at + 1
        else:
            at += 1


def fenced(lines: list[str], at: int, sign: str) -> tuple[list[str], int]:
    """The lines of a fenced block, and where the file goes on; nowhere where the block does not end."""
    for end in range(at + 1, min(len(lines), at + LONGEST)):
        if lines[end].strip().startswith(sign) and not lines[end].strip().strip(sign[0]):
            return lines[at + 1 : end], end + 1
    return [], 0


def commented(lines: list[str], at: int, begun: str) -> tuple[str, int]:
    """The words of a comment, and where the file goes on; nowhere where the comment does not end."""
    words = begun
    for end in range(at + 1, min(len(lines), at + LONGEST) + 1):
        if "-->" in words:
            return words.partition("-->")[0], end
        words += f"\n{lines[end]}" if end < len(lines) else ""
    return "", 0


def paragraphs(lines: list[str], first: int) -> Iterator[Mark]:
    """The marks of a block, with empty lines between them."""
    words: list[str] = []
    for number, line in enumerate([*lines, ""], first):
        if line.strip():
            words.append(line)
        elif words:
            yield Mark(number - len(words), "\n".join(words))
            words = []


def marked(words: str, lines: list[str], at: int, end: int) -> Mark | Fault:
    """A comment with the formula after it."""
    while end < len(lines) and not lines[end].strip():
        end += 1
    fence = FENCE.match(lines[end]) if end < len(lines) else None
    if fence and fence[2].lower() in MATH:
        inside, closed = fenced(lines, end, fence[1])
        formula, unclosed = "\n".join(inside), "" if closed else fence[0].strip()
    else:
        formula, unclosed = formula_at(lines, end)
    if unclosed:
        return Fault(at + 1, f"the formula after this mark begins with {unclosed} and does not end")
    return Mark(at + 1, words, undressed(formula))
