r"""The two centroids are a stable fixed point of two heads while attention is weaker than λ_c.

The setting of `alignment` at α0 = α1 = 1, where the heads are the centroids. On the two spheres the Hessian of the
risk there has three eigenvalues: 0 along the rotation of both heads in their plane (the risk does not change: see
`linear_heads.rotated_heads`), a positive one along the shear of that plane, and, 2(d−2) times, one along
the directions off both centroids. The last changes sign at

    λ_c(L, d, σ) → (L+1)/(L+3) as σ → 0, and → (1 + 4σ²)/((1 + 2σ²)(1 + 3σ²)) as L → ∞.

Source: Maulen-Soto, Boyer & Marion, Attention-based clustering (arXiv 2505.13112); the curvatures and λ_c at
finite L are derived here
"""

from sympy import S, oo, sqrt

from derivations.clustering import linear_heads
from derivations.clustering.alignment import across, curve, e, slope, u0, u1
from derivations.clustering.linear_heads import L, M, lamda, mu0, mu1, risk, sigma
from workbench import by, claim, recall, scalar, so
from workbench.calculus.rules import critical_scale, expand_large, gradient, paired, riemannian_hessian, substitute

t = scalar("t")
endless = (1 + 4 * sigma**2) / ((1 + 2 * sigma**2) * (1 + 3 * sigma**2))


@claim(
    "spectrum",
    "off-span eigenvalue at (μ0, μ1)",
    rivals={
        "the slope away from the centroids": -2 * slope,
        "heads do not disturb each other": -2 * (slope + curve),
        "as if without noise": 2 * lamda / L * (L + 1 - lamda * (L + 3)),
    },
    regime=(L < 5,),
)
def escape():
    """Curvature of the risk at the centroids as one head leaves their plane: negative means unstable."""
    yield recall(risk)
    yield by(substitute, "two heads", letters={M: u0 * u0.T + u1 * u1.T})
    yield by(riemannian_hessian, wrt=u0, direction=e)
    yield by(substitute, "at the centroids", letters={u0: mu0, u1: mu1})
    yield by(paired, "along e", vector=e)
    yield so("minus twice the slope of the risk in the overlap", -2 * (slope + curve + across))


@claim(
    "spectrum",
    "shear eigenvalue at (μ0, μ1)",
    rivals={
        "no confusion": 4 * lamda**2 * linear_heads.square,
        "as if without noise": 4 * lamda**2 * (L - 1) / L,
        "half the weight of confusion": 4
        * lamda**2
        * (linear_heads.confused / 2 + 2 * linear_heads.reach + 2 * linear_heads.square),
        "a rotation instead": S.Zero,
    },
    regime=(L < 5,),
)
def shear():
    """Curvature of the risk at the centroids as both heads turn towards each other."""
    yield recall(risk)
    tilted = mu0 * mu0.T + mu1 * mu1.T + 2 * sqrt(2) * t / (2 + t**2) * (mu0 * mu1.T + mu1 * mu0.T)
    yield by(substitute, "(μ0 + s μ1, μ1 + s μ0)/√(1 + s²) at s = t/√2, so that t is a length", letters={M: tilted})
    yield by(gradient, wrt=t)
    yield by(gradient, wrt=t)
    yield by(substitute, "at the centroids", letters={t: S.Zero})
    yield so(
        "confusion costs", 4 * lamda**2 * (linear_heads.confused + 2 * linear_heads.reach + 2 * linear_heads.square)
    )


@claim(
    "critical scale",
    "λ_c(L, d, σ)",
    rivals={
        "attention of strength one": S.One,
        "noise forgotten": (L + 1) / (L + 3),
        "heads do not disturb each other": (linear_heads.gain / lamda)
        / (linear_heads.reach + 2 * linear_heads.mixed + 2 * linear_heads.twice),
        "endless prompt": endless,
        "one head's prefactor": 2
        * (linear_heads.gain / lamda)
        / (linear_heads.reach + 2 * linear_heads.mixed + 2 * linear_heads.twice + linear_heads.across),
    },
    regime=(L < 5,),
)
def critical_strength():
    """Critical attention strength λ_c above which the centroids are unstable (a transition)."""
    yield recall(escape)
    yield by(critical_scale, parameter=lamda)


@claim(
    "critical scale",
    "λ_c(L), σ = 0",
    rivals={
        "attention of strength one": S.One,
        "one example too few": (L + 1) / (L + 2),
        "tokens do not see themselves": (L - 1) / (L + 1),
        "one head's prefactor": 2 * (L + 1) / (L + 3),
    },
)
def noiseless_critical_strength():
    """Critical attention strength for noiseless tokens (a transition): a function of the prompt length alone."""
    yield recall(critical_strength)
    yield by(substitute, "points for clusters", letters={sigma: S.Zero})
    yield so("a single fraction", (L + 1) / (L + 3))


@claim(
    "critical scale",
    "λ_c(σ), L → ∞",
    rivals={
        "attention of strength one": S.One,
        "one head's prefactor": 2 * endless,
        "the denoiser's strength": 1 / (1 + 2 * sigma**2),
        "noise squared forgotten": (1 + 4 * sigma**2) / (1 + 5 * sigma**2),
    },
)
def endless_critical_strength():
    """Critical attention strength in the long-prompt limit (a transition): noise lowers it, in all dimensions alike."""
    yield recall(critical_strength)
    yield by(expand_large, large={L: oo}, order=0)
    yield so("factored", endless)
