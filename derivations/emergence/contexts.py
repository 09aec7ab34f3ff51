r"""How much context a skill needs, and when no context is enough.

The layer of `losses` leaves the share 1 − (tr R)²/cN² of the variance when it is trained. With independent tokens
it explains more than half from N = d + 1 on. When the tokens of a sentence share a topic, R_nm = r for n ≠ m, they
teach less and less, and the critical length

    N_c(r) = (d + 1)(1 − r²)/(1 − (d + 1) r²)

diverges at r = 1/√(d + 1): beyond it no context is long enough.

Source: derived here; for independent tokens the share is eq. 11 of Zhang, Singh, Latham & Saxe (arXiv 2501.16265)
"""

from sympy import Identity, OneMatrix, Rational, oo, sqrt

from derivations.emergence.losses import N, R, d, floor, lamda, s
from workbench import by, claim, probability, recall, so
from workbench.calculus.rules import crossing, expand_large, minus, over, substitute

r = probability("r")
topic = (1 - r) * Identity(N) + r * OneMatrix(N, N)  # correlations of tokens that share one
enough = (d + 1) * r**2 < 1


@claim(
    "critical scale",
    "N_c",
    rivals={"the dimension": d, "twice the dimension": 2 * d, "variances alone": 2 * d + 1, "two more": d + 2},
)
def critical_context():
    """Context length above which a trained layer explains more than half of the variance of the answers (a level).

    Tokens are independent."""
    yield recall(floor)
    yield by(substitute, "independent tokens", letters={R: Identity(N)})
    yield by(over, "as a share of the variance", what=lamda * d * s**2)
    yield by(minus, "beyond one half", what=Rational(1, 2))
    yield by(crossing, parameter=N)


@claim(
    "critical scale",
    "N_c(r)",
    rivals={
        "correlation forgotten": d + 1,
        "correlation not squared": (d + 1) * (1 - r) / (1 - (d + 1) * r),
        "fewer independent tokens": (d + 1) / (1 - r**2),
    },
    hypotheses=(enough,),
    regime=(10 * (d + 1) * r**2 < 5,),
)
def critical_context_of_a_topic():
    """Context length for half of the variance (a level) when a topic correlates all tokens of a sentence by r."""
    yield recall(floor)
    yield by(substitute, "tokens that share a topic", letters={R: topic})
    yield by(over, "as a share of the variance", what=lamda * d * s**2)
    yield by(minus, "beyond one half", what=Rational(1, 2))
    yield by(crossing, parameter=N, hypotheses=(enough,))
    yield so("stretched by the topic", (d + 1) * (1 - r**2) / (1 - (d + 1) * r**2))


@claim(
    "critical scale",
    "r_c",
    rivals={"not a root": 1 / (d + 1), "dimension alone": 1 / sqrt(d), "one half": 0 * d + Rational(1, 2)},
)
def critical_correlation():
    """Correlation by a topic above which no context length explains half of the answers (a divergence)."""
    yield recall(floor)
    yield by(substitute, "tokens that share a topic", letters={R: topic})
    yield by(over, "as a share of the variance", what=lamda * d * s**2)
    yield by(minus, "beyond one half", what=Rational(1, 2))
    yield by(expand_large, "in an endless context", large={N: oo}, order=0)
    yield by(crossing, parameter=r)
