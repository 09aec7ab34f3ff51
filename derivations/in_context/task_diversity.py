r"""A layer that has seen few tasks learns these; from as many tasks as dimensions on it learns to learn.

Pretraining shows endlessly many prompts of k tasks w_1 … w_k ~ N(0, I), each prompt N white inputs in R^d, with label
noise of variance ρd, ρ times that of the answers. With C = Σ w_j w_jᵀ/k the layer of `one_layer` ends at

    U = [(1 + 1/N) C + (tr C + ρd)/N]⁻¹ C.

When d, k and N grow in fixed proportions, U → C(C + x)⁻¹ with x = (1 + ρ)d/N. Let F be the share of a direction that
such a ridge leaves on k white tokens: F = (r − 1 − x + γ)/(2γ), γ = d/k, r² = (1 + x − γ)² + 4xγ. The error per
direction is

    old tasks    x (1 − F),
    new tasks    x + (1 − x) F − x (1 + x) F′,        F′ = ((1 + x + γ)/r − 1)/(2γ).

Old tasks are learned with prompts that are long enough. Of new tasks the share 1 − k/d is never learned, however long
prompts are, as long as k < d: at k = d the layer ceases to be a memory of its tasks, and learns all of them.

Source: Lu, Letey, Zavatone-Veth, Maiti & Pehlevan, Asymptotic theory of in-context learning by linear attention (PNAS
2025), for endless pretraining; the exact weights and the error of endless prompts at every size are derived here
"""

from sympy import Identity, S, sqrt

from derivations.in_context import one_layer
from workbench import E, by, claim, count, dot, gaussian, given, haar, matrix, positive, recall, size, so, tr
from workbench.calculus.rules import crossing, equivalent, expectation, substitute

d, k, N = size("d"), count("k"), count("N")
rho = positive("rho")
tasks, W, H, w = matrix("tasks", d, k), gaussian("W", d, k), haar("H", d, k), gaussian("w", d)
I = Identity(d)
x, gamma = (1 + rho) * d / N, d / k

seen = tasks * tasks.T / k
weights = ((1 + 1 / N) * seen + (tr(seen) + rho * d) / N * I).inv() * seen
felt = (W * W.T / k + x * I).inv()
root = sqrt((1 + x - gamma) ** 2 + 4 * x * gamma)
F = (root - 1 - x + gamma) / (2 * gamma)
slope = ((1 + x + gamma) / root - 1) / (2 * gamma)


@claim(
    "fixed point",
    "U",
    rivals={
        "endless prompts": (seen + I / N).inv() * seen,
        "as for all tasks": I / (1 + (1 + d + rho * d) / N) + 0 * seen,
        "noise forgotten": ((1 + 1 / N) * seen + tr(seen) / N * I).inv() * seen,
        "a token does not meet itself": (seen + (tr(seen) + rho * d) / N * I).inv() * seen,
    },
)
def trained():
    """Weights of a layer that was trained on k tasks: a ridge regression on them."""
    yield recall(one_layer.fixed_point)
    yield by(
        substitute,
        "white inputs, these tasks",
        letters={one_layer.Lambda: I, one_layer.C: seen, one_layer.sigma: sqrt(rho * d)},
    )
    yield so("collected", weights)


@claim(
    "expectation",
    "lim R/d, old tasks",
    rivals={
        "no tasks in common": x + (1 - x) * F - x * (1 + x) * slope,
        "as for all tasks": x / (1 + x) + 0 * gamma,
        "dimensions per task": (x * (1 - F)).xreplace({k: d**2 / k}),
    },
)
def old_tasks():
    """Error per direction on the tasks of pretraining, in large layers."""
    yield given("tr[C − UC − CU + U(C + x)U] at U = C(C + x)⁻¹", x - x**2 * E(tr(felt)) / d)
    yield by(equivalent)
    yield so("what ridge on k tasks keeps", x * (1 - F))


@claim(
    "expectation",
    "lim R/d, new tasks",
    rivals={
        "as for old tasks": x * (1 - F),
        "as for all tasks": x / (1 + x) + 0 * gamma,
        "bias alone": x + (1 - x) * F - x * (1 + x) * slope - x * (1 - 2 * F + x * slope),
        "one resolvent squared": (1 + x) * F**2 + x * (1 - 2 * F),
    },
)
def new_tasks():
    """Error per direction on tasks that were not in pretraining, in large layers."""
    left, twice = E(tr(felt)) / d, E(tr(felt * felt)) / d
    yield given("tr[1 − 2U + (1 + x)UᵀU] at U = 1 − x(C + x)⁻¹", x - 2 * x**2 * left + (1 + x) * x**2 * twice)
    yield by(equivalent)
    yield so("in terms of what ridge leaves", x + (1 - x) * F - x * (1 + x) * slope)


@claim(
    "expectation",
    "R/d, endless prompts",
    rivals={
        "all tasks learned": S.Zero * k,
        "two directions to a task": 1 - 2 * k / d,
        "as many as in a symmetric matrix": 1 - 2 * k / (d * (d + 1)),
        "root of the share": sqrt(1 - k / d),
    },
    hypotheses=(k <= d,),
    regime=(k < d,),
)
def forgotten():
    """Error per direction on new tasks in the long-prompt limit: the share outside the span of the old ones."""
    yield given("what the projection on k directions leaves of a task", E(dot(w - H * H.T * w, w - H * H.T * w)) / d)
    yield by(expectation)
    yield so("the share of the others", 1 - k / d)


@claim(
    "critical scale",
    "k_c",
    rivals={
        "two tasks to a direction": 2 * d,
        "as many as weights": d**2,
        "as many as in a symmetric matrix": d * (d + 1) / 2,
        "one less": d - 1,
    },
    regime=(d > 1,),
)
def critical_diversity():
    """Number of pretraining tasks above which long prompts teach every new task (a transition)."""
    yield recall(forgotten)
    yield by(crossing, parameter=k)
