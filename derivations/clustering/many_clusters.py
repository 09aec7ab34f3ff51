r"""Heads on K clusters: the risk for any centroids, and the strength above which heads leave orthonormal ones.

Tokens are the centroids themselves: each of L is one of the K columns of C, uniformly and independently. Heads add up
to T(X)_l = (Kλ/L) Σ_k (x_lᵀ M x_k) x_k, the layer of `linear_heads` with K for 2. With G = CᵀC and S = CᵀMC, both K×K,
the risk R = E|x_1 − T(X)_1|² is a polynomial in their entries for every K, L and d.

Let the centroids be orthonormal and K heads of length one lean on one each, with squared overlap α. The token of a
cluster is returned as often as its cluster is met, 1 + Bin(L − 1, 1/K) times, and

    R(α) = 1 − 2λα (L + K − 1)/L + λ²α² Q/L²,    Q = (L + K − 1)² + (L − 1)(K − 1).

Heads stay on the centroids up to λ_c = L(L + K − 1)/Q, below one for all finite L, and (L + 1)/(L + 3) for K = 2.

Source: derived here; two clusters are those of Maulen-Soto, Boyer & Marion, Attention-based clustering
(arXiv 2505.13112)
"""

from sympy import HadamardProduct, Identity, S, cos, sqrt

from workbench import (
    E,
    by,
    claim,
    count,
    given,
    haar,
    index,
    matrix,
    positive,
    probability,
    recall,
    scalar,
    size,
    so,
    symmetric,
    tr,
)
from workbench.calculus.rules import crossing, expectation, gradient, substitute

d, K, L = size("d"), size("K"), count("L")
lamda, alpha, angle = positive("lamda"), probability("alpha"), scalar("angle")
C, M, H = matrix("C", d, K), symmetric("M", d), haar("H", d, K)
first, second, third = index("first", K), index("second", K), index("third", K)  # clusters of three tokens

weight = K * lamda / L
G, scores = C.T * C, C.T * M * C
square = (L + K - 1) ** 2 + (L - 1) * (K - 1)  # Q, K² times the mean square of how often a token's cluster is met


def own(A):
    """The diagonal of a K×K matrix: what a token has with itself."""
    return HadamardProduct(Identity(K), A)


def error(x, y, z, M):
    """The squared error at x: of the L − 1 others one stands for all, and two for every pair."""
    left = x - weight * x * x.T * M * x
    one, other = weight * y * y.T * M * x, weight * z * z.T * M * x
    alone = tr(left.T * left) - 2 * (L - 1) * tr(left.T * one)
    return alone + (L - 1) * tr(one.T * one) + (L - 1) * (L - 2) * tr(one.T * other)


def collected(seen, alone, crossed, squared, paired):
    """The risk with these numbers for the terms that the scores are in."""
    return (
        tr(G) / K - 2 * weight * (tr(own(G) * scores) / K + (L - 1) * tr(G * scores) / K**2) * seen
        + weight**2 * (alone + 2 * (L - 1) * crossed + (L - 1) * squared + (L - 1) * (L - 2) * paired)
    )  # fmt: skip


alone = tr(HadamardProduct(Identity(K), G, scores) * scores) / K
crossed = tr(own(scores) * scores * G) / K**2
squared = tr(own(G) * scores * scores) / K**2
pairs = tr(scores * G * scores) / K**3


@claim(
    "expectation",
    "R(M), σ = 0",
    rivals={
        "two clusters' prefactor": collected(
            2 / K, *(4 / K**2 * part for part in (alone, crossed, squared, pairs))
        ),
        "tokens do not see themselves": collected(1, 0 * alone, 0 * crossed, squared, pairs),
        "pairs forgotten": collected(1, alone, crossed, squared, 0 * pairs),
        "own scores forgotten": collected(1, alone, 0 * crossed, squared, pairs),
        "orthonormal centroids": collected(1, alone, crossed, squared, pairs).xreplace({G: Identity(K)}),
    },
    regime=(L < 5, K < 5),
)  # fmt: skip
def risk():
    """Risk of heads on K centroids in any position: a polynomial in their Gram matrix and scores."""
    yield given("by exchangeability", E(error(C * first, C * second, C * third, M)))
    yield by(expectation)
    yield so("collected by how many tokens meet", collected(1, alone, crossed, squared, pairs))


@claim(
    "expectation",
    "R(α), σ = 0",
    rivals={
        "tokens do not see themselves": 1 - 2 * lamda * alpha * (L - 1) / L + lamda**2 * alpha**2 * square / L**2,
        "a token's cluster is met once in K": 1 - 2 * lamda * alpha + lamda**2 * alpha**2,
        "its spread forgotten": (1 - lamda * alpha * (L + K - 1) / L) ** 2,
        "overlap not squared": 1 - 2 * lamda * alpha * (L + K - 1) / L + lamda**2 * alpha * square / L**2,
    },
    hypotheses=(K <= d,),
    regime=(L < 4, K < 5),
)
def aligned_risk():
    """Risk of K heads, each with overlap ρ with one of K orthonormal centroids."""
    tokens = (H * first, H * second, H * third)
    yield given("by exchangeability; what lies off the centroids sees nothing", E(error(*tokens, alpha * H * H.T)))
    yield by(expectation)
    yield so("a parabola", 1 - 2 * lamda * alpha * (L + K - 1) / L + lamda**2 * alpha**2 * square / L**2)


@claim(
    "fixed point",
    "α*, σ = 0",
    rivals={
        "two clusters": (L + 1) / (lamda * (L + 3)) + 0 * K,
        "the spread forgotten": L / (lamda * (L + K - 1)),
        "endless prompt": 1 / lamda + 0 * K,
        "tokens do not see themselves": L * (L - 1) / (lamda * ((L - 1) ** 2 + (L - 1) * (K - 1))),
    },
    hypotheses=(lamda * square > L * (L + K - 1),),
    regime=(L < 4, K < 5),
)
def overlap():
    """Overlap of trained heads with the centroids above the critical strength."""
    yield recall(aligned_risk)
    yield by(gradient, wrt=alpha)
    yield by(crossing, parameter=alpha)
    yield so("a single fraction", L * (L + K - 1) / (lamda * square))


@claim(
    "spectrum",
    "off-span eigenvalue at the centroids, σ = 0",
    rivals={
        "two clusters": 2 * lamda / L * (L + 1 - lamda * (L + 3)) + 0 * K,
        "the spread forgotten": 4 * lamda * (L + K - 1) * (L - lamda * (L + K - 1)) / (K * L**2),
        "all heads at once": 4 * lamda * (L * (L + K - 1) - lamda * square) / L**2,
        "sign": -4 * lamda * (L * (L + K - 1) - lamda * square) / (K * L**2),
    },
    regime=(L < 4, K < 5),
)
def escape():
    """Curvature of the risk at K orthonormal centroids as all heads turn off their span: negative means unstable."""
    yield recall(aligned_risk)
    yield by(substitute, "K heads turned, so far in all", letters={alpha: cos(angle / sqrt(K)) ** 2})
    yield by(gradient, wrt=angle)
    yield by(gradient, wrt=angle)
    yield by(substitute, "at the centroids", letters={angle: S.Zero})
    yield so("a product", 4 * lamda * (L * (L + K - 1) - lamda * square) / (K * L**2))


@claim(
    "critical scale",
    "λ_c(K, L), σ = 0",
    rivals={
        "two clusters": (L + 1) / (L + 3) + 0 * K,
        "attention of strength one": S.One + 0 * K * L,
        "the spread forgotten": L / (L + K - 1),
        "tokens do not see themselves": (L - 1) / (L + K - 2),
        "with K for two": (L + K - 1) / (L + K + 1),
    },
    regime=(L < 4, K < 5),
)
def critical_strength():
    """Strength above which heads leave K orthonormal centroids (a transition); it tends to one for long prompts."""
    yield recall(escape)
    yield by(crossing, parameter=lamda)
    yield so("a single fraction", L * (L + K - 1) / square)
