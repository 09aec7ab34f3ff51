r"""An in-context imputer on prompts with fewer holes than in training: harmful above √2 times that share.

The layer of `masked_contexts` fills holes of a query from n incomplete examples. Its best scale is trained where
entries of examples are seen with chance q, and it is used where they are seen with chance s. For d entries of unit
variance and correlation ρ, with c(q) for the spread of its answers per pair, it changes the risk by

    p(1 − p) d(d − 1) s²ρ²/c(q) · (c(s)/c(q) − 2).

Keys and values are both read with holes, so that answers grow as s²: over an endless context the layer is worse than no
answer where s > √2 q. Short prompts forgive: for two entries, and n examples, it is where

    s > √(2q² + (2 + 1/ρ²)/(n − 1)).

Source: derived here, from `masked_contexts`
"""

from sympy import S, sqrt

from derivations.imputation.masked_contexts import d, n, p, q, rho, risk_alike, scale_alike, spread_alike, theta
from workbench import by, claim, probability, recall, so
from workbench.calculus.rules import crossing, minus, substitute

s = probability("s")


def changed(seen, trained, used):
    """The change of the risk by a layer that was trained against one spread and meets another."""
    return p * (1 - p) * d * (d - 1) * (seen * rho) ** 2 / trained * (used / trained - 2)


trained, used = spread_alike(q), spread_alike(s)


@claim(
    "expectation",
    "R_s(θ*_q) − R_s(0)",
    rivals={
        "used where it was trained": changed(q, trained, trained) + 0 * s,
        "trained where it is used": changed(s, used, used) + 0 * q,
        "answers grow as what is seen": changed(s, trained, trained * s / q),
        "endless context": changed(s, trained, trained * s**2 / q**2),
    },
    hypotheses=(d > 1,),
    regime=(d < 4,),
)
def shifted_gain():
    """Gain over predicting zero of a layer trained on prompts observed at one rate and used at another."""
    yield recall(risk_alike)
    yield by(substitute, "where it is used", letters={q: s})
    yield by(substitute, "as it was trained", letters={theta: scale_alike.formula})
    yield by(minus, "less what no answer leaves", what=p * d)
    yield so("the spread at both rates", changed(s, trained, used))


SEEN = (n > 1, 2 * q**2 + (2 + 1 / rho**2) / (n - 1) < 1)


@claim(
    "critical scale",
    "s_c of a pair",
    rivals={
        "endless context": sqrt(2) * q + 0 * n * rho,
        "keys alone have holes": 2 * q + (2 + 1 / rho**2) / (n - 1),
        "one example more": sqrt(2 * q**2 + (2 + 1 / rho**2) / n),
        "examples independent of themselves": sqrt(2 * q**2 + 1 / ((n - 1) * rho**2)),
    },
    hypotheses=SEEN,
)
def harmful_rate():
    """Observed share above which an in-context imputer of pairs is worse than predicting zero (a crossover)."""
    yield recall(shifted_gain)
    yield by(substitute, "a pair", letters={d: S(2)})
    yield by(crossing, parameter=s, hypotheses=SEEN)
    yield so("squares add", sqrt(2 * q**2 + (2 + 1 / rho**2) / (n - 1)))
