r"""Attention without residual connections collapses doubly exponentially; with them the rank is conserved.

A layer that replaces each token of N(0, Σ) by what it reads, x ← VΣAx, makes the cloud N(0, VΣAΣAᵀΣVᵀ). On a line with
value v and score a its variance obeys

    va σ_T = (va σ_0)^(3^T):

below the critical variance 1/|va| the cloud collapses doubly exponentially, above it explodes. With a residual
connection and endless depth the same head keeps every direction: (d/dt) ln det Σ = 2 tr(VΣA) is finite as long as Σ is,
and so the rank of the cloud is conserved.

Source: derived here; the doubly exponential loss of rank without residual connections is that of Dong, Cordonnier &
Loukas (arXiv 2103.03404), conservation of rank that of Castin, Ablin, Carrillo & Peyré (arXiv 2501.18322)
"""

from sympy import ZeroMatrix

from derivations.measures.flows import A, Sigma, V, Y, covariance_velocity, d, mu, velocity, x
from workbench import E, by, claim, count, given, positive, recall, scalar, so, tr
from workbench.calculus.rules import crossing, expectation, iterated, minus, paired

v, a, variance = positive("v"), positive("a"), positive("variance")
T, start, state = count("T"), scalar("start"), scalar("state")
centred = {mu: ZeroMatrix(d, 1)}
few = T < 4, start**2 < 0.01


@claim(
    "expectation",
    "Cov T(x)",
    rivals={
        "one reading": V * Sigma * A * A.T * Sigma * V.T,
        "transposed scores": V * Sigma * A.T * Sigma * A * Sigma * V.T,
        "with a residual connection": Sigma + V * Sigma * A * Sigma * A.T * Sigma * V.T,
        "values not applied": Sigma * A * Sigma * A.T * Sigma,
    },
)
def covariance():
    """Covariance of a centred cloud after a layer without residual: of third order in its own covariance."""
    answer = velocity.formula.xreplace({x: Y}).xreplace(centred)
    yield given("what a token reads, and its transpose", E((answer * answer.T).xreplace(centred)))
    yield by(expectation)


@claim(
    "critical scale",
    "σ_c",
    rivals={
        "with a residual connection": 2 / (v * a),
        "squared": 1 / (v * a) ** 2,
        "score counted twice": 1 / (v * a**2),
    },
)
def critical_variance():
    """Variance on a line below which such layers collapse a cloud, and above which it explodes (a transition)."""
    yield given("after a layer", v * variance * a * variance * a * variance * v)
    yield by(minus, "its change", what=variance)
    yield by(crossing, parameter=variance)


@claim(
    "rate",
    "ln(va σ_T)",
    rivals={
        "exponentially": 3 * T * start,
        "doubled in each layer": 2**T * start,
        "a layer less": 3 ** (T - 1) * start,
        "of second order": 3**T * start / 2,
    },
    regime=few,
)
def collapse():
    """Logarithm of the variance after T layers, relative to the critical one: it triples in each layer."""
    yield given("the logarithm after a layer", 3 * state)
    yield by(iterated, unknown=state, times=T, initial=start)


@claim(
    "flow",
    "(d/dt) ln det Σ",
    rivals={
        "counted once": tr(V * Sigma * A),
        "transposed scores": 2 * tr(V * Sigma * A.T),
        "covariance undone": 2 * tr(V * A),
    },
    regime=(tr(A * A.T) * tr(Sigma * Sigma) < 0.25,),
)
def rank_conservation():
    """Rate of the log-volume of a cloud in layers with residual connections: finite, so rank is conserved."""
    yield recall(covariance_velocity)
    yield by(paired, "the change of the logarithm of the determinant", vector=Sigma.inv())
    yield so("cyclically", 2 * tr(V * Sigma * A))
