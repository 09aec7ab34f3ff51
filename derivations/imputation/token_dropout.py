r"""Softmax attention over a context of which tokens are missing: large queries do not see the holes.

Tokens x ~ N(0, Σ) of an endless context are seen with chance q, and read as zero otherwise; with p = 1 − q a softmax
head answers the query w with

    T(w) = φ Σw,    φ = q e^{wᵀΣw/2}/(p + q e^{wᵀΣw/2}),

for a zero scores nothing while tokens along the query score much. Small queries meet q Σw, which is what linear
attention answers to every query; large ones meet Σw, as if no token were missing. Where more than half of the tokens
are missing, half of what complete tokens would say is answered to a query of length √(2 log(p/q)/fᵀΣf) along f.

Source: derived here; the complete case is Boursier & Boyer (2025), Lemma 2.1
"""

from sympy import Rational, exp, log, sqrt

from workbench import E, by, claim, form, gaussian, given, positive, probability, recall, size, so, spd, tr, unit_vector
from workbench import vector as letter
from workbench.calculus.rules import crossing, minus, over, paired, substitute, tilting

d, p, a = size("d"), probability("p"), positive("a")
q = 1 - p
Sigma, w, f = spd("Sigma", d), letter("w", d), unit_vector("f", d)
x = gaussian("x", d, cov=Sigma)
score = exp(tr(w.T * x))


def gate(lift):
    """The share of the weight that tokens have that were seen, when each weighs that much more than a zero."""
    return q * lift / (p + q * lift)


lifted = exp(form(w, Sigma, w) / 2)


@claim(
    "expectation",
    "T(w)",
    rivals={
        "linear attention": q * Sigma * w,
        "no token missing": Sigma * w + 0 * p * Sigma * w,
        "square of the score not halved": gate(lifted**2) * Sigma * w,
        "seen and missing exchanged": (p * lifted / (q + p * lifted)) * Sigma * w,
    },
)
def answer():
    """Answer of softmax attention when missing tokens are read as zero: the complete answer, times a gate."""
    yield given("values weighted by scores; a zero weighs one", q * E(x * score) / (p + q * E(score)))
    yield by(tilting)
    yield so("a gate", gate(lifted) * Sigma * w)


@claim(
    "critical scale",
    "a_c",
    rivals={
        "score not halved": sqrt(log(p / q) / form(f, Sigma, f)),
        "a square forgotten": 2 * log(p / q) / form(f, Sigma, f),
        "chance to be missing alone": sqrt(-2 * log(q) / form(f, Sigma, f)),
        "unit variance": sqrt(2 * log(p / q)) + 0 * form(f, Sigma, f),
    },
    hypotheses=(2 * p > 1,),
)
def half_length():
    """Length of the query above which the gate is more than one half (a level)."""
    yield recall(answer)
    yield by(substitute, "a query of length a", letters={w: a * f})
    yield by(paired, "along its direction", vector=f)
    yield by(over, "over the answer of complete tokens", what=a * form(f, Sigma, f))
    yield by(minus, "one half", what=Rational(1, 2))
    yield by(crossing, parameter=a, value=sqrt(2 * log(p / q) / form(f, Sigma, f)))
