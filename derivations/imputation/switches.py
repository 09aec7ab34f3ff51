r"""The missing rates at which rank-one attention changes the direction that it learns.

Complete data want the direction of largest variance. Data with holes want entries that predict each
other. Take a lone entry of variance τ beside a pair of unit variance and correlation ρ, whose joint
direction has variance 1 + ρ < τ. Both directions are stationary for every missing rate, and

    p_0 = (1 + ρ)(τ − 1 − ρ)/(ρ (2τ − 1 − ρ))  <  p_c = (1 + ρ)(τ − 1 − ρ)/(ρ τ)  <  p_1 = (τ − 1 − ρ)/ρ:

the pair is stable above p_0, the lone entry below p_1, and their risks cross at p_c. In between, training
remembers where it began.

Source: derived here, from `rank_one`
"""

from sympy import ImmutableMatrix, S

from derivations.imputation.rank_one import Sigma, d, least_risk, p, u
from workbench import by, claim, positive, probability, recall, scalar, so, vector
from workbench.calculus.rules import crossing, hessian, minus, paired, substitute

h = vector("h", d)
tau, rho, y, z = positive("tau"), probability("rho"), scalar("y"), scalar("z")
v = 1 + rho  # the variance along the pair
m_pair = (1 - p) * v + p

ENTRIES = ImmutableMatrix([[tau, 0, 0], [0, 1, rho], [0, rho, 1]])
LONE, PAIR = ImmutableMatrix([1, 0, 0]), ImmutableMatrix([0, 1, 1])
BESIDE_LONE, BESIDE_PAIR = ImmutableMatrix([0, y, z]), ImmutableMatrix([z, y, -y])
BISTABLE = (tau > v, tau < v**2, tau < v + rho)


def along(direction, step=PAIR):
    """What the letters stand for when a layer with that direction sees the lone entry and the pair."""
    return {Sigma: ENTRIES, u: direction, h: step, d: S(3)}


@claim(
    "critical scale",
    "p_c",
    rivals={
        "where the lone entry loses stability": (tau - v) / rho,
        "where the pair gains stability": v * (tau - v) / (rho * (2 * tau - v)),
        "variances compared": (tau - v) / tau,
        "no switch": S.One,
    },
    hypotheses=BISTABLE,
)
def switch():
    """Missing rate above which the correlated pair is better, though its variance is smaller (a crossover)."""
    yield recall(least_risk)
    yield by(substitute, "along the lone entry", letters=along(LONE))
    yield by(minus, "less what the pair leaves", what=least_risk.formula.xreplace(along(PAIR)))
    yield so("in τ and ρ", (1 - p) * (v**2 / m_pair - tau))
    yield by(crossing, parameter=p, hypotheses=BISTABLE)
    yield so("with v = 1 + ρ", v * (tau - v) / (rho * tau))


@claim(
    "spectrum",
    "∇²L(lone)[y, z]",
    rivals={
        "factor 2 forgotten": (1 - p)
        * ((tau - v - p * rho) * (y + z) ** 2 + (tau - 2 + v + p * rho) * (y - z) ** 2)
        / 2,
        "complete data": 2 * ((tau - v) * (y + z) ** 2 + (tau - 2 + v) * (y - z) ** 2) / 2,
        "signs of the pair exchanged": (1 - p)
        * ((tau - v - p * rho) * (y - z) ** 2 + (tau - 2 + v + p * rho) * (y + z) ** 2),
    },
)
def lone_curvature():
    """The Hessian at the lone entry: the pair's sum (y = z) and difference (y = −z) are its eigenvectors."""
    yield recall(least_risk)
    yield by(hessian, wrt=u, direction=h)
    yield by(paired, "twice along the same step", vector=h)
    yield by(substitute, "a step towards the pair", letters=along(LONE, BESIDE_LONE))
    yield so("in τ and ρ", (1 - p) * ((tau - v - p * rho) * (y + z) ** 2 + (tau - 2 + v + p * rho) * (y - z) ** 2))


@claim(
    "critical scale",
    "p_1",
    rivals={
        "where the risks cross": v * (tau - v) / (rho * tau),
        "where the pair gains stability": v * (tau - v) / (rho * (2 * tau - v)),
        "variance of one entry of the pair": (tau - 1) / rho,
    },
    hypotheses=BISTABLE,
)
def lone_spinodal():
    """Missing rate above which a layer that reads the lone entry is unstable (a transition)."""
    yield recall(lone_curvature)
    yield by(substitute, "towards the pair", letters={y: S.One, z: S.One})
    yield by(crossing, parameter=p, hypotheses=BISTABLE)
    yield so("with v = 1 + ρ", (tau - v) / rho)


@claim(
    "spectrum",
    "∇²L(pair)[z, y]",
    rivals={
        "complete data": (v - tau) * z**2 + 4 * rho * y**2,
        "ridge forgotten in the slope": (1 - p) * v / m_pair**2 * (v - tau) * z**2
        + 4 * rho * (1 - p) * v * (v + p * (1 - rho)) / m_pair**2 * y**2,
        "difference of the pair neutral": (1 - p) * v * (p * rho * (2 * tau - v) - v * (tau - v)) / m_pair**2 * z**2,
    },
)
def pair_curvature():
    """The Hessian at the pair, along the lone entry (z) and along the difference of the pair (y), which is stable."""
    yield recall(least_risk)
    yield by(hessian, wrt=u, direction=h)
    yield by(paired, "twice along the same step", vector=h)
    yield by(substitute, "a step away from the pair", letters=along(PAIR, BESIDE_PAIR))
    lone, difference = p * rho * (2 * tau - v) - v * (tau - v), 4 * rho * (v + p * (1 - rho))
    yield so("in τ and ρ", (1 - p) * v / m_pair**2 * (lone * z**2 + difference * y**2))


@claim(
    "critical scale",
    "p_0",
    rivals={
        "where the risks cross": v * (tau - v) / (rho * tau),
        "where the lone entry loses stability": (tau - v) / rho,
        "second-order expansion in the loss at fixed scale": v * (tau - v) / (2 * rho * tau),
    },
    hypotheses=BISTABLE,
)
def pair_spinodal():
    """Missing rate below which a layer that reads the pair is unstable (a transition)."""
    yield recall(pair_curvature)
    yield by(substitute, "towards the lone entry", letters={z: S.One, y: S.Zero})
    yield by(crossing, parameter=p, hypotheses=BISTABLE)
    yield so("with v = 1 + ρ", v * (tau - v) / (rho * (2 * tau - v)))
