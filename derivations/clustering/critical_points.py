r"""Two heads on one centroid, or none on any: where training of two unit heads can rest, and how it slows down.

The noiseless tokens of `linear_heads`, and heads of length one. Besides the centroids the risk has other critical
points: collapsed heads, both on μ0, leave 1 − 2λ(L + 1)/L + 2λ²(L + 3)/L; a mixed pair, one on μ0 and one off both
centroids, leaves half of what either would. Collapsed heads always leave towards the other centroid, at the curvature
−2λ²(L + 7)/L, and towards what is off both above λ = (L + 1)/(2(L + 3)): below it, a head alone is not pulled out.

At the critical strength λ_c = (L + 1)/(L + 3) the centroids attract no longer at a rate, but as a power of time: a
gap 1 − α of 1/n, α the overlap of `alignment`, halves in a time of nL(L + 3)/(4(L + 1)²).

Source: derived here; the layer is that of Maulen-Soto, Boyer & Marion, Attention-based clustering (arXiv 2505.13112)
"""

from sympy import S, log, oo

from derivations.clustering.alignment import alignment_speed, alpha, alpha0, e, u0, u1
from derivations.clustering.linear_heads import L, M, lamda, mu0, mu1, noiseless_risk, sigma
from workbench import by, claim, large, positive, recall, so
from workbench.calculus.rules import crossing, expand_large, gradient, over, paired, riemannian_hessian, substitute

n, p = large("n"), positive("p")  # the gap to the centroid is p/n


@claim(
    "expectation",
    "R(μ0, μ0), σ = 0",
    rivals={
        "one head's share": 1 - 2 * lamda * (L + 1) / L + lamda**2 * (L + 3) / L,
        "a cluster is lost whole": (1 - 2 * lamda * (L + 1) / L + 4 * lamda**2 * (L + 3) / L) / 2 + 0 * L,
        "the centroids": 1 - 2 * lamda * (L + 1) / L + lamda**2 * (L + 3) / L + lamda**2 * (L - 1) / L,
    },
)
def collapsed_risk():
    """Risk of two heads that have collapsed on one centroid."""
    yield recall(noiseless_risk)
    yield by(substitute, "both heads on μ0", letters={M: 2 * mu0 * mu0.T})
    yield so("the overlap is two", 1 - 2 * lamda * (L + 1) / L + 2 * lamda**2 * (L + 3) / L)


@claim(
    "expectation",
    "R(μ0, e), σ = 0",
    rivals={
        "the idle head is lost as well": 2 - 2 * lamda * (L + 1) / L + lamda**2 * (L + 3) / L,
        "the centroids": 1 - 2 * lamda * (L + 1) / L + lamda**2 * (L + 3) / L,
        "one head's prefactor": 1 - lamda * (L + 1) / (2 * L) + lamda**2 * (L + 3) / (8 * L),
    },
)
def mixed_risk():
    """Risk of a mixed pair: one head on a centroid and one orthogonal to both centroids."""
    yield recall(noiseless_risk)
    yield by(substitute, "one on μ0, one on e", letters={M: mu0 * mu0.T + e * e.T})
    yield so("one cluster of two", 1 - lamda * (L + 1) / L + lamda**2 * (L + 3) / (2 * L))


@claim(
    "spectrum",
    "R″ at (μ0, μ0) towards μ1, σ = 0",
    rivals={
        "confusion forgotten": -4 * lamda**2 * (L + 3) / L,
        "confusion once": -(lamda**2) * (3 * L + 13) / L,
        "as from a single head": 2 * lamda / L * (L + 1 - lamda * (L + 3)),
    },
)
def collapse_escape():
    """Curvature at collapsed heads as one turns to the other centroid: negative, so no strength keeps them together."""
    yield recall(noiseless_risk)
    yield by(substitute, "two heads", letters={M: u0 * u0.T + u1 * u1.T})
    yield by(riemannian_hessian, wrt=u0, direction=mu1)
    yield by(substitute, "collapsed", letters={u0: mu0, u1: mu0})
    yield by(paired, "along μ1", vector=mu1)
    yield so("a square of the strength", -2 * lamda**2 * (L + 7) / L)


@claim(
    "spectrum",
    "R″ at (μ0, μ0) off the span, σ = 0",
    rivals={
        "as from the centroids": 2 * lamda / L * (L + 1 - lamda * (L + 3)),
        "overlap of two counted twice": 2 * lamda / L * (L + 1 - 4 * lamda * (L + 3)),
        "one head's prefactor": lamda / L * (L + 1 - 2 * lamda * (L + 3)),
    },
)
def collapse_drift():
    """Curvature at collapsed heads as one turns off both centroids."""
    yield recall(noiseless_risk)
    yield by(substitute, "two heads", letters={M: u0 * u0.T + u1 * u1.T})
    yield by(riemannian_hessian, wrt=u0, direction=e)
    yield by(substitute, "collapsed", letters={u0: mu0, u1: mu0})
    yield by(paired, "along e", vector=e)
    yield so("a product", 2 * lamda / L * (L + 1 - 2 * lamda * (L + 3)))


@claim(
    "critical scale",
    "λ_c, collapsed heads, σ = 0",
    rivals={
        "that of the centroids": (L + 1) / (L + 3),
        "a quarter of it": (L + 1) / (4 * (L + 3)),
        "endless prompt": S.One / 2 + 0 * L,
        "one example too few": (L + 1) / (2 * (L + 2)),
    },
)
def crowding_strength():
    """Strength above which a head that shares a centroid leaves even the span of both (a transition): half of λ_c."""
    yield recall(collapse_drift)
    yield by(crossing, parameter=lamda)
    yield so("a single fraction", (L + 1) / (2 * (L + 3)))


@claim(
    "spectrum",
    "d(dα/dt)/dα at α = 1, σ = 0",
    rivals={
        "constant up to the critical strength": -4 * (L + 1) * lamda / L,
        "the square of the overlap forgotten": -2 * lamda * (L + 1 - lamda * (L + 3)) / L,
        "endless prompt": -4 * lamda * (1 - lamda),
    },
)
def slowing_down():
    """Rate of return of heads to the centroids: it vanishes at the critical strength."""
    yield recall(alignment_speed)
    yield by(substitute, "points for clusters", letters={sigma: S.Zero, alpha0: alpha})
    yield by(gradient, wrt=alpha)
    yield by(substitute, "at the centroid", letters={alpha: S.One})
    yield so("a product", -4 * lamda * (L + 1 - lamda * (L + 3)) / L)


@claim(
    "rate",
    "lim n/t, gap from 1/n to 1/(2n) at λ_c, σ = 0",
    rivals={
        "endless prompt": S(4) + 0 * L,
        "speed of the overlap, not of its square": 2 * (L + 1) ** 2 / (L * (L + 3)),
        "strength one": 4 * (L + 1) / L,
        "exponentially fast": 4 * (L + 1) ** 2 / (L * (L + 3) * log(2)),
    },
)
def critical_halving():
    """Time in which the distance to the centroids is halved at the critical strength: long for small distances."""
    yield recall(alignment_speed)
    strength = (L + 1) / (L + 3)
    yield by(substitute, "noiseless, at λ_c", letters={sigma: S.Zero, lamda: strength, alpha0: 1 - p / n})
    yield by(over, "the speed of p, in units n of time", what=-1 / n**2)
    yield by(expand_large, "close to the centroid", large={n: oo}, order=0)
    yield by(over, "so 1/p grows from 1 to 2 at the rate −ṗ/p²", what=-(p**2))
    yield so("a fraction", 4 * (L + 1) ** 2 / (L * (L + 3)))
