r"""Bayes-optimal imputation, and the missing rate at which one layer of attention is furthest from it.

Let x ~ N(0, Σ) with m entries be seen only through d ≤ m numbers F x; the rows of the identity that a mask
keeps are one such F. The best guess of x is the conditional expectation B* F x with

    B* = ΣFᵀ(FΣFᵀ)⁻¹,   which leaves   tr Σ − tr ΣFᵀ(FΣFᵀ)⁻¹FΣ.

B* depends on the mask, and the weights of one attention layer do not. For three entries of unit variance
and correlation ρ > 0, each missing with probability p = 1 − q, the layer of `one_layer` leaves
1 − 2qρ²/(1 + qρ) per missing entry, and the gap to Bayes is

    g(p) = 2 q²(1 − q) ρ⁴ / ((1 + ρ)(1 + qρ)).

Rare holes and rare entries are both easy: g is zero at both ends, and largest where
q = (ρ − 3 + √((ρ + 1)(ρ + 9)))/(4ρ), between 2/3 (ρ → 0) and the golden ratio 0.618 (ρ → 1).

Source: the conditional expectation is classical (Le Morvan et al., NeuMiss, NeurIPS 2020, Prop. 2.1);
the gap is derived here
"""

from sympy import Identity, ImmutableMatrix, OneMatrix, Rational, S, cbrt, sqrt
from sympy.matrices.expressions.diagonal import DiagMatrix

from derivations.imputation import one_layer
from workbench import E, by, claim, gaussian, given, mask, matrix, probability, recall, size, so, spd, tr
from workbench.calculus.rules import crossing, expectation, gradient, minus, over, stationary_point, substitute

d, m = size("d"), size("m")
p, rho = probability("p"), probability("rho")
q = 1 - p
Sigma, F, B = spd("Sigma", m), matrix("F", d, m), matrix("B", m, d)
x = gaussian("x", m, cov=Sigma)
seen_cov = F * Sigma * F.T

ALIKE = ImmutableMatrix([[1, rho, rho], [rho, 1, rho], [rho, rho, 1]])
layer_left = 1 - 2 * q * rho**2 / (1 + q * rho)
bayes_left = 1 - 2 * p * q * rho**2 - 2 * q**2 * rho**2 / (1 + rho)


@claim(
    "fixed point",
    "B*",
    rivals={
        "attention without depth": Sigma * F.T,
        "covariances not inverted": Sigma * F.T * seen_cov,
        "pseudo-inverse": F.T * (F * F.T).inv(),
    },
    hypotheses=(d <= m,),
)
def imputer():
    """The best linear imputer: the conditional expectation given the observed entries."""
    yield given("squared error", E(tr((x - B * F * x) * (x - B * F * x).T)))
    yield by(expectation)
    yield by(gradient, wrt=B)
    yield by(stationary_point, wrt=B)


@claim(
    "expectation",
    "R(B*)",
    rivals={
        "gain counted twice": tr(Sigma) - 2 * tr(Sigma * F.T * seen_cov.inv() * F * Sigma),
        "inverse of the average": tr(Sigma) - tr(F.T * seen_cov.inv() * F * Sigma),
        "nothing seen": tr(Sigma),
    },
    hypotheses=(d <= m,),
)
def least_risk():
    """Risk of the Bayes-optimal imputer: the conditional variance."""
    yield given("squared error", E(tr((x - B * F * x) * (x - B * F * x).T)))
    yield by(expectation)
    yield by(substitute, "at the conditional expectation", letters={B: imputer.formula})
    yield so("Schur's complement", tr(Sigma) - tr(Sigma * F.T * seen_cov.inv() * F * Sigma))


@claim(
    "expectation",
    "Bayes risk per missing entry",
    rivals={
        "covariance of the seen averaged before inversion": 1 - 2 * q * rho**2 / (1 + q * rho),
        "both others always seen": 1 - 2 * rho**2 / (1 + rho),
        "others seen twice as different": 1 - 2 * p * q * rho**2 - 2 * q**2 * rho**2 / (1 + 2 * rho),
        "entry counted among the seen": 1 - 2 * p * q * rho**2 / (1 + rho) - 2 * q**2 * rho**2 / (1 + 2 * rho),
        "one at a time": 1 - 2 * q * rho**2,
    },
)
def bayes_of_three():
    """Bayes risk of one missing entry among three equally correlated ones, averaged over the masks."""
    o, one = DiagMatrix(mask("o", 2, q)), OneMatrix(2, 1)
    others = (1 - rho) * Identity(2) + rho * OneMatrix(2, 2)
    kept = o * one
    yield given(
        "conditional variance, the covariance of what is seen bordered by ones",
        1 - rho**2 * E(tr(kept.T * (o * others * o + Identity(2) - o).inv() * kept)),
    )
    yield so("no, one or both others are seen", bayes_left)


@claim(
    "expectation",
    "one layer's risk per missing entry",
    rivals={
        "ridge forgotten": 1 - 2 * rho**2 / (1 + rho),
        "own entry counted": 1 - 2 * q * rho**2 / (1 + 2 * q * rho),
        "conditional variance under M": 1 - 2 * q**2 * rho**2 / (1 + q * rho),
        "arithmetic mean of the spectrum": 1 + 0 * p,
        "geometric mean of the spectrum": (cbrt((1 + 2 * q * rho) * (1 - q * rho) ** 2) - p) / q,
        "Bayes": bayes_left,
    },
)
def layer_of_three():
    """Risk of one trained layer of attention on one missing entry among the three."""
    yield recall(one_layer.least_risk)
    yield by(substitute, "three alike", letters={one_layer.Sigma: ALIKE, one_layer.d: S(3)})
    yield so("in p and ρ", 3 * p * layer_left)
    yield by(over, "so many are missing on average", what=3 * p)
    yield so("as one fraction", layer_left)


@claim(
    "expectation",
    "g(p)",
    rivals={
        "one layer is Bayes": 0 * p,
        "grows with the missing rate": 2 * p * rho**4 / ((1 + rho) * (1 + q * rho)),
        "observation rate counted once": 2 * q * p * rho**4 / ((1 + rho) * (1 + q * rho)),
        "symmetric in p": 2 * q**2 * p**2 * rho**4 / ((1 + rho) * (1 + q * rho)),
    },
)
def gap():
    """Excess risk of one layer over Bayes on a missing entry."""
    yield recall(layer_of_three)
    yield by(minus, "less what Bayes leaves", what=bayes_of_three.formula)
    yield so("factored", 2 * q**2 * p * rho**4 / ((1 + rho) * (1 + q * rho)))


@claim(
    "critical scale",
    "p_max",
    rivals={
        "one half": Rational(1, 2) + 0 * rho,
        "grows with the missing rate": S.One + 0 * rho,
        "weak correlations": Rational(1, 3) + 0 * rho,
        "one over the golden ratio": (3 - sqrt(5)) / 2 + 0 * rho,
        "observed and missing exchanged": (rho - 3 + sqrt((rho + 1) * (rho + 9))) / (4 * rho),
    },
)
def worst_rate():
    """Missing rate at which the excess of one layer over Bayes is largest (a level)."""
    yield recall(gap)
    yield by(gradient, wrt=p)
    yield by(crossing, parameter=p)
    yield so("under one root", (3 + 3 * rho - sqrt(rho**2 + 10 * rho + 9)) / (4 * rho))
