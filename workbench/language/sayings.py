r"""Sayings: what papers say of their letters, in the words that are read here.

A symmetric,  A = Aᵀ,  Σ ≻ 0,  ‖u‖ = 1,  u ∈ S^{d−1},  Q ∈ O(d),  x, y i.i.d. N(0, I)
→   A: symmetric,  A: symmetric,  Σ: spd,  u: unit,  u: unit d,  Q: orthogonal d,  x, y ~ N(0, I)
"""

from __future__ import annotations

import re

from workbench.errors import BadInput
from workbench.language.below_means import ABOVE as DRAWN
from workbench.language.sentences import in_signs
from workbench.language.spelling import with_letters

ONE = r"\\?[A-Za-zΑ-Ωα-ω]\w*"
SOME = rf"{ONE}(?:\s*,\s*{ONE})*"
KINDS = {
    "symmetric positive definite": "spd", "positive definite": "spd", "positive-definite": "spd", "spd": "spd",
    "SPD": "spd", "pd": "spd", "PD": "spd", "symmetric": "symmetric", "orthogonal": "orthogonal", "unit-norm": "unit",
    "unit norm": "unit", "unit": "unit",
}  # fmt: skip
KIND, THING = "|".join(KINDS), r"(?:\s+(?:matrix|matrices|vectors?))?"
BAR = r"(?:\|\||‖|\\\||\\[lr]?Vert)"
LETTERED = re.compile(r"\\in(?![A-Za-z])|\\succ(?![A-Za-z])|\\times(?![A-Za-z])|\\mathbb\s*\{?\s*([RS])\s*\}?|\\pm\s*1")
PLAIN = {"\\in": "∈", "\\succ": "≻", "\\times": "×"}
SIGNS = re.compile(r"\\?\{\s*±\s*1\s*\\?\}")
IID = re.compile(r"\(?\b(?:i\.i\.d\.?|iid|i\.i\.d|independent(?:ly)?(?:\s+of\s+\w+(?:\s+and\s+\w+)*)?)(?![\w])\)?")
SEMI = re.compile(r"⪰|\\succeq(?![A-Za-z])|\b(?:psd|PSD|positive semi-?definite)\b")
SAYINGS = (
    (re.compile(rf"({SOME})\s+be\s+(?:an?\s+)?(.+)"), r"\1: \2"),
    (re.compile(rf"({SOME})\s*(?:∈|\bin\b)\s*S\s*\^\s*\{{?\(?\s*(\w+)\s*[-−]\s*1\s*\)?\}}?"), r"\1: unit \2"),
    (re.compile(rf"({SOME})\s*(?:∈|\bin\b)\s*O\s*\(\s*(\w+)\s*\)"), r"\1: orthogonal \2"),
    (re.compile(rf"({SOME})\s*≻\s*0"), r"\1: spd"),
    (re.compile(rf"{BAR}\s*({ONE})\s*{BAR}\s*(?:_\{{?2\}}?|₂)?\s*(?:\^\{{?2\}}?|²)?\s*=\s*1"), r"\1: unit"),
    (re.compile(rf"({ONE})\s*=\s*\1\s*(?:'|ᵀ|⊤|\.T|\^\{{?\s*(?:T|⊤|\\top|\\intercal|\\mathsf\s*\{{?T\}}?)\s*\}}?)"),
     r"\1: symmetric"),
    (re.compile(rf"({SOME})\s+(?:(?:is|are)\s+)?(?:an?\s+)?({KIND}){THING}((?:\s+\w+)?)"), r"\1: \2\3"),
    (re.compile(rf"(?:an?\s+|any\s+|every\s+|all\s+)?({KIND}){THING}\s+({SOME})"), r"\2: \1"),
    (re.compile(rf"(?:an?\s+|any\s+|every\s+|all\s+)?(?:matrix|matrices|vectors?)\s+({SOME})"), ""),
    (re.compile(rf"({SOME})\s+(?:(?:is|are)\s+)(\w+\(.*\))"), r"\1 ~ \2"),
)  # fmt: skip
ROWS = re.compile(rf"({ONE})\s*:\s*(\S+)\s+with\s+rows\s*~?\s*N\(\s*0\s*,\s*(.+)\)")
SAID = re.compile(r"(~|\\sim\b|:(?!=)|(?<![<>=])=)")  # what parts a letter from what is said of it


def plainly(said: str) -> str:
    """One thing that is said of letters, as it is declared; nothing where it says nothing.

    Raises BadInput for what no letter is here.
    """
    said = lettered(said)
    said = SIGNS.sub("{-1, 1}", re.sub(r"^(?:let|and|any|every|all)\s+(?=\S)", "", said))
    if SEMI.search(said):
        raise BadInput("a positive semidefinite letter is not read; declare it positive definite, Sigma: spd d, or "
                       "write it as a product, A*A.T")  # fmt: skip
    said = re.sub(r"(?<=\w)-dimensional\b", "", said)
    if found := ROWS.fullmatch(re.sub(r"\s+", " ", IID.sub(" ", said))):
        return typed(f"{found[1]}: {found[2]} ~ N(0, I, {found[3]})")
    said = in_signs(independent(in_signs(said)))
    for pattern, instead in SAYINGS:
        if found := pattern.fullmatch(said):
            said = found.expand(instead)
            break
    return typed(with_kind(said))


def alone(said: str) -> bool:
    """Whether something says all of a letter in words, without a sign: A symmetric."""
    told = lettered(said)
    return in_signs(told) != told or any(pattern.fullmatch(told) for pattern, _ in SAYINGS)


def lettered(said: str) -> str:
    """A saying with the signs of plain text for a few of LaTeX's."""
    return LETTERED.sub(lambda found: PLAIN.get(found[0], found[1] or "±1"), DRAWN.sub("~", said)).strip()


def independent(said: str) -> str:
    """A law without the word that says what letters are here anyway, x, y i.i.d. ~ N(0, I)."""
    if not IID.search(said):
        return said
    if re.search(r"~|\\sim|∼", said):
        return re.sub(r"[\s,]+$", "", re.sub(r"\s+", " ", IID.sub(" ", said)))
    return re.sub(r"\s+", " ", IID.sub("~", said, count=1))


def with_kind(said: str) -> str:
    """A declaration with its kind before its shape: A: d×d, symmetric is A: symmetric d×d."""
    head, colon, rest = said.partition(":")
    kind, law, after = re.split(r"(~|\\sim)", f"{rest}~", maxsplit=1)
    found = None if "orthogonal to" in kind else re.search(rf"(?<!\w)({KIND}){THING}(?!\w)", kind)
    if not colon or not found:
        return re.sub(r"(?<=\w)\s+matrix\b", "", said) if colon else said
    shape = re.sub(r"\s+", " ", f"{kind[: found.start()]} {kind[found.end() :]}").strip(" ,")
    after = after.removesuffix("~")
    return f"{head}: {KINDS[found[1]]} {shape}".strip() + (f" {law} {after}" if after else "")


def typed(declaration: str) -> str:
    """A declaration with its letters in the notation that is typed; its words stay what they are."""
    if "\\" not in declaration:
        return declaration.strip()
    parts = parted(declaration.replace("\\times", "×"))
    plain = (part if part.isspace() or not re.search(r"[\\_^$]", part) else with_letters(part) for part in parts)
    return " ".join(part.strip() for part in plain)


def parted(declaration: str) -> list[str]:
    """A declaration apart at the signs between letters and what is said of them, those in brackets aside."""
    found, start = [], 0
    for sign in SAID.finditer(declaration):
        before = declaration[: sign.start()]
        if sum(before.count(each) for each in "([{") == sum(before.count(each) for each in ")]}"):
            found += [declaration[start : sign.start()], sign[0]]
            start = sign.end()
    return [*found, declaration[start:]]
