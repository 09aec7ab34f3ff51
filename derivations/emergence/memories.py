r"""A layer can copy an answer from its context or recall it from its weights; both learn from the common error.

A sentence asks for the label ±1 of one of K equally frequent classes, and shows it as well. A layer answers with the
label times

    g + h_k,    g = a uv,    h_k = ρ m_k w_k:

a head of loudness a copies what the context shows, and a memory of loudness ρ, with an entry for every class k, recalls
it. Every sentence teaches the head, and one in K an entry. Gradient flow at half of the slope of the loss, from
balanced starts that are the same for all entries, moves the gains by

    ġ = 2a g ε,    ḣ = (2ρ/K) h ε,    ε = 1 − g − h.

Source: derived here; the task is that of Chan et al. (arXiv 2205.05055), the memory of Bietti et al. (2023)
"""

from sympy import ImmutableMatrix, OneMatrix, sqrt
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import E, by, claim, count, given, index, positive, probability, recall, scalar, so, tr, vector
from workbench.calculus.rules import gradient, over, over_outcomes, paired, partials, substitute

K, a, rho = count("K"), positive("a"), positive("rho")
u, v, m, w = scalar("u"), scalar("v"), vector("m", K), vector("w", K)
g, h = probability("g"), probability("h")
asked = index("asked", K)

missed = 1 - a * u * v  # by the copy
recalled, stored = tr(m.T * w), tr(m.T * DiagMatrix(w) * DiagMatrix(w) * m)
balanced = {u: sqrt(g / a), v: sqrt(g / a), **{entry: sqrt(h / rho) * OneMatrix(K, 1) for entry in (m, w)}}
eps = 1 - g - h  # what neither says


@claim(
    "expectation",
    "L",
    rivals={
        "one entry for all": missed**2 - 2 * rho * missed * recalled / K + rho**2 * recalled**2 / K**2,
        "every entry in every sentence": missed**2 - 2 * rho * missed * recalled + rho**2 * stored,
        "copy or recall": missed**2 + (K - 2 * rho * recalled + rho**2 * stored) / K,
    },
)
def loss():
    """The squared error of a layer that copies and recalls."""
    yield given("of what a sentence asks for", E((missed - rho * tr(m.T * asked) * tr(w.T * asked)) ** 2))
    yield by(over_outcomes)
    yield so("collected", missed**2 - 2 * rho * missed * recalled / K + rho**2 * stored / K)


@claim(
    "gradient",
    "∂L/∂m",
    rivals={
        "factor 2 forgotten": rho / K * (rho * DiagMatrix(w) * DiagMatrix(w) * m - missed * w),
        "met in every sentence": 2 * rho * (rho * DiagMatrix(w) * DiagMatrix(w) * m - missed * w),
        "blind to the copy": 2 * rho / K * (rho * DiagMatrix(w) * DiagMatrix(w) * m - w) + 0 * a * u * v * w,
        "entries mixed": 2 * rho / K * (rho * recalled * w - missed * w),
    },
)
def lessons():
    """Gradient in each entry of the memory: zero where copying already explains the answer."""
    yield recall(loss)
    yield by(gradient, wrt=m)
    yield so("collected", 2 * rho / K * (rho * DiagMatrix(w) * DiagMatrix(w) * m - missed * w))


@claim(
    "gradient",
    "ġ",
    rivals={
        "one factor trained": a * g * eps + 0 * rho * K,
        "in one sentence of K": 2 * a * g * eps / K + 0 * rho,
        "blind to the memory": 2 * a * g * (1 - g) + 0 * rho * h * K,
        "loudness forgotten": 2 * g * eps + 0 * a * rho * K,
    },
)
def copying():
    """Velocity of the gain of copying under training."""
    yield recall(loss)
    yield by(partials, wrt=(u, v))
    yield by(over, "half of it, along the negative gradient", what=-2)
    yield by(paired, "what it does to g = auv", vector=a * ImmutableMatrix([v, u]))
    yield by(substitute, "balanced, all entries alike", letters=balanced)
    yield so("in proportion to itself and to the error", 2 * a * g * eps)


@claim(
    "gradient",
    "ḣ",
    rivals={
        "one factor trained": rho * h * eps / K,
        "met in every sentence": 2 * rho * h * eps + 0 * K,
        "blind to the copy": 2 * rho * h * (1 - h) / K + 0 * g,
        "as loud as the copy": 2 * h * eps / K + 0 * rho,
    },
)
def recalling():
    """Velocity of the gain of every entry of the memory under training."""
    yield recall(lessons)
    yield by(over, "half of it, along the negative gradient", what=-2)
    yield by(paired, "and as much to w: what it does to the mean of the ρmw", vector=2 * rho * w / K)
    yield by(substitute, "balanced, all entries alike", letters=balanced)
    yield so("as often as a class is met", 2 * rho * h * eps / K)
