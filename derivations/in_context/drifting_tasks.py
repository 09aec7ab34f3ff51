r"""A delta rule tracks a task that drifts: small steps fall behind, large ones follow the noise, one is best.

The layer of `delta_rule`, v ← v + η(y − v·x)x with y = w·x + σξ and keys x ~ N(0, I), while the task itself walks,
w ← w + γζ with ζ ~ N(0, I) after every example. With a = 1 − 2η + (d + 2)η² the squared error tends to

    f = d(η²σ² + γ²)/(2η − (d + 2)η²),    E|v_T − w_T|² = f + aᵀ(|v − w|² − f),

which is least at the step

    η* = γ (√(4σ² + (d + 2)²γ²) − (d + 2)γ)/(2σ²):

γ/σ for a slow task, and 1/(d + 2), as without noise, for a fast one.

Source: the lag of least mean squares behind a random walk: Widrow, McCool, Larimore & Johnson (1976), for slow tasks;
exact for Gaussian keys, derived here
"""

from sympy import sqrt

from derivations.in_context.delta_rule import T, corrected, d, eta, r, sigma, v, w
from workbench import by, claim, dot, gaussian, given, positive, recall, so
from workbench.calculus.rules import after_steps, crossing, gradient, minus, recursion

gamma = positive("gamma")
zeta = gaussian("zeta", d)

kept = 1 - 2 * eta + (d + 2) * eta**2
lag = d * (eta**2 * sigma**2 + gamma**2) / (2 * eta - (d + 2) * eta**2)
before = dot(v - w, v - w)
walked = {v: corrected(v, sigma), w: w + gamma * zeta}


@claim(
    "expectation",
    "E|v_T − w_T|²",
    rivals={
        "the task as it was at first": lag.xreplace({gamma: 0 * gamma}) + kept**T * before,
        "one step of the walk": kept**T * before + d * gamma**2 + d * eta**2 * sigma**2,
        "the walk in one direction": lag / d + kept**T * (before - lag / d),
        "mean correction only": lag + (1 - eta) ** (2 * T) * (before - lag),
    },
    hypotheses=((d + 2) * eta < 2,),
    regime=(T < 4, d < 3),
)
def many_examples():
    """Squared distance of the guess from a drifting task after T examples."""
    yield given("squared distance from the task", before)
    yield by(after_steps, "after T examples and T steps of the walk", update=walked, times=T)
    yield so("above what is left behind", lag + kept**T * (before - lag))


@claim(
    "fixed point",
    "E|v_∞ − w_∞|²",
    rivals={
        "small steps": d * (eta * sigma**2 / 2 + gamma**2 / (2 * eta)),
        "noise alone": d * eta * sigma**2 / (2 - (d + 2) * eta) + 0 * gamma,
        "walk added at the end": d * eta * sigma**2 / (2 - (d + 2) * eta) + d * gamma**2,
        "d + 1 for d + 2": d * (eta**2 * sigma**2 + gamma**2) / (2 * eta - (d + 1) * eta**2),
    },
    hypotheses=((d + 2) * eta < 2,),
)
def distance_kept():
    """Stationary squared distance of the guess from a drifting task."""
    yield given("squared distance from the task", before)
    yield by(recursion, "after one example, by its mean r before", update=walked, means={r: before})
    yield by(minus, "as much as before", what=r)
    yield by(crossing, parameter=r, hypotheses=((d + 2) * eta < 2,))
    yield so("collected", lag)


@claim(
    "fixed point",
    "η*",
    rivals={
        "slow tasks": gamma / sigma + 0 * d,
        "no noise": 1 / (d + 2) + 0 * gamma,
        "half of the critical step, less the noise": gamma / ((d + 2) * gamma + sigma),
        "d for d + 2": gamma * (sqrt(4 * sigma**2 + d**2 * gamma**2) - d * gamma) / (2 * sigma**2),
    },
)
def best_step():
    """Step with the least stationary distance from a drifting task."""
    yield recall(distance_kept)
    yield by(gradient, wrt=eta)
    yield by(crossing, parameter=eta)
    yield so("collected", gamma * (sqrt(4 * sigma**2 + (d + 2) ** 2 * gamma**2) - (d + 2) * gamma) / (2 * sigma**2))
