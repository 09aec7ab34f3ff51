r"""A layer trained at one missing rate and used at another has an excess risk, and may be worse than no layer.

The layer of `one_layer` is trained where entries are missing with probability p, and used where they are missing
with probability r. At the rate of its use the risk is a paraboloid around the layer that should have been trained,

    R_r(W) = R_r(W*_r) + r(1 − r) tr H M_r Hᵀ,    H = W̄ − W*_r,    M_r = (1 − r) Σ + r diag Σ.

For d entries of unit variance and equal correlation ρ the layer trained at p has the weight ρ/(1 + (d − 2)(1 − p)ρ)
everywhere, and against leaving each missing entry at zero it changes the risk per missing entry by

    (d − 1)(1 − r) ρ² [(1 + (d − 2)(1 − r)ρ)/(1 + (d − 2)(1 − p)ρ) − 2]/(1 + (d − 2)(1 − p)ρ).

So a layer that was trained on many holes overshoots where there are few: it is worse than zeros where the share that
is seen exceeds 1 − r = 2(1 − p) + 1/((d − 2)ρ). The other way round it never is.

Source: derived here; the layer is that of `one_layer`
"""

from sympy import Identity, OneMatrix, S, sqrt

from derivations.imputation.one_layer import Sigma, W, d, diag, fixed_point, hollow, p, risk, risk_gradient
from derivations.imputation.one_layer import least_risk as least
from workbench import by, claim, probability, recall, so, tr
from workbench.calculus.rules import crossing, minus, over, solved_by, substitute

r, rho = probability("r"), probability("rho")
ALIKE = (1 - rho) * Identity(d) + rho * OneMatrix(d, d)

trained = 1 + (d - 2) * (1 - p) * rho
used = 1 + (d - 2) * (1 - r) * rho


def off(A, moment, weight):
    """What a layer costs that is off by A where the second moment of what it reads is `moment`."""
    return weight * tr(A * moment * A.T)


M = (1 - p) * Sigma + p * diag(Sigma)
wrong = hollow(W) - fixed_point.formula


@claim(
    "expectation",
    "R(W) − R(W*)",
    rivals={
        "masks taken as complete": off(wrong, Sigma, p * (1 - p)),
        "the rate of what is seen counted twice": off(wrong, M, p * (1 - p) ** 2),
        "factor 2 of the curvature kept": off(wrong, M, 2 * p * (1 - p)),
        "in units of nothing": p * (1 - p) * tr(wrong * wrong.T),
    },
)
def regret():
    """Excess risk of a layer with the wrong weights at a missing rate, above the layer trained there."""
    yield recall(risk)
    yield by(minus, "less what the trained layer leaves", what=least.formula)
    yield so("a paraboloid around the trained layer", off(wrong, M, p * (1 - p)))


def alike(weight):
    """The layer with one weight for all pairs of different entries."""
    return weight * (OneMatrix(d, d) - Identity(d))


@claim(
    "fixed point",
    "W* of entries alike",
    rivals={
        "holes forgotten": alike(rho / (1 + (d - 2) * rho)),
        "every other entry counted": alike(rho / (1 + (d - 1) * (1 - p) * rho)),
        "covariances": alike(rho),
    },
)
def trained_alike():
    """The trained layer on entries that are all alike: the weight of each decreases with the observed share."""
    yield recall(risk_gradient)
    yield by(substitute, "all alike", letters={Sigma: ALIKE})
    yield by(solved_by, wrt=W, value=alike(rho / trained))


def gain(weight, felt):
    """The change of the risk per missing entry by equal weights, where the others are felt as `felt` times one."""
    return (d - 1) * (1 - r) * (weight**2 * felt - 2 * weight * rho)


@claim(
    "expectation",
    "R_r(W*_p) − R_r(0), per missing entry",
    rivals={
        "trained where it is used": -(d - 1) * (1 - r) * rho**2 / used,
        "used where it was trained": -(d - 1) * (1 - p) * rho**2 / trained,
        "the two rates exchanged": gain(rho / used, trained),
        "masks of its use taken as complete": gain(rho / trained, 1 + (d - 2) * rho),
    },
)
def shifted_gain():
    """Gain over predicting zero at one missing rate of the layer trained at another, for entries that are all alike."""
    yield recall(risk)
    yield by(substitute, "at the rate of its use", letters={p: r})
    yield by(substitute, "the layer trained at p", letters={Sigma: ALIKE, W: trained_alike.formula})
    yield so("in ρ", r * d * (1 + gain(rho / trained, used)))
    yield by(over, "so many are missing on average", what=r * d)
    yield by(minus, "less what zeros leave", what=S.One)
    yield so("the two rates apart", (d - 1) * (1 - r) * rho**2 / trained * (used / trained - 2))


HOLES = ((d - 2) * rho * (2 * p - 1) > 1,)


@claim(
    "critical scale",
    "r_c",
    rivals={
        "as for endlessly many entries": 2 * p - 1 + 0 * rho * d,
        "every other entry counted": 2 * p - 1 - 1 / ((d - 1) * rho),
        "the root of two, as for a scale": 1 - sqrt(2) * (1 - p) + 0 * rho * d,
        "half the missing rate": p / 2 + 0 * rho * d,
    },
    hypotheses=HOLES,
)
def harmful_rate():
    """Missing rate below which a layer trained at a larger one is worse than leaving zeros (a crossover)."""
    yield recall(shifted_gain)
    yield by(crossing, parameter=r, hypotheses=HOLES)
    yield so("more than twice as much is seen as in training", 2 * p - 1 - 1 / ((d - 2) * rho))
