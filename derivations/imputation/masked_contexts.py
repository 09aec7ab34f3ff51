r"""A layer that fills holes from a prompt whose examples have holes too.

A prompt holds n examples x_k ~ N(0, Σ) and a query x, all incomplete: an entry of an example is seen with
probability q, one of the query is missing with probability p. With missing entries read as zero, keys and values
are the incomplete examples x̃_k, and linear attention answers for the missing entries of the query

    x̂ = (θ/n) Σ_k x̃_k (x̃_kᵀ x̃).

Its squared error on them is a parabola in θ. With sums over different i, j, k,

    R(θ) = p tr Σ + p(1 − p) q² (θ² [(1 − 1/n) q² c_2 + c_1/n] − 2θ Σ Σ_ij²),
    c_2 = (1 − p) Σ Σ_ij Σ_jk Σ_ki + Σ Σ_ij² Σ_jj,
    c_1 = (1 − p) q Σ (Σ_ii Σ_jk² + 2 Σ_ij Σ_jk Σ_ki) + Σ (Σ_ii Σ_jj² + 2 Σ_ij² Σ_jj).

The best scale depends on the rate q of the context: a layer trained on incomplete examples answers too loudly where
they are complete. For entries of unit variance and equal correlation ρ it is written in d, n, p, q and ρ alone.

Source: derived here
"""

from sympy import HadamardProduct, Identity, OneMatrix
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import E, by, claim, gaussian, given, mask, probability, recall, scalar, size, so, spd, tr
from workbench.calculus.rules import expectation, gradient, stationary_point, substitute

d, n = size("d"), size("n")
p, q, rho = probability("p"), probability("q"), probability("rho")
theta, Sigma = scalar("theta"), spd("Sigma", d)
I = Identity(d)
SMALL = (d > 2, d * n < 7)  # all masks of a prompt are enumerated; with two entries p is idle

x, x1, x2 = (gaussian(name, d, cov=Sigma) for name in ("x", "x1", "x2"))
o, o1, o2 = mask("o", d, 1 - p), mask("o1", d, q), mask("o2", d, q)
seen = DiagMatrix(o)
S1, S2 = (DiagMatrix(m) * token * token.T * DiagMatrix(m) for m, token in ((o1, x1), (o2, x2)))

D = HadamardProduct(I, Sigma)
pairs = tr(Sigma * Sigma) - tr(D * D)  # Σ Σ_ij² over i ≠ j, and so on
weighted = tr(D * Sigma * Sigma) - tr(D * D * D)
triples = tr(Sigma * Sigma * Sigma) - 3 * tr(D * Sigma * Sigma) + 2 * tr(D * D * D)
alone = tr(Sigma) * pairs - 2 * weighted  # Σ Σ_ii Σ_jk²
squares = tr(Sigma) * tr(D * D) - tr(D * D * D)  # Σ Σ_ii Σ_jj²


def spread(rate):
    """E|x̂|² over θ² p(1 − p) q²: two examples of the context, the same with chance 1/n."""
    different = (1 - p) * triples + weighted
    same = (1 - p) * rate * (alone + 2 * triples) + squares + 2 * weighted
    return (1 - 1 / n) * rate**2 * different + same / n


def error(c, rate):
    """The risk when E|x̂|² is θ² p(1 − p) q² c."""
    return p * tr(Sigma) - 2 * theta * p * (1 - p) * rate**2 * pairs + theta**2 * p * (1 - p) * rate**2 * c


@claim(
    "expectation",
    "R(θ)",
    rivals={
        "endless context": error(q**2 * ((1 - p) * triples + weighted), q),
        "context complete": error(spread(1 + 0 * q), q),
        "every entry of an example counted once": error(spread(q**2), q),
        "examples independent of themselves": error(spread(q) - 2 * weighted / n, q),
    },
    regime=SMALL,
)
def risk():
    """Squared error on the missing entries of the query, over data and all masks."""
    answer = E(E(tr((I - seen) * S1 * seen * x * x.T), x, x1), o1, o)
    same = E(E(tr((I - seen) * S1 * seen * x * x.T * seen * S1), x, x1), o1, o)
    different = E(E(tr((I - seen) * S1 * seen * x * x.T * seen * S2), x, x1, x2), o1, o2, o)
    yield given(
        "a square; two examples of the context are the same with chance 1/n",
        E(E(tr((I - seen) * x * x.T), x), o) - 2 * theta * answer + theta**2 * (same / n + (1 - 1 / n) * different),
    )
    yield by(expectation)
    yield so("sums over different entries", error(spread(q), q))


@claim(
    "fixed point",
    "θ*",
    rivals={
        "endless context": pairs / (q**2 * ((1 - p) * triples + weighted)),
        "context complete": pairs / spread(1 + 0 * q),
        "one over the rate": pairs / spread(q) * q,
    },
    hypotheses=(pairs > 0,),
    regime=SMALL,
)
def best_scale():
    """The only stationary scale of the layer."""
    yield recall(risk)
    yield by(gradient, wrt=theta)
    yield by(stationary_point, wrt=theta)
    yield so("the pairs over their spread", pairs / spread(q))


@claim(
    "expectation",
    "R(θ*)",
    rivals={
        "gain counted twice": p * tr(Sigma) - 2 * p * (1 - p) * q**2 * pairs**2 / spread(q),
        "seen rates forgotten": p * tr(Sigma) - p * (1 - p) * pairs**2 / spread(q),
        "endless context": p * tr(Sigma) - p * (1 - p) * pairs**2 / ((1 - p) * triples + weighted),
    },
    hypotheses=(pairs > 0,),
    regime=SMALL,
)
def least_risk():
    """Risk at the best scale."""
    yield recall(risk)
    yield by(substitute, "at the best scale", letters={theta: best_scale.formula})
    yield so("half of the linear term is regained", p * tr(Sigma) - p * (1 - p) * q**2 * pairs**2 / spread(q))


def spread_alike(rate):
    """The same per pair, for entries of unit variance that are all equally correlated."""
    different = 1 + (1 - p) * (d - 2) * rho
    same = (1 - p) * rate * (d - 2) * (1 + 2 * rho) + 2 + 1 / rho**2
    return (1 - 1 / n) * rate**2 * different + same / n


def error_alike(c, rate):
    """The risk of entries alike when E|x̂|² is θ² p(1 − p) q² c per pair."""
    return p * d + p * (1 - p) * d * (d - 1) * (rho * rate) ** 2 * (theta**2 * c - 2 * theta)


@claim(
    "expectation",
    "R(θ) of entries alike",
    rivals={
        "endless context": error_alike(q**2 * (1 + (1 - p) * (d - 2) * rho), q),
        "context complete": error_alike(spread_alike(1 + 0 * q), q),
        "entry itself counted": error_alike(spread_alike(q).xreplace({d: d + 1}), q),
    },
    regime=SMALL,
)
def risk_alike():
    """Risk for entries of unit variance and equal correlation ρ, in any dimension."""
    yield recall(risk)
    yield by(substitute, "all alike", letters={Sigma: (1 - rho) * I + rho * OneMatrix(d, d)})
    yield so("in ρ", error_alike(spread_alike(q), q))


@claim(
    "fixed point",
    "θ* of entries alike",
    rivals={
        "endless context": 1 / (q**2 * (1 + (1 - p) * (d - 2) * rho)),
        "two entries": 1 / ((1 - 1 / n) * q**2 + (2 + 1 / rho**2) / n),
        "entry itself counted": 1 / spread_alike(q).xreplace({d: d + 1}),
    },
    hypotheses=(d > 1,),
    regime=SMALL,
)
def scale_alike():
    """The best scale for entries alike: it grows with the context."""
    yield recall(risk_alike)
    yield by(gradient, wrt=theta)
    yield by(stationary_point, wrt=theta)
    yield so("one over the spread", 1 / spread_alike(q))
