r"""Tokens: the commands, letters and signs of LaTeX, a letter without its style."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Collection, Mapping

from workbench.language.function_rows import OTHER_NAMES, Rows
from workbench.language.latex.dressing import bare as bare_of_dress

SPACE = re.compile(r"\\in\s*\\mathbb\s*\{?R\}?\s*\^\s*\{?([^{}]*)\}?$")  # A ∈ ℝ^{d×d} declares A: d×d
STYLED = re.compile(
    r"\\(math(?:bbm|bf|bb|ds|cal|sf|it|rm|scr|frak|tt|bfit)|boldsymbol|bm|bold|pmb|vec|operatorname\*?"
    r"|text(?:rm|it|bf|sf|normal)?|mbox)(?![A-Za-z])\s*"
    r"(?:\{\s*(\\word\{\w+\}|\\?[A-Za-z0-9]+)\s*\}|(\\word\{\w+\}|\\[A-Za-z]+|[A-Za-z0-9]))"
)
TOKEN = re.compile(
    r"\\word\{\w+\}|\\(?:begin|end)\{\w+\*?\}|\\[A-Za-z]+|\\.|\.[TH]\b|\*\*|[<>=!]=|\d+(?:\.\d+)?|[A-Za-z]+(?:_\w+)?|\S",
    re.DOTALL,
)
CALLED = re.compile(r"(?<![\\A-Za-z_{])[A-Za-z]{3,}(?:_[a-z]{3,})?(?=\s*\()")  # softmax(x), typed as a word
WORDS = {
    **{name: name for name in "det tr diag inv norm had kron vec Var Cov Pr ones transpose sum grad lim E".split()},
    "Corr": "Corr", "Tr": "tr", "trace": "tr",
}  # fmt: skip
CALLS: Mapping[str, str] = ChainMap(WORDS, Rows(lambda row: row.name), OTHER_NAMES)  # type: ignore[arg-type]
SIGNS = {
    **{sign: sign for sign in "+ - * / , = < > : ; == <= >= ** ~".split()}, "\\cdot": "@", "\\times": "×", "\\sim": "~",
    "\\mid": " | ", "\\le": "<=", "\\leq": "<=", "\\ge": ">=", "\\geq": ">=", "\\colon": ":", "\\equiv": "==",
    "\\neq": "!=", "\\ne": "!=", "≠": "!=",
}  # fmt: skip
ACCENTS = ("hat", "tilde", "bar", "dot", "widehat", "widetilde", "overline")
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi rho sigma tau upsilon phi chi psi omega"
).split()
SPELLED = {
    "lambda": "lamda", "varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "ell": "l", "pi": "pi",
    "infty": "oo",
}  # fmt: skip
BARS = {"|": "abs", "\\vert": "abs", "\\lvert": "abs", "\\|": "norm", "\\Vert": "norm", "\\lVert": "norm"}
BARS_CLOSE = {"\\lvert": "\\rvert", "\\lVert": "\\rVert"}
CLOSE = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "\\lbrack": "\\rbrack", "\\langle": "\\rangle"}
ENDS = (*CLOSE.values(), *BARS_CLOSE.values(), "&", "\\\\", "")
UPRIGHT = ("mathrm", "text", "textrm", "textnormal", "mbox", "operatorname", "operatorname*", "textit")
DEEPEST = 5  # of styles within styles
TOP = ("T", "\\top", "\\intercal", "\\prime", "\\word{T}", "⊤", "ᵀ")
ADJOINT = ("H", "\\dagger", "\\word{H}", "†", "ᴴ")
STARS = ("*", "\\star", "\\ast")
TWO = "has two readings; write \\frac or its brackets"


def tokens(text: str, known: Collection[str]) -> list[str]:
    """The tokens of a formula; known: names that are letters already."""
    plain = unstyled(bare_of_dress(SPACE.sub(r" : \1 ", text)))
    upright = CALLED.sub(lambda found: found[0] if is_read(found[0], known) else f"\\word{{{found[0]}}}", plain)
    return [part for found in TOKEN.findall(upright) for part in apart(found, known)]


def is_read(word: str, known: Collection[str]) -> bool:
    """Whether a word before a bracket has a meaning of its own."""
    return word in known or word in CALLS or word.lower() in (*GREEK, *SPELLED)


def unstyled(text: str) -> str:
    r"""Letters without their styles, from the inside out: \bm{\mathcal{X}}."""
    for _ in range(DEEPEST):
        if (found := STYLED.sub(styled, text)) == text:
            break
        text = found
    return text


def styled(found: re.Match[str]) -> str:
    r"""A letter without its style; \mathbb{E}, an upright e and \mathbf{1} have a meaning of their own."""
    style, inside = found[1], found[2] or found[3]
    if inside.startswith("\\word"):
        return f" {inside} "
    if inside == "1":
        return " \\ones "
    if inside == "P" and style in ("mathbb", "operatorname", "mathrm", "mathsf"):
        return " \\word{Pr} "
    if inside == "I" and style in ("mathbb", "mathbbm", "mathds"):
        return " \\indicator "
    if inside == "E" and style in ("mathbb", "mathbf", "operatorname", "mathrm", "mathsf"):
        return " \\word{E} "
    if style in UPRIGHT and inside[0] != "\\":
        return f" \\word{{{inside}}} "
    return f" {inside} "


def apart(token: str, known: Collection[str]) -> list[str]:
    """Ax is A and x, unless it is a letter itself, a word that is called, or the name of a Greek letter."""
    if not token[0].isalpha() or token in known or token in CALLS or token.lower() in GREEK:
        return [token]
    name, _, below = token.partition("_")
    if below and name in CALLS and name not in known:
        return [f"\\word{{{name}}}", "_", below]
    letters = [name] if name in known or name.lower() in GREEK else list(name)
    return [*letters, "_", below] if below else letters


def bare(name: str) -> str:
    """What the spellings of a letter have in common: u1 and u_{1}, lam and lamda, vstar and v_star."""
    short = re.sub(r"^lambda", "lamda", re.sub(r"[\W_]", "", name))
    return re.sub(r"^eps(?=$|[^i])", "epsilon", re.sub(r"^lam(?=$|[^d])", "lamda", short))
