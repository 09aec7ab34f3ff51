r"""A layer of linear attention trained at one scale of the inputs does harm where their variance is more than doubled.

The layer of `one_layer`, trained on white prompts of length N with noise σ, answers prompts of the same length whose
inputs all have the variance c, query included. Its answer is of third order in the inputs, and its risk

    d[c − 2c²u + u²(c³(1 + (d + 1)/N) + c²σ²/N)],        u = N/(N + d + 1 + σ²),

exceeds that of predicting zero above c = 2 + σ²/(N + d + 1): without noise above 2, at any length in any dimension.

Source: derived here, for the layer of Zhang, Frei & Bartlett, Trained transformers learn linear models in-context
(JMLR 2024)
"""

from sympy import sqrt

from derivations.in_context.one_layer import C, I, Lambda, N, U, d, risk, sigma
from workbench import by, claim, positive, recall, so
from workbench.calculus.rules import crossing, minus, substitute

c = positive("c")
u = N / (N + d + 1 + sigma**2)


def scaled(gain, spread):
    """The risk, from what multiplies the trained weight, and its square."""
    return d * (c - 2 * gain * u + spread * u**2)


@claim(
    "expectation",
    "R_c(U*)",
    rivals={
        "query not scaled": scaled(c, c**2 * (1 + (d + 1) / N) + c * sigma**2 / N),
        "noise scaled as well": scaled(c**2, c**3 * (1 + (d + 1 + sigma**2) / N)),
        "finite prompt forgotten": scaled(c**2, c**3),
    },
)
def scaled_risk():
    """Risk of a layer trained on white inputs where the inputs have another variance."""
    yield recall(risk)
    yield by(substitute, "trained on white inputs", letters={U: u * I})
    yield by(substitute, "inputs of variance c, isotropic tasks", letters={Lambda: c * I, C: I})
    yield so("collected", scaled(c**2, c**3 * (1 + (d + 1) / N) + c**2 * sigma**2 / N))


@claim(
    "critical scale",
    "c_c",
    rivals={
        "twice, whatever the noise": 2 + 0 * u,
        "in standard deviations": sqrt(2) + 0 * u,
        "noise scaled as well": 2 * (N + d + 1 + sigma**2) / (N + d + 1),
        "long prompts": 2 + sigma**2 / N,
    },
)
def critical_scale():
    """Variance of the inputs above which the trained layer is worse than predicting zero (a crossover)."""
    yield recall(scaled_risk)
    yield by(minus, "against predicting zero", what=c * d)
    yield by(crossing, parameter=c)
    yield so("collected", 2 + sigma**2 / (N + d + 1))
