r"""Softmax attention denoises two clusters: Bayes by distance scores, or by one head and a skip among noisy tokens.

Clean tokens come from ½N(m, Γ) + ½N(−m, Γ), and the query is z = x + noise of variance ξ². With S = Γ + ξ²I the best
guess of x, which attention with scores −|z − X|²/2ξ² over an endless clean context returns for any law, is

    D(z) = ΓS⁻¹z + ξ²S⁻¹ m tanh(mᵀS⁻¹z).

A softmax head over an endless *noisy* context, at the temperature of one noisy token's variance γ² + ξ² (Γ = γ²I),
returns z + m tanh(mᵀz/(γ² + ξ²)), and D is a combination of it and the token:

    D(z) = [ξ² T(z) + (γ² − ξ²) z]/(γ² + ξ²),

so that one head needs no skip exactly at ξ = γ, adds the token below and subtracts it above. Passed in again and again,
guesses are drawn to the clusters at ±s c while ξ² < s² − γ², and to their middle under stronger noise.

Source: Gabet, Boursier & Boyer, Softmax attention on Gaussian mixtures (arXiv 2610.11798), Eq. 10, Thm 4.1 and
Prop. 4.3 and 4.4; the sign of the skip and the critical noise of clusters with a spread are derived here
"""

from sympy import Identity, Rational, S, exp, sqrt, tanh

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
)
from workbench.calculus.rules import crossing, expectation, gradient, minus, over, paired, substitute

d = size("d")
gamma, xi, s = (positive(name) for name in ("gamma", "xi", "s"))
u = scalar("u")
m, z, w = vector("m", d), vector("z", d), vector("w", d)
c = unit_vector("c", d)
Gamma = spd("Gamma", d)
I = Identity(d)

half = Rational(1, 2)
X = mixture("X", d, [(half, m, Gamma), (half, -m, Gamma)])
total = Gamma + xi**2 * I  # the covariance of a noisy token of one cluster
Z = mixture("Z", d, [(half, m, total), (half, -m, total)])
variance = gamma**2 + xi**2
vote = tanh(dot(m, z) / variance)
mild = (dot(z, z) < 4 * xi**2, dot(m, m) < 4 * xi**2)


@claim(
    "expectation",
    "D(z)",
    rivals={
        "best linear": (Gamma + m * m.T) * (total + m * m.T).inv() * z,
        "hard vote": Gamma * total.inv() * z + xi**2 * total.inv() * m,
        "log-odds not halved": Gamma * total.inv() * z + xi**2 * total.inv() * m * tanh(2 * form(m, total.inv(), z)),
        "vote of the clean clusters": Gamma * total.inv() * z + xi**2 * total.inv() * m * tanh(dot(m, z) / xi**2),
        "pulled with full weight": Gamma * total.inv() * z + m * tanh(form(m, total.inv(), z)),
    },
    regime=mild,
)
def denoiser():
    """Best estimate of a clean token: attention with distance scores over an infinitely long clean context."""
    weight = exp(-dot(z - X, z - X) / (2 * xi**2))
    yield given("tokens nearby weigh more", E(X * weight) / E(weight))
    yield by(expectation)
    yield so(
        "shrunk within the clusters, with a vote between them",
        Gamma * total.inv() * z + xi**2 * total.inv() * m * tanh(form(m, total.inv(), z)),
    )


@claim(
    "identity",
    "D(z) by one head",
    rivals={
        "no skip": xi**2 / variance * (z + m * vote),
        "half of the head": (z + m * vote) / 2,
        "the token added": (xi**2 * (z + m * vote) + (gamma**2 + xi**2) * z) / variance,
        "the skip of a clean context": (z * variance + xi**2 * m * vote) / variance,
    },
    regime=mild,
)
def one_head():
    """Best denoiser of two round clusters: one softmax head over noisy tokens, and a skip connection."""
    head = E(Z * exp(dot(w, Z))) / E(exp(dot(w, Z)))
    yield given("head and skip, each with its weight", xi**2 / variance * head + (gamma**2 - xi**2) / variance * z)
    yield by(expectation)
    yield by(substitute, "scores zᵀZ/(γ² + ξ²), round clusters", letters={w: z / variance, Gamma: gamma**2 * I})
    yield so("what Bayes returns for round clusters", (gamma**2 * z + xi**2 * m * vote) / variance)


@claim(
    "critical scale",
    "ξ_c, skip",
    rivals={
        "where the noise is as far as the clusters": s + 0 * gamma,
        "where the noise is the whole spread": sqrt(gamma**2 + s**2),
        "variances, not noises": gamma**2,
        "half of the spread": gamma / 2,
    },
)
def skipless_noise():
    """Noise at which one head alone is Bayes; below, the best skip adds the token, above, it subtracts it (a level)."""
    yield recall(denoiser)
    yield by(substitute, "a guess on the axis of round clusters", letters={Gamma: gamma**2 * I, m: s * c, z: u * c})
    yield by(paired, "read along the axis", vector=c)
    yield by(minus, "less the head's share", what=xi**2 / variance * (u + s * tanh(s * u / variance)))
    yield by(over, "per unit of the token", what=u)
    yield by(crossing, parameter=xi)


@claim(
    "spectrum",
    "dD/du along the centroids",
    rivals={
        "the vote alone": s**2 / xi**2 + 0 * gamma,
        "the spread alone": gamma**2 / variance,
        "as if one Gaussian": (gamma**2 + s**2) / (variance + s**2),
        "pulled with full weight": (gamma**2 + s**2) / variance,
    },
)
def stretch():
    """Factor by which one pass of denoising stretches a small estimate along the axis of round clusters at ±s c."""
    yield recall(denoiser)
    yield by(substitute, "a small guess on the axis", letters={Gamma: gamma**2 * I, m: s * c, z: u * c})
    yield by(paired, "read along the axis", vector=c)
    yield by(gradient, wrt=u)
    yield by(substitute, "at the middle", letters={u: S.Zero})
    yield so("shrunk within the clusters, and stretched between them", (gamma**2 + xi**2 * s**2 / variance) / variance)


@claim(
    "critical scale",
    "ξ_c",
    rivals={
        "the spread forgotten": s + 0 * gamma,
        "spreads add": sqrt(s**2 + gamma**2),
        "the distance between the clusters": sqrt(4 * s**2 - gamma**2),
        "half of the distance, less the spread": s - gamma,
    },
    hypotheses=(s > gamma,),
)
def critical_noise():
    """Noise above which repeated denoising moves an estimate from its cluster to the common mean (a transition)."""
    yield recall(stretch)
    yield by(minus, "against keeping the guess", what=S.One)
    yield by(crossing, parameter=xi, hypotheses=[s > gamma])
    yield so("under one root", sqrt(s**2 - gamma**2))
