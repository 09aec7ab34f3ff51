r"""Sentences: the laws of letters in the words of papers, as they are declared here.

x is Gaussian with covariance Σ,  x is a standard Gaussian vector in R^d,  W ∈ R^{d×n} has i.i.d. N(0, 1) entries,
X has N i.i.d. columns x_i ~ N(0, Σ),  x_1, …, x_N ~ N(0, Σ),  Q is Haar distributed,  u is uniform on the sphere
→   x ~ N(0, Σ),  x: d ~ N(0, I),  W: d×n ~ N(0, 1),  X: d×N ~ N(0, Σ),  X ~ N(0, Σ),  Q: Haar,  u: d ~ Sphere
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ONE = r"\\?[A-Za-zΑ-Ωα-ω]\w*"
SOME = rf"{ONE}(?:\s*,\s*{ONE})*"
IS = r"(?:is|are|be|has|have)\s+(?:an?\s+)?"
IID = r"(?:\(?\b(?:i\.?i\.?d\.?|independent)\)?\s*)?"
GAUSSIAN = r"(?:(?:multivariate|centered|centred|zero[- ]mean|mean[- ]zero)\s+)*(?:[Gg]aussian|[Nn]ormal)"
VECTOR = r"(?:\s+(?:random\s+)?(?:vectors?|variables?|distributed))?"
IN = r"(?:\s*(?::|∈|in)\s*(?:R\s*\^\s*)?\{?(?P<shape>\w+(?:\s*[×x]\s*\w+)?)\}?)?"
LAW = r"(?P<law>(?:\\?\w+\s*)?(?:\{\w+\})?\s*\(.*\))"
COVARIANCE = (
    r"(?:\s*,?\s*(?:with\s+)?mean\s+(?:zero|0)\s*(?:,|and)?)?\s*,?\s*(?:with\s+)?covariance\s+(?:matrix\s+)?(?P<cov>.+)"
)
DOTS = r"(?:\\[lc]?dots|\.\.\.|…)"
INDEX = r"_\s*\{?\s*[i-n]\s*\}?"
ENTRIES = r"Ber|Bern|Bernoulli|Rad|Rademacher"  # laws of numbers

SENTENCES = (
    (re.compile(rf"(?P<who>{SOME})\s+{IS}{GAUSSIAN}{VECTOR}{IN}{COVARIANCE}"), "{who}{shape} ~ N(0, {cov})"),
    (re.compile(rf"(?P<who>{SOME})\s+{IS}standard\s+{GAUSSIAN}\s+(?:random\s+)?vectors?{IN}"), "{who}: {d} ~ N(0, I)"),
    (re.compile(rf"(?P<who>{SOME})\s+{IS}standard\s+{GAUSSIAN}(?:\s+(?:variables?|scalars?|numbers?))?"),
     "{who} ~ N(0, 1)"),
    (re.compile(rf"(?P<who>{ONE}){IN}\s+(?:(?:has|have|with)\s+)?{IID}{LAW}\s+{IID}entries"), "{who}{shape} ~ {law}"),
    (re.compile(rf"(?P<who>{ONE}){IN}\s+(?:(?:has|have|with)\s+)?{IID}entries\s*~?\s*(?:from\s+)?{LAW}"),
     "{who}{shape} ~ {law}"),
    (re.compile(rf"(?P<who>{ONE})\s+{IS}(?:(?P<count>\w+)\s+)?{IID}columns(?:\s+{ONE})?\s*(?:~|from)\s*{LAW}"),
     "{who}{columns} ~ {law}"),
    (re.compile(rf"(?P<who>{ONE})\s+{IS}Haar(?:[- ](?:distributed|random|uniform))?"
                r"(?:\s+(?:on|in)\s+O\s*\((?P<size>\w+)\))?(?:\s+orthogonal(?:\s+matrix)?)?"),
     "{who}: {size}×{size} ~ Haar"),
    (re.compile(rf"(?P<who>{ONE})\s+{IS}uniform(?:ly)?(?:\s+distributed)?\s+(?:on|over)\s+the\s+(?:unit\s+)?sphere"),
     "{who}: d ~ Sphere"),
)  # fmt: skip
LISTED = re.compile(rf"\(?\s*({ONE}?)_\s*\{{?1\}}?\s*,\s*{DOTS}\s*,\s*\1_\s*\{{?(\w+)\}}?\s*\)?\s*~\s*(.+)")
INDEXED = re.compile(rf"(\\?[A-Za-zα-ω]+){INDEX}(?:\s*,\s*\1{INDEX})*\s*~\s*(.+)")
BY_INDEX = re.compile(r"(?<![A-Za-z])([a-z])\}?\s*_\s*\{?\s*[1i-n]\s*\}?(?=[^;]*?(?:[~∼]|\\sim|i\.?i\.?d))")
OF_COLUMNS = re.compile(r",\s*(?:[^,()]*[-+*/ ])?\\?(?:math\w+\s*\{)?[A-ZΑ-Ω]")  # their covariance is a capital letter
OF_NUMBERS = re.compile(rf"\s*(?:(?:\\\w+\s*\{{)?(?:{ENTRIES})\b|(?:\\\w+\s*\{{?)?\w+\}}?\s*\(\s*0\s*,\s*[\d./]+\s*\))")


def in_signs(said: str) -> str:
    """What a sentence says of a letter in the signs of a declaration; what is no such sentence as it is."""
    said = said.replace("$", " ").strip()
    for pattern, form in SENTENCES:
        if found := pattern.fullmatch(said):
            parts = {name: part for name, part in found.groupdict().items() if part}
            shape = parts.get("shape", "")
            columns = f": d×{parts['count']}" if "count" in parts else ""
            return form.format(**{"cov": "", "law": "", "size": "d", **parts, "shape": f": {shape}" if shape else "",
                                  "d": shape or "d", "columns": columns})  # fmt: skip
    return of_columns(said)


def named_by_columns(texts: Iterable[str]) -> set[str]:
    """The small letters of which texts give the law of columns, x of x_i ~ N(0, Σ)."""
    return {name for text in texts for name in BY_INDEX.findall(text)}


def of_columns(said: str) -> str:
    """x_1, …, x_N ~ N(0, Σ) as the columns of X, or the entries of x where the law is one of numbers."""
    if listed := LISTED.fullmatch(said):
        name, count, law = listed.groups()
    elif indexed := INDEXED.fullmatch(said):
        name, law = indexed.groups()
        count = ""
    else:
        return said
    if OF_NUMBERS.match(law) or not OF_COLUMNS.search(law):
        return f"{name}: {count or 'd'} ~ {law}"
    if not re.fullmatch("[a-z]", name):
        return said
    return f"{name.upper()}{f': d×{count}' if count else ''} ~ {law}"
