r"""From one prompt, a spike is recovered if it is stronger than the root of dimensions per token.

A prompt of n tokens from N(0, I + θvvᵀ) in R^d; d and n grow in a fixed proportion γ = d/n. Its second moment is
S = RWR, with R = (I + θvvᵀ)^{1/2} and W that of pure noise. The bulk of its spectrum ends at (1 + √γ)². Seen
from v, S and W are related by one division (Sherman and Morrison); where that division fails lies an eigenvalue
of its own, and its rate there is how much of v the eigenvector holds:

    ρ = (1 + θ)(1 + γ/θ),        ⟨u, v⟩² = (1 − γ/θ²)/(1 + γ/θ),        both for θ > √γ.

At θ = √γ the eigenvalue enters the bulk and nothing is left of the overlap. It is the critical strength of layers, in
large prompts, whether each reads new tokens (`layers`) or all the same (`rereadings`). Compare `in_context`, where
many prompts share their spike and none is too weak.

Source: Baik, Ben Arous & Péché 2005, Paul 2007 (outlier and overlap); derived here from the law of
Marchenko & Pastur 1967, the one thing assumed
"""

from sympy import Identity, sqrt

from workbench import assumed, by, claim, count, form, given, positive, size, so, spd, unit_vector
from workbench.calculus.rules import crossing, gradient, minus, over, substitute

d, n = size("d"), count("n")
gamma = d / n
theta, s = positive("theta"), positive("s")
z, g, q = positive("z"), positive("g"), positive("q")
v, W = unit_vector("v", d), spd("W", d)

R = Identity(d) + (sqrt(1 + theta) - 1) * v * v.T
strong = theta**2 > gamma  # enough to leave the bulk
seen = form(v, (s * Identity(d) + W).inv(), v)
MARCHENKO_PASTUR = "Marchenko & Pastur 1967; Bai & Silverstein, Spectral Analysis of Large Random Matrices, ch. 3"


def law(level, resolvent):
    """What vanishes when `resolvent` is the trace of (level − W)⁻¹ per dimension, in large prompts of noise."""
    return gamma * level * resolvent**2 - (level + gamma - 1) * resolvent + 1


def noise_law():
    """The one assumption: the resolvent of noise at a level above its spectrum."""
    return assumed("the law of Marchenko and Pastur", law(z, g), reference=MARCHENKO_PASTUR)


@claim(
    "expectation",
    "lim tr(s + W)⁻¹/d",
    rivals={
        "tokens per dimension": ((1 - 1 / gamma) - s + sqrt((s + 1 - 1 / gamma) ** 2 + 4 * s / gamma))
        / (2 * s / gamma),
        "a long prompt": 1 / (1 + s),
        "first order in γ": 1 / (1 + s) + gamma * s / (1 + s) ** 3,
        "semicircle": (sqrt((1 + s) ** 2 + 4 * gamma) - 1 - s) / (2 * gamma),
    },
)
def noise_resolvent():
    """Resolvent of one large prompt in a direction that holds only noise."""
    yield noise_law()
    yield by(substitute, "below the spectrum", letters={z: -s, g: -g})
    yield by(crossing, parameter=g, positive=True)


@claim(
    "identity",
    "vᵀ(s + S)⁻¹v",
    rivals={
        "spike added to the noise": seen / (1 + theta * seen),
        "level not multiplied": seen / (1 + theta - theta * seen),
        "variance along the spike only divided by": seen / (1 + theta),
        "spike squared": seen / ((1 + theta) ** 2 - theta * s * seen),
    },
)
def spiked_resolvent():
    """Resolvent in the spike's direction, from that in a noise direction: exact in every prompt."""
    yield given("the resolvent of S = RWR", form(v, (s * Identity(d) + R * W * R).inv(), v))
    yield so("Sherman and Morrison", seen / (1 + theta - theta * s * seen))


@claim(
    "spectrum",
    "ρ",
    rivals={
        "variance of the population": 1 + theta,
        "edge of the bulk": (1 + sqrt(gamma)) ** 2,
        "tokens per dimension": (1 + theta) * (1 + 1 / (gamma * theta)),
        "spike added to a symmetric noise": 1 + theta + gamma / theta,
        "noise not multiplied": 1 + theta + gamma,
    },
    hypotheses=(strong,),
)
def outlier():
    """Top eigenvalue of one large prompt: beyond the bulk, and larger than the variance of the spike."""
    yield noise_law()
    yield by(substitute, "where the division fails, θzg = 1 + θ", letters={g: (1 + theta) / (theta * z)})
    yield by(crossing, parameter=z)
    yield so("in factors", (1 + theta) * (1 + gamma / theta))


level = 1 / g + 1 / (1 - gamma * g)  # z as the law has it, a function of g


@claim(
    "spectrum",
    "⟨u, v⟩²",
    rivals={
        "overlap for its square": sqrt((1 - gamma / theta**2) / (1 + gamma / theta)),
        "spike added to a symmetric noise": 1 - gamma / theta**2,
        "of the prompt's other side": (1 - gamma / theta**2) / (1 + 1 / theta),
        "γ for γ/θ": (1 - gamma / theta**2) / (1 + gamma),
    },
    hypotheses=(strong,),
)
def overlap():
    """Squared overlap of the spike with the top eigenvector of one large prompt: the residue of the resolvent."""
    yield noise_law()
    yield by(crossing, "the level as a function of the resolvent", parameter=z, positive=False)
    yield so("in two terms", level)
    yield by(minus, "against the pole of the spiked resolvent", what=(1 + theta) / (theta * g))
    yield by(over, "one over that resolvent is (1 + θ)/g − θz", what=-1 / theta)
    yield by(gradient, "its rate", wrt=g)
    yield by(over, "per unit of the level", what=gradient(level, wrt=g))
    yield by(substitute, "at the outlier, where g = 1/(θ + γ)", letters={g: 1 / (theta + gamma)})
    yield so("one over the residue", (1 + gamma / theta) / (1 - gamma / theta**2))
    yield by(minus, "against the residue q", what=1 / q)
    yield by(crossing, parameter=q, positive=False)
    yield so("in factors", (1 - gamma / theta**2) / (1 + gamma / theta))
