r"""Attention by distance never makes a cloud explode in finite depth: it ends up growing exponentially.

With scores −|Qx − KX|² a token of N(0, Σ) is moved by T(x) = 2V(Σ⁻¹ + 2KᵀK)⁻¹KᵀQx (`softmax_affine`). Where Σ = σI
and V, K, Q are v, k, q times the identity, depth makes the variance grow by

    σ̇ = 4vkqσ²/(1 + 2k²σ),    t = (k/2vq) ln(σ/σ₀) + (1/σ₀ − 1/σ)/(4vkq):

early it grows as under softmax with twice its scores, which explodes at a finite depth; late it grows at the rate
2vq/k, because a query that is far out meets no more than the few keys near it.

Source: derived here, from the velocity of Castin, Ablin, Carrillo & Peyré (arXiv 2501.18322)
"""

from sympy import Identity, ZeroMatrix, log, oo

from derivations.measures.softmax_affine import I, K, Q, Sigma, V, d, l2_output, mu, x
from workbench import E, by, claim, gaussian, given, positive, recall, so
from workbench.calculus.rules import expand_large, expectation, over, paired, passage_time, substitute

v, k, q, variance, start = (positive(name) for name in ("v", "k", "q", "variance", "start"))
Y = gaussian("Y", d, cov=Sigma)
round_ = {Sigma: variance * I, V: v * I, K: k * I, Q: q * I}
longer = start < variance, 0.1 < start, variance < 10


@claim(
    "flow",
    "σ̇",
    rivals={
        "as under softmax": 2 * v * k * q * variance**2,
        "half the bandwidth": 4 * v * k * q * variance**2 / (1 + k**2 * variance),
        "spread of the query counted once": 2 * v * k * q * variance**2 / (1 + 2 * k**2 * variance),
        "prior forgotten": 2 * v * q * variance / k,
    },
)
def velocity():
    """Velocity of the variance of a round cloud under attention by distance."""
    moved = l2_output.formula.xreplace({x: Y}).xreplace({mu: ZeroMatrix(d, 1)})
    yield given("the covariance of place and velocity, twice", E(Y * moved.T + moved * Y.T))
    yield by(expectation)
    yield by(substitute, "a round cloud", letters=round_)
    yield by(paired, "all directions together", vector=Identity(d))
    yield by(over, "for each of them", what=d)
    yield so("in short", 4 * v * k * q * variance**2 / (1 + 2 * k**2 * variance))


@claim(
    "flow",
    "t(σ)",
    rivals={
        "as under softmax": (1 / start - 1 / variance) / (2 * v * k * q),
        "exponential from the start": k / (2 * v * q) * log(variance / start),
        "logarithm counted twice": k / (v * q) * log(variance / start) + (1 / start - 1 / variance) / (4 * v * k * q),
        "sign of the early growth": k / (2 * v * q) * log(variance / start)
        - (1 / start - 1 / variance) / (4 * v * k * q),
    },
    hypotheses=(start < variance,),
    regime=longer,
)
def depth():
    """Depth at which a round cloud reaches a variance: finite for every one, so there is no blow-up in finite depth."""
    yield recall(velocity)
    yield by(passage_time, unknown=variance, initial=start)
    yield so(
        "late growth and early growth",
        k / (2 * v * q) * log(variance / start) + (1 / start - 1 / variance) / (4 * v * k * q),
    )


@claim(
    "rate",
    "lim σ̇/σ",
    rivals={
        "half of it": v * q / k,
        "keys for their inverse": 2 * v * q * k,
        "both sides": 4 * v * q / k,
    },
)
def late_growth():
    """Exponential rate at which a wide cloud grows under attention by distance."""
    yield recall(velocity)
    yield by(over, "in shares", what=variance)
    yield by(expand_large, "wide clouds", large={variance: oo}, order=0)
