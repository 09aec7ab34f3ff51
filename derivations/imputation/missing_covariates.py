r"""Regression in context from covariates with holes: fewer examples in effect, and a risk that no prompt removes.

A prompt holds N examples (x_k, y_k), y_k = wᵀx_k + noise of variance σ², x ~ N(0, I) in d dimensions, |w| = 1, and a
query x whose label is asked. Entries of all covariates are seen with chance q, missing ones read as zero; labels are
complete. One layer of linear attention answers u βᵀ(o∘x) with β = (1/N) Σ y_k (o_k∘x_k), and

    R(u) = 1 − 2q²u + q²u² [q(1 − 1/N) + c/N],    u* = 1/[q(1 − 1/N) + c/N],    R(u*) = 1 − q²u*,    c = d + 2 + dσ².

As if there were about qN examples; and the share 1 − q of the risk is left however long the prompt. A layer trained
where a share q is seen answers too loudly where a share s is seen that exceeds

    s_c = 2q + c/(N − 1):

there it is worse than no answer. Short prompts forgive, for their layer was trained to answer softly.

Source: derived here; the complete case is Zhang, Frei & Bartlett, JMLR 25 (2024)
"""

from sympy import Identity, S, sqrt
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import (
    E,
    by,
    claim,
    count,
    dot,
    gaussian,
    given,
    mask,
    positive,
    probability,
    recall,
    scalar,
    size,
    so,
    tr,
    unit_vector,
)  # fmt: skip
from workbench.calculus.rules import crossing, expectation, gradient, minus, stationary_point, substitute

d, N = size("d"), count("N")
q, s, sigma, u = probability("q"), probability("s"), positive("sigma"), scalar("u")
w, x, x1, x2 = unit_vector("w", d), gaussian("x", d), gaussian("x1", d), gaussian("x2", d)
e1, e2 = (gaussian(name, 1, cov=sigma**2 * Identity(1)) for name in ("e1", "e2"))
o, o1, o2 = (mask(name, d, q) for name in ("o", "o1", "o2"))

one = (dot(w, x1) + tr(e1)) * dot(x1, DiagMatrix(o1) * DiagMatrix(o) * x)  # what an example answers
other = (dot(w, x2) + tr(e2)) * dot(x2, DiagMatrix(o2) * DiagMatrix(o) * x)

SMALL = (d < 3, N < 4)  # all masks of a prompt are enumerated
c = d + 2 + d * sigma**2


def mean_square(seen):
    """E|answer|² over q²u²: two different examples of the prompt, or the same with chance 1/N."""
    return seen * (1 - 1 / N) + c / N


def error(seen, spread):
    """The risk when E|answer|² is u² times the square of what is seen times the spread."""
    return 1 - 2 * seen**2 * u + seen**2 * u**2 * spread


@claim(
    "expectation",
    "R(u)",
    rivals={
        "holes in the query alone": 1 - 2 * q * u + q * u**2 * (1 - 1 / N + c / N),
        "holes in the examples alone": 1 - 2 * q * u + q * u**2 * mean_square(q),
        "seen in both examples and the query alike": error(q, q**2 * (1 - 1 / N) + c / N),
        "endless prompt": error(q, q) + 0 * N * sigma * d,
    },
    regime=SMALL,
)
def risk():
    """Squared error of a layer that reads covariates with holes, over prompts and masks."""
    label = dot(w, x)
    yield given(
        "a square; two examples of the prompt are the same with chance 1/N",
        E(label**2)
        - 2 * u * E(E(label * one, x, x1, e1), o, o1)
        + u**2 * (E(E(one**2, x, x1, e1), o, o1) / N + (1 - 1 / N) * E(E(one * other, x, x1, x2, e1, e2), o, o1, o2)),
    )
    yield by(expectation)
    yield so("in c = d + 2 + dσ²", error(q, mean_square(q)))


@claim(
    "fixed point",
    "u*",
    rivals={
        "complete covariates": 1 / mean_square(1),
        "one over the rate": 1 / (q * mean_square(1)),
        "effective examples qN": 1 / (q * (1 - 1 / (q * N) + c / (q * N))),
        "one over its square": 1 / (q * mean_square(q)),
    },
    regime=SMALL,
)
def best_scale():
    """Scale of the trained layer's answer: it grows with the missing rate."""
    yield recall(risk)
    yield by(gradient, wrt=u)
    yield by(stationary_point, wrt=u)
    yield so("its length", 1 / mean_square(q))


@claim(
    "expectation",
    "R(u*)",
    rivals={
        "complete covariates": 1 - 1 / mean_square(1) + 0 * q,
        "only the query has holes": 1 - q / mean_square(1),
        "gain counted twice": 1 - 2 * q**2 / mean_square(q),
        "effective examples q²N": 1 - q / (1 - 1 / N + c / (q**2 * N)),
    },
    regime=SMALL,
)
def least_risk():
    """Risk of the trained layer: the missing share of the query, and the cost of holes in the prompt."""
    yield recall(risk)
    yield by(substitute, "at the best scale", letters={u: best_scale.formula})
    yield so("half of the linear term is regained", 1 - q**2 / mean_square(q))


@claim(
    "expectation",
    "R_s(u*_q) − 1",
    rivals={
        "used where it was trained": -(q**2) / mean_square(q) + 0 * s,
        "trained where it is used": -(s**2) / mean_square(s) + 0 * q,
        "louder by what is seen": (s / mean_square(q)) ** 2 * mean_square(q) - 2 * s**2 / mean_square(q),
        "more seen in the query alone": s * q * (mean_square(q) / mean_square(q) ** 2 - 2 / mean_square(q)),
    },
    regime=SMALL,
)
def shifted_gain():
    """Gain over predicting zero of a layer trained at the observed share q and used at the share s."""
    yield recall(risk)
    yield by(substitute, "where it is used", letters={q: s})
    yield by(substitute, "as it was trained", letters={u: best_scale.formula})
    yield by(minus, "less what no answer leaves", what=S.One)
    yield so("second moment of the answer at both rates", s**2 / mean_square(q) * (mean_square(s) / mean_square(q) - 2))


@claim(
    "critical scale",
    "s_c",
    rivals={
        "as for keys and values with holes": sqrt(2) * q + 0 * N * sigma * d,
        "endless prompts": 2 * q + 0 * N * sigma * d,
        "noise forgotten": 2 * q + (d + 2) / (N - 1) + 0 * sigma,
        "one example more": 2 * q + c / N,
    },
    hypotheses=(N > 1, 2 * q + c / (N - 1) < 1),
    regime=(d < 3,),
)
def harmful_rate():
    """Observed share above which a layer trained on covariates with holes is worse than zero (a crossover)."""
    yield recall(shifted_gain)
    yield by(crossing, parameter=s, hypotheses=(N > 1, 2 * q + c / (N - 1) < 1))
    yield so("collected", 2 * q + c / (N - 1))
