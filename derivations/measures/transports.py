r"""What a layer learns in order to move Gaussian tokens along a linear field: keys that undo their covariance.

A residual layer reads the cloud N(0, Σ) and moves each of its tokens by T(x) = ΣAx, A = KᵀQ (`flows`). It shall move
them by Cx. In the limit of a long context its error is quadratic in the scores,

    R(A) = tr((ΣA − C) Σ (ΣA − C)ᵀ),        ∇R(A) = 2Σ(ΣA − C)Σ,

so that one field of scores is right, A* = Σ⁻¹C, whatever C: the keys undo the covariance of what they read.

Source: derived here, from the output of Boursier & Boyer (arXiv 2512.11784), Lemma 2.1
"""

from derivations.measures.flows import A, Sigma, d
from workbench import E, by, claim, dot, gaussian, given, matrix, recall, so, tr
from workbench.calculus.rules import expectation, gradient, stationary_point

C = matrix("C", d, d)
x = gaussian("x", d, cov=Sigma)

missed = Sigma * A - C
mild = tr(A * A.T) * tr(Sigma * Sigma) < 0.25
slow = tr(C * C.T) * tr(Sigma) * tr(Sigma.inv()) < 1  # little motion, in every direction of the cloud
plane = d < 3  # where a search through the layer is quick


@claim(
    "expectation",
    "R(A)",
    rivals={
        "scores meet white tokens": tr((A - C) * Sigma * (A - C).T),
        "queries not averaged": tr(missed * missed.T),
        "scores transposed": tr((Sigma * A.T - C) * Sigma * (Sigma * A.T - C).T),
        "goal forgotten": tr(Sigma * A * Sigma * A.T * Sigma),
    },
    regime=(mild,),
)
def risk():
    """Squared distance of a layer's output from its target."""
    yield given("what the layer adds to a token, and what it should add", E(dot(missed * x, missed * x)))
    yield by(expectation)
    yield so("collected", tr(missed * Sigma * missed.T))


@claim(
    "gradient",
    "∇R(A)",
    rivals={
        "factor 2 forgotten": Sigma * missed * Sigma,
        "queries not averaged": 2 * Sigma * missed,
        "keys not averaged": 2 * missed * Sigma,
        "transposed": 2 * Sigma * missed.T * Sigma,
    },
    regime=(mild,),
)
def risk_gradient():
    """Gradient of that risk in the scores."""
    yield recall(risk)
    yield by(gradient, wrt=A)
    yield so("in factors", 2 * Sigma * missed * Sigma)


@claim(
    "fixed point",
    "A*",
    rivals={
        "keys not undone": C,
        "queries undone": C * Sigma.inv(),
        "undone on both sides": Sigma.inv() * C * Sigma.inv(),
        "transposed": Sigma.inv() * C.T,
    },
    regime=(slow, plane),
)
def learned_scores():
    """The only stationary scores of the layer."""
    yield recall(risk_gradient)
    yield by(stationary_point, wrt=A)
