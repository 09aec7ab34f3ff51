r"""Two unit heads align with two centroids while attention is weak; above λ_c their overlap decreases.

The setting of `linear_heads` with two heads of length one. On the aligned manifold head c leans on
centroid c alone, with squared overlap α_c, and the rest of it lies off both centroids and off the other head:

    u_0 = √α0 μ0 + √(1−α0) e,    u_1 = √α1 μ1 + √(1−α1) f,        e, f ⊥ μ0, μ1 and e ⊥ f.

Gradient flow on the spheres never leaves this manifold, and on it the risk is a polynomial in α0 and α1 that couples
the heads through 4λ²σ²(1/L − 1/L²)α0α1. The centroids α0 = α1 = 1 are stable for λ < λ_c (see `centroids`); above,
the risk on the manifold is least at α0 = α1 = α* < 1. (With noise it falls further off it: heads tilt to each other.)

Source: Maulen-Soto, Boyer & Marion, Attention-based clustering (arXiv 2505.13112); the speed
and α* at finite L are derived here
"""

from sympy import ImmutableMatrix, S, sqrt

from derivations.clustering import linear_heads
from derivations.clustering.linear_heads import L, M, d, lamda, mu0, mu1, risk, sigma
from workbench import by, claim, probability, recall, scalar, so, unit_vector
from workbench.calculus.rules import crossing, fixed_points, gradient, paired, riemannian_gradient, substitute

alpha0, alpha1, alpha = probability("alpha0"), probability("alpha1"), scalar("alpha")
e = unit_vector("e", d, orthogonal_to=[mu0, mu1])
f = unit_vector("f", d, orthogonal_to=[mu0, mu1, e])
u0, u1 = unit_vector("u0", d), unit_vector("u1", d)
aligned0 = sqrt(alpha0) * mu0 + sqrt(1 - alpha0) * e
aligned1 = sqrt(alpha1) * mu1 + sqrt(1 - alpha1) * f

# On the manifold R = rest + slope (α0 + α1) + curve (α0² + α1²)/2 + across α0 α1.
rest = 1 + d * sigma**2 - 2 * linear_heads.spill + lamda**2 * (2 * linear_heads.square + 4 * linear_heads.trace)
slope = -linear_heads.gain + lamda**2 * (linear_heads.reach + 2 * linear_heads.mixed)
curve = 2 * lamda**2 * linear_heads.twice
across = lamda**2 * linear_heads.across
drift = slope + curve * alpha0 + across * alpha1  # ∂R/∂α0
turn = 2 * drift * sqrt(alpha0) * sqrt(1 - alpha0)


@claim(
    "expectation",
    "R(α0, α1)",
    rivals={
        "heads do not disturb each other": rest + slope * (alpha0 + alpha1) + curve * (alpha0**2 + alpha1**2) / 2,
        "overlap not squared": rest
        + slope * (sqrt(alpha0) + sqrt(alpha1))
        + curve * (alpha0 + alpha1) / 2
        + across * sqrt(alpha0 * alpha1),
        "what lies off the centroids is free": 1
        + d * sigma**2
        + slope * (alpha0 + alpha1)
        + curve * (alpha0**2 + alpha1**2) / 2
        + across * alpha0 * alpha1,
    },
    regime=(L < 5,),
)
def aligned_risk():
    """Risk of two heads on the manifold where each overlaps with one centroid."""
    yield recall(risk)
    yield by(substitute, "aligned heads", letters={M: aligned0 * aligned0.T + aligned1 * aligned1.T})
    yield so(
        "a parabola in each overlap, and their product",
        rest + slope * (alpha0 + alpha1) + curve * (alpha0**2 + alpha1**2) / 2 + across * alpha0 * alpha1,
    )


@claim(
    "manifold",
    "grad_0 R",
    rivals={
        "drawn to the other centroid as well": turn * (sqrt(1 - alpha0) * (mu0 + mu1) - sqrt(alpha0) * e),
        "drawn to the other head": turn * (sqrt(1 - alpha0) * mu0 - sqrt(alpha0) * f),
        "not projected on the sphere": turn / sqrt(1 - alpha0) * mu0,
    },
    regime=(L < 5,),
)
def aligned_gradient():
    """The gradient of an aligned head lies in the plane of its own centroid, so the manifold is invariant."""
    yield recall(risk)
    yield by(substitute, "two heads", letters={M: u0 * u0.T + u1 * u1.T})
    yield by(riemannian_gradient, wrt=u0)
    yield by(substitute, "aligned heads", letters={u0: aligned0, u1: aligned1})
    yield so("a turn in one plane", turn * (sqrt(1 - alpha0) * mu0 - sqrt(alpha0) * e))


@claim(
    "flow",
    "dα0/dt",
    rivals={
        "the sphere forgotten": -4 * alpha0 * drift,
        "heads do not disturb each other": -4 * alpha0 * (1 - alpha0) * (slope + curve * alpha0),
        "speed of the overlap, not of its square": -2 * alpha0 * (1 - alpha0) * drift,
    },
    regime=(L < 5,),
)
def alignment_speed():
    """Velocity of a head's overlap with its centroid under gradient flow on the sphere."""
    yield recall(aligned_gradient)
    yield by(paired, "the squared overlap moves by 2√α0 μ0 along the flow", vector=-2 * sqrt(alpha0) * mu0)
    yield so("logistic, with a moving target", -4 * alpha0 * (1 - alpha0) * drift)


@claim(
    "fixed point",
    "{α : dα/dt = 0}, σ = 0",
    rivals={
        "one example too few": ImmutableMatrix([[(L + 1) / (lamda * (L + 2)), 0, 1]]),
        "one head's prefactor": ImmutableMatrix([[2 * (L + 1) / (lamda * (L + 3)), 0, 1]]),
        "endless prompt": ImmutableMatrix([[1 / lamda, 0, 1]]),
        "tokens do not see themselves": ImmutableMatrix([[(L - 1) / (lamda * (L + 1)), 0, 1]]),
    },
    hypotheses=(lamda * (L + 3) > L + 1,),
)
def noiseless_points():
    """Fixed points of a head's overlap with noiseless tokens: zero, one, and one value between."""
    yield recall(alignment_speed)
    yield by(substitute, "points for clusters", letters={sigma: S.Zero, alpha0: alpha})
    force = lamda * (L + 1) / L - lamda**2 * (L + 3) / L * alpha
    yield so("the heads do not interact", ImmutableMatrix([4 * alpha * (1 - alpha) * force]))
    yield by(fixed_points, unknowns=[alpha])


@claim(
    "spectrum",
    "d(dα/dt)/dα at α*, σ = 0",
    rivals={
        "the sphere forgotten": -4 * (L + 1) * lamda / L,
        "stiffest at strong attention": -4 * (L + 1) * (lamda * (L + 3) - L - 1) / L,
    },
    hypotheses=(lamda * (L + 3) > L + 1,),
)
def noiseless_return():
    """Stability of the fixed point between zero and one: the rate is negative."""
    yield recall(alignment_speed)
    yield by(substitute, "points for clusters", letters={sigma: S.Zero, alpha0: alpha})
    yield by(gradient, wrt=alpha)
    yield by(substitute, "at rest", letters={alpha: (L + 1) / (lamda * (L + 3))})
    yield so("a product", -4 * (L + 1) / L * (lamda - (L + 1) / (L + 3)))


@claim(
    "fixed point",
    "α*",
    rivals={
        "heads do not disturb each other": -slope / curve,
        "noise forgotten": (L + 1) / (lamda * (L + 3)),
        "one head's prefactor": (2 * linear_heads.gain / lamda - lamda * (linear_heads.reach + 2 * linear_heads.mixed))
        / (lamda * (2 * linear_heads.twice + linear_heads.across)),
        "endless prompt": (1 + 4 * sigma**2 - lamda * sigma**2 * (1 + 6 * sigma**2)) / (lamda * (1 + 4 * sigma**2)),
    },
    hypotheses=(-slope > 0, -slope < curve + across),
    regime=(L < 5, -20 * slope > curve + across, -20 * slope < 19 * (curve + across)),
)
def overlap():
    """Overlap of both heads with their centroids at the minimum of the risk on the manifold."""
    yield recall(aligned_risk)
    yield by(substitute, "alike", letters={alpha0: alpha, alpha1: alpha})
    yield by(gradient, wrt=alpha)
    yield by(crossing, parameter=alpha)


@claim(
    "fixed point",
    "α*, σ = 0",
    rivals={
        "one example too few": (L + 1) / (lamda * (L + 2)),
        "one head's prefactor": 2 * (L + 1) / (lamda * (L + 3)),
        "endless prompt": 1 / lamda,
        "tokens do not see themselves": (L - 1) / (lamda * (L + 1)),
    },
    hypotheses=(lamda * (L + 3) > L + 1,),
)
def trained_overlap():
    """Overlap of trained heads with their centroids, from any start, with noiseless tokens (λ > λ_c)."""
    yield recall(overlap)
    yield by(substitute, "points for clusters", letters={sigma: S.Zero})
    yield so("a single fraction", (L + 1) / (lamda * (L + 3)))
