r"""The bias of a layer that imputes entries that are not centred: the mean minus the weights' answer to the mean.

x ~ N(μ, Σ) in R^d; every entry is missing with probability p, independently, and is read as zero. One layer predicts
x_i by b_i + Σ_j W_ij o_j x_j, o marks what is seen, and W̄ is W without its diagonal, which is idle. Its squared error
on the missing entries is a parabola in b,

    ∇R(b) = 2p (b + (1 − p)W̄μ − μ),    b* = μ − (1 − p)W̄μ.

Complete vectors would ask for μ − W̄μ: the bias must make up for means that are missing from what is read. At the best
bias the layer pays for the means still, as if they were variance: entries that go missing make the answer waver by
p(1 − p)Σ W̄_ij² μ_j² more per missing entry. Where the means are subtracted before reading, they cost nothing.

Source: derived here; the centred layer is that of `one_layer`
"""

from sympy import HadamardProduct, Identity
from sympy.matrices.expressions.diagonal import DiagMatrix

from derivations.imputation.one_layer import Sigma, W, d, hollow, p
from workbench import E, by, claim, gaussian, given, mask, recall, so, tr, vector
from workbench.calculus.rules import expectation, gradient, stationary_point, substitute

mu, b = vector("mu", d), vector("b", d)
I = Identity(d)
x, o = gaussian("x", d, mean=mu, cov=Sigma), mask("o", d, 1 - p)
seen = DiagMatrix(o)

bar = hollow(W)
read = (1 - p) * bar * mu  # what the weights answer on average


def squares(moment):
    """The diagonal part of a moment."""
    return HadamardProduct(I, moment)


def error(bias, second, wavering):
    """The risk: what the bias misses, what centred entries leave, and what the means add to the wavering of answers."""
    cross = tr(bar.T * Sigma)
    return p * (tr(Sigma) - 2 * (1 - p) * cross + (1 - p) * tr(bar * second * bar.T) + wavering + tr(bias * bias.T))


M = (1 - p) * Sigma + p * squares(Sigma)
wavering = p * (1 - p) * tr(bar * squares(mu * mu.T) * bar.T)
missed = mu - read - b


@claim(
    "expectation",
    "R(b)",
    rivals={
        "means as if always seen": error(mu - bar * mu - b, M, wavering),
        "means do not waver": error(missed, M, 0 * p),
        "masks taken as complete": error(missed, Sigma, wavering),
        "counted on all entries": error(missed, M, wavering) / p,
    },
)
def risk():
    """Squared error on the missing entries of a layer with a bias, over data and masks."""
    left, fixed = (I - seen) * (x - W * seen * x), (I - seen) * b
    yield given(
        "squared error, where an entry is missing",
        E(E(tr(left * left.T), x), o) - 2 * E(E(tr(fixed * left.T), x), o) + E(tr(fixed * fixed.T), o),
    )
    yield by(expectation)
    yield so("squared mean error, and variance", error(missed, M, wavering))


@claim(
    "gradient",
    "∇R(b)",
    rivals={
        "factor 2 forgotten": -p * missed,
        "on all entries": -2 * missed,
        "means as if always seen": -2 * p * (mu - bar * mu - b),
        "diagonal not idle": -2 * p * (mu - (1 - p) * W * mu - b),
    },
)
def risk_slope():
    """Gradient of the risk in the bias."""
    yield recall(risk)
    yield by(gradient, wrt=b)
    yield so("what is missed", -2 * p * missed)


@claim(
    "fixed point",
    "b*",
    rivals={
        "the mean": mu + 0 * p * W * mu,
        "means as if always seen": mu - bar * mu,
        "seen and missing exchanged": mu - p * bar * mu,
        "diagonal not idle": mu - (1 - p) * W * mu,
    },
)
def best_bias():
    """The trained bias, for any weights."""
    yield recall(risk_slope)
    yield by(stationary_point, wrt=b)
    yield so("the mean, less what is answered of it", mu - read)


@claim(
    "expectation",
    "R(b*)",
    rivals={
        "means cost nothing": error(0 * mu, M, 0 * p),
        "means waver together": error(0 * mu, M, p * (1 - p) * tr(bar * mu * mu.T * bar.T)),
        "seen twice": error(0 * mu, M, (1 - p) ** 2 * tr(bar * squares(mu * mu.T) * bar.T)),
    },
)
def least_risk():
    """Risk at the best bias: it grows with the mean, since masks make the answers vary."""
    yield recall(risk)
    yield by(substitute, "at the best bias", letters={b: best_bias.formula})
    yield so("a bias changes the mean alone, not the variance", error(0 * mu, M, wavering))
