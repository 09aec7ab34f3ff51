r"""Attention tells the tokens of a long context apart from the inverse temperature β = ln n/(1 − ρ) on.

Unit tokens x_1 … x_n have the same angle, ⟨x_i, x_j⟩ = ρ, and attend to each other with scores β⟨x_i, x_j⟩. A token
weighs itself u = e^{β(1−ρ)} times as much as another one; two outputs have the cosine

    (ρ(u − 1)² + (2(u − 1) + n)m)/((u − 1)² + (2(u − 1) + n)m),    m = 1 + (n − 1)ρ.

A token weighs as much as all others at β = ln(n − 1)/(1 − ρ). With β = γ ln n this is γ_c = 1/(1 − ρ) in the
long-context limit: below, all outputs become one; above, tokens keep their angle; at γ_c the cosine tends to
4ρ/(1 + 3ρ).

Source: Chen, Lin, Polyanskiy & Rigollet, Critical attention scaling in long-context transformers (arXiv 2510.05554),
Theorem 2.1 for the limits; finite contexts are derived here
"""

from sympy import Identity, OneMatrix, exp, log, oo

from workbench import E, by, claim, count, dot, gaussian, given, positive, probability, recall, so
from workbench.calculus.rules import crossing, expand_large, expectation, substitute

n = count("n")
beta, weight, rho = positive("beta"), positive("weight"), probability("rho")  # weight: a token's own, over another's
alone = (1 - rho) * Identity(1)  # with the cosines of tokens for correlations, every token is one number
common, one, other = (
    gaussian("common", 1, cov=rho * Identity(1)),
    gaussian("one", 1, cov=alone),
    gaussian("other", 1, cov=alone),
)
others = gaussian("others", 1, n - 2, cov=alone)

u, m = exp(beta * (1 - rho)), 1 + (n - 1) * rho
shared = (2 * (u - 1) + n) * m
several = n > 2


def returned(own):
    """What the token with that own part returns, up to the sum of its weights, which cancels in a cosine."""
    everyone = n * common + one + other + others * OneMatrix(n - 2, 1)
    return (weight - 1) * (common + own) + everyone


@claim(
    "expectation",
    "cos(T(x_1), T(x_2))",
    rivals={
        "tokens' own": rho + 0 * beta * n,
        "others' sum forgotten": (rho * (u - 1) ** 2 + n * m) / ((u - 1) ** 2 + n * m),
        "independent tokens": n * m * rho / shared,
        "weight of others not subtracted": (rho * u**2 + (2 * u + n) * m) / (u**2 + (2 * u + n) * m),
    },
    hypotheses=(several,),
    regime=(beta < 4,),
)
def cosine():
    """Cosine of two outputs of attention over n tokens that all have the same angle."""
    product, square = E(dot(returned(one), returned(other))), E(dot(returned(one), returned(one)))
    yield given("correlation of two outputs", product / square)
    yield by(expectation)
    yield by(substitute, "under softmax", letters={weight: u})
    yield so("in powers of the own weight", (rho * (u - 1) ** 2 + shared) / ((u - 1) ** 2 + shared))


@claim(
    "critical scale",
    "β_c",
    rivals={
        "angle forgotten": log(n - 1) / rho,
        "cosine for its difference from one": log(n - 1) / (1 + rho),
        "as many as there are": log(n) / (1 - rho),
        "square of a norm": log(n - 1) / (1 - rho**2),
    },
    hypotheses=(several,),
    regime=(rho < 0.9,),
)
def critical_temperature():
    """Inverse temperature at which a token weighs as much as all others (a transition in long contexts)."""
    yield given("logarithm of own weight over all others'", beta - beta * rho - log(n - 1))
    yield by(crossing, parameter=beta)


@claim(
    "rate",
    "lim cos at γ_c",
    rivals={
        "tokens' own": rho,
        "halves of both": 2 * rho / (1 + rho),
        "mean of the two phases": (1 + rho) / 2,
        "three tokens": 3 * rho / (1 + 2 * rho),
    },
)
def critical_cosine():
    """Cosine of two outputs in the long-context limit at the critical scale, between one and the tokens' own."""
    yield recall(cosine)
    yield by(substitute, "at β = ln n/(1 − ρ)", letters={beta: log(n) / (1 - rho)})
    yield by(expand_large, "long contexts", large={n: oo}, order=0)
    yield so("in short", 4 * rho / (1 + 3 * rho))
