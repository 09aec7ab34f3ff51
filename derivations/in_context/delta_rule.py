r"""The delta rule learns a task while it reads the prompt, and its error shrinks only at small steps.

A layer keeps a guess v of the task w in R^d. At every example x ~ N(0, I), y = w·x + σξ, it corrects the guess,

    v ← v + η (y − v·x) x.

On average over the example the squared error becomes

    E|v′ − w|² = (1 − 2η + (d + 2)η²) |v − w|² + dσ²η².

So the mean square of the error shrinks from example to example, but for the noise, exactly when η < 2/(d + 2), and
fastest at half of that.

Source: the layer: Schlag, Irie & Schmidhuber, Linear Transformers Are Secretly Fast Weight Programmers (ICML 2021);
the error is that of least mean squares, derived here for Gaussian keys
"""

from sympy import Integer, sqrt

from workbench import E, by, claim, dot, gaussian, given, positive, recall, size, so, vector
from workbench.calculus.rules import crossing, expectation, gradient, minus, over, substitute

d = size("d")
eta, sigma, r = positive("eta"), positive("sigma"), positive("r")
v, w = vector("v", d), vector("w", d)
x, xi = gaussian("x", d), gaussian("xi", 1)

kept = 1 - 2 * eta + (d + 2) * eta**2


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
    """The squared error of the guess after one more example."""
    error = corrected(v, sigma) - w
    yield given("squared distance from the task", E(dot(error, error)))
    yield by(expectation)
    yield so("by the error before", kept * dot(v - w, v - w) + d * sigma**2 * eta**2)


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
    """Above this step the mean square of the error grows with every example, although its mean may shrink."""
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
    """The step that forgets the first error fastest: half of the critical one."""
    yield from shrinkage()
    yield by(gradient, wrt=eta)
    yield by(crossing, parameter=eta)
