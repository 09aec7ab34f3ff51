r"""Risk of linear attention heads that reconstruct the tokens of two clusters.

Tokens x_1, …, x_L in R^d are i.i.d. from the mixture ½N(μ0, σ²I) + ½N(μ1, σ²I), with centroids of
length one that are orthogonal. Heads with one key–query vector u_h each and identity values add up to

    T(X)_l = (2λ/L) Σ_k (x_lᵀ M x_k) x_k,        M = Σ_h u_h u_hᵀ = UUᵀ,

where a token attends to itself as well. No label is shown: the risk is R = E|x_1 − T(X)_1|², the same for
every token, so it is the mean of tr((I − 2λ/L SM) S (I − 2λ/L MS))/L with S = XXᵀ. It sees the heads through M
only: rotating them among each other, U → UQ, changes nothing, and the centroids are not identified.

Source: Maulen-Soto, Boyer & Marion, Attention-based clustering (arXiv 2505.13112); the prefactor 2λ/L and the
formulas for finite L are derived here
"""

from sympy import Identity, Rational, S, oo

from workbench import (
    E,
    by,
    claim,
    count,
    form,
    given,
    matrix,
    mixture,
    orthogonal,
    positive,
    recall,
    size,
    so,
    symmetric,
    tr,
    unit_vector,
)  # fmt: skip
from workbench.calculus.rules import expand_large, expectation, gradient, substitute

d, h, L = size("d"), size("h"), count("L")
lamda, sigma = positive("lamda"), positive("sigma")
mu0 = unit_vector("mu0", d)
mu1 = unit_vector("mu1", d, orthogonal_to=[mu0])
M, U, Q = symmetric("M", d), matrix("U", d, h), orthogonal("Q", h)
I = Identity(d)

half = Rational(1, 2)
X = mixture("X", d, [(half, mu0, sigma**2 * I), (half, mu1, sigma**2 * I)], L)
left = I - 2 * lamda / L * X * X.T * M  # what the layer leaves of the prompt is left · X

P = mu0 * mu0.T + mu1 * mu1.T
C = P / 2 + sigma**2 * I  # the second moment of a token
fourth = (1 + (d + 4) * sigma**2) * C + (1 - 2 * sigma**2) * sigma**2 * I  # E|x|²xxᵀ
a0, a1, b = form(mu0, M, mu0), form(mu1, M, mu1), form(mu0, M, mu1)
lean0, lean1, between = (overlap.xreplace({M: U * U.T}) for overlap in (a0, a1, b))
swap = mu0 * mu1.T + mu1 * mu0.T

# Coefficients of the risk: v = σ² and p = 1/L; heads gain by pointing at the centroids and pay for everything else.
v, p = sigma**2, 1 / L
gain = lamda * (1 + 4 * v + (1 + (2 * d + 4) * v) * p)  # of a0 + a1
spill = 4 * lamda * v * (v + (1 + (d + 1) * v) * p)  # of tr M
twice = half + 2 * v + (3 * half + (d + 8) * v) * p + (d + 6) * v * p**2  # of a0² + a1²
across = 4 * v * (p - p**2)  # of a0 a1
confused = 1 + 4 * v + ((2 * d + 4) * v - 1) * p - (2 * d + 8) * v * p**2  # of b²
reach = v + 6 * v**2 + (5 * v + (4 * d + 18) * v**2) * p + (2 * v + (4 * d + 24) * v**2) * p**2  # of μ0ᵀM²μ0 + μ1ᵀM²μ1
mixed = (2 * v + 12 * v**2) * p + (2 * v + (4 * d + 12) * v**2) * p**2  # of (a0 + a1) tr M
square = 4 * v**2 * (v + (1 + (d + 3) * v) * p + (1 + (d + 4) * v) * p**2)  # of tr M²
trace = 8 * v**3 * p + 4 * v**2 * (1 + (d + 2) * v) * p**2  # of (tr M)²


def risk_with(strength, across, confused):
    """The risk with this strength, and these numbers for the coefficients of a0 a1 and b²."""
    return (
        1 + d * v - strength / lamda * (gain * (a0 + a1) + spill * tr(M))
        + strength**2 * (
            twice * (a0**2 + a1**2) + across * a0 * a1 + confused * b**2 + reach * tr(M * P * M)
            + mixed * (a0 + a1) * tr(M) + square * tr(M**2) + trace * tr(M) ** 2
        )
    )  # fmt: skip


@claim(
    "expectation",
    "R(M)",
    rivals={
        "heads do not disturb each other": risk_with(lamda, S.Zero, confused),
        "half the weight of confusion": risk_with(lamda, across, confused / 2),
        "one head's prefactor": risk_with(lamda / 2, across, confused),
        "tokens do not see themselves": tr(C)
        - 4 * lamda * tr(C * M * C)
        + 4 * lamda**2 / L * (tr(M * fourth * M * C) + (L - 1) * tr(M * C * C * M * C)),
        "endless prompt": tr((I - 2 * lamda * C * M) * C * (I - 2 * lamda * M * C)),
        "fourth moment forgotten": tr((I - 2 * lamda * C * M) * C * (I - 2 * lamda * M * C))
        + 4 * lamda**2 / L * (tr(C) * tr(M * C * M * C) - tr(M * C * C * M * C)),
    },
)
def risk():
    """Mean squared reconstruction error of the heads on prompts of length L."""
    yield given("squared distance between tokens and outputs", E(tr(left * X * X.T * left.T)) / L)
    yield by(expectation)
    yield so("collected by the scores of the centroids", risk_with(lamda, across, confused))


@claim(
    "gradient",
    "∇R(U)",
    rivals={
        "endless prompt": -8 * lamda * C * C * U
        + 8 * lamda**2 * (C * U * U.T * C * C + C * C * U * U.T * C) * U,
        "as if without noise": -4 * lamda * (1 + 1 / L) * P * U
        + 4 * lamda**2 * (1 + 3 / L) * (lean0 * mu0 * mu0.T + lean1 * mu1 * mu1.T) * U
        + 4 * lamda**2 * (1 - 1 / L) * between * swap * U,
    },
    regime=(L < 5,),
)  # fmt: skip
def head_gradient():
    """Gradient of the risk in the key–query vectors of any number of heads."""
    yield recall(risk)
    yield by(substitute, "heads share their values", letters={M: U * U.T})
    yield by(gradient, wrt=U)
    yield so(
        "collected in the same way",
        -2 * gain * P * U - 2 * spill * U
        + 2 * lamda**2 * (
            (2 * twice * lean0 + across * lean1) * mu0 * mu0.T + (2 * twice * lean1 + across * lean0) * mu1 * mu1.T
            + confused * between * swap + reach * (U * U.T * P + P * U * U.T) + mixed * tr(U * U.T) * P
            + mixed * (lean0 + lean1) * I + 2 * square * U * U.T + 2 * trace * tr(U * U.T) * I
        ) * U,
    )  # fmt: skip


@claim(
    "identity",
    "R(UQ)",
    rivals={
        "keys rotated, queries not": risk.formula.xreplace({M: U * Q * U.T}),
        "a rotation turns signs": risk.formula.xreplace({M: -U * U.T}),
        "a rotation costs, so that training finds the centroids": risk.formula.xreplace({M: U * U.T})
        + lamda**2 * tr((Q - Identity(h)).T * (Q - Identity(h))),
    },
)
def rotated_heads():
    """The risk is invariant under rotations of the heads among each other: no head need point at a centroid."""
    yield recall(risk)
    yield by(substitute, "rotated heads", letters={M: (U * Q) * (U * Q).T})
    yield so("as before the rotation", risk.formula.xreplace({M: U * U.T}))


@claim(
    "expectation",
    "R(M), σ = 0",
    rivals={
        "tokens do not see themselves": 1
        - 2 * lamda * half * (a0 + a1)
        + lamda**2 * ((a0**2 + a1**2) / 2 + (1 - 1 / L) * b**2),
        "half the weight of confusion": 1
        - lamda * (L + 1) / L * (a0 + a1)
        + lamda**2 * ((L + 3) / (2 * L) * (a0**2 + a1**2) + (L - 1) / (2 * L) * b**2),
        "one head's prefactor": 1
        - lamda / 2 * (L + 1) / L * (a0 + a1)
        + lamda**2 / 4 * ((L + 3) / (2 * L) * (a0**2 + a1**2) + (L - 1) / L * b**2),
    },
)
def noiseless_risk():
    """Risk when tokens are the centroids themselves: a function of μ0ᵀMμ0, μ1ᵀMμ1 and μ0ᵀMμ1 alone."""
    yield recall(risk)
    yield by(substitute, "points for clusters", letters={sigma: S.Zero})


@claim(
    "rate",
    "lim R(M)",
    rivals={
        "noise forgotten in the scores": tr(C) - 2 * lamda * (a0 + a1) * half + lamda**2 * tr(C * M * C * M * C),
        "one head's prefactor": tr((I - lamda * C * M) * C * (I - lamda * M * C)),
    },
)
def endless_risk():
    """Risk in the long-prompt limit, where a head averages over all tokens: T(x) = 2λ C M x, C = E xxᵀ."""
    yield recall(risk)
    yield by(expand_large, large={L: oo}, order=0)
    yield so("the second moment of tokens alone", tr((I - 2 * lamda * C * M) * C * (I - 2 * lamda * M * C)))
