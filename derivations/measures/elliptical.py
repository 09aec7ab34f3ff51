r"""Softmax attention is linear on Gaussian tokens, and on no other mixture of them: their variance must not be random.

A token X = √R·Z has an elliptical law: Z ~ N(0, Σ), and R ≥ 0 is drawn independently of it. Over an endless context
softmax with the tilt w (w = KᵀQx) returns

    T(w) = E[X exp(w·X)]/E[exp(w·X)] = φ(wᵀΣw) Σw,    φ(u) = E[R e^{Ru/2}]/E[e^{Ru/2}],

and φ′ is half the variance of R under the tilted law: attention is linear in the query at every temperature if and
only if R is constant. Linear attention keeps φ(0) = E R. That inputs be elliptical is therefore not enough.

Where R is χ² with m degrees of freedom (m = 2: Laplace's law), φ(u) = m/(1 − u). Attention diverges at the inverse
temperature β_c = 1/√(wᵀΣw), and the law 1/n of its error over n tokens is lost at half of it.

Source: derived here. The abstract of arXiv 2605.10466 speaks of elliptical inputs; its statement holds where R is
constant, which its text may assume.
"""

from sympy import S, exp, sqrt

from workbench import (
    E,
    by,
    claim,
    count,
    dot,
    form,
    gaussian,
    given,
    mixture,
    positive,
    probability,
    recall,
    size,
    so,
    spd,
    vector,
)
from workbench.calculus.rules import crossing, expectation, gradient, over, paired, substitute, tilting

d, m = size("d"), count("m")
Sigma = spd("Sigma", d)
w = vector("w", d)
beta = positive("beta")
p, r, s = probability("p"), positive("r"), positive("s")

X = mixture("X", d, [(p, None, r * Sigma), (1 - p, None, s * Sigma)])  # R is r or s
Z, g = gaussian("Z", d, m, cov=Sigma), gaussian("g", m)  # Z g is N(0, |g|² Σ) given g
u = form(w, Sigma, w)
mild = u * (r + s) < 1
uneven = (p - 0.5) ** 2 > 0.01  # else shares of tokens are left out unseen
unequal = (r - s) ** 2 > 0.1  # a slope that is none is measured up to roundoff
bounded = u < 0.25  # where a grid of tokens holds the tails
weight, other = p * exp(r * u / 2), (1 - p) * exp(s * u / 2)
gain = (r * weight + s * other) / (weight + other)
heavy = m / (1 - u)


@claim(
    "expectation",
    "T(w)",
    rivals={
        "as printed in the abstract of arXiv 2605.10466": (p * r + (1 - p) * s) * Sigma * w,
        "exponent not halved": gain.xreplace({weight: p * exp(r * u), other: (1 - p) * exp(s * u)}) * Sigma * w,
        "mixture of its parts' answers": (p * r * exp(r * u / 2) + (1 - p) * s * exp(s * u / 2)) * Sigma * w,
        "shares of tokens and not of weight": (r * exp(r * u / 2) + s * exp(s * u / 2))
        / (exp(r * u / 2) + exp(s * u / 2))
        * Sigma
        * w,
    },
    regime=(mild, uneven),
)
def output():
    """Output of softmax where a token's covariance is one of two multiples of Σ: the larger one has more weight."""
    yield given("softmax averages under the tilted law", E(X * exp(dot(w, X))) / E(exp(dot(w, X))))
    yield by(expectation)
    yield so("its gain", gain * Sigma * w)


@claim(
    "gradient",
    "∇_w φ",
    rivals={
        "none, as for Gaussian tokens": S.Zero * w,
        "variance of R before the tilt": p * (1 - p) * (r - s) ** 2 * Sigma * w,
        "half of it": weight * other / (weight + other) ** 2 * (r - s) ** 2 / 2 * Sigma * w,
        "its deviation": weight * other / (weight + other) ** 2 * (r - s) * Sigma * w,
    },
    regime=(mild, unequal),
)
def gain_gradient():
    """Derivative of the gain of softmax in the tilt: the tilted variance of R, zero only if r = s."""
    yield recall(output)
    yield by(paired, "read out along the tilt", vector=w)
    yield by(over, "over what a unit of gain would return", what=u)
    yield by(gradient, wrt=w)
    yield so("a variance", weight * other / (weight + other) ** 2 * (r - s) ** 2 * Sigma * w)


@claim(
    "expectation",
    "T(w)",
    rivals={
        "as printed in the abstract of arXiv 2605.10466": m * Sigma * w,
        "half the tilt": m / (1 - u / 2) * Sigma * w,
        "squared": m / (1 - u) ** 2 * Sigma * w,
        "one degree of freedom": 1 / (1 - u) * Sigma * w,
        "tails that are lighter": m / (1 + u) * Sigma * w,
    },
    hypotheses=(u < 1,),
    regime=(bounded,),
)
def heavy_output():
    """Output of softmax where R is χ² with m degrees of freedom: its gain grows with the tilt and diverges."""
    token = Z * g
    yield given("softmax averages under the tilted law", E(token * exp(dot(w, token))) / E(exp(dot(w, token))))
    yield by(tilting)
    yield so("its gain", heavy * Sigma * w)


@claim(
    "critical scale",
    "β_c",
    rivals={
        "twice the variance": 1 / sqrt(2 * u),
        "half the variance": sqrt(2 / u),
        "a variance for its root": 1 / u,
        "later with every degree of freedom": sqrt(m / u),
    },
)
def divergence():
    """Critical inverse temperature at which softmax over an infinite context of such tokens diverges (a divergence)."""
    yield recall(heavy_output)
    yield by(substitute, "at the inverse temperature β", letters={w: beta * w})
    yield by(paired, "along the tilt", vector=w)
    yield given("its inverse vanishes", 1 / (m * beta * u / (1 - beta**2 * u)))
    yield by(crossing, parameter=beta)


@claim(
    "expectation",
    "n/n_eff",
    rivals={
        "as for Gaussian tokens with this covariance": exp(m * u),
        "twice the tilt for its square": ((1 - u) ** 2 / (1 - 2 * u)) ** (m / 2),
        "one degree of freedom": (1 - u) / sqrt(1 - 4 * u),
        "weights not squared below": sqrt((1 - u) / (1 - 4 * u)) ** m,
    },
    hypotheses=(4 * u < 1,),
    regime=(4 * u < 0.25,),
)
def crowding():
    """Ratio of n to the effective number of tokens of softmax where R is χ²."""
    token = Z * g
    yield given("tokens over effective tokens", E(exp(2 * dot(w, token))) / E(exp(dot(w, token))) ** 2)
    yield by(tilting)
    yield so("a power", ((1 - u) ** 2 / (1 - 4 * u)) ** (m / 2))
