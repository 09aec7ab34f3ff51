r"""Critical prompt lengths and critical step sizes of training.

The layer of `one_layer`. With prompts of length N_α = 1 + (tr Λ + σ²)/α the stair of a mode (`staircases`) takes half
of its variance; on white inputs and tasks half of everything is explained at N_c = d + 1 + σ². Gradient
descent on the merged weights keeps to the minimum up to the step

    η_c = N/(σ₁²((N + 1)σ₁ + tr Λ + σ²)),    σ₁ the top eigenvalue of Λ.

Source: derived here
"""

from sympy import sqrt

from derivations.in_context.one_layer import C, I, Lambda, N, alpha, beta_, curvature, d, least_risk, sigma
from derivations.in_context.staircases import stair
from workbench import by, claim, positive, recall, top_eigenvalue, tr
from workbench.calculus.rules import crossing, minus, substitute

eta = positive("eta")
sigma_1 = top_eigenvalue("sigma_1", Lambda)
trace = tr(Lambda) + sigma**2


@claim(
    "critical scale",
    "N_α",
    rivals={
        "all modes alike": 1 + d + sigma**2 / sigma_1,
        "noise forgotten": 1 + tr(Lambda) / sigma_1,
        "one too few": trace / sigma_1,
        "one too many": 2 + trace / sigma_1,
        "the mode's own noise forgotten": 1 + (trace - sigma_1) / sigma_1,
    },
    regime=(1.5 * sigma_1 < trace, trace < 6 * sigma_1),
)
def worthwhile_length():
    """Prompt length at which half of the first mode is learned (a level): weak modes need longer ones."""
    yield recall(stair)
    yield by(substitute, "the first stair", letters={alpha: sigma_1})
    yield by(minus, "against half of the mode", what=sigma_1 / 2)
    yield by(crossing, parameter=N)


@claim(
    "critical scale",
    "N_c",
    rivals={
        "the dimension itself": d + sigma**2,
        "half of it": (d + 1 + sigma**2) / 2,
        "a quarter explained": (d + 1 + sigma**2) / 3,
        "noise forgotten": d + 1,
        "d + 2 for d + 1": d + 2 + sigma**2,
        "squared bias only": (sqrt(2) - 1) * (d + 1 + sigma**2),
    },
    regime=(d + sigma**2 < 6,),
)
def half_explained():
    """Length of training prompts that explains half of the answers' variance, white inputs (a level)."""
    yield recall(least_risk)
    yield by(substitute, "white inputs and tasks", letters={Lambda: I, C: I})
    yield by(minus, "against half of the variance", what=d / 2)
    yield by(crossing, parameter=N)


@claim(
    "critical scale",
    "η_c",
    rivals={
        "one over the curvature": N / (2 * sigma_1**2 * ((N + 1) * sigma_1 + trace)),
        "finite prompt forgotten": 1 / sigma_1**3,
        "trace term forgotten": N / (sigma_1**3 * (N + 1)),
        "the whole variance": N / (tr(Lambda) ** 2 * ((N + 1) * tr(Lambda) + trace)),
    },
)
def critical_step():
    """Step above which gradient descent on the merged weights leaves the minimum (a transition)."""
    yield recall(curvature)
    yield by(substitute, "along the first axis, where it is largest", letters={alpha: sigma_1, beta_: sigma_1})
    yield by(minus, "against 2/η, the largest curvature at which a step η is stable", what=2 / eta)
    yield by(crossing, parameter=eta)
