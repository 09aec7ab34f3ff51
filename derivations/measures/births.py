r"""Clusters are born from tokens that are spread evenly: attention by distance spaces them, and noise forbids them.

Tokens fill a line evenly. Attention by distance, with weights e^{−(x − y)²/2h²}, moves each towards the mean of what it
sees, and noise D spreads them. Their density 1 + ε cos kx then grows at the rate

    γ(k) = k² (h² e^{−k²h²/2} − D).

Without noise the fastest wave has k = √2/h: clusters are born √2 π h apart, whatever the number of tokens. Noise
forbids short waves first: those grow that have D < h² e^{−k²h²/2}, that is k below √(2 ln(h²/D))/h. No cluster is
born at all where D > h².

Source: derived here; clusters that are born from evenly spread tokens on a sphere are those of Bruno, Pasqualotto &
Agazzi, Emergence of meta-stable clustering in mean-field transformer models (2025); attention by distance is the mean
shift of Cheng, IEEE Trans. Pattern Anal. 17 (1995) 790
"""

from sympy import Identity, S, cos, exp, log, sqrt

from workbench import E, by, claim, gaussian, given, positive, recall, scalar, so, tr
from workbench.calculus.rules import crossing, expectation, gradient, minus, over, substitute

h, k, D = positive("h"), positive("k"), positive("D")
eps, x = scalar("eps"), scalar("x")
away = gaussian("away", 1, cov=h**2 * Identity(1))  # from a token to another one, as the weights have it
density = 1 + eps * cos(k * x)
there = 1 + eps * cos(k * (x + tr(away)))
seen = exp(-(k**2) * h**2 / 2)
near = (k * h < 3, k * h > 0.3)


@claim(
    "spectrum",
    "γ(k)",
    rivals={
        "bandwidth not squared": k**2 * (h * seen - D),
        "scores not halved": k**2 * (h**2 * seen**2 - D),
        "first order in the wave": k * (h**2 * seen - D),
        "nothing that is far is forgotten": k**2 * (h**2 - D),
        "the noise of one step": k**2 * (h**2 * seen - D / 2),
    },
    regime=near,
)
def growth():
    """Growth rate of a wave of an even density under attention by distance and noise."""
    yield given("where a token at x is moved", E(tr(away) * there) / E(there))
    yield by(expectation)
    yield by(over, "as many as there are", what=1 / density)
    yield by(minus, "and noise, against the slope of the density", what=D * gradient(density, wrt=x))
    yield by(gradient, "what flows away", wrt=x)
    yield by(over, "and is missed", what=S.NegativeOne)
    yield by(gradient, "for a small wave", wrt=eps)
    yield by(substitute, "per wave, at its crest", letters={eps: S.Zero, x: S.Zero})
    yield so("attention against noise", k**2 * (h**2 * seen - D))


@claim(
    "critical scale",
    "k*, D = 0",
    rivals={
        "one bandwidth": 1 / h,
        "twice that": 2 / h,
        "bandwidth squared": sqrt(2) / h**2,
        "the width of a Gaussian wave": 1 / (sqrt(2) * h),
    },
)
def fastest_wave():
    """Wave number that grows fastest without noise (a level of a smooth curve): clusters form 2π/k* apart."""
    yield recall(growth)
    yield by(substitute, "without noise", letters={D: S.Zero})
    yield by(gradient, wrt=k)
    yield by(crossing, parameter=k, value=sqrt(2) / h)


@claim(
    "critical scale",
    "D_c(k)",
    rivals={
        "as for long waves": h**2 + 0 * k,
        "scores not halved": h**2 * seen**2,
        "bandwidth not squared": h * seen,
        "counted per wave": k**2 * h**2 * seen,
    },
    regime=near,
)
def critical_noise():
    """Critical noise above which a wave of the density decays, and below which it forms clusters (a transition)."""
    yield recall(growth)
    yield by(crossing, parameter=D)


@claim(
    "critical scale",
    "k_c(D)",
    rivals={
        "the fastest wave": sqrt(2) / h + 0 * D,
        "logarithm of a bandwidth": sqrt(2 * log(h / sqrt(D))) / h,
        "not a root": 2 * log(h**2 / D) / h,
        "scores not halved": sqrt(log(h**2 / D) / 2) / h,
    },
    hypotheses=(D < h**2,),
    regime=(D < 0.8 * h**2, D > 0.05 * h**2),
)
def shortest_wave():
    """Wave number above which waves decay, and below which they form clusters (a transition)."""
    yield recall(growth)
    yield by(crossing, parameter=k, value=sqrt(2 * log(h**2 / D)) / h)


@claim(
    "critical scale",
    "D_c",
    rivals={
        "of the wave that is fastest without noise": h**2 * exp(-S.One),
        "bandwidth not squared": h,
        "half of it": h**2 / 2,
        "the noise of one step": 2 * h**2,
    },
)
def no_births():
    """Critical noise above which evenly spread tokens stay so: no wave grows, however long (a transition)."""
    yield recall(growth)
    yield by(over, "per curvature of the wave", what=k**2)
    yield by(substitute, "of the longest waves, which noise spares most", letters={k: S.Zero})
    yield by(crossing, parameter=D)
