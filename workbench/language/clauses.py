"""Clauses: what a statement says of its letters, told apart from its formula.

E[x xᵀ] = Σ for all x ∈ R^d, x ~ N(0, Σ)   →   E[x xᵀ] == Σ   and   x: d; x ~ N(0, Σ)
"""

from __future__ import annotations

import re

from workbench.language.below_means import lifted
from workbench.language.commas import pieces
from workbench.language.latex import is_latex

WORDS = "where|with|if|when|for all|for every|for any|for"
TOLD = re.compile(rf",?\s({WORDS})\s")  # before what is said of letters
UPRIGHT = re.compile(rf"(?:\\(?:text|mbox|textrm|mathrm)\s*\{{|\{{\s*\\rm\b)\s*(,?\s*(?:{WORDS}))\s*\}}(?:\\\s)?")
DEFINES = re.compile(r"\\(?:coloneqq|triangleq|doteq|defeq|eqdef)(?![A-Za-z])|:=|\\colon\s*=")
EVERY = re.compile(r"\s*(?:all\s+)?[A-Za-z]\w*(?:,\s*[A-Za-z]\w*)*\s*")  # for all N, d
SPACE = re.compile(r"([A-Za-zΑ-Ωα-ω]\w*)\s*(?:∈|\bin\b)\s*[Rℝ](?:\^(\w+|\{[^{}]*\}))?")
TENDING = re.compile(r"\\lim_\{([^{}]*?)(?:\\to|→)\s*([A-Za-z]\w*)\s*\}([^=<>]*)")  # \lim_{d/N \to c}, of a whole side
FIXED = re.compile(r"lim\s*\[([^\[\]]+?)(?:->|→)\s*(\w+)\s*\]")  # lim[d/N → c](…): c is a name for the ratio


def stated(text: str) -> tuple[str, str]:
    """A statement as it is judged, LEFT == RIGHT, and what it says after a `where`."""
    text, laws = lifted(TENDING.sub(r"lim[\1 → \2](\3)", text.strip().strip("$").rstrip(" .,;")))
    equation, said = conditions(text if "\\begin" in text else in_words(text))
    equation = re.sub("[≡≟]", "==", equation)
    equation, ratios = FIXED.sub("lim", equation), FIXED.findall(equation)
    said = "; ".join(filter(None, [*(f"{letter} = {ratio}" for ratio, letter in ratios), *laws, said]))
    return re.sub("(?<![=<>!:])=(?!=)", "==", equation) if "==" not in equation else equation, said


def in_words(text: str) -> str:
    """LaTeX with its words as they stand in a sentence: for all, where, and the sign of a definition as an equality."""
    text = re.sub(
        r"\\q?quad(?![A-Za-z])", " ", re.sub(r"\\forall(?![A-Za-z])", " for all ", UPRIGHT.sub(r" \1 ", text))
    )
    blank = r"\s+" if is_latex(text) else r"[ \t]+"  # a line of plain text is a statement
    return re.sub(blank, " ", DEFINES.sub(" = ", text)).strip()


def conditions(text: str) -> tuple[str, str]:
    """A statement without what it says of its letters, and that: behind a `where`, a `for` or a comma."""
    equation, _, said = (*TOLD.split(text, maxsplit=1), "", "")[:3]
    equation, *more = pieces(equation) or [""]
    told = [", ".join(more), *said.split(";")]
    said = "; ".join(part for text in told for part in declarations(text))
    return equation, "; ".join(part for part in said.split("; ") if not EVERY.fullmatch(part))


def declarations(text: str) -> list[str]:
    """The declarations in a text with commas between them; x, y ~ N(0, I) and X: d, N are one each."""
    found: list[str] = []
    for part in [SPACE.sub(declared_in, part) for part in pieces(text)]:
        begun = bool(found) and not re.search("[:~<>=≤≥∼]", found[-1])  # names alone: x, y ~ …
        shape = bool(found) and re.fullmatch("[^~<>=≤≥∼]*:[^~<>=≤≥∼]*", found[-1]) and not re.search("[:<>≤≥]", part)
        if begun or shape or (found and not re.search("[:~<>=≤≥∼]", part)):
            found[-1] = f"{found[-1]}, {part}"
        else:
            found.append(part)
    return found


def declared_in(found: re.Match[str]) -> str:
    """x ∈ R^d as it is declared, x: d."""
    shape = (found[2] or "").strip("{}")
    return f"{found[1]}: {re.sub(r'(?<=[A-Za-z0-9])x(?=[A-Za-z0-9])|,', '×', shape) or 'real'}"
