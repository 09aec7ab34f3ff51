r"""Attention without training gathers the tokens of a cluster around a multiple of their centroid.

The layer of `linear_heads` with identity scores, M = I, on tokens of variance σ² around two orthonormal centroids: it
needs no weights and works in context, for centroids that it never saw. Given that the first token is from cluster c,

    E[T(X)_1 | c] = λ[(1 + 2σ²) + (1 + 2(d + 1)σ²)/L] μ_c,

so that on short prompts the token's own length, 1 + dσ², is counted too often. On endless prompts T(x) = λ(P + 2σ²I)x
with P the projector on the centroids: noise in their plane is kept as it is relative to them, and noise off it shrinks
by the factor 2σ²/(1 + 2σ²).

Source: Maulen-Soto, Boyer & Marion, Attention-based clustering (arXiv 2505.13112), for endless prompts; finite L is
derived here
"""

from sympy import Identity, S, oo

from derivations.clustering.linear_heads import L, d, half, lamda, mu0, mu1, sigma
from workbench import E, by, claim, gaussian, given, mixture, recall, so, tr
from workbench.calculus.rules import crossing, expand_large, expectation, minus, paired

cov = sigma**2 * Identity(d)
x = gaussian("x", d, mean=mu0, cov=cov)
y, z = (mixture(name, d, [(half, mu0, cov), (half, mu1, cov)]) for name in ("y", "z"))

v = sigma**2
reach = 1 + 2 * v + (1 + 2 * (d + 1) * v) / L
own = 1 + 3 * (d + 4) * v + 3 * (d + 4) * (d + 2) * v**2 + (d + 4) * (d + 2) * d * v**3  # E|x|⁶
others = half + (d + 8) * v / 2 + 3 * (d + 2) * v**2 + (d + 2) * d * v**3  # E|y|²(x·y)²
apart = half**2 + 3 * v / 2 + 3 * v**2 + d * v**3  # E(x·y)(y·z)(z·x)


def spread(alone, crossed, pairs):
    """The conditional variance, with these numbers for what one token, two and three have with each other."""
    square = alone + 3 * (L - 1) * crossed + (L - 1) * (L - 2) * pairs
    return 4 * lamda**2 / L**2 * square - lamda**2 * reach**2


@claim(
    "expectation",
    "E[T | c]",
    rivals={
        "endless prompt": lamda * (1 + 2 * v) * mu0,
        "trained heads": lamda * (1 + 2 * v + (1 + 6 * v) / L) * mu0,
        "tokens do not see themselves": lamda * (1 - 1 / L) * (1 + 2 * v) * mu0,
        "one head's prefactor": lamda / 2 * reach * mu0,
        "drawn to the middle": lamda * reach * (mu0 + mu1) / 2,
    },
)
def mean_output():
    """Mean output of identity attention for the tokens of one cluster."""
    yield given("the token itself, and the L − 1 others", 2 * lamda / L * E(x * x.T * x + (L - 1) * y * y.T * x))
    yield by(expectation)
    yield so("a multiple of the centroid", lamda * reach * mu0)


@claim(
    "expectation",
    "Var[T | c]",
    rivals={
        "tokens do not see themselves": spread(0 * v, others / 3, apart),
        "pairs forgotten": spread(own, others, 0 * v),
        "tokens treated as independent of the query": spread(own, 0 * v, apart),
        "the mean not subtracted": spread(own, others, apart) + lamda**2 * reach**2,
    },
)
def conditional_variance():
    """Mean squared distance of the outputs of one cluster's tokens from their mean."""
    alone, one, other = x * x.T * x, y * y.T * x, z * z.T * x
    square = tr(alone.T * alone) + (L - 1) * (2 * tr(alone.T * one) + tr(one.T * one))
    yield given("squared length", 4 * lamda**2 / L**2 * E(square + (L - 1) * (L - 2) * tr(one.T * other)))
    yield by(expectation)
    yield by(minus, "less that of the mean", what=tr(mean_output.formula.T * mean_output.formula))
    yield so("collected by how many tokens meet", spread(own, others, apart))


@claim(
    "rate",
    "lim Var[T | c]",
    rivals={
        "noise of trained heads": 2 * lamda**2 * v * (1 + 2 * v) ** 2 + 0 * d,
        "noise off the plane kept": lamda**2 * d * v * (1 + 2 * v) ** 2,
        "nothing off the plane but noise squared": lamda**2 * (2 * v * (1 + 2 * v) ** 2 + (d - 2) * v**2),
        "no noise left": 0 * v,
    },
)
def endless_variance():
    """Variance of the outputs in the long-prompt limit: noise in the plane of the centroids stays, the rest shrinks."""
    yield recall(conditional_variance)
    yield by(expand_large, "endless prompts", large={L: oo}, order=0)
    yield so("in the plane and off it", lamda**2 * (2 * v * (1 + 2 * v) ** 2 + 4 * (d - 2) * v**3))


@claim(
    "critical scale",
    "λ_0",
    rivals={
        "endless prompt": 1 / (1 + 2 * v) + 0 * L * d,
        "trained heads": L / (L * (1 + 2 * v) + 1 + 6 * v),
        "one head's prefactor": 2 / reach,
        "noise forgotten": L / (L + 1) + 0 * v,
    },
)
def unbiased_strength():
    """Strength at which outputs equal their centroid on average; below it they are shorter (a level)."""
    yield recall(mean_output)
    yield by(paired, "along the centroid", vector=mu0)
    yield by(minus, "against the centroid", what=S.One)
    yield by(crossing, parameter=lamda)
