r"""The cost of a gate of fixed rate in context: small on short prompts, unbounded in large dimensions.

The layer of `gated_averages`, trained, with c = d + 1 + σ². A gate a = e^{−κ/N}, behind which the first example counts
e^{−κ} of the last, needs N/M examples for one of a uniform average, and on long prompts

    N/M → (κ/2)/tanh(κ/2),        N R*/d → c (κ/2)/tanh(κ/2).

Where the first example counts half that is (3/2) ln 2, 4 % more than one; the published bound is 3/2. At a fixed rate
more examples do not help for ever: half of the answers is explained after

    N_½ = log[(1 + a − c(1 − a))/(1 + a + c(1 − a))]/log a

examples, which diverges as a falls to (c − 1)/(c + 1): the gate must remember c examples.

Source: derived here, for the layer of Jiang, Huang, Zhang, Suzuki & Nie, Trained Mamba emulates online gradient descent
in in-context linear regression (2025), Theorem 4.1
"""

from sympy import Rational, S, exp, log

from derivations.in_context.gated_averages import N, a, c, d, gated_length, least_risk, sigma
from workbench import by, claim, positive, recall, so
from workbench.calculus.rules import crossing, gradient, minus, over, substitute

t, kappa = positive("t"), positive("kappa")  # t: one over the length of the prompt


@claim(
    "rate",
    "lim N/M",
    rivals={
        "the published bound": Rational(3, 2) + 0 * kappa,
        "no price of forgetting": S.One + 0 * kappa,
        "the last weight": kappa / (1 - exp(-kappa)),
        "half of it": kappa / 4 * (1 + exp(-kappa)) / (1 - exp(-kappa)),
    },
)
def price_of_forgetting():
    """Ratio of the examples needed with and without a gate, on long prompts whose first example has weight e^{−κ}."""
    yield recall(gated_length)
    yield by(over, "one over it", what=gated_length.formula**2)
    yield by(substitute, "a gate that keeps e^{−κ} over 1/t examples", letters={a: exp(-kappa * t), N: 1 / t})
    yield by(gradient, "per length, at t = 0, it is the slope", wrt=t)
    yield by(substitute, "endless prompts", letters={t: S.Zero})
    yield so("collected", kappa / 2 * (1 + exp(-kappa)) / (1 - exp(-kappa)))


@claim(
    "critical scale",
    "N_½",
    rivals={
        "as without a gate": c + 0 * a,
        "half remembered": log(1 + 0 * c - S.Half) / log(a),
        "d for d + 1": log((a * c - c + 2) / (c - a * (c - 2))) / log(a),
        "rate for its logarithm": log((1 + a - c * (1 - a)) / (1 + a + c * (1 - a))) / (a - 1),
    },
    hypotheses=(a * (c + 1) > c - 1,),
    regime=(a * (c + 0.9) > c - 0.9,),
)
def half_explained():
    """Prompt length that explains half of the answers (a level): it diverges as a falls to (c − 1)/(c + 1)."""
    yield recall(least_risk)
    yield by(minus, "against half of the variance", what=d / 2)
    yield by(crossing, parameter=N, value=log((1 + a - c * (1 - a)) / (1 + a + c * (1 - a))) / log(a))


@claim(
    "critical scale",
    "a_½",
    rivals={
        "a memory of d examples": (d - 1 + 0 * sigma) / (d + 1),
        "noise forgotten": d / (d + 2),
        "one over the rate": 1 - 1 / c,
        "half remembered": S.Half + 0 * c,
    },
)
def shortest_memory():
    """Decay factor of a gate below which no prompt length explains half of the answers (a divergence)."""
    yield recall(least_risk)
    yield by(substitute, "endless prompts, of which nothing is left of the first example", letters={a**N: S.Zero})
    yield by(minus, "against half of the variance", what=d / 2)
    yield by(crossing, parameter=a)
