"""Spelling: what is written on paper, in the letters and signs that are read here.

    E[x xᵀ] = Σ,  2x'Ax,  N(N+1),  ‖x‖²   →   E[x*x.T] == Sigma,  2*x.T*A*x,  N*(N+1),  norm(x)**2

Only what has one meaning is rewritten. A product without a sign after a fraction, 1/2π, has two, and is refused
where it is no matrix, 1/N XXᵀ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from workbench.errors import BadInput
from workbench.language import operators
from workbench.language.conditions import conditioned
from workbench.language.latex import is_latex, typed
from workbench.language.shorthand import FRACTIONS, SUM, UNSIGNED, indexed, norm_with, written_out

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
SIGNS = str.maketrans(dict(zip("·⋅×∗−–÷√", ("@", "@", "*", "*", "-", "-", "/", "sqrt"))))
RELATIONS = str.maketrans(dict(zip("≥≤∼µϵϕ", (">=", "<=", "~", "μ", "ε", "φ"))))
NORMS = re.compile(r"(?:\|\||‖)([^|‖]+)(?:\|\||‖)(?:_\s*(?:\{([^{}]*)\}|([A-Za-zΑ-Ωα-ω0-9]+|∞)))?")
BARS = re.compile(r"\|([^|]+)\|")
ROOT = re.compile(r"√\s*(\d+\.?\d*|[^\W\d_]+(?:_\w+)?)([^\W\d_])?")  # √2, √d; √2π has two readings
BELOW = re.compile(r"(?<=\w)_\{(\w+)(?:,\s*(\w+))?\}")  # braces around an index: Σ_{12}, Σ_{1,2}
STARRED = re.compile(r"(?<=\w)_(?:\*|\{\s*(?:\*|\\star|\\ast)\s*\}|\\star(?![A-Za-z])|\\ast(?![A-Za-z]))")  # w_*
LOWERED = re.compile("(?<=[\\w‖|])[₀₁₂₃₄₅₆₇₈₉]+")
RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
STYLED = re.compile("[\U0001d400-\U0001d7ff]")  # bold, italic and double-struck letters
ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot"}
ACCENTED = re.compile(f"([A-Za-zΑ-Ωα-ω])([{''.join(ACCENTS)}])")
GREEK = re.compile(r"([Α-Ωα-ω])(_\w+|\d+)?", re.ASCII)
TOKEN = re.compile(
    r"(?P<transposed>\.T\b|\^(?:T\b|⊤|ᵀ|\{T\})|ᵀ|⊤|(?<=[\w)\] ])')|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)"
    r"|(?P<adjoint>\.H\b|\^(?:H\b|\{H\}|ᴴ|†)|ᴴ|†)"
    r"|(?P<number>(?:\d+(?:\.(?![TH]\b)\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<other>\.\s*[A-Za-z_]\w*|\*\*|[ \t]+|.)",
    re.ASCII | re.DOTALL,
)
SLOPE = re.compile(r"(?<![\w.])(?:d/d|∂/∂|∂_)([A-Za-zΑ-Ωα-ω])\s*(?=[\w(\[])")  # d/dt, of the product that follows
LETTERS = {
    *(unicodedata.name(chr(c)).split()[3].lower() for c in range(0x3B1, 0x3CA) if c != 0x3C2),
    "lam",
    "eps",
    "pi",
}
JOINED = re.compile("(?=.*[XZxzuv])[A-DF-HJ-SU-Zabcuvxz]{2,3}")  # a product of letters, one of them customarily random
TOGETHER = re.compile("[A-DF-HJ-SU-Zabcsuvwxz]{2,3}")  # a product where its letters occur on their own as well
TWICE, TRANSPOSED = re.compile(r"([A-Za-z])\1"), re.compile(r"\.T\b|\^(?:T\b|⊤|ᵀ|\{T\})|[ᵀ⊤']")  # aaᵀ
NUMBER = re.compile("[tsghqkcm]|rho|tau|lam|lamda|nu|mu")  # before a bracket after a space these multiply: g (1 - t)
FACTOR = re.compile("[A-DF-HJ-Z]|[drpnm]|Sigma|Lambda|Omega")  # before a bracket these multiply: N(N+1), Σ(I − aaᵀ)


def with_letters(text: str, known: Collection[str] = ()) -> str:
    """The text with the names of Greek letters for the letters, relations in ASCII, and LaTeX as it is typed."""
    text = LOWERED.sub(lambda found: f"_{found[0].translate(SUBSCRIPTS)}", STARRED.sub("_star", text))
    bare = BELOW.sub(lambda found: f"_{'_'.join(filter(None, found.groups()))}", SUM.sub(indexed, text))
    text = typed(on_line(text), known) if is_latex(bare) else bare
    plain = STYLED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text).translate(RELATIONS)
    apart = "".join(unicodedata.normalize("NFD", sign) if sign.isalpha() else sign for sign in plain)
    plain = ACCENTED.sub(accented, apart)
    named = GREEK.sub(lambda found: f" {name_of(found[1])}{found[2] or ''} ", plain)
    return re.sub(r"\blambda\b", "lamda", named)  # a word of Python's


def accented(found: re.Match[str]) -> str:
    """ŷ as yhat, Σ̂ as Sigmahat."""
    letter = found[1] if found[1].isascii() else name_of(found[1])
    return f"{letter}{ACCENTS[found[2]]}"


def on_line(text: str) -> str:
    """LaTeX with the signs that it shares with plain text, ∑, x² and ½, as LaTeX has them."""
    text = re.sub(r"(?:∑|(?<![\w.\\])sum)(?=_)", r"\\sum", text)
    text = RAISED.sub(lambda found: f"^{{{found[0].translate(SUPERSCRIPTS)}}}", text)
    return re.sub(f"[{''.join(FRACTIONS)}]", lambda found: FRACTIONS[found[0]], text)


def name_of(letter: str) -> str:
    """What a Greek letter is called: Sigma, sigma."""
    word = unicodedata.name(letter).rpartition(" ")[2].replace("LAMDA", "Lambda" if letter.isupper() else "lamda")
    return word.capitalize() if letter.isupper() else word.lower()


def norm(found: re.Match[str]) -> str:
    """‖x‖, ‖x‖₂ and ‖A‖_F as a function."""
    return f" {norm_with(found[2] or found[3] or '')}({found[1]})"


def root(found: re.Match[str]) -> str:
    """√2 as a function. Raises BadInput for √2π, which has two readings."""
    if found[2]:
        raise BadInput(f"{found[0]!r} has two readings; write the brackets of the root, e.g. √(2*pi)")
    return f"sqrt({found[1]})"


def in_one_spelling(text: str, known: Collection[str]) -> str:
    """A letter that has two spellings, λ as lamda or lam, in the one that is known, or that a text has."""
    for short, long in (("lam", "lamda"), ("eps", "epsilon")):
        one, other = (re.compile(rf"\b{name}\b", re.ASCII) for name in (short, long))
        if short in known and long not in known:
            text = other.sub(short, text)
        elif short not in known and (long in known or (one.search(text) and other.search(text))):
            text = one.sub(long, text)
    return text


def spelled(text: str, functions: Collection[str], known: Collection[str] = ()) -> str:
    """A formula in the notation that is read here; known: names that are letters already.

    Raises BadInput for what can be read in two ways.
    """
    text = SLOPE.sub(r"∇_\1 ", text)
    text = in_one_spelling(with_letters(ROOT.sub(root, text), known).translate(SIGNS), known)
    text = conditioned(text)
    text = BARS.sub(r" abs(\1)", NORMS.sub(norm, text))
    text = written_out(operators.called(text), known)
    return "".join(rewritten(text, functions, known)).strip()


def rewritten(text: str, functions: Collection[str], known: Collection[str]) -> Iterator[str]:
    """The tokens of a formula, with the signs of products that were left out."""
    before, last, divided, spaced = "", "", [""], False  # what is above the line of an open fraction, in each bracket
    for kind, token, rest in tokens(text, functions, known):
        if token.isspace() and token != "\n":
            spaced = True
            yield token
            continue
        if token in "%&":
            raise BadInput(f"the character {token!r} is not understood; use + - * / **")
        if multiplies(before, last, kind, token, rest, functions, known, spaced):
            # After a fraction this has two readings, unless what follows is a matrix, by which nothing is divided.
            half = divided[-1] == before == "number" and token.lower() not in LETTERS  # 1/2 tr(A), and not 1/2π
            ended = spaced and (last == ")" or half)  # a/(b + c) A
            divided[-1] = "" if ended else divided[-1]
            yield UNSIGNED if divided[-1] else "*"
        if token in "([{":
            divided.append("")
        elif token in ")]}" and len(divided) > 1:
            divided.pop()
        elif token in "/+-*@=<>,":
            divided[-1] = (before or "other") if token == "/" else ""
        if kind == "adjoint" and token[0] == "^" and "H" in known:  # a number of heads
            kind, token = "", token.replace("^", "**")
        signs = {"transposed": ".T", "adjoint": ".H", "raised": f"**({token.translate(SUPERSCRIPTS)})", "^": "**"}
        yield signs.get(kind, token)
        before, last, spaced = kind, token, False


def tokens(text: str, functions: Collection[str], known: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """The kind of each token, the token, and the text from there on; Ax is A and x unless it is a letter itself."""
    every = list(TOKEN.finditer(text))
    names = [found[0] for found in every if found.lastgroup == "name" and found[0] not in functions]
    for place, found in enumerate(every):
        token, rest = found[0], text[found.start() :]
        kind = found.lastgroup if found.lastgroup != "other" else token
        several = JOINED.fullmatch(token) or (TWICE.fullmatch(token) and TRANSPOSED.match(text, found.end()))
        if TOGETHER.fullmatch(token) and not several:
            several = (place and every[place - 1].lastgroup == "transposed") or each_alone(token, names, known)
        joined = kind == "name" and token not in functions and token not in known and several
        for part in token if joined else (token,):
            yield kind or token, part, rest


def each_alone(token: str, names: list[str], known: Collection[str]) -> bool:
    """Whether every letter of a name in capitals is a letter, or stands in another product, AB and BA."""
    others = {name for name in names if name != token and (len(name) == 1 or TOGETHER.fullmatch(name))}
    return token.isupper() and all(sign in known or any(sign in name for name in others) for sign in token)


def multiplies(
    before: str, last: str, kind: str, token: str, rest: str, functions: Collection[str], known: Collection[str],
    spaced: bool = False,
) -> bool:  # fmt: skip
    """Whether two tokens in a row are a product: x x.T, 2x, N(N + 1), (a + b)(a - b)."""
    ends = before in ("number", "transposed", "adjoint", "raised", ")", "]") or (
        before == "name" and last not in functions and (is_letter(last) or last in known)
    )
    if kind in ("number", "name"):
        return ends and (is_letter(token) or token in functions or token in known)
    if token != "(" or not ends:
        return False
    called = last in ("gamma", "Phi")  # these two are also called
    factor = (
        FACTOR.fullmatch(last) or last == "pi" or (spaced and NUMBER.fullmatch(last)) or (last in known and not called)
    )
    return before != "name" or (bool(factor) and not lists(rest))


def is_letter(name: str) -> bool:
    """Whether a name that stands beside another is a letter, x, Sigma or w_2, and no word of a sentence."""
    return not re.fullmatch("[A-Za-z]{2,}", name) or name.lower() in LETTERS


def lists(bracket: str) -> bool:
    """Whether a bracket holds several things, with commas between, or an event: N(0, Sigma), P(u > 0)."""
    depth = 0
    for sign in bracket:
        depth += (sign in "([") - (sign in ")]")
        if not depth:
            return False
        if depth == 1 and sign in ",<>=!":
            return True
    return False
