r"""Risk of rank-one attention on data with missing entries, as a function of its direction.

When key, query and value share one direction u, a layer of linear attention fills in x̂ = λ u uᵀ(o ∘ x):
the context only sets the scale λ. It is trained to reconstruct all entries of x ~ N(0, Σ), of which each
is missing with probability p. With s = uᵀΣu and M = (1 − p) Σ + p diag Σ, the error is a parabola in λ, and
the best scale leaves

    L(u) = tr Σ − (1 − p) s² / (|u|² uᵀMu).

On complete data M = Σ and this is PCA; the ridge p diag Σ prefers entries that predict each other
(`switches`).

Source: derived here
"""

from sympy import HadamardProduct, Identity
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import (
    E,
    by,
    claim,
    dot,
    form,
    gaussian,
    given,
    mask,
    probability,
    recall,
    scalar,
    size,
    so,
    spd,
    tr,
    vector,
)  # fmt: skip
from workbench.calculus.rules import crossing, expectation, gradient, substitute

d, p = size("d"), probability("p")
Sigma, u, lamda = spd("Sigma", d), vector("u", d), scalar("lamda")

x = gaussian("x", d, cov=Sigma)
seen = DiagMatrix(mask("o", d, 1 - p))

M = (1 - p) * Sigma + p * HadamardProduct(Identity(d), Sigma)
s, m, square = form(u, Sigma, u), form(u, M, u), dot(u, u)


@claim(
    "expectation",
    "R(u, λ)",
    rivals={
        "masks taken as complete": tr(Sigma) - 2 * (1 - p) * lamda * s + (1 - p) * lamda**2 * square * s,
        "ridge forgotten": tr(Sigma) - 2 * (1 - p) * lamda * s + (1 - p) ** 2 * lamda**2 * square * s,
        "factor 2 forgotten": tr(Sigma) - (1 - p) * lamda * s + (1 - p) * lamda**2 * square * m,
        "a unit vector": tr(Sigma) - 2 * (1 - p) * lamda * s + (1 - p) * lamda**2 * m,
    },
)
def risk():
    """Squared error of a rank-one layer on all entries, averaged over data and masks."""
    error = x - lamda * u * u.T * seen * x
    yield given("squared error", E(tr(error * error.T)))
    yield by(expectation)
    yield so("the masks enter through M", tr(Sigma) - 2 * (1 - p) * lamda * s + (1 - p) * lamda**2 * square * m)


@claim(
    "fixed point",
    "λ*",
    rivals={
        "inverse of the observation rate": 1 / ((1 - p) * square),
        "ridge forgotten": 1 / square,
        "masks counted twice": (1 - p) * s / (square * m),
        "a unit vector": s / m,
    },
)
def best_scale():
    """The only stationary scale along a direction."""
    yield recall(risk)
    yield by(gradient, wrt=lamda)
    yield by(crossing, parameter=lamda)


@claim(
    "expectation",
    "L(u)",
    rivals={
        "complete data": tr(Sigma) - s / square,
        "complete data, seen less often": tr(Sigma) - (1 - p) * s / square,
        "gain counted twice": tr(Sigma) - 2 * (1 - p) * s**2 / (square * m),
        "gain counted half": tr(Sigma) - (1 - p) * s**2 / (2 * square * m),
    },
)
def least_risk():
    """Risk of a direction at its best scale."""
    yield recall(risk)
    yield by(substitute, "at the best scale", letters={lamda: best_scale.formula})
    yield so("half of the linear term is regained", tr(Sigma) - (1 - p) * s**2 / (square * m))


@claim(
    "gradient",
    "∇L(u)",
    rivals={
        "length kept fixed": -2 * (1 - p) * s / (square * m) * (2 * Sigma * u - s / m * M * u),
        "power iteration": -2 * (1 - p) * s / (square * m) * (2 * Sigma * u - s / m * Sigma * u - s / square * u),
        "sign": 2 * (1 - p) * s / (square * m) * (2 * Sigma * u - s / m * M * u - s / square * u),
    },
)
def direction_gradient():
    """Gradient of that risk in the direction; zero where Σu, Mu and u balance."""
    yield recall(least_risk)
    yield by(gradient, wrt=u)
    yield so("collected", -2 * (1 - p) * s / (square * m) * (2 * Sigma * u - s / m * M * u - s / square * u))
