r"""Hiding entries of a table that already has holes trains the layer for the union of both masks.

x ~ N(0, Σ) is seen where o = 1 (rate 1 − p). Of what is seen, a second mask o1 hides a share r, and the layer
W(o∘o1∘x) is trained to restore what was hidden. With s = (1 − p)(1 − r) and W̄ the hollow part of W,

    R(W) = r(1 − p) [tr Σ − 2s tr(W̄ᵀΣ) + s tr(W̄ (sΣ + (1 − s) diag Σ) W̄ᵀ)].

Source: derived here
"""

from sympy import Identity
from sympy.matrices.expressions.diagonal import DiagMatrix

from derivations.imputation.one_layer import Sigma, W, d, diag, hollow, p, x
from workbench import E, by, claim, given, mask, probability, recall, so, tr
from workbench.calculus.rules import expectation, gradient

r = probability("r")
o, o1 = mask("o", d, 1 - p), mask("o1", d, 1 - r)
seen, kept = DiagMatrix(o), DiagMatrix(o1)
I = Identity(d)


def hidden_risk(weight, s):
    """The one-layer risk with a share s of the entries read, times the share that is scored."""
    moment = s * Sigma + (1 - s) * diag(Sigma)
    return weight * (tr(Sigma) - 2 * s * tr(hollow(W).T * Sigma) + s * tr(hollow(W) * moment * hollow(W).T))


@claim(
    "expectation",
    "R(W)",
    rivals={
        "rates added": hidden_risk(r * (1 - p), 1 - p - r),
        "natural holes forgotten": hidden_risk(r * (1 - p), 1 - r),
        "natural holes scored as well": hidden_risk(1 - (1 - p) * (1 - r), (1 - p) * (1 - r)),
    },
)
def risk():
    """Squared error of a layer on the entries hidden on purpose, averaged over data and both masks."""
    error = seen * (I - kept) * (x - W * seen * kept * x)
    yield given("squared error, where an entry is hidden", E(E(tr(error * error.T), x), o, o1))
    yield by(expectation)
    yield so("the one-layer risk at the rate of the union", hidden_risk(r * (1 - p), (1 - p) * (1 - r)))


def hidden_gradient(s):
    """The gradient of the risk with a share s of the entries read."""
    moment = s * Sigma + (1 - s) * diag(Sigma)
    return 2 * r * (1 - p) * s * hollow(hollow(W) * moment - Sigma)


@claim(
    "gradient",
    "∇R(W)",
    rivals={
        "rates added": hidden_gradient(1 - p - r),
        "natural holes forgotten": hidden_gradient(1 - r),
        "re-masking forgotten": hidden_gradient(1 - p),
        "factor 2 forgotten": hidden_gradient((1 - p) * (1 - r)) / 2,
    },
)
def risk_gradient():
    """The gradient in W of the risk on entries hidden on purpose: zero at the rate of the union, not at p + r."""
    yield recall(risk)
    yield by(gradient, wrt=W)
    yield so("the one-layer gradient at the rate of the union", hidden_gradient((1 - p) * (1 - r)))
