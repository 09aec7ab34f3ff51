"""The words of the workbench, each explained once; `workbench --words`, the report and the documentation show them."""

from __future__ import annotations

WORDS = {
    "letter": "A symbol of a formula whose class is its hypothesis: a dimension, a positive number, a unit vector, a "
    "symmetric positive definite matrix, a random matrix.",
    "law": "The distribution of a random letter, e.g. independent Gaussian columns, a Bernoulli mask, a mixture.",
    "claim": "One statement of a theorem: a proof whose last line is the closed form, and rivals that it must beat.",
    "hypothesis": "A relation between letters, such as N > d + 1, under which a claim says that it holds.",
    "regime": "A relation between letters under which a claim is measured, where sampling is affordable; it is no part "
    "of what the claim says.",
    "twin": "The function of the same name that measures a claim from its definition. It asks for named blocks of "
    "randomness and returns what one sample is worth.",
    "instance": "One value for every letter of a claim, drawn at random so that its hypotheses hold. A claim is "
    "measured at several.",
    "rung": "A way to average a twin's samples, sharpest first: exact cubature, quadrature, quasi-random points, "
    "independent repetitions. The verdict names those that were used.",
    "resolution": "The relative error of a formula that the evidence would almost surely have refuted. A verdict "
    "supports only what was measured sharply enough.",
    "rival": "A wrong formula that the author of a claim wrote down: what a careless reader would have derived. The "
    "same evidence must refute it.",
    "mutant": "A wrong formula that the workbench makes of a right one: a sign, a factor, a letter or a term changed.",
    "canary": "A claim that is known to be wrong and is judged in every run. Where one survives, the run is void.",
    "witness": "An instance at which a refuted formula fails, with the claimed and the measured number; as small as "
    "could be found.",
}


def as_text(width: int = 88) -> str:
    """The words for a terminal, in the order in which they build on each other."""
    from textwrap import fill

    indent = " " * 14
    return "\n".join(
        fill(f"{word:<14}{says}", width, subsequent_indent=indent, break_on_hyphens=False)
        for word, says in WORDS.items()
    )
