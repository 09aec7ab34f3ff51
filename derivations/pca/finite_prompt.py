r"""Linear attention over L Gaussian tokens, trained to return one of them, points along a principal axis as well.

Tokens x_1 … x_L are i.i.d. N(0, Σ) in R^d. The head with vector μ and strength λ sums over the whole prompt,
the token x_1 that asks included: T = λ Σ_k (μᵀx_1)(μᵀx_k) x_k. With a = μᵀΣμ, b = μᵀΣ²μ its risk E|x_1 − T|² is

    R_L(μ) = tr Σ − 2λ[a tr Σ + (L+1) b] + λ²(L+2)[a² tr Σ + (L+3) ab].

As over endless prompts, it is stationary at rest and at ±r u_α on the eigenvectors of Σ, with

    r² = (tr Σ + (L+1)α) / (λ(L+2)α(tr Σ + (L+3)α));

every axis but the first is a strict saddle. The released code differentiates the quartic part with 4 in place of
2, which leaves the axes where they are and makes the head too short: a cosine does not see it.

Source: Maulen-Soto & Boyer, Attention-based PCA (arXiv 2605.18315), finite prompts (their risk);
curvatures, critical strength and critical step are derived here
"""

from sympy import ImmutableMatrix, S, sqrt

from derivations.pca.infinite_prompt import Sigma, a, b, d, lamda, mu, square
from derivations.pca.principal_axes import alpha, beta, eta, h, r, sigma_1
from workbench import E, by, claim, count, dot, gaussian, given, recall, so, tr
from workbench.calculus.rules import (
    crossing,
    expectation,
    fixed_points,
    gradient,
    hessian,
    minus,
    on_eigenvectors,
    paired,
    substitute,
)  # fmt: skip

L = count("L")
token = gaussian("token", d, cov=Sigma)
others = gaussian("others", d, L - 1, cov=Sigma)
reconstruction = lamda * (token * token.T + others * others.T) * mu * dot(mu, token)
t = tr(Sigma)
stiffness = lamda * ((L - 1) * t + (L + 1) * (L + 3) * alpha) / (t + (L + 3) * alpha)


def risk_with(linear, front, inner):
    """The risk with these numbers for L + 1, L + 2 and L + 3."""
    return t - 2 * lamda * (t * a + linear * b) + lamda**2 * front * (t * a**2 + inner * a * b)


@claim(
    "expectation",
    "R_L(μ)",
    rivals={
        "L for L + 1": risk_with(L, L + 2, L + 3),
        "L + 2 for L + 1": risk_with(L + 2, L + 2, L + 3),
        "L + 1 for L + 2": risk_with(L + 1, L + 1, L + 3),
        "L + 3 for L + 2": risk_with(L + 1, L + 3, L + 3),
        "L + 2 for L + 3": risk_with(L + 1, L + 2, L + 2),
        "L + 4 for L + 3": risk_with(L + 1, L + 2, L + 4),
        "averaged over the prompt": risk_with(L + 1, L + 2, L + 3).xreplace({lamda: lamda / L}),
        "the token itself left out": t - 2 * lamda * (L - 1) * b + lamda**2 * (L - 1) * (t * a**2 + L * a * b),
        "endless prompts": t - 2 * lamda * L * b + (lamda * L) ** 2 * a * b,
    },
)  # fmt: skip
def risk():
    """Mean squared distance of a token from its reconstruction from a prompt of L tokens."""
    yield given("squared distance, the token itself in the prompt", E(square(token - reconstruction)))
    yield by(expectation)


def slope_with(quartic, inner, sign=1):
    """The gradient with these numbers for 2 and L + 3."""
    outer = 2 * (-2 * lamda * t) * Sigma * mu - sign * 4 * lamda * (L + 1) * Sigma**2 * mu
    cubic = 4 * t * a * Sigma * mu + quartic * inner * (b * Sigma * mu + a * Sigma**2 * mu)
    return outer + lamda**2 * (L + 2) * cubic


@claim(
    "gradient",
    "∇R_L(μ)",
    rivals={
        "as printed in the released code of arXiv 2605.18315": slope_with(4, L + 3),
        "sign of the covariance squared": slope_with(2, L + 3, sign=-1),
        "L + 2 for L + 3": slope_with(2, L + 2),
    },
)
def risk_gradient():
    """Gradient of the risk in the vector of the head."""
    yield recall(risk)
    yield by(gradient, wrt=mu)


def radius(variance, one, three):
    """The distance from rest on the axis with that variance, with these numbers for L + 1 and L + 3."""
    return sqrt((t + one * variance) / (lamda * (L + 2) * variance * (t + three * variance)))


def both_sides(length):
    """Rest, and a point on either side of it."""
    return ImmutableMatrix([[0, length, -length]])


@claim(
    "fixed point",
    "{r : ∇R_L(r u_α) = 0}",
    rivals={
        "factor 4 of the released code": both_sides(radius(alpha, L + 1, 2 * (L + 3))),
        "L for L + 1": both_sides(radius(alpha, L, L + 3)),
        "L + 2 for L + 3": both_sides(radius(alpha, L + 1, L + 2)),
        "L + 1 for L + 2": both_sides(radius(alpha, L + 1, L + 3) * sqrt((L + 2) / (L + 1))),
        "averaged over the prompt": both_sides(radius(alpha, L + 1, L + 3) * sqrt(L)),
        "endless prompts": both_sides(1 / sqrt(lamda * L * alpha)),
    },
)
def critical_points():
    """On each axis: rest and one point on either side (across the axis the gradient vanishes anyway)."""
    yield recall(risk_gradient)
    yield by(on_eigenvectors, "on an axis", of=Sigma, vectors={mu: {alpha: r}})
    yield by(fixed_points, unknowns=(r,))


@claim(
    "spectrum",
    "spec P∇²R_L(±r u_α)P",
    rivals={
        "endless prompts": 2 * lamda * L * beta * (alpha - beta),
        "sign of the gap": 2 * stiffness * beta * (beta - alpha),
        "the gap alone": 2 * stiffness * (alpha - beta),
        "L + 1 for L − 1": 2 * stiffness * beta * (alpha - beta)
        + 4 * lamda * t * beta * (alpha - beta) / (t + (L + 3) * alpha),
    },
)
def transverse_curvature():
    """The Hessian on axis α along axis β (P removes axis α itself): negative for every larger variance β > α."""
    yield recall(risk)
    yield by(hessian, wrt=mu, direction=h)
    yield by(paired, "along the direction", vector=h)
    yield by(on_eigenvectors, of=Sigma, vectors={mu: {alpha: r}, h: {beta: S.One}})
    yield by(substitute, "at the critical point", letters={r**2: radius(alpha, L + 1, L + 3) ** 2})
    yield so("the gap, weighted", 2 * stiffness * beta * (alpha - beta))


@claim(
    "spectrum",
    "uᵀ∇²R_L(±r u_α)u",
    rivals={"half of it": 4 * lamda * alpha * (t + (L + 1) * alpha), "endless prompts": 8 * lamda * L * alpha**2},
)
def radial_curvature():
    """The Hessian on axis α along the axis itself: positive, so the length of the head is always stable."""
    yield recall(risk)
    yield by(hessian, wrt=mu, direction=h)
    yield by(paired, "along the direction", vector=h)
    yield by(on_eigenvectors, of=Sigma, vectors={mu: {alpha: r}, h: {alpha: S.One}})
    yield by(substitute, "at the critical point", letters={r**2: radius(alpha, L + 1, L + 3) ** 2})
    yield so("the whole variance, weighted", 8 * lamda * alpha * (t + (L + 1) * alpha))


@claim(
    "fixed point",
    "|μ*|",
    rivals={
        "factor 4 of the released code": radius(sigma_1, L + 1, 2 * (L + 3)),
        "endless prompts": 1 / sqrt(lamda * L * sigma_1),
    },
)
def trained_length():
    """Length of the trained head, which points along the first axis."""
    yield recall(risk_gradient)
    yield by(on_eigenvectors, "on the first axis", of=Sigma, vectors={mu: {sigma_1: r}})
    yield by(crossing, parameter=r, positive=True)


@claim(
    "critical scale",
    "η_c",
    rivals={
        "one over the curvature": 1 / (8 * lamda * sigma_1 * (t + (L + 1) * sigma_1)),
        "endless prompts": 1 / (4 * lamda * L * sigma_1**2),
    },
)
def critical_step():
    """Step above which gradient descent leaves the first axis (a transition)."""
    yield recall(radial_curvature)
    yield by(substitute, "on the first axis, where it is largest", letters={alpha: sigma_1})
    yield by(minus, "against 2/η, the largest curvature at which a step η is stable", what=2 / eta)
    yield by(crossing, parameter=eta)


@claim(
    "critical scale",
    "λ_c",
    rivals={
        "where the risk is least": (t * a + (L + 1) * b) / ((L + 2) * (t * a**2 + (L + 3) * a * b)),
        "endless prompts": 2 / (L * a),
    },
)
def critical_strength():
    """Strength above which the head is worse than returning nothing (a crossover)."""
    yield recall(risk)
    yield by(minus, "compared with returning nothing", what=t)
    yield by(crossing, parameter=lamda, positive=True)
