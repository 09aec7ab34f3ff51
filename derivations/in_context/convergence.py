r"""Training of a merged head converges from every start whose value has a larger norm than its weights.

The head of `merged_head`, ŷ = v βᵀU x with isotropic tasks (C = I), at rate ½. Gradient flow keeps v² − ‖U‖² as it is:
if the value outweighs the weights at the start, it never comes to v = 0, where the only saddles are. And as the risk is
a paraboloid in vU (`one_layer`) whose least bend is μ, it falls at least as fast as

    −Ṙ ≥ μ v² (R − R*),    μ = (2/N) λ² ((N + 1)λ + tr Λ + σ²),    λ the smallest variance of the inputs,

for all v and U, with equality where weights are blank on the axis of λ and trained elsewhere. So from all starts with
v₀² > ‖U₀‖² the head learns regression in context, with the risk R − R* ≤ e^{−μ(v₀² − ‖U₀‖²)t}(R_0 − R*). On long
prompts what is rare in the inputs is learned at the rate of the cube of its variance; on short ones it is faster.

Inputs are written by their precision P = Λ⁻¹, whose largest eigenvalue is κ = 1/λ.

Source: derived here; for balanced starts convergence is Theorem 4.1 of Zhang, Frei & Bartlett (JMLR 2024)
"""

from sympy import S

from derivations.in_context.merged_head import U, v, value_gradient, weights_gradient
from derivations.in_context.one_layer import Lambda, N, alpha, beta_, curvature, d, sigma
from workbench import by, claim, given, recall, so, spd, top_eigenvalue, tr
from workbench.calculus.rules import minus, substitute

P = spd("P", d)
kappa = top_eigenvalue("kappa", P)
within = 2 * tr(U.T * weights_gradient.formula)
noise = tr(P.inv()) + sigma**2


@claim(
    "manifold",
    "d(v² − tr UᵀU)/dt",
    rivals={
        "the sum": -within,
        "of the weights": within / 2,
        "of the value": -within / 2,
        "chain rule forgotten": (1 - v) * within / 2,
    },
)
def kept():
    """Training conserves the difference of the squared norms of value and weights."""
    yield recall(value_gradient)
    yield recall(weights_gradient)
    yield given("the square of the value, at rate one half", -v * value_gradient.formula)
    yield by(minus, "less that of the weights", what=-tr(U.T * weights_gradient.formula))
    yield so("zero", S.Zero)


@claim(
    "inequality",
    "inf −Ṙ/(v²(R − R*))",
    rivals={
        "finite prompt forgotten": 2 / kappa**3 + 0 * N * noise,
        "trace term forgotten": 2 * (N + 1) / (N * kappa**3) + 0 * noise,
        "factor 2 forgotten": ((N + 1) / kappa + noise) / (N * kappa**2),
        "the mean variance": 2 * ((N + 1) * tr(P.inv()) / d + noise) * tr(P.inv()) ** 2 / (N * d**2) + 0 * kappa,
        "precision for variance": 2 * kappa**2 * ((N + 1) * kappa + noise) / N,
        "variance in place of its square": 2 * ((N + 1) / kappa + noise) / (N * kappa),
    },
    regime=(v > 1,),
)
def speed():
    """Lower bound of the rate at which the risk of a head falls, per square of its value and per excess risk."""
    yield recall(curvature)
    yield by(substitute, "the least bend", letters={Lambda: P.inv(), alpha: 1 / kappa, beta_: 1 / kappa})
    yield so("by the precision of the inputs", 2 * ((N + 1) / kappa + noise) / (N * kappa**2))
