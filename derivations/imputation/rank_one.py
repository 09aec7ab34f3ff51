r"""Rank-one attention on data with holes: which direction it learns, and the missing rate at which it switches.

When key, query and value share one direction u, a layer of linear attention fills in x̂ = λ u uᵀ(o ∘ x):
the context only sets the scale λ. It is trained to reconstruct all entries, E|x − x̂|². With
s = uᵀΣu and M = (1 − p) Σ + p diag Σ, the best scale leaves

    L(u) = tr Σ − (1 − p) s² / (|u|² uᵀMu).

Complete data want the direction of largest variance (PCA). Missing data want entries that predict
each other. Take a lone entry of variance τ beside a pair of unit variance and correlation ρ, whose
joint direction has variance 1 + ρ < τ. Both directions are stationary for every p, and

    p_0 = (1 + ρ)(τ − 1 − ρ)/(ρ (2τ − 1 − ρ))  <  p_c = (1 + ρ)(τ − 1 − ρ)/(ρ τ)  <  p_1 = (τ − 1 − ρ)/ρ:

the pair is stable above p_0, the lone entry below p_1, and their risks cross at p_c. In between, training
remembers where it began.

Source: derived here
"""

from sympy import HadamardProduct, Identity, ImmutableMatrix, S
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import (
    E,
    by,
    claim,
    dot,
    form,
    gaussian,
    given,
    positive,
    probability,
    recall,
    scalar,
    size,
    so,
    spd,
    tr,
    vector,
)
from workbench.calculus.rules import crossing, expectation, gradient, hessian, minus, paired, substitute
from workbench.laws import mask

d, p = size("d"), probability("p")
Sigma, u, h, lamda = spd("Sigma", d), vector("u", d), vector("h", d), scalar("lamda")
tau, rho, y, z = positive("tau"), probability("rho"), scalar("y"), scalar("z")

x = gaussian("x", d, cov=Sigma)
seen = DiagMatrix(mask("o", d, 1 - p))

M = (1 - p) * Sigma + p * HadamardProduct(Identity(d), Sigma)
s, m, square = form(u, Sigma, u), form(u, M, u), dot(u, u)
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
    "expectation",
    "R(u, λ)",
    rivals={
        "masks taken as complete": tr(Sigma) - 2 * (1 - p) * lamda * s + (1 - p) * lamda**2 * square * s,
        "ridge forgotten": tr(Sigma) - 2 * (1 - p) * lamda * s + (1 - p) ** 2 * lamda**2 * square * s,
        "factor 2 forgotten": tr(Sigma) - (1 - p) * lamda * s + (1 - p) * lamda**2 * square * m,
        "a unit vector": tr(Sigma) - 2 * (1 - p) * lamda * s + (1 - p) * lamda**2 * m,
    },
)
def risk():
    """The squared error of a rank-one layer on all entries, averaged over data and masks."""
    error = x - lamda * u * u.T * seen * x
    yield given("squared error", E(tr(error * error.T)))
    yield by(expectation)
    yield so("the masks enter through M", tr(Sigma) - 2 * (1 - p) * lamda * s + (1 - p) * lamda**2 * square * m)


@claim(
    "fixed point",
    "λ*",
    rivals={
        "inverse of the observation rate": 1 / ((1 - p) * square),
        "ridge forgotten": 1 / square,
        "masks counted twice": (1 - p) * s / (square * m),
        "a unit vector": s / m,
    },
)
def best_scale():
    """The only stationary scale along a direction."""
    yield recall(risk)
    yield by(gradient, wrt=lamda)
    yield by(crossing, parameter=lamda)


@claim(
    "expectation",
    "L(u)",
    rivals={
        "complete data": tr(Sigma) - s / square,
        "complete data, seen less often": tr(Sigma) - (1 - p) * s / square,
        "gain counted twice": tr(Sigma) - 2 * (1 - p) * s**2 / (square * m),
        "gain counted half": tr(Sigma) - (1 - p) * s**2 / (2 * square * m),
    },
)
def least_risk():
    """What a direction leaves of the error at its best scale."""
    yield recall(risk)
    yield by(substitute, "at the best scale", letters={lamda: best_scale.formula})
    yield so("half of the linear term is regained", tr(Sigma) - (1 - p) * s**2 / (square * m))


@claim(
    "gradient",
    "∇L(u)",
    rivals={
        "length kept fixed": -2 * (1 - p) * s / (square * m) * (2 * Sigma * u - s / m * M * u),
        "power iteration": -2 * (1 - p) * s / (square * m) * (2 * Sigma * u - s / m * Sigma * u - s / square * u),
        "sign": 2 * (1 - p) * s / (square * m) * (2 * Sigma * u - s / m * M * u - s / square * u),
    },
)
def direction_gradient():
    """How that changes with the direction; zero where Σu, Mu and u balance."""
    yield recall(least_risk)
    yield by(gradient, wrt=u)
    yield so("collected", -2 * (1 - p) * s / (square * m) * (2 * Sigma * u - s / m * M * u - s / square * u))


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
    """Above this missing rate the correlated pair is the better direction, though its variance is smaller."""
    yield recall(least_risk)
    yield by(substitute, "along the lone entry", letters=along(LONE))
    yield by(minus, "less what the pair leaves", what=least_risk.formula.xreplace(along(PAIR)))
    yield so("in τ and ρ", (1 - p) * (v**2 / m_pair - tau))
    yield by(crossing, parameter=p, hypotheses=BISTABLE)


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
    """Above this missing rate a layer that reads the lone entry is unstable."""
    yield recall(lone_curvature)
    yield by(substitute, "towards the pair", letters={y: S.One, z: S.One})
    yield by(crossing, parameter=p, hypotheses=BISTABLE)


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
    """Below this missing rate a layer that reads the pair is unstable."""
    yield recall(pair_curvature)
    yield by(substitute, "towards the lone entry", letters={z: S.One, y: S.Zero})
    yield by(crossing, parameter=p, hypotheses=BISTABLE)
