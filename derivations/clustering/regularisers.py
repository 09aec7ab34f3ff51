r"""A penalty on tokens that excite both heads makes the centroids minima, and a strong one makes them unstable.

The risk of `linear_heads` does not change when heads rotate among each other, so it cannot tell the centroids from any
other pair in their plane. Add ρ r with the penalty r = E (u_0ᵀx)²(u_1ᵀx)². For unit heads turned by the angle φ in the
plane of the centroids

    r = cos²φ sin²φ + σ² + σ⁴,

least at the centroids and largest halfway between; the rotation gains the curvature +ρ at any noise. Off the plane the
penalty pulls with the curvature −ρσ², so that above a critical ρ_c the centroids are no longer stable.

Source: the penalty of Maulen-Soto, Boyer & Marion, Attention-based clustering (arXiv 2505.13112); its landscape and
ρ_c are derived here
"""

from sympy import Identity, S, cos, sin, sqrt

from derivations.clustering.alignment import across, curve, e, slope, u0, u1
from derivations.clustering.centroids import escape
from derivations.clustering.linear_heads import L, d, half, lamda, mu0, mu1, sigma
from workbench import E, by, claim, dot, given, mixture, positive, recall, scalar, so
from workbench.calculus.rules import (
    crossing,
    expectation,
    gradient,
    minus,
    over,
    paired,
    riemannian_hessian,
    substitute,
)

phi, rho = scalar("phi"), positive("rho")
x = mixture("x", d, [(half, mu0, sigma**2 * Identity(d)), (half, mu1, sigma**2 * Identity(d))])

v, xi = sigma**2, dot(u0, u1)
seen = [(dot(mu, u0), dot(mu, u1)) for mu in (mu0, mu1)]  # what the heads see of either centroid


def averaged(alike):
    """The penalty, with this number for the weight of what both heads see in common."""
    return sum((p**2 + v) * (q**2 + v) + 4 * alike * v * xi * p * q + 2 * v**2 * xi**2 for p, q in seen) / 2


@claim(
    "expectation",
    "r(u_0, u_1)",
    rivals={
        "heads do not overlap": sum((p**2 + v) * (q**2 + v) for p, q in seen) / 2,
        "common part counted once": averaged(half),
        "clusters counted, not averaged": 2 * averaged(S.One),
        "the square of a mean": (sum(p * q for p, q in seen) / 2 + v * xi) ** 2,
    },
)
def penalty():
    """Mean product of the squared scores of two heads: the penalty on tokens that excite both."""
    yield given("the squares of both scores", E(dot(u0, x) ** 2 * dot(u1, x) ** 2))
    yield by(expectation)
    yield so("cluster by cluster", averaged(S.One))


@claim(
    "expectation",
    "r(φ)",
    rivals={
        "constant, like the risk": v + v**2 + 0 * phi,
        "twice the rotation": cos(2 * phi) ** 2 * sin(2 * phi) ** 2 + v + v**2,
        "noise forgotten": cos(phi) ** 2 * sin(phi) ** 2 + 0 * v,
        "largest at the centroids": cos(2 * phi) ** 2 / 4 + v + v**2,
    },
)
def turned_penalty():
    """The penalty along the rotations that leave the risk unchanged: its minima are the centroids alone."""
    yield recall(penalty)
    turned = {u0: cos(phi) * mu0 + sin(phi) * mu1, u1: cos(phi) * mu1 - sin(phi) * mu0}
    yield by(substitute, "both heads turned in the plane", letters=turned)
    yield so("noise shifts it", cos(phi) ** 2 * sin(phi) ** 2 + v + v**2)


@claim(
    "spectrum",
    "rotation eigenvalue of ρr at (μ0, μ1)",
    rivals={
        "none, as of the risk": 0 * rho,
        "per angle, not per length": 2 * rho,
        "growing with the noise": rho * (1 + 2 * v),
        "sign": -rho,
    },
)
def rotation():
    """Curvature of the penalty along rotations of the heads, which leave the risk unchanged."""
    yield recall(turned_penalty)
    yield by(substitute, "two heads turned, so far in all", letters={phi: phi / sqrt(2)})
    yield by(gradient, wrt=phi)
    yield by(gradient, wrt=phi)
    yield by(substitute, "at the centroids", letters={phi: S.Zero})
    yield by(over, "with the weight ρ", what=1 / rho)


@claim(
    "critical scale",
    "ρ_c",
    rivals={
        "as if without noise": 2 * lamda / L * (L + 1 - lamda * (L + 3)) / v,
        "half of the pull": -4 * (slope + curve + across) / v,
        "heads do not disturb each other": -2 * (slope + curve) / v,
        "the slope away from the centroids": -2 * slope / v,
    },
    hypotheses=(slope + curve + across < 0,),
    regime=(L < 5,),
)
def critical_penalty():
    """Weight of the penalty above which heads leave the plane of the centroids (a transition)."""
    yield recall(penalty)
    yield by(riemannian_hessian, wrt=u0, direction=e)
    yield by(substitute, "at the centroids", letters={u0: mu0, u1: mu1})
    yield by(paired, "along e", vector=e)
    yield so("a restoring force", -v)
    yield by(minus, "and the curvature of the risk, per unit of ρ", what=-escape.formula / rho)
    yield by(crossing, parameter=rho)
