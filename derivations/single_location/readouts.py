r"""What training finds when only the readout is trained: behind attention, and without attention.

The setting of `attention_risk`, trained by unconstrained least squares. Behind a frozen unit key with
overlap κ = k·k* and k ⊥ v*, the best value is v = β v* with

    β = γ² erf(a) / (γ² ζ(λsκ, λγ) + (L−1) ζ(0, λ)),        a = λsκ/√(1+2λ²γ²).

Without attention, a linear predictor Σ_ℓ β_ℓ·X_ℓ that may weigh all L·d coordinates freely does no
better than β_ℓ = b v* for all ℓ, with

    b = γ²/(γ² + L − 1),        risk ε² + γ² − γ⁴/(γ² + L − 1),

which tends to that of predicting zero on long sequences.

Source: Marion, Berthier, Biau & Boyer, Attention layers provably solve single-location regression
(ICLR 2025), Proposition 3; the readout behind a frozen key derived here
"""

from sympy import S, asin, erf, pi, sqrt

from derivations.single_location.attention_risk import (
    L,
    epsilon,
    gamma,
    geometry,
    k,
    kappa,
    lam,
    mild,
    s,
    vstar,
    x,
    xi,
    y,
    z,
    zeta,
    zeta_at_0,
)
from workbench import E, by, claim, dot, given, recall, scalar, so, tr
from workbench.calculus.rules import crossing, expectation, gradient, substitute

beta, b = scalar("beta"), scalar("b")
weight = erf(lam * s * kappa / sqrt(1 + 2 * lam**2 * gamma**2))
orthogonal = {**geometry, dot(k, vstar): S.Zero}


def attended(token):
    """What one token adds to the prediction when the value is β v*."""
    return beta * erf(lam * dot(k, token)) * dot(vstar, token)


@claim(
    "fixed point",
    "β",
    rivals={
        "square of the mean weight": gamma**2 * weight / (gamma**2 * weight**2 + (L - 1) * zeta_at_0),
        "the other tokens forgotten": weight / zeta,
        "L noise tokens": gamma**2 * weight / (gamma**2 * zeta + L * zeta_at_0),
        "arcsin(λ²/(1+λ²))": gamma**2 * weight / (gamma**2 * zeta + 2 * (L - 1) / pi * asin(lam**2 / (1 + lam**2))),
        "value of length one": S.One + 0 * gamma,
    },
    regime=mild,
)
def trained_value():
    """Trained value behind a frozen key: along v*, shrunk by the errors of the key."""
    error = dot(vstar, x) + tr(xi) - attended(x)
    yield given(
        "one informative token, L − 1 others and their pairs, independent given the place",
        E(error**2)
        - 2 * (L - 1) * E(error) * E(attended(y))
        + (L - 1) * E(attended(y) ** 2)
        + (L - 1) * (L - 2) * E(attended(y)) * E(attended(z)),
    )
    yield by(expectation)
    yield by(substitute, "unit vectors, k and k* orthogonal to v*", letters=orthogonal)
    yield by(gradient, wrt=beta)
    yield by(
        crossing,
        "where the slope vanishes",
        parameter=beta,
        value=gamma**2 * weight / (gamma**2 * zeta + (L - 1) * zeta_at_0),
    )


@claim(
    "expectation",
    "R(b)",
    rivals={
        "other tokens forgotten": epsilon**2 + gamma**2 * (1 - b) ** 2,
        "other tokens as noisy as the informative one": epsilon**2 + gamma**2 * ((1 - b) ** 2 + (L - 1) * b**2),
        "L other tokens": epsilon**2 + gamma**2 * (1 - b) ** 2 + L * b**2,
    },
)
def linear_risk():
    """Mean squared error of reading every token along v*, without attention."""
    error = dot(vstar, x) + tr(xi) - b * dot(vstar, x)
    yield given("one informative token and L − 1 others", E(error**2) + (L - 1) * E((b * dot(vstar, y)) ** 2))
    yield by(expectation)
    yield by(substitute, "unit vectors, k* orthogonal to v*", letters=geometry)
    yield so("collected", epsilon**2 + gamma**2 * (1 - b) ** 2 + (L - 1) * b**2)


@claim(
    "fixed point",
    "b",
    rivals={
        "γ² + L": gamma**2 / (gamma**2 + L),
        "one in L": 1 / L,
        "γ for γ²": gamma / (gamma + L - 1),
    },
)
def linear_readout():
    """Trained linear readout of all tokens: the weight of each token's coordinate along v*."""
    yield recall(linear_risk)
    yield by(gradient, wrt=b)
    yield by(crossing, "where the slope vanishes", parameter=b)


@claim(
    "expectation",
    "min R, linear",
    rivals={
        "γ² for γ⁴": epsilon**2 + gamma**2 - gamma**2 / (gamma**2 + L - 1),
        "gain counted twice": epsilon**2 + gamma**2 - 2 * gamma**4 / (gamma**2 + L - 1),
        "predicting zero": epsilon**2 + gamma**2,
    },
)
def least_linear_risk():
    """Least risk without attention: on long sequences nearly that of predicting zero."""
    yield recall(linear_risk)
    yield by(substitute, "the trained weight", letters={b: linear_readout.formula})
    yield so("collected", epsilon**2 + gamma**2 - gamma**4 / (gamma**2 + L - 1))
