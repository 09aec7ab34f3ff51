r"""Heads on K noisy clusters depend on the noise through one number, K times its variance.

Tokens x = μ_c + σz, z ~ N(0, I), lie around K orthonormal centroids, uniformly; K heads of length one add up to
T(x) = Kλ E[(xᵀMy) y] over an endless prompt, M = Σ u_h u_hᵀ: the layer of `many_clusters` with noise. Their second
moment has the eigenvalue 1/K + σ² along the centroids and σ² across. While the other heads are on centroids of their
own, a head that turns off the span of all sees the risk of `pca.infinite_prompt` at the strength Kλ, and leaves its
centroid for λ above

    λ_c = 2(1 + 2s)/((1 + s)(2 + 3s)),        s = Kσ²,

that is (1 + 4σ²)/((1 + 2σ²)(1 + 3σ²)) for K = 2. A layer that returns centroids without bias, λ = 1/(1 + s), is stable
for all K and σ, with a margin below 4/3; at a fixed λ < 1 heads leave clusters that are too many or too wide.

Source: derived here; two clusters are those of Maulen-Soto, Boyer & Marion, Attention-based clustering
(arXiv 2505.13112)
"""

from sympy import Identity, S, cos, sin, sqrt

from derivations.pca.infinite_prompt import Sigma, mu
from derivations.pca.infinite_prompt import lamda as strength
from derivations.pca.infinite_prompt import risk as risk_of_a_head
from workbench import E, by, claim, count, gaussian, given, index, matrix, positive, recall, scalar, size, so
from workbench.calculus.rules import crossing, expectation, gradient, on_eigenvectors, over, substitute

d, K = size("d"), count("K")
lamda, sigma, angle = positive("lamda"), positive("sigma"), scalar("angle")
C = matrix("C", d, K)
cluster, z = index("cluster", K), gaussian("z", d)
along, across = positive("along"), positive("across")  # eigenvalues of the second moment
one, other = scalar("one"), scalar("other")  # coordinates of a head

s = K * sigma**2
few = K < 4
critical = 2 * (1 + 2 * s) / ((1 + s) * (2 + 3 * s))


@claim(
    "expectation",
    "E xxᵀ",
    rivals={
        "every cluster in every token": C * C.T + sigma**2 * Identity(d),
        "noise on the centroids alone": (1 + sigma**2) * C * C.T / K,
        "deviation for variance": C * C.T / K + sigma * Identity(d),
    },
)
def second_moment():
    """Second moment of a token of K noisy clusters, wherever their centroids are."""
    token = C * cluster + sigma * z
    yield given("centroid and noise", E(token * token.T))
    yield by(expectation)


def bend(third):
    """The curvature with this number for what the head pays, in units of 2λ/K."""
    return 2 * lamda / K * (2 * (1 + 2 * s) - lamda * third)


@claim(
    "spectrum",
    "off-span eigenvalue at the centroids",
    rivals={
        "noise forgotten": 4 * lamda / K * (1 - lamda),
        "noise not counted per cluster": bend((1 + s) * (2 + 3 * s)).xreplace({sigma: sigma / sqrt(K)}),
        "scores not noisy": bend((1 + s) * (2 + 4 * s)),
        "sign": -bend((1 + s) * (2 + 3 * s)),
    },
    regime=(few,),
)
def escape():
    """Curvature of the risk at K noisy clusters as one head leaves their span: negative means unstable."""
    yield recall(risk_of_a_head)
    yield by(on_eigenvectors, "in the plane of two axes", of=Sigma, vectors={mu: {along: one, across: other}})
    yield by(substitute, "at an angle", letters={one: cos(angle), other: sin(angle)})
    yield by(gradient, wrt=angle)
    yield by(gradient, wrt=angle)
    yield by(substitute, "at the centroid", letters={angle: S.Zero})
    yield by(
        substitute,
        "of K clusters",
        letters={strength: K * lamda, along: 1 / K + sigma**2, across: sigma**2},
    )
    yield so("by the noise of all clusters", bend((1 + s) * (2 + 3 * s)))


@claim(
    "critical scale",
    "λ_c(K, σ), L → ∞",
    rivals={
        "attention of strength one": S.One + 0 * s,
        "two clusters": critical.xreplace({K: S(2)}),
        "unbiased outputs": 1 / (1 + s),
        "noise not counted per cluster": critical.xreplace({sigma: sigma / sqrt(K)}),
    },
    regime=(few,),
)
def critical_strength():
    """Critical attention strength above which heads leave K noisy clusters of an endless prompt (a transition)."""
    yield recall(escape)
    yield by(crossing, parameter=lamda)
    yield so("a single fraction", critical)


def width(linear, root):
    """The noise per cluster at which heads leave, with these numbers for its quadratic equation."""
    return sqrt((4 - 5 * lamda + root) / (linear * lamda * K))


@claim(
    "critical scale",
    "σ_c(K, λ), L → ∞",
    rivals={
        "wherever the number of clusters": width(6, sqrt((4 - 5 * lamda) ** 2 + 24 * lamda * (1 - lamda))) * sqrt(K),
        "unbiased outputs": sqrt((1 / lamda - 1) / K),
        "to first order in the strength left": sqrt(2 * (1 - lamda) / K),
    },
    hypotheses=(lamda < 1,),
    regime=(few, lamda > 0.2),
)
def critical_noise():
    """Critical noise above which heads of a strength below one leave K clusters of an endless prompt (a transition)."""
    yield recall(escape)
    yield by(over, "in units of what a head gains", what=2 * lamda / K)
    yield by(crossing, parameter=sigma, positive=True)
    yield so("as the root of a quadratic", width(6, sqrt((4 - 5 * lamda) ** 2 + 24 * lamda * (1 - lamda))))


@claim(
    "expectation",
    "E[T(x)·μ_c] at λ_c",
    rivals={
        "no margin": S.One + 0 * s,
        "the limit of wide clusters": S(4) / 3 + 0 * s,
        "two clusters": 2 * (1 + 4 * sigma**2) / (2 + 6 * sigma**2),
        "the other way round": (2 + 3 * s) / (2 * (1 + 2 * s)),
    },
    regime=(few,),
)
def margin():
    """Factor of the centroid in the outputs at the critical strength: above one, so unbiased heads are stable."""
    yield recall(critical_strength)
    yield by(
        over, "times what a unit of strength returns, K times the second moment", what=1 / (K * (1 / K + sigma**2))
    )
    yield so("between 1 and 4/3", 2 * (1 + 2 * s) / (2 + 3 * s))
