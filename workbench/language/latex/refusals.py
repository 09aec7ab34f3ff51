r"""Refusals: commands of LaTeX that papers use and that say nothing which can be judged, each with what to write."""

CASES = "is a formula by cases; state each case by itself, its hypothesis behind a where"
CLOSE_TO = "is no equality; write =, or lim(…) = … for what holds in the limit"
ORDER = "says no value; write an equality, or lim(…) = … for what holds in the limit"
PARTS = "rounds a number, and is not read"
INSTEAD = {
    "\\mid": "stands alone: |a| is read; a conditional mean E[a | b] is not, so state it for the mean over everything",
    "O(…)": ORDER, "o(…)": ORDER, "\\lfloor": PARTS, "\\lceil": PARTS,
    "an accent over a mean": "is not read; write an empirical mean as a sum, \\frac{1}{n} \\sum_{i=1}^{n} …",
    "\\in": "in a formula is not read; state an equality or an inequality, letters are declared behind a where",
    "\\begin{cases}": CASES, "\\begin{dcases}": CASES, "\\begin{rcases}": CASES,
    "\\int": "is not read; an integral over a density is a mean, \\mathbb{E}[…], of a letter with that law",
    "\\prod": "is not read; write the product out, or a sum of logarithms", "\\hbar": "is no letter here",
    **dict.fromkeys(
        ("\\approx", "\\simeq", "\\asymp", "\\to", "\\rightarrow", "\\propto", "\\lesssim", "\\gtrsim"), CLOSE_TO
    ),
    **dict.fromkeys(("\\ldots", "\\dots", "\\cdots"), "leaves terms to the reader; write them out, or as a \\sum"),
    **dict.fromkeys(("\\otimes", "\\oplus"), "is not read; write the formula for the matrices that it is made of"),
    **dict.fromkeys(
        ("\\sup", "\\inf", "\\argmin", "\\argmax"), "is not read; state what holds at the place where it is taken"
    ),
}  # fmt: skip
