r"""The delta rule learns a task while it reads the prompt, and its error shrinks only at small steps.

A layer keeps a guess v of the task w in R^d. At every example x ~ N(0, I), y = w·x + σξ, it corrects the guess,

    v ← v + η (y − v·x) x.

On average over the example the squared error becomes

    E|v′ − w|² = (1 − 2η + (d + 2)η²) |v − w|² + dσ²η².

So the mean square of the error shrinks from example to example, but for the noise, exactly when η < 2/(d + 2), and
fastest at half of that. With a = 1 − 2η + (d + 2)η² and a floor f = dησ²/(2 − (d + 2)η), after T examples it is

    E|v_T − w|² = f + aᵀ (|v − w|² − f).

For keys x ~ N(0, Λ) the second moment S of the error, whatever its law, becomes

    S − η(ΛS + SΛ) + η²(2ΛSΛ + tr(ΛS)Λ) + η²σ²Λ.

Source: the layer: Schlag, Irie & Schmidhuber, Linear Transformers Are Secretly Fast Weight Programmers (ICML 2021);
the error is that of least mean squares, derived here for Gaussian keys
"""

from sympy import Integer, sqrt

from workbench import (
    E,
    by,
    claim,
    count,
    dot,
    gaussian,
    given,
    positive,
    recall,
    second_moments,
    size,
    so,
    spd,
    tr,
    vector,
)  # fmt: skip
from workbench.calculus.rules import after_steps, crossing, expectation, gradient, minus, over, substitute

d, T = size("d"), count("T")
eta, sigma, r = positive("eta"), positive("sigma"), positive("r")
v, w = vector("v", d), vector("w", d)
x, xi = gaussian("x", d), gaussian("xi", 1)
Lambda, S = spd("Lambda", d), spd("S", d)
key, error = gaussian("key", d, cov=Lambda), second_moments("error", d, cov=S)

kept = 1 - 2 * eta + (d + 2) * eta**2
floor = d * eta * sigma**2 / (2 - (d + 2) * eta)


def corrected(guess, noise):
    """The guess after one example with this much noise."""
    return guess + eta * x * (x.T * (w - guess) + noise * xi)


@claim(
    "expectation",
    "E|v′ − w|²",
    rivals={
        "keys of unit length": (1 - 2 * eta / d + eta**2 / d) * dot(v - w, v - w) + sigma**2 * eta**2,
        "d for d + 2": (kept - 2 * eta**2) * dot(v - w, v - w) + d * sigma**2 * eta**2,
        "mean correction only": (1 - eta) ** 2 * dot(v - w, v - w) + d * sigma**2 * eta**2,
        "noise in one direction": kept * dot(v - w, v - w) + sigma**2 * eta**2,
    },
)
def one_example():
    """Squared error of the guess after one more example."""
    error = corrected(v, sigma) - w
    yield given("squared distance from the task", E(dot(error, error)))
    yield by(expectation)
    yield so("by the error before", kept * dot(v - w, v - w) + d * sigma**2 * eta**2)


@claim(
    "expectation",
    "E|v_T − w|²",
    rivals={
        "no floor": kept**T * dot(v - w, v - w),
        "floor added": kept**T * dot(v - w, v - w) + floor,
        "one example fewer": floor + kept ** (T - 1) * (dot(v - w, v - w) - floor),
        "mean correction only": floor + (1 - eta) ** (2 * T) * (dot(v - w, v - w) - floor),
        "noise of one example": kept**T * dot(v - w, v - w) + d * sigma**2 * eta**2,
    },
    hypotheses=((d + 2) * eta < 1,),
    regime=(T < 4,),  # what exact cubature can integrate: d + 1 Gaussian numbers an example
)
def many_examples():
    """Squared error of the guess after T examples: an initial error that decays, and a floor of noise."""
    yield given("squared distance from the task", dot(v - w, v - w))
    yield by(after_steps, "after T examples", update={v: corrected(v, sigma)}, times=T)
    yield so("above a floor", floor + kept**T * (dot(v - w, v - w) - floor))


def spread_after(twice):
    """The second moment of the error after one example, by what corrects it twice."""
    return S - eta * (Lambda * S + S * Lambda) + eta**2 * twice


@claim(
    "expectation",
    "E[e′e′ᵀ]",
    rivals={
        "keys at their spread": spread_after(Lambda * S * Lambda + sigma**2 * Lambda),
        "half of the fourth moment": spread_after(Lambda * S * Lambda + (tr(Lambda * S) + sigma**2) * Lambda),
        "spread of the error alone": spread_after(2 * Lambda * S * Lambda + (tr(S) + sigma**2) * Lambda),
        "noise forgotten": spread_after(2 * Lambda * S * Lambda + tr(Lambda * S) * Lambda),
    },
)
def spread():
    """Second moment of the error after one more example, as a function of the second moment before."""
    after = error + eta * key * (sigma * xi - key.T * error)
    yield given("the error after one more example, squared", E(after * after.T))
    yield by(expectation)


def shrinkage():
    """By what one example without noise multiplies the squared error, line by line."""
    yield recall(one_example)
    yield by(substitute, "no noise, and an error before", letters={sigma: Integer(0), dot(v - w, v - w): r})
    yield by(over, "per squared error before", what=r)


@claim(
    "critical scale",
    "η_c",
    rivals={
        "means alone": 2 + 0 * d,
        "keys of typical length": 2 / d,
        "d + 1 for d + 2": 2 / (d + 1),
        "the fastest": 1 / (d + 2),
    },
)
def critical_rate():
    """Step above which the mean square error grows with every example, though its mean may shrink (a transition)."""
    yield from shrinkage()
    yield by(minus, "neither grown nor shrunk", what=Integer(1))
    yield by(crossing, parameter=eta, positive=True)


@claim(
    "fixed point",
    "η*",
    rivals={
        "one over the dimension": 1 / d,
        "one key at a time": 1 / (d + 1),
        "the largest": 2 / (d + 2),
        "between mean and spread": 1 / sqrt(d + 2),
    },
)
def fastest_rate():
    """Step at which the initial error decays fastest: half of the critical one."""
    yield from shrinkage()
    yield by(gradient, wrt=eta)
    yield by(crossing, parameter=eta)
