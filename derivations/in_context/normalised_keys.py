r"""Keys of length one let a delta rule take steps up to two, whatever the dimension.

The layer of `delta_rule`, v ← v + η(y − v·k)k with y = w·k + σξ, for keys k of length one and of every direction alike,
as DeltaNet normalises them. One key repairs the part of the error along itself, a share 1/d of it on average, and with
a = 1 − η(2 − η)/d and the floor f = dησ²/(2 − η)

    E|v_T − w|² = f + aᵀ(|v − w|² − f).

So η_c = 2 against 2/(d + 2) for Gaussian keys, and η = 1, which replaces what was stored under the key, is fastest:
1 − 1/d against 1 − 1/(d + 2) per example.

Source: the layer: Yang, Wang, Zhang, Shen & Kim, Parallelizing linear transformers with the delta rule over sequence
length (2024); at η = 1 it is the randomised method of Kaczmarz (Strohmer & Vershynin, 2009). Derived here
"""

from sympy import Integer

from derivations.in_context.delta_rule import T, d, eta, r, sigma, v, w, xi
from workbench import by, claim, dot, given, so, sphere
from workbench.calculus.rules import after_steps, critical_rate, crossing, gradient, recursion

k = sphere("k", d)

kept = 1 - eta * (2 - eta) / d
floor = d * eta * sigma**2 / (2 - eta)
before = dot(v - w, v - w)
learned = {v: v + eta * k * (k.T * (w - v) + sigma * xi)}


@claim(
    "expectation",
    "E|v_T − w|²",
    rivals={
        "Gaussian keys of that length on average": (1 - 2 * eta / d + (d + 2) * eta**2 / d**2) ** T * before + floor,
        "no floor": kept**T * before + 0 * sigma,
        "floor added": kept**T * before + floor,
        "noise in every direction": d * floor + kept**T * (before - d * floor),
        "one example fewer": floor + kept ** (T - 1) * (before - floor),
    },
    hypotheses=(eta < 2,),
    regime=(T < 4, d < 4, eta * sigma > 1),
)
def many_examples():
    """Squared error of the guess after T examples with keys of length one."""
    yield given("squared distance from the task", before)
    yield by(after_steps, "after T examples", update=learned, times=T)
    yield so("above a floor", floor + kept**T * (before - floor))


@claim(
    "critical scale",
    "η_c",
    rivals={
        "Gaussian keys": 2 / (d + 2),
        "Gaussian keys of length one on average": 2 * d / (d + 2),
        "the fastest": Integer(1) + 0 * d,
        "keys of length √d": 2 / d,
    },
    regime=(d < 4,),
)
def largest_rate():
    """Step above which the error grows with keys of length one, and below which it shrinks (a transition)."""
    yield given("squared distance from the task", before)
    yield by(recursion, "after one example, by its mean r before", update=learned, means={r: before})
    yield by(critical_rate, unknowns=(r,), parameter=eta)


@claim(
    "fixed point",
    "η*",
    rivals={
        "Gaussian keys": 1 / (d + 2),
        "the largest": Integer(2) + 0 * d,
        "its share of the directions": 1 / d,
    },
    regime=(d < 4,),
)
def fastest_rate():
    """Step at which the initial error decays fastest: the new answer replaces the old one."""
    yield given("squared distance from the task", before)
    learned_exactly = {v: learned[v].xreplace({sigma: Integer(0)})}
    yield by(recursion, "after one example, by its mean r before", update=learned_exactly, means={r: before})
    yield by(gradient, wrt=eta)
    yield by(crossing, parameter=eta)
