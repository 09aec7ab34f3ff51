"""Shorthand: what papers leave out, written out: the brackets of a mean, of a trace and of a gradient, and others.

E x xᵀ,  E‖x‖²,  tr X Xᵀ,  ∇_W E[…],  ⟨w, x⟩,  ½,  1{u > 0},  P{u > 0},  I_d
→   E[x xᵀ],  E[‖x‖²],  tr[X Xᵀ],  grad(E[…], W),  inner(w, x),  (1/2),  (u > 0),  P[u > 0],  I(d)
"""

from __future__ import annotations

import re
from collections.abc import Collection

from workbench.errors import BadInput
from workbench.language.operators import factor_after

FRACTIONS = {"½": "(1/2)", "⅓": "(1/3)", "⅔": "(2/3)", "¼": "(1/4)", "¾": "(3/4)", "⅛": "(1/8)"}
UNSIGNED = "*+"  # the sign of a product that was left out after a fraction; a plus sign says so to the reader
MIXED = re.compile(rf"[\d.]\s*[{''.join(FRACTIONS)}]|[{''.join(FRACTIONS)}]\s*\d")
PAIR = r"([^⟨⟩<>=,|]+),([^⟨⟩<>=,|]+)"
PRODUCTS = (re.compile(f"⟨{PAIR}⟩"), re.compile(rf"((?:^|[-+*/(\[{{=,])\s*)<{PAIR}>"))
INDICATOR = re.compile(r"(?<![\w.])(?:1|I(?=\s*\())\s*[\[{(]([^{}\[\]()]*[<>=][^{}\[\]()]*)[\]})]")
ONES = re.compile(r"(?<![\w.])1_\{?([drpNLMnm])\}?(?!\w)")
ONE_COLUMN = re.compile(r"(?<![\w.])1\s*(?:1\s*)?(?:'|ᵀ|⊤|\^\{?T\b)")
CHANCE = re.compile(r"\b(P|Pr|Prob)\s*\{([^{}]*)\}")
IDENTITY = re.compile(r"\bI_\{?([drpNLMnm]|\d+)\}?(?!\w)")
ENTRY = re.compile(r"\)_\{?([1-9])(?:,?\s*([1-9]))?\}?(?!\w)")
ANGLE = re.compile(r"⟨[^⟩]*⟩|(?:^|[-+*/(\[{=,])\s*<[^<>=]+>")
DET = re.compile(r"(?<![\w.])det\s+([A-Za-z]\w*(?:\.T\b|'|\^T\b|ᵀ|⊤)?(?:\s*(?:\^|\*\*)\s*\d)?)(?=\s*(\S{0,3}))")
BARE = re.compile(r"(?<![\w.])(log|ln|exp|sqrt|erf|tanh|sin|cos|sinh|cosh|relu|sign)[ \t]+(?=[A-Za-z0-9])")
SUM = re.compile(r"(?:∑|(?<![\w.\\])sum)_\{?([a-z])(?:\s*==?\s*1)?\}?(?:\^\{?([A-Za-z]\w*)\}?)?(?=[\s(])")
PREFIX = re.compile(
    r"(?<![\w.])(?:(sum_[a-z](?:_[A-Za-z]\w*)?)\s*(?=[\w(])|(E|tr|Tr|Var)(?:\s+(?=[A-Za-z\d])|\s*(?=\s(?:norm2?|abs)\())"
    r"|(?:∇|nabla|grad)_\{?(\w+)\}?\s*)"
)


NORMS = {"": "norm", "F": "norm", "2": "norm2"}


def norm_with(index: str) -> str:
    """The function that a norm with that index is. Raises BadInput for one that is not read."""
    if index.strip() not in NORMS:
        raise BadInput(f"a norm with the index {index.strip()} is not read; write what it is in letters, e.g. "
                       f"w.T*Sigma*w for ‖w‖² in the metric of Sigma")  # fmt: skip
    return NORMS[index.strip()]


def indexed(found: re.Match[str]) -> str:
    """A sum over an index as one name: sum_k, or sum_k_N where it ends at N."""
    return f"sum_{'_'.join(filter(None, found.groups()))} "


OPEN, CLOSE = "([{", ")]}"


def written_out(text: str, known: Collection[str] = ()) -> str:
    """The text without shorthand; known: names that are letters already. Raises BadInput for what has two readings."""
    if found := MIXED.search(text):
        raise BadInput(f"{found[0]!r} has two readings, a sum and a product; write the fraction with its sign")
    for sign, fraction in FRACTIONS.items():
        text = text.replace(sign, fraction)
    text = PRODUCTS[1].sub(r"\1inner(\2,\3)", PRODUCTS[0].sub(r" inner(\1,\2)", text))
    if found := ANGLE.search(text):
        raise BadInput(f"{found[0].strip()!r}: ⟨a, x⟩ is a scalar product, with a comma; a mean is written E[…]")
    text = ENTRY.sub(lambda found: f")[{', '.join(str(int(place) - 1) for place in found.groups() if place)}]", text)
    text = CHANCE.sub(r"\1[\2]", INDICATOR.sub(r"(\1)", text))
    if found := ONE_COLUMN.search(text):
        raise BadInput(f"{found[0]!r}: 1 is a number here; a column of ones is ones(d), and 1 1ᵀ is ones(d, d)")
    text = ONES.sub(r"ones(\1)", text)
    text = IDENTITY.sub(lambda found: found[0] if found[0] in known else f"I({found[1]})", text)
    return bracketed(argued(DET.sub(determinant, text)))


def argued(text: str) -> str:
    """The text with brackets around the factor that log, tanh and others stand before; det(A) of log det(A) first."""
    while found := next(reversed([*BARE.finditer(text)]), None):
        end = factor_after(text, found.end())
        if end == found.end() or text[end:].lstrip()[:1] not in ("", *"=<>+-/*,;)]}"):
            raise BadInput(f"{found[1]} of several factors, {text[found.start() : end + 4].strip()}…, has two "
                           f"readings; write its brackets")  # fmt: skip
        text = f"{text[: found.start()]}{found[1]}({text[found.end() : end].strip()}){text[end:]}"
    return text


def determinant(found: re.Match[str]) -> str:
    """det A, of one factor. Raises BadInput for det A B, which has two readings."""
    if found[2] and found[2][0] not in "=<>+-/,;)]}" and not found[2].startswith("det"):
        raise BadInput(f"det of several factors, {found[0]}…, has two readings; write its brackets")
    return f"det({found[1]})"


def bracketed(text: str) -> str:
    """The text with brackets around what a mean, a trace or a gradient is taken of: the product that follows."""
    found = PREFIX.search(text)
    if not found:
        return text
    over, mean, letter = found.groups()
    name = over or mean
    end = found.end() + reach(text[found.end() :], name)
    body, rest = bracketed(text[found.end() : end].strip()), bracketed(text[end:])
    opening, closing = "[]" if name in ("E", "Var") else "()"
    taken = f"grad({body}, {letter})" if letter else f"{name}{opening}{body}{closing}"
    if name and name.startswith("sum_"):
        index, _, last = name.removeprefix("sum_").partition("_")
        taken = f"sum({body}, {index}, 1, {last})" if last else f"sum({body}, {index})"
    return f"{text[: found.start()]}{taken}{rest}"


def reach(text: str, name: str | None) -> int:
    """Where the product ends that a text begins with: before a sign, a closing bracket, or the same name again."""
    depth, again = 0, re.compile(rf"[*/\s]*(?<![\w.]){name}\b") if name else None
    for place, sign in enumerate(text):
        depth += (sign in OPEN) - (sign in CLOSE)
        power = text[:place].rstrip()[-1:] in ("^", "*")
        if depth < 0 or (depth == 0 and (sign in "=<>,;~" or (sign in "+-" and place and not power))):
            return place
        if again and place and depth == 0 and again.match(text, place):
            return place
    return len(text)
