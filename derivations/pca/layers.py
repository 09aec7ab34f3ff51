r"""Layers of attention that read fresh tokens find a spike as weak as the top eigenvector of one prompt does.

A token is noise plus spike, G_i + m a_i v with m² = θ, G_i ~ N(0, I) in R^d and a_i ~ N(0, 1). A layer of linear
attention reads n tokens and turns its state x into Sx − x, with S the second moment of what it read. On average that is
θ⟨v, x⟩v; what is not average is noise. With q = ⟨v, x⟩² for |x| = 1, the share of the average in what is returned,

    q ↦ θ²q / (θ²q + noise(q)),

rests at q* > 0 if and only if θ² > (d + 1 + θ)/n. As d and n grow, that is θ > √(d/n), and q* is the
overlap of the top eigenvector in `spikes`.

Source: derived here; the map is the state evolution of Bayati & Montanari 2011 with new tokens in every layer
"""

from sympy import Identity, sqrt

from workbench import (
    E,
    by,
    claim,
    count,
    dot,
    gaussian,
    given,
    positive,
    probability,
    recall,
    size,
    so,
    unit_vector,
    vector,
)
from workbench.calculus.rules import crossing, expectation, gradient, minus, over, substitute

d, n = size("d"), count("n")
theta, m = positive("theta"), positive("m")
q = probability("q")
v = unit_vector("v", d)
w = unit_vector("w", d, orthogonal_to=(v,))
x = vector("x", d)
G, a = gaussian("G", d, n, cov=Identity(d)), gaussian("a", n, cov=Identity(n))

tokens = G + m * v * a.T
returned = tokens * tokens.T * x / n - x
along = dot(v, x) ** 2
found = theta**2 > (d + 1 + theta) / n  # strong enough to be found


def spread_with(every, own):
    """The spread with these numbers for d + 1 + θ and d + 2 + 2θ."""
    return theta**2 * along + (every * dot(x, x) + theta * own * along) / n


@claim(
    "expectation",
    "E (Sx − x)",
    rivals={
        "state not subtracted": x + theta * dot(v, x) * v,
        "root of the strength": sqrt(theta) * dot(v, x) * v,
        "sum over the prompt": n * theta * dot(v, x) * v,
    },
)
def response():
    """Mean output of a layer: along the spike, in proportion to its strength and to the overlap of the state."""
    yield given("the second moment of n tokens, applied to the state", E(returned))
    yield by(expectation)
    yield by(substitute, "the strength of the spike", letters={m**2: theta})


@claim(
    "expectation",
    "E |Sx − x|²",
    rivals={
        "noise of the tokens' own spike forgotten": spread_with(d + 1, d + 2 + 2 * theta),
        "independent coordinates": spread_with(d + theta, d + 2 + 2 * theta),
        "one token": spread_with(d + 1 + theta, d + 2 + 2 * theta) * n,
        "no spread along the spike": theta**2 * along + (d + 1 + theta) * dot(x, x) / n,
    },
)
def spread():
    """Second moment of a layer's output: that of its mean, and the noise of n tokens."""
    yield given("squared length", E(dot(returned, returned)))
    yield by(expectation)
    yield by(substitute, "the strength of the spike", letters={m**4: theta**2, m**2: theta})
    yield so("average and noise", spread_with(d + 1 + theta, d + 2 + 2 * theta))


def mixed():
    """The spread for a state with the overlap q, line by line."""
    yield recall(spread)
    yield by(substitute, "a state with squared overlap q", letters={x: sqrt(q) * v + sqrt(1 - q) * w})


spread_at = theta**2 * q + (d + 1 + theta + theta * (d + 2 + 2 * theta) * q) / n
resting = (n * theta**2 - (d + 1 + theta)) / (n * theta**2 + theta * (d + 2 + 2 * theta))


@claim(
    "fixed point",
    "q*",
    rivals={
        "noise of an endless prompt's edge": 1 - (d + 1 + theta) / (n * theta**2),
        "no spread along the spike": (n * theta**2 - (d + 1 + theta)) / (n * theta**2),
        "overlap for its square": sqrt(resting),
        "large prompts": (1 - d / (n * theta**2)) / (1 + d / (n * theta)),
    },
    hypotheses=(found,),
)
def resting_overlap():
    """Fixed point of the squared overlap with the spike under iterated layers."""
    yield from mixed()
    yield so("in q", spread_at)
    yield by(minus, "the share of the average is q again where the spread is θ²", what=theta**2)
    yield by(crossing, parameter=q, positive=False)
    yield so("signal against noise", resting)


@claim(
    "rate",
    "dq′/dq at q*",
    rivals={
        "its inverse": n * theta**2 / (d + 1 + theta),
        "large prompts": d / (n * theta**2),
        "root of it": sqrt((d + 1 + theta) / n) / theta,
    },
    hypotheses=(found,),
)
def contraction():
    """Derivative of the layer map at its fixed point: below one, so the overlap is stable."""
    yield from mixed()
    yield so("in q", spread_at)
    yield by(over, "over what it would be without noise", what=theta**2 * q)
    yield by(gradient, "how one over the share changes", wrt=q)
    yield by(over, "the share itself changes by −q² times that", what=-1 / q**2)
    yield by(substitute, "at rest", letters={q: resting})
    yield so("noise per signal", (d + 1 + theta) / (n * theta**2))


@claim(
    "critical scale",
    "θ_c",
    rivals={
        "large prompts": sqrt(d / n),
        "dimensions per token": d / n,
        "noise of the tokens' own spike forgotten": sqrt((d + 1) / n),
        "other root": (1 - sqrt(1 + 4 * n * (d + 1))) / (2 * n),
    },
)
def critical_strength():
    """Critical spike strength below which a small overlap decreases from layer to layer (a transition)."""
    yield recall(spread)
    yield by(substitute, "a state without the spike", letters={x: w})
    yield by(minus, "against the average that a state on the spike returns", what=theta**2)
    yield by(crossing, parameter=theta, positive=True)
    yield so("the positive root", (1 + sqrt(1 + 4 * n * (d + 1))) / (2 * n))
