r"""Two attention layers on the same prompt recover its spike above a critical strength, after the echo is removed.

A prompt of n tokens in R^d, noise plus spike as in `layers`: G_i + m a_i v with m² = θ. All layers read this one
prompt, with second moment S. The first turns a state x into y₁ = Sx − x. What a second reading says of noise echoes
the first answer, and the question, each d/n times; a layer that subtracts both echoes returns

    y₂ = Sy₁ − y₁ − (d/n)(y₁ + x),

and so on. In large prompts two layers return θ²v of the spike, and of any state across it noise of squared
length (d/n)²: they gain the spike if θ > √(d/n), and lose it if θ is less. That is where the top eigenvector of the
prompt begins to hold the spike, by `spikes`.

Source: derived here; the echo is the memory term of approximate message passing (Donoho, Maleki & Montanari 2009)
"""

from sympy import oo, sqrt

from derivations.pca.layers import G, d, m, n, theta, tokens, v, w, x
from workbench import E, by, claim, dot, given, so
from workbench.calculus.rules import crossing, expand_large, expectation, minus, over, substitute

powers = {m**6: theta**3, m**4: theta**2, m**2: theta}  # of the strength of the spike


def reading(prompt, state):
    """What a layer that reads this prompt adds to a state."""
    return prompt * (prompt.T * state) / n - state


def second(state):
    """What a second layer on the same tokens returns, without the echoes of the state and of the first answer."""
    first = reading(tokens, state)
    return reading(tokens, first) - d / n * (first + state)


first_of_noise = reading(G, w)


@claim(
    "expectation",
    "E⟨y₁, Sy₁ − y₁⟩/E|y₁|²",
    rivals={
        "large prompts": d / n,
        "of the question": (d + 1) / n,
        "new tokens in the second layer": 0 * d,
        "tokens per dimension": n / d,
    },
)
def echo():
    """Overlap of the second layer's output with the first's on pure noise: d/n in large prompts."""
    yield given("what it says along the first answer", E(dot(first_of_noise, reading(G, first_of_noise))))
    yield by(expectation)
    yield by(over, "per squared length of that answer", what=E(dot(first_of_noise, first_of_noise)))
    yield by(expectation)
    yield so("over one denominator", (d**2 + 3 * d + 4) / (n * (d + 1)))


def answered(along, rest):
    """The average answer with these numbers along the spike and for the state itself."""
    return along * dot(v, x) * v + rest * x


@claim(
    "expectation",
    "E y₂",
    rivals={
        "large prompts": answered(theta**2, 0),
        "new tokens in the second layer": answered(theta**2 - d * theta / n, -d / n),
        "echoes not forgotten": answered(theta**2 + theta * (d + 2 + 2 * theta) / n, (d + 1 + theta) / n),
        "echo of the answer not forgotten": answered(theta**2 + theta * (d + 2 + 2 * theta) / n, (1 + theta) / n),
        "echo of the question not forgotten": answered(theta**2 + 2 * theta * (1 + theta) / n, (d + 1 + theta) / n),
    },
)
def response():
    """Mean output of two layers on the same tokens, in the limit of large prompts: along the spike alone."""
    yield given("the second answer", E(second(x)))
    yield by(expectation)
    yield by(substitute, "the strength of the spike", letters=powers)
    yield so("along the spike and along the state", answered(theta**2 + 2 * theta * (1 + theta) / n, (1 + theta) / n))


def squared_length():
    """The mean squared length of the second answer for a state across the spike, line by line."""
    answer = second(w)
    yield given("squared length of the second answer", E(dot(answer, answer)))
    yield by(expectation)
    yield by(substitute, "the strength of the spike", letters=powers)


@claim(
    "expectation",
    "lim |y₂|², x ⊥ v",
    rivals={
        "noise of one layer": d / n,
        "echoes not forgotten": 2 * (d / n) ** 2 + (d / n) ** 3,
        "echo of the answer not forgotten": (d / n) ** 2 + (d / n) ** 3,
        "echo of the question not forgotten": 2 * (d / n) ** 2,
    },
)
def noise():
    """Variance that two layers on one large prompt add to a state orthogonal to the spike."""
    yield from squared_length()
    yield by(expand_large, "in large prompts", large={d: oo, n: oo}, order=0)


@claim(
    "critical scale",
    "lim θ_c",
    rivals={
        "dimensions per token": d / n,
        "tokens per dimension": sqrt(n / d),
        "small prompts": sqrt((d + 1) / n),
        "edge of the bulk": (1 + sqrt(d / n)) ** 2 - 1,
        "none, as over many prompts": 0 * d,
    },
)
def critical_strength():
    """Spike strength of two layers on one large prompt at which signal and added noise are equal (a crossover)."""
    yield from squared_length()
    held = dot(v, response.formula.xreplace({x: v}))
    yield by(minus, "against the spike in what they make of the spike, squared", what=held**2)
    yield by(expand_large, "in large prompts", large={d: oo, n: oo}, order=0)
    yield by(crossing, parameter=theta, positive=True)
