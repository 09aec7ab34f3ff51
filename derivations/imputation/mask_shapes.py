r"""Entries that are missing together, or at rates of their own: what the shape of a mask does to one layer.

Three entries have unit variance and correlation ρ; the first is missing, and the others are seen with chances q and r.
If they are missing independently, the trained layer gives them the weights

    w = (ρ(1 − rρ), ρ(1 − qρ))/(1 − qrρ²)    and leaves    1 − ρ²(q + r − 2qrρ)/(1 − qrρ²):

the entry that is seen more often weighs more. If each is seen with chance q and both with chance s, the layer falls
short of Bayes by

    g(s) = 2 s (q − s) ρ⁴/((1 + ρ)(q + sρ)).

A layer is as good as Bayes where others are seen one at a time (s = 0) or all at once (s = q): the same weights are
best for every such mask. Between, it is worst where s = q/(1 + √(1 + ρ)), for every q.

Source: derived here, from `any_masks`
"""

from sympy import ImmutableMatrix, S, sqrt

from derivations.imputation import any_masks, bayes
from workbench import by, claim, probability, recall, so
from workbench.calculus.rules import crossing, gradient, minus, substitute

q, r, s, rho = (probability(name) for name in ("q", "r", "s", "rho"))
PAIR = ImmutableMatrix([[1, rho], [rho, 1]])
THREE = ImmutableMatrix([[1, rho, rho], [rho, 1, rho], [rho, rho, 1]])
ONE_OF_TWO, TWO_OF_THREE = ImmutableMatrix([[0, 1]]), ImmutableMatrix([[0, 1, 0], [0, 0, 1]])


def alike(one, other, both):
    """What the letters of `any_masks` stand for when two entries alike are seen with these chances."""
    return {
        any_masks.Sigma: PAIR,
        any_masks.b: ImmutableMatrix([rho, rho]) / (1 + rho),
        any_masks.v: 1 - 2 * rho**2 / (1 + rho),
        any_masks.pi: ImmutableMatrix([one, other]),
        any_masks.C: ImmutableMatrix([[one - one**2, both - one * other], [both - one * other, other - other**2]]),
        any_masks.d: S(2),
    }


def left_by_bayes(seen, others):
    """What Bayes leaves of one missing entry whose others are all seen."""
    covariance = PAIR if others == 1 else THREE
    letters = {bayes.Sigma: covariance, bayes.F: seen, bayes.d: S(others), bayes.m: S(others + 1)}
    return bayes.least_risk.formula.xreplace(letters)


@claim(
    "fixed point",
    "w* of entries with rates of their own",
    rivals={
        "rates exchanged": ImmutableMatrix([rho * (1 - q * rho), rho * (1 - r * rho)]) / (1 - q * r * rho**2),
        "both always seen": ImmutableMatrix([rho, rho]) / (1 + rho),
        "the mean of both rates": ImmutableMatrix([rho, rho]) / (1 + (q + r) * rho / 2),
        "in units of how often they are seen": ImmutableMatrix([q, r]) * 2 * rho / ((q + r) * (1 + rho)),
    },
    hypotheses=(r > q,),
)
def own_rates():
    """Weights of two equally informative entries: the one that is observed more often has the larger weight."""
    yield recall(any_masks.fixed_point)
    yield by(substitute, "two alike, missing independently", letters=alike(q, r, q * r))
    yield so("in ρ", ImmutableMatrix([rho * (1 - r * rho), rho * (1 - q * rho)]) / (1 - q * r * rho**2))


@claim(
    "expectation",
    "R(w*) of entries with rates of their own",
    rivals={
        "as if independent of each other": 1 - (q + r) * rho**2,
        "both at the mean rate": 1 - (q + r) * rho**2 / (1 + (q + r) * rho / 2),
        "Bayes": 1 - (q + r - 2 * q * r) * rho**2 - 2 * q * r * rho**2 / (1 + rho),
        "what both tell counted once": 1 - rho**2 * (q + r - q * r * rho) / (1 - q * r * rho**2),
    },
    hypotheses=(r > q,),
)
def own_rates_risk():
    """Risk of the trained layer on a missing entry when the others have missing rates of their own."""
    yield recall(any_masks.least_risk)
    yield by(substitute, "two alike, missing independently", letters=alike(q, r, q * r))
    yield so("in ρ", 1 - rho**2 * (q + r - 2 * q * r * rho) / (1 - q * r * rho**2))


FEASIBLE = (2 * q < 1, s < q)


@claim(
    "expectation",
    "g(s)",
    rivals={
        "masks independent": 2 * q**2 * (1 - q) * rho**4 / ((1 + rho) * (1 + q * rho)) + 0 * s,
        "one layer is Bayes": 0 * s * q * rho,
        "grows with what is seen together": 2 * s * q * rho**4 / ((1 + rho) * (q + s * rho)),
        "both others always seen together or never": 2 * (q - s) ** 2 * rho**4 / ((1 + rho) * (q + s * rho)),
    },
    hypotheses=FEASIBLE,
)
def joint_gap():
    """Excess of one layer over Bayes where both others are observed with chance s: zero for all-or-none masks."""
    neither, one, both = 1 - 2 * q + s, 2 * (q - s), s
    yield recall(any_masks.least_risk)
    yield by(substitute, "two alike, seen together with chance s", letters=alike(q, q, s))
    yield by(
        minus,
        "less what Bayes leaves where none, one or both are seen",
        what=neither + one * left_by_bayes(ONE_OF_TWO, 1) + both * left_by_bayes(TWO_OF_THREE, 2),
    )
    yield so("factored", 2 * s * (q - s) * rho**4 / ((1 + rho) * (q + s * rho)))


@claim(
    "critical scale",
    "s_max",
    rivals={
        "weak correlations": q / 2 + 0 * rho,
        "masks independent": q**2 + 0 * rho,
        "strong correlations": q / (1 + sqrt(2)) + 0 * rho,
        "without a root": q / (2 + rho),
    },
    hypotheses=(2 * q < 1,),
)
def worst_overlap():
    """Probability of joint observation at which the excess of one layer over Bayes is largest (a level)."""
    yield recall(joint_gap)
    yield by(gradient, wrt=s)
    yield by(crossing, parameter=s)
    yield so("under one root", q / (1 + sqrt(1 + rho)))
