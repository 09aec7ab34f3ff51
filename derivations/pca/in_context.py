r"""A head trained over many prompts, each with a covariance of its own, learns the spike that they share.

Every prompt has its own covariance ZZᵀ, Z a d×n matrix with i.i.d. N(0, V) columns (Wishart with n degrees of
freedom, not divided by n); within a prompt, endless, the head returns λ ZZᵀμμᵀx as in `infinite_prompt`. Its
risk is n times that of linear attention over n tokens from N(0, V), for every V:

    R(μ) = n tr V − 2λn[(n+1)B + A tr V] + λ²n(n+2)[(n+3)AB + A² tr V],     A = μᵀVμ, B = μᵀV²μ.

With V = ξ²I + θvvᵀ the trained head lies at ±ρv along the spike, and every direction across it is lost at
the rate of the curvature there, which is proportional to θ: pretraining finds any spike, however weak.
The heads orthogonal to the spike are saddles.

Source: Maulen-Soto & Boyer, Attention-based PCA (arXiv 2605.18315), in-context section (risk and
length on the spike); the duality and the curvatures are derived here
"""

from sympy import S, sqrt

from derivations.pca import finite_prompt
from derivations.pca.infinite_prompt import Sigma, d, lamda, mu
from derivations.pca.infinite_prompt import risk as risk_given_covariance
from derivations.pca.principal_axes import eta, h
from workbench import E, by, claim, count, eigenvalue, form, gaussian, given, positive, recall, so, spd, tr, unit_vector
from workbench.calculus.rules import (
    crossing,
    expectation,
    gradient,
    hessian,
    minus,
    on_eigenvectors,
    paired,
    substitute,
)  # fmt: skip

n = count("n")
V = spd("V", d)
xi, theta, r = positive("xi"), positive("theta"), positive("r")
v = unit_vector("v", d)  # the spike: V = ξ²I + θvvᵀ
gamma, delta = eigenvalue("gamma", V), eigenvalue("delta", V)
Z = gaussian("Z", d, n, cov=V)

A, B = form(mu, V, mu), form(mu, V**2, mu)
tau, whole = xi**2 + theta, d * xi**2 + theta  # variance along the spike, and in all


def risk_with(linear, front, inner):
    """The risk with these numbers for n + 1, n + 2 and n + 3."""
    return n * tr(V) - 2 * lamda * n * (linear * B + tr(V) * A) + lamda**2 * n * front * (inner * A * B + tr(V) * A**2)


@claim(
    "expectation",
    "R(μ)",
    rivals={
        "trace term of E S² forgotten": risk_with(n + 1, n + 2, n + 3) + 2 * lamda * n * tr(V) * A,
        "n for n + 1": risk_with(n, n + 2, n + 3),
        "n + 1 for n + 2": risk_with(n + 1, n + 1, n + 3),
        "n + 2 for n + 3": risk_with(n + 1, n + 2, n + 2),
        "covariance taken for its mean": n * tr(V) - 2 * lamda * n**2 * B + lamda**2 * n**3 * A * B,
    },
)  # fmt: skip
def risk():
    """Mean squared distance of a token from its reconstruction, over prompts with random covariances."""
    yield given("the risk in a prompt with covariance ZZᵀ", E(risk_given_covariance.formula.xreplace({Sigma: Z * Z.T})))
    yield by(expectation)


def slope_with(quartic, inner):
    """The gradient with these numbers for 2 and n + 3."""
    linear = -4 * lamda * n * ((n + 1) * V**2 * mu + tr(V) * V * mu)
    return linear + lamda**2 * n * (n + 2) * (4 * tr(V) * A * V * mu + quartic * inner * (A * V**2 * mu + B * V * mu))


@claim(
    "gradient",
    "∇R(μ)",
    rivals={
        "factor 4": slope_with(4, n + 3),
        "n + 2 for n + 3": slope_with(2, n + 2),
        "product rule forgotten": slope_with(1, n + 3),
    },
)  # fmt: skip
def risk_gradient():
    """Gradient of the risk over many prompts in the vector of the head."""
    yield recall(risk)
    yield by(gradient, wrt=mu)


@claim(
    "identity",
    "n R_n(μ), for n tokens from N(0, V)",
    rivals={
        "not multiplied by n": risk.formula / n,
        "one token fewer": risk_with(n, n + 1, n + 2),
        "one token more": risk_with(n + 2, n + 3, n + 4),
    },
)
def duality():
    """Learning in context with n degrees of freedom is learning from prompts of n tokens: n linear heads' risk."""
    yield recall(risk)
    dual = finite_prompt.risk.formula.xreplace({finite_prompt.L: n, Sigma**2: V**2, Sigma: V})
    yield so("n times the risk of linear attention over n tokens", n * dual)


def length(variance, total, one, three):
    """The distance from rest with these numbers for n + 1 and n + 3."""
    return sqrt((total + one * variance) / (lamda * (n + 2) * variance * (total + three * variance)))


@claim(
    "fixed point",
    "ρ",
    rivals={
        "n + 2 for n + 3": length(tau, whole, n + 1, n + 2),
        "n for n + 1": length(tau, whole, n, n + 3),
        "trace term of E S² forgotten": sqrt((n + 1) / (lamda * (n + 2) * (whole + (n + 3) * tau))),
        "the spike forgotten": length(xi**2, d * xi**2, n + 1, n + 3),
        "covariance taken for its mean": 1 / sqrt(lamda * n * tau),
        "factor 4": length(tau, whole, n + 1, 2 * (n + 3)),
    },
)
def spike_length():
    """Length of the trained head, which points along the spike."""
    yield recall(risk_gradient)
    yield by(on_eigenvectors, "on an axis of V", of=V, vectors={mu: {gamma: r}})
    yield by(crossing, parameter=r, positive=True)
    yield by(substitute, "the axis of the spike", letters={tr(V): whole, gamma: tau})
    yield so("in terms of the variance along the spike and in all", length(tau, whole, n + 1, n + 3))


def stiffness(variance, total):
    """What weighs the gap of variances in the curvature across an axis."""
    return 2 * lamda * n * ((n - 1) * total + (n + 1) * (n + 3) * variance) / (total + (n + 3) * variance)


def across():
    """The Hessian on the axis γ of V along the axis δ, line by line."""
    yield recall(risk)
    yield by(hessian, wrt=mu, direction=h)
    yield by(paired, "along the direction", vector=h)
    yield by(on_eigenvectors, "on axes of V", of=V, vectors={mu: {gamma: r}, h: {delta: S.One}})
    yield by(substitute, "at the critical length", letters={r**2: length(gamma, tr(V), n + 1, n + 3) ** 2})
    yield so("the gap of variances, weighted", stiffness(gamma, tr(V)) * delta * (gamma - delta))


@claim(
    "spectrum",
    "eᵀ∇²R(±ρv)e, e ⊥ v",
    rivals={
        "variance along the spike": stiffness(tau, whole) * tau * theta,
        "the gap alone": stiffness(tau, whole) * theta,
        "finite prompts: no factor n": stiffness(tau, whole) / n * xi**2 * theta,
        "covariance taken for its mean": 2 * lamda * n**2 * xi**2 * theta,
    },
)
def curvature_across_spike():
    """The Hessian at the trained head across the spike: positive for every θ > 0, so no spike is too weak."""
    yield from across()
    yield by(substitute, "the spike, and across it", letters={tr(V): whole, gamma: tau, delta: xi**2})
    yield so("the strength of the spike, weighted", stiffness(tau, whole) * xi**2 * theta)


@claim(
    "spectrum",
    "vᵀ∇²R(ρ'e)v, e ⊥ v",
    rivals={
        "a minimum": stiffness(xi**2, whole) * tau * theta,
        "variance across the spike": -stiffness(xi**2, whole) * xi**2 * theta,
        "finite prompts: no factor n": -stiffness(xi**2, whole) / n * tau * theta,
    },
    hypotheses=(d > 1,),
)
def escape_from_sphere():
    """The Hessian along the spike at a critical head orthogonal to it: negative, so the sphere of them is left."""
    yield from across()
    yield by(substitute, "across the spike, and along it", letters={tr(V): whole, gamma: xi**2, delta: tau})
    yield so("the strength of the spike, weighted", -stiffness(xi**2, whole) * tau * theta)


@claim(
    "critical scale",
    "η_c",
    rivals={
        "one over the curvature": 1 / (8 * lamda * n * tau * (whole + (n + 1) * tau)),
        "finite prompts: no factor n": 1 / (4 * lamda * tau * (whole + (n + 1) * tau)),
        "covariance taken for its mean": 1 / (4 * lamda * n**2 * tau**2),
    },
)
def critical_step():
    """Step above which gradient descent leaves the spike (a transition)."""
    yield recall(risk)
    yield by(hessian, wrt=mu, direction=h)
    yield by(paired, "along the direction", vector=h)
    yield by(on_eigenvectors, "on an axis of V, along it", of=V, vectors={mu: {gamma: r}, h: {gamma: S.One}})
    yield by(substitute, "at the critical length", letters={r**2: length(gamma, tr(V), n + 1, n + 3) ** 2})
    yield so("the whole variance, weighted", 8 * lamda * n * gamma * (tr(V) + (n + 1) * gamma))
    yield by(minus, "against 2/η, the largest curvature at which a step η is stable", what=2 / eta)
    yield by(crossing, parameter=eta)
    yield by(substitute, "along the spike, where it is least", letters={tr(V): whole, gamma: tau})
    yield so("in terms of the variances", 1 / (4 * lamda * n * tau * (whole + (n + 1) * tau)))
