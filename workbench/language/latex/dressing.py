r"""Dressing: what papers put around a formula that says nothing of its value.

\mathop{\mathbb{E}}\limits,  {\rm tr},  \underbrace{a + b}_{risk},  \stackrel{(a)}{=},  \phantom{=}
→   \mathbb{E},  \operatorname{tr},  {a + b},  =,  (nothing)
"""

from __future__ import annotations

import re

GROUP = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"  # braces with two levels of others in them
GONE = re.compile(
    rf"\\(?:[hv]space|[mhv]?phantom|mspace|label|tag|color|vcenter)\*?\s*{GROUP}"
    r"|\\(?:quad|qquad|left|right|middle|(?:display|text|script|scriptscript)style|limits|nolimits|nonumber|notag"
    r"|mathop|mathstrut|strut|[bB]igg?[lrm]?)(?![A-Za-z])"
    r"|\\[,;:!> \n]|[~$]|(\\\\)(?:\s*\[[^\]]*\])?"  # \\ breaks a line, and stays
)
KEPT = re.compile(rf"\\(?:mathop|mathrm|boxed|ensuremath|mathord|mathbin|smash)\s*{GROUP}")  # around more than a word
BRACED = re.compile(rf"\\(?:under|over)brace\s*{GROUP}(?:\s*[_^]\s*{GROUP})?")
SIGN = r"(==?|\\sim|\\leq?|\\geq?)"
NOTED = re.compile(rf"\\(?:stackrel|overset)\s*{GROUP}\s*(?:\{{\s*{SIGN}\s*\}}|{SIGN}(?![A-Za-z]))")
OLD = re.compile(r"\{\s*\\(rm|bf|it|cal|sf|tt|sc)(?![A-Za-z])\s*([^{}]*)\}")
NEW = {"rm": "operatorname", "bf": "mathbf", "it": "mathit", "cal": "mathcal", "sf": "mathsf", "tt": "mathrm"}
CHOOSE = re.compile(r"\{([^{}]*)\\choose(?![A-Za-z])([^{}]*)\}")
WORD = re.compile(r"\\?[A-Za-z0-9]+\s*")


def bare(text: str) -> str:
    """A formula without its dressing."""
    text = OLD.sub(lambda found: f"\\{NEW.get(found[1], 'mathrm')}{{{found[2].strip()}}}", text)
    text = NOTED.sub(lambda found: f" {found[2] or found[3]} ", text)
    text = CHOOSE.sub(r"\\binom{\1}{\2}", text)
    text = BRACED.sub(r"{\1}", text)
    text = KEPT.sub(lambda found: found[0] if is_word(found) else f" {found[1]} ", text)
    return GONE.sub(lambda found: f"{found[2] or ''} ", text)


def is_word(found: re.Match[str]) -> bool:
    r"""Whether a style is that of a word, \mathrm{tr}: what stands there is read as one."""
    return bool(WORD.fullmatch(found[1])) and not found[0].startswith(("\\mathop", "\\boxed", "\\ensuremath"))
