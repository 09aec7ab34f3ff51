r"""How fast a layer learns to impute: few holes are rarely trained on, many holes leave little to learn from.

One layer is trained by gradient flow, Ẇ = −∇R, where each of d entries of unit variance and correlation ρ is missing
with probability p = 1 − q. From W = 0 all its weights grow alike,

    w(t) = w* (1 − exp(−2pq(1 + (d − 2)qρ) t)),    w* = ρ/(1 + (d − 2)qρ).

What is shared by the others is learned first. For three entries, what tells the two others apart is learned at the rate
2pq(1 − qρ), the slowest of all, so that a layer converges from every start at this rate; it is largest where

    q = (1 + ρ − √(1 − ρ + ρ²))/(3ρ),

between a half (ρ → 0) and a third (ρ → 1): entries that tell the same are best told apart one at a time.

Source: derived here; the layer is that of `one_layer`
"""

from sympy import Identity, ImmutableMatrix, OneMatrix, Rational, S, exp, sqrt

from derivations.imputation.one_layer import H, Sigma, W, curvature, d, p, risk_gradient
from workbench import by, claim, positive, probability, recall, scalar, so
from workbench.calculus.rules import crossing, flow, gradient, over, paired, substitute

rho, w, t = probability("rho"), scalar("w"), positive("t")
q = 1 - p
ALIKE = (1 - rho) * Identity(d) + rho * OneMatrix(d, d)
PAIRS = OneMatrix(d, d) - Identity(d)  # one for every pair of different entries
felt = 1 + (d - 2) * q * rho

THREE = ImmutableMatrix([[1, rho, rho], [rho, 1, rho], [rho, rho, 1]])
APART = ImmutableMatrix([[0, 1, -1], [0, 0, 0], [0, 0, 0]])
TOGETHER = ImmutableMatrix([[0, 1, 1], [0, 0, 0], [0, 0, 0]])


def grown(target, rate):
    """From zero to a target at a rate."""
    return target * (1 - exp(-rate * t))


@claim(
    "flow",
    "w(t)",
    rivals={
        "factor 2 forgotten": grown(rho / felt, p * q * felt),
        "paid for every entry": grown(rho / felt, 2 * q * felt),
        "masks taken as complete": grown(rho / (1 + (d - 2) * rho), 2 * p * q * (1 + (d - 2) * rho)),
        "every weight on its own": grown(rho / felt, 2 * p * q),
    },
)
def weight():
    """Weights under training of a layer that starts from zero, on entries that are all alike."""
    yield recall(risk_gradient)
    yield by(substitute, "all alike, weights alike", letters={Sigma: ALIKE, W: w * PAIRS})
    yield by(paired, "along these weights", vector=PAIRS)
    yield by(over, "for each of them, downhill", what=-d * (d - 1))
    yield so("an affine slope", 2 * p * q * (rho - felt * w))
    yield by(flow, unknown=w, time=t, initial=S.Zero)
    yield so("with its target in front", grown(rho / felt, 2 * p * q * felt))


def bend(direction):
    """What the letters stand for when the weights move in a direction, with three entries."""
    return {Sigma: THREE, H: direction, d: S(3)}


@claim(
    "spectrum",
    "μ_min",
    rivals={
        "what is shared": 2 * p * q * (1 + q * rho),
        "complete vectors": 2 * p * q * (1 - rho),
        "what is missing counted": 2 * p * q * (1 - p * rho),
        "factor 2 forgotten": p * q * (1 - q * rho),
    },
)
def slowest():
    """Slowest learning rate of three entries alike: that of the difference of the two others."""
    yield recall(curvature)
    yield by(substitute, "one weight up, the other down", letters=bend(APART))
    yield by(over, "for a step of length one", what=S(2))
    yield so("in ρ", 2 * p * q * (1 - q * rho))


@claim(
    "spectrum",
    "μ_max/μ_min",
    rivals={
        "complete vectors": (1 + rho) / (1 - rho) + 0 * p,
        "what is missing counted": (1 + p * rho) / (1 - p * rho),
        "its square": ((1 + q * rho) / (1 - q * rho)) ** 2,
        "ridge p": (1 + rho + p) / (1 - rho + p),
    },
)
def condition():
    """Ratio of the fastest and the slowest learning rate of three entries alike: it falls as more are missing."""
    yield recall(curvature)
    yield by(substitute, "both weights up", letters=bend(TOGETHER))
    yield by(over, "for a step of length one, by the slowest rate", what=2 * slowest.formula)
    yield so("in ρ", (1 + q * rho) / (1 - q * rho))


@claim(
    "critical scale",
    "p_fast",
    rivals={
        "one half": Rational(1, 2) + 0 * rho,
        "two thirds": Rational(2, 3) + 0 * rho,
        "what is shared": 1 - (rho - 1 + sqrt(1 + rho + rho**2)) / (3 * rho),
        "the other root": 1 - (1 + rho + sqrt(1 - rho + rho**2)) / (3 * rho),
        "seen and missing exchanged": (1 + rho - sqrt(1 - rho + rho**2)) / (3 * rho),
    },
)
def fastest_rate():
    """Missing rate at which three entries alike are learned fastest (a level)."""
    yield recall(slowest)
    yield by(gradient, wrt=p)
    yield by(crossing, parameter=p)
    yield so("by how often an entry is seen", 1 - (1 + rho - sqrt(1 - rho + rho**2)) / (3 * rho))
