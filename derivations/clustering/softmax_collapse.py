r"""Iterated softmax attention keeps two clusters apart or collapses them, by its temperature.

A context holds endlessly many tokens from two clusters, ½N(m, Σ) + ½N(−m, Σ). A softmax head with identity keys,
queries and values reads it from z at temperature τ:

    T(z) = E[X e^{z·X/τ}] / E[e^{z·X/τ}] = Σz/τ + m tanh(mᵀz/τ),

a Gaussian tilted in each cluster, and a vote between the clusters. With tight clusters (Σ → 0) and z = u m the vote is
all there is, u ← tanh(λ²u) with λ = |m|/√τ: two fixed points ±u* for λ > 1, none but 0 for λ < 1. In general the middle
z = 0 repels exactly the tokens along a direction in which the second moment of the context exceeds τ.

Source: Gabet, Boursier & Boyer, Softmax attention on Gaussian mixtures (arXiv 2610.11798), Prop. 2.1 and 4.3, for one
head and any spread; the thresholds for clusters with a spread are derived here
"""

from sympy import Identity, Rational, S, exp, tanh

from workbench import (
    E,
    by,
    claim,
    dot,
    form,
    given,
    mixture,
    positive,
    recall,
    scalar,
    size,
    so,
    spd,
    unit_vector,
    vector,
)  # fmt: skip
from workbench.calculus.rules import critical_scale, crossing, expectation, gradient, minus, paired, substitute

d = size("d")
tau, gamma, s = positive("tau"), positive("gamma"), positive("s")
u = scalar("u")
m, z, w = vector("m", d), vector("z", d), vector("w", d)
c = unit_vector("c", d)
Sigma = spd("Sigma", d)

half = Rational(1, 2)
X = mixture("X", d, [(half, m, Sigma), (half, -m, Sigma)])
mild = (form(z, Sigma, z) < tau**2, dot(m, z) ** 2 < tau**2)


@claim(
    "expectation",
    "T(z)",
    rivals={
        "hard vote": Sigma * z / tau + m,
        "as if one Gaussian": (Sigma + m * m.T) * z / tau,
        "spread forgotten": m * tanh(dot(m, z) / tau),
        "log-odds not halved": Sigma * z / tau + m * tanh(2 * dot(m, z) / tau),
    },
    regime=mild,
)
def output():
    """Output of a softmax head at z for an infinitely long context of two clusters."""
    yield given("softmax averages under the tilted law", E(X * exp(dot(w, X))) / E(exp(dot(w, X))))
    yield by(expectation)
    yield so("a shift within the clusters, and weights between them", Sigma * w + m * tanh(dot(m, w)))
    yield by(substitute, "scores z·X/τ", letters={w: z / tau})


@claim(
    "gradient",
    "∇ zᵀT(z)",
    rivals={
        "the vote held fixed": 2 * Sigma * z / tau + m * tanh(dot(m, z) / tau),
        "as if one Gaussian": 2 * (Sigma + m * m.T) * z / tau,
        "spread counted once": Sigma * z / tau
        + m * (tanh(dot(m, z) / tau) + dot(m, z) / tau * (1 - tanh(dot(m, z) / tau) ** 2)),
    },
    regime=mild,
)
def agreement_gradient():
    """Gradient of the scalar product of a token and its output, in the token."""
    yield recall(output)
    yield by(paired, "agreement", vector=z)
    yield by(gradient, wrt=z)


@claim(
    "spectrum",
    "dT/du along the centroids",
    rivals={
        "the spread forgotten": s**2 / tau,
        "the cluster's variance alone": gamma**2 / tau,
        "distance between the clusters": (gamma**2 + 4 * s**2) / tau,
    },
)
def stretch():
    """Factor by which one pass of attention stretches a small token along the axis of round clusters at ±s c."""
    yield recall(output)
    yield by(substitute, "a small token on the axis", letters={Sigma: gamma**2 * Identity(d), m: s * c, z: u * c})
    yield by(paired, "read along the axis", vector=c)
    yield by(gradient, wrt=u)
    yield by(substitute, "at the middle", letters={u: S.Zero})


@claim(
    "critical scale",
    "τ_c",
    rivals={
        "the spread forgotten": s**2,
        "the distance between the clusters": 4 * s**2 + gamma**2,
        "the spread alone": gamma**2,
    },
)
def critical_temperature():
    """Temperature above which iterated attention collapses both clusters to their midpoint (a transition)."""
    yield recall(stretch)
    yield by(minus, "against keeping the token", what=S.One)
    yield by(crossing, parameter=tau)


@claim(
    "critical scale",
    "s_c",
    rivals={
        "the spread forgotten": tau**half,
        "spreads add": (tau + gamma**2) ** half,
        "the distance between the clusters": (tau - gamma**2) ** half / 2,
    },
    hypotheses=(tau > gamma**2,),
)
def critical_separation():
    """Distance of the clusters from their midpoint above which iterated attention separates them (a transition)."""
    yield recall(stretch)
    yield by(minus, "against keeping the token", what=S.One)
    yield by(critical_scale, parameter=s, of="jacobian")
