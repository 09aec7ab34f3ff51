r"""Momentum allows larger steps for the mean error, and only smaller ones for its mean square.

The delta rule with momentum m, for keys x ~ N(0, I) and answers without noise: the guess v moves by a step p that
remembers the one before,

    p ← m p + η (y − v·x) x,        v ← v + p.

On average over keys the error shrinks up to η = 2(1 + m): momentum doubles what is borne. Its mean square, which is
what the layer pays, shrinks only up to

    η_c = 2(1 − m²)/(d + 2 + dm),

less than 2/(d + 2). Along a constant slope steps add up to η/(1 − m), which gains little: (1 + m)(d + 2)/(d + 2 + dm)
times what is borne without momentum, at most (d + 2)/(d + 1).

Source: the method: Polyak (1964); that it does not help single examples: Kidambi, Netrapalli, Jain & Kakade, On the
insufficiency of existing momentum schemes for stochastic optimization (2018); the exact rates are derived here
"""

from sympy import Integer

from derivations.in_context.delta_rule import d, eta, r, v, w, x
from workbench import by, claim, dot, given, positive, probability, scalar, so, vector
from workbench.calculus.rules import critical_rate, recursion

m, s, c = probability("m"), positive("s"), scalar("c")
p, a = vector("p", d), vector("a", d)

error, kick = v - w, eta * x * (x.T * (w - v))
moved = {v: v + m * p + kick, p: m * p + kick}


@claim(
    "critical scale",
    "η_c",
    rivals={
        "without momentum": 2 / (d + 2) + 0 * m,
        "the sum of the steps": 2 * (1 - m) / (d + 2),
        "means alone": 2 * (1 + m) + 0 * d,
        "larger by as much as in the mean": 2 * (1 + m) / (d + 2),
        "d for d + 2": 2 * (1 - m**2) / (d + d * m),
    },
    regime=(d < 4,),
)
def largest_rate():
    """Step above which the mean square of the error grows (a transition): it decreases with momentum."""
    followed = {r: dot(error, error), s: dot(p, p), c: dot(error, p)}
    yield given("squared distance from the task", dot(error, error))
    yield by(
        recursion, "by the means before: r of it, s of the squared step, c of the product", update=moved, means=followed
    )
    yield by(critical_rate, unknowns=(r, s, c), parameter=eta)
    yield so("collected", 2 * (1 - m**2) / (d + 2 + d * m))


@claim(
    "critical scale",
    "η_c of the mean",
    rivals={
        "without momentum": Integer(2) + 0 * m,
        "the sum of the steps": 2 * (1 - m),
        "twice at once": Integer(4) + 0 * m,
    },
    regime=(d < 4,),
)
def largest_rate_of_the_mean():
    """Step above which the mean error grows in every direction (a transition): up to twice as large with momentum."""
    yield given("the error along a", dot(a, error))
    along = {c: dot(a, error), r: dot(a, p)}
    yield by(recursion, "by the means before: c of it, r of the step along a", update=moved, means=along)
    yield by(critical_rate, unknowns=(c, r), parameter=eta)
    yield so("collected", 2 * (1 + m))
