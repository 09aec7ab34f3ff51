"""Clauses: what a statement says of its letters, told apart from its formula.

E[x xᵀ] = Σ for all x ∈ R^d, x ~ N(0, Σ)   →   E[x xᵀ] == Σ   and   x: d; x ~ N(0, Σ)
"""

from __future__ import annotations

import re

from workbench.errors import BadInput
from workbench.language.below_means import lifted
from workbench.language.commas import pieces
from workbench.language.latex import is_latex
from workbench.language.sayings import alone, plainly
from workbench.language.shorthand import PRODUCTS

WORDS = "where|with|if|when|whenever|given|provided that|provided|assuming|for all|for every|for each|for any|for"
TOLD = re.compile(rf",?\s({WORDS})\s")  # before what is said of letters
UPRIGHT = re.compile(r"(?:\\(?:text|mbox|textrm|textnormal|mathrm)\s*\{|\{\s*\\rm\b)([^{}$\\]*)\}(?:\\\s)?")
DEFINES = re.compile(r"\\(?:coloneqq|triangleq|doteq|defeq|eqdef)(?![A-Za-z])|:=|\\colon\s*=")
EVERY = re.compile(r"\s*(?:all\s+)?[A-Za-z]\w*(?:,\s*[A-Za-z]\w*)*\s*")  # for all N, d
SPACE = re.compile(
    r"(\\?[A-Za-zΑ-Ωα-ω]\w*(?:\s*,\s*\\?[A-Za-zΑ-Ωα-ω]\w*)*)\s*(?:∈|\\in(?![A-Za-z])|\bin\b)\s*"
    r"(?:[Rℝ]|\\mathbb\s*\{?R\}?)(?:\s*\^\s*(\w+|\{[^{}]*\}|\([^()]*\)))?"
)
NOT_NEGATIVE = re.compile(r"(\w+)\s*:\s*non-?negative$")
OPENS = re.compile(
    r"\s*(?:for(?: all| any| every| each)?|∀|let|suppose(?: that)?|assume(?: that)?|if|given)\s+(?=\S)", re.I
)
THEN = re.compile(r"[\s,.;]*(?:\bthen\b(?:\s+we\s+have\b)?|\bwe\s+have\b|\bit\s+holds\s+that\b)[\s,:]*", re.I)
RELATION = re.compile(r"(?<![:<>\w\s])\s*=|\w\s*[-+*/^].*=|≡|[\])}]\s*(?:[<>≤≥]|\\[lg]eq?(?![A-Za-z]))")  # no a = 1
ENDS = re.compile(r":\s+|(?<=[)\w])\.\s+")  # of what is said first
AND = re.compile(r",?\s+(?:and|with(?!\s+(?:\S+\s+)?rows))\s+")
MARKED = re.compile(r"[:~<>=≤≥∼≻]|\\(?:sim|[lg]eq?|succ|in)(?![A-Za-z])")  # what says something of a letter
BAR = re.compile(r"\\[,;:!]\s*(?:\\middle\s*)?\|\s*\\[,;:!]|\\(?:middle|[bB]igg?m)\s*\|")  # E[z \,|\, z > 0]
HELD = re.compile(r"(^|[=,;~:]\s*)\{\s*(\\?[A-Za-z]+)\s*\}")  # {\bm{x}} \sim …
LENGTH = re.compile(r"[drpkNLMnmTK]|\d+|[a-z]_\w+")  # what a length looks like: X: d, N is one declaration
TENDING = re.compile(r"\\?\blim\s*_\s*(?:\{([^{}]*)\}|(\w+))([^=<>≤≥]*)")  # \lim_{d/N \to c}, of a whole side
WHOLE = re.compile(r"(?<![\w\\])lim\s*(\[[^\[\]]*\](?=[\sA-Z\\])|(?=\s))\s*(?=[A-Za-z(\\])([^=<>≤≥]*)")
TO = re.compile(r"\\to(?![A-Za-z])|→|->|\\rightarrow(?![A-Za-z])")
FIXED = re.compile(r"lim\s*\[([^\[\]]+?)(?:->|→)\s*(\w+)\s*\]")  # lim[d/N → c](…): c is a name for the ratio


def stated(text: str) -> tuple[str, str]:
    """A statement as it is judged, LEFT == RIGHT, and what it says after a `where`."""
    text, laws = lifted(limits(text.strip().strip("$").rstrip(" .,;")))
    text = text if "\\begin" in text else in_words(text)
    first, text = opening(text)
    equation, said = conditions(text)
    equation = re.sub("[≡≟]", "==", equation)
    equation, ratios = FIXED.sub("lim", equation), FIXED.findall(equation)
    said = "; ".join(filter(None, [*(f"{letter} = {ratio}" for ratio, letter in ratios), *laws, first, said]))
    return re.sub("(?<![=<>!:])=(?!=)", "==", equation) if "==" not in equation else equation, said


def limits(text: str) -> str:
    """The text with lim[d/N → c](…) for limits of a whole side, however they are written."""
    text = re.sub(r"\\substack\s*\{([^{}]*)\}", r"\1", text) if "lim" in text else text
    return WHOLE.sub(r"lim\1(\2)", TENDING.sub(limit, text))


def limit(found: re.Match[str]) -> str:
    """A limit of a whole side. Raises BadInput for one in which no proportion of sizes stays fixed."""
    below = re.sub(r"\\[,;:!\\]", " ", found[1] or found[2] or "")
    ways = [TO.split(part) for part in pieces(re.sub(r"(\\infty|∞)\s*,?\s*(?=\S)", r"\1, ", below))]
    fixed = [(of.strip(), to[0].strip()) for of, *to in ways if to and re.fullmatch(r"\s*\\?[A-Za-zγ]\w*\s*", to[0])]
    fixed = [(of, to) for of, to in fixed if to not in ("\\infty", "oo", "inf")]
    if len(fixed) != 1:
        raise BadInput("a limit is read where all sizes grow in fixed proportions; name one of them, lim[d/N → c](…), "
                       "or write lim(…); one size alone is not sent to infinity")  # fmt: skip
    return f"lim[{fixed[0][0]} → {fixed[0][1].removeprefix(chr(92))}]({found[3].strip()})"


def in_words(text: str) -> str:
    """LaTeX with its words as they stand in a sentence: for all, where, and the sign of a definition as an equality."""
    text = re.sub(r"\\forall(?![A-Za-z])", " for all ", UPRIGHT.sub(sentence, text))
    text = re.sub(r"\\q?quad(?![A-Za-z])|\\[,;:!]", " ", BAR.sub(r" \\mid ", text))
    blank = r"\s+" if is_latex(text) else r"[ \t]+"  # a line of plain text is a statement
    return re.sub(blank, " ", DEFINES.sub(" = ", text)).strip()


def sentence(found: re.Match[str]) -> str:
    """Upright words of a sentence as they stand in it; one word alone, tr, is the name of something."""
    words = found[1]
    told = re.fullmatch(rf"\s*,?\s*(?:{WORDS}|and)\s*,?\s*", words) or " " in words
    return f" {words} " if told else found[0]


def opening(text: str) -> tuple[str, str]:
    """What a statement says of its letters before it says anything else, and the rest: for all a ∈ R^d, E[…] = …"""
    begun = OPENS.match(text)
    if not begun:
        return "", text
    if then := THEN.search(text):
        said, rest = text[begun.end() : then.start()], text[then.end() :]
    else:
        parts = [each for part in pieces(text[begun.end() :]) for each in ENDS.split(part)]
        last = next((place for place, part in enumerate(parts) if RELATION.search(part)), 0)
        said, rest = ", ".join(parts[:last]), ", ".join(parts[last:])
    if not said.strip():
        return "", text
    return "; ".join(part for part in declarations(AND.sub(", ", said)) if not EVERY.fullmatch(part)), rest


def conditions(text: str) -> tuple[str, str]:
    """A statement without what it says of its letters, and that: behind a `where`, a `for` or a comma."""
    text, behind = at_semicolon(text)
    equation, _, said = (*TOLD.split(text, maxsplit=1), "", "")[:3]
    said = "; ".join(filter(None, [said, behind]))
    equation, *more = pieces(equation) or [""]
    parts = [AND.sub(", ", text) for text in (", ".join(more), *said.split(";"))]
    said = "; ".join(part for text in parts for part in declarations(text))
    return equation, "; ".join(part for part in said.split("; ") if not EVERY.fullmatch(part))


def told(text: str) -> list[str]:
    """What a text says of letters, with semicolons, commas or lines between, each as it is declared."""
    if "\\" in text:
        from workbench.language.latex.tokens import unstyled  # it loads SymPy, which plain text does not need here

        text = HELD.sub(r"\1 \2 ", unstyled(text))
    for pattern, called in zip(PRODUCTS, (r" inner(\1,\2)", r"\1inner(\2,\3)")):
        text = pattern.sub(called, text)
    parts = [AND.sub(", ", part) for part in re.split(r"(?<!\\)[;\n]", in_words(text)) if part.strip()]
    found = [said for part in parts for each in declarations(part) if (said := plainly(each))]
    return [said for each in found for said in NOT_NEGATIVE.sub(r"\1: real;\1 >= 0", each).split(";")]


def at_semicolon(text: str) -> tuple[str, str]:
    """A text apart at its first semicolon outside brackets, which LaTeX's \\; is not."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == ";" and not depth and text[place - 1 : place] != "\\":
            return text[:place], text[place + 1 :]
    return text, ""


def declarations(text: str) -> list[str]:
    """The declarations in a text with commas between them; x, y ~ N(0, I) and X: d, N are one each."""
    found: list[str] = []
    for part in [SPACE.sub(declared_in, part) for part in pieces(text)]:
        begun = bool(found) and not MARKED.search(found[-1]) and not alone(found[-1])  # x, y ~ …
        last = re.split("[~∼]", part)[0].strip()
        shape = bool(found) and re.fullmatch("[^~<>=≤≥∼]*:[^~<>=≤≥∼]*", found[-1]) and LENGTH.fullmatch(last)
        if begun or shape or (found and not MARKED.search(part) and not alone(part)):
            found[-1] = f"{found[-1]}, {part}"
        else:
            found.append(part)
    return found


def declared_in(found: re.Match[str]) -> str:
    """x ∈ R^d as it is declared, x: d."""
    shape = re.sub(r"\\times(?![A-Za-z])", "×", (found[2] or "").strip("{}()"))
    return f"{found[1]}: {re.sub(r'(?<=[A-Za-z0-9])x(?=[A-Za-z0-9])|,', '×', shape) or 'real'}"
