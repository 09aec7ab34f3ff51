r"""Attention whose weights are balanced both ways never makes a cloud explode: it grows at one rate in the end.

Sinkhorn attention scales the weights e^{βxy} of a cloud with itself until every token gives and receives alike. On a
line and for N(0, σ) the balanced weights are a Gaussian coupling: its precision is p on the diagonal and −β beside it,
with σ(p² − β²) = p. A token x is moved by T(x) = v g x, where the gain g = β/p is

    g = (√(1 + 4β²σ²) − 1)/(2βσ):

βσ as under softmax where the cloud is narrow, and one where it is wide, and tokens attend to themselves. Depth makes
the variance grow by σ̇ = 2vgσ, and the gain from g₀ to g in the depth

    t = (1/g₀ − 1/g)/(2v) + (artanh g − artanh g₀)/v,

which is finite for all g < 1: the cloud passes all bounds, but none in finite depth, and in the end at the rate 2v.

Source: derived here; the layer is that of Sander, Ablin, Blondel & Peyré, Sinkformers (AISTATS 2022), on Gaussians
that of Castin, Ablin, Carrillo & Peyré (arXiv 2501.18322)
"""

from sympy import log, oo, sqrt

from workbench import by, claim, given, large, positive, probability, recall, so
from workbench.calculus.rules import crossing, expand_large, gradient, over, passage_time, substitute

beta, v, variance, p = (positive(name) for name in ("beta", "v", "variance", "p"))
g, start, width = probability("g"), probability("start"), large("width")
root = sqrt(1 + 4 * beta**2 * variance**2)
balance = variance * (p**2 - beta**2) - p  # of what tokens give and receive
wide = g / (beta * (1 - g**2))  # the variance at which the gain is g
slope = (1 + g**2) / (beta * (1 - g**2) ** 2)  # and how it grows with the gain
mild = beta * variance < 4
longer = start > 0.1, start < 0.6 * g, g < 0.85


@claim(
    "fixed point",
    "g",
    rivals={
        "as under softmax": beta * variance,
        "half of the scores": (sqrt(1 + beta**2 * variance**2) - 1) / (beta * variance),
        "bandwidth of attention by distance": 2 * beta * variance / (1 + 2 * beta * variance),
        "rows alone balanced": beta * variance / (1 + beta * variance),
    },
    regime=(mild,),
)
def gain():
    """Gain of balanced attention in a Gaussian cloud on a line: below one."""
    yield given("the variance p/(p² − β²) of both tokens is that of the cloud", balance)
    yield by(substitute, "in terms of the gain", letters={p: beta / g})
    yield by(over, what=beta / g**2)
    yield by(crossing, parameter=g, positive=True)
    yield so("as a root", (root - 1) / (2 * beta * variance))


@claim(
    "flow",
    "σ̇",
    rivals={
        "as under softmax": 2 * v * beta * variance**2,
        "place alone counted": v * (root - 1) / (2 * beta),
        "gain of one": 2 * v * variance + 0 * beta,
        "attention by distance": 4 * v * beta * variance**2 / (1 + 2 * beta * variance),
    },
    regime=(mild,),
)
def velocity():
    """Velocity of the variance of a cloud on a line under balanced attention."""
    yield recall(gain)
    yield by(over, "twice the covariance of place and velocity", what=1 / (2 * v * variance))
    yield so("a difference of lengths", v * (root - 1) / beta)


def logarithm(gain):
    """The inverse hyperbolic tangent of a gain."""
    return log((1 + gain) / (1 - gain)) / 2


def passed(early, late):
    """The depth with these factors for early and for late growth."""
    return early * (1 / start - 1 / g) / (2 * v) + late * (logarithm(g) - logarithm(start)) / v


@claim(
    "flow",
    "t(g)",
    rivals={
        "as under softmax": passed(1, 0),
        "exponential from the start": passed(0, 1),
        "late growth half as fast": passed(1, 2),
        "sign of the early growth": passed(-1, 1),
    },
    hypotheses=(start < g,),
    regime=longer,
)
def depth():
    """Depth at which the gain reaches g: finite for every gain below one, and so for every variance."""
    yield given("the variance of both tokens is that of the cloud", balance)
    yield by(substitute, "in terms of the gain", letters={p: beta / g})
    yield by(crossing, "the variance at which the gain is g", parameter=variance)
    yield so("as a fraction", wide)
    yield by(gradient, "grows with the gain", wrt=g)
    yield by(over, "so that the gain grows by σ̇ = 2vgσ over that", what=slope**2 / (2 * v * g * wide))
    yield by(passage_time, unknown=g, initial=start)
    yield so("early growth and late growth", passed(1, 1))


@claim(
    "rate",
    "lim σ̇/σ",
    rivals={
        "half of it": v,
        "scores enter": 2 * v * beta,
        "both sides": 4 * v,
        "as under softmax": 2 * v * beta**2,
    },
)
def late_growth():
    """Exponential rate at which a wide cloud grows under balanced attention: it does not depend on the scores."""
    yield recall(gain)
    yield by(over, "twice its growth, in shares", what=1 / (2 * v))
    yield by(substitute, "at the variance of a gain", letters={variance: wide})
    yield so("that gain", 2 * v * g)
    yield by(substitute, "near one", letters={g: 1 - 1 / width})
    yield by(expand_large, "in wide clouds", large={width: oo}, order=0)
