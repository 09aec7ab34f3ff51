r"""An attention head trained to return its tokens points along a principal axis, and descent finds the first.

The head of `infinite_prompt`, with eigenpairs (α, u_α) of Σ. Its gradient 2(pΣ + qΣ²)μ vanishes only
at rest and at μ = ±u_α/√(λα): there the head returns the projection on one principal axis and leaves the
risk tr Σ − α. Along u_β the Hessian is 2λβ(α − β), along the ray 8λα²: every axis but the first is a
strict saddle, with one descending direction for each larger eigenvalue, and rest is a maximum.
Gradient descent keeps to the first axis up to the step 1/(4λσ₁²), where σ₁ is the top eigenvalue.

Source: Maulen-Soto & Boyer, Attention-based PCA (arXiv 2605.18315), infinite prompts; the
critical step and the flow along an axis are derived here
"""

from sympy import ImmutableMatrix, S, exp, sqrt

from derivations.pca.infinite_prompt import Sigma, d, lamda, mu, risk, risk_gradient
from workbench import by, claim, eigenvalue, positive, recall, scalar, so, top_eigenvalue, tr, vector
from workbench.calculus.rules import (
    crossing,
    fixed_points,
    flow,
    gradient,
    hessian,
    minus,
    on_eigenvectors,
    paired,
    substitute,
)

h = vector("h", d)
alpha, beta = eigenvalue("alpha", Sigma), eigenvalue("beta", Sigma)
sigma_1 = top_eigenvalue("sigma_1", Sigma)
first, second = positive("first"), positive("second")  # two eigenvalues of Σ
r, s, t = scalar("r"), scalar("s"), scalar("t")
eta, time, start = positive("eta"), positive("time"), positive("start")


def plane(one, other):
    """The critical points of a plane of two axes, if they lie at these distances from rest."""
    return ImmutableMatrix([[one, -one, 0, 0, 0], [0, 0, 0, other, -other]])


@claim(
    "fixed point",
    "{μ : ∇R(μ) = 0}",
    rivals={
        "variance in place of its root": plane(1 / (lamda * first), 1 / (lamda * second)),
        "strength in place of its root": plane(1 / (lamda * sqrt(first)), 1 / (lamda * sqrt(second))),
        "variance in place of its root, root of the strength": plane(
            1 / (sqrt(lamda) * first), 1 / (sqrt(lamda) * second)
        ),
        "covariance forgotten": plane(1 / sqrt(lamda), 1 / sqrt(lamda)),
        "axes exchanged": plane(1 / sqrt(lamda * second), 1 / sqrt(lamda * first)),
    },
)
def critical_points():
    """In a plane of two principal axes μ = s·u₁ + t·u₂: rest, and two points on each axis; no others."""
    yield recall(risk_gradient)
    yield by(on_eigenvectors, "in a plane of two axes", of=Sigma, vectors={mu: {first: s, second: t}})
    yield by(fixed_points, unknowns=(s, t))


@claim(
    "expectation",
    "R(±u_α/√(λα))",
    rivals={
        "variance explained twice": tr(Sigma) - 2 * alpha,
        "variance squared": tr(Sigma) - alpha**2,
        "a head of unit length": tr(Sigma) - 2 * lamda * alpha**2 + lamda**2 * alpha**3,
    },
)
def risk_on_axes():
    """Risk on an axis: all the variance but that of one principal component."""
    yield recall(risk)
    yield by(on_eigenvectors, "on an axis", of=Sigma, vectors={mu: {alpha: r}})
    yield by(substitute, "at the critical point", letters={r: 1 / sqrt(lamda * alpha)})


@claim(
    "spectrum",
    "spec ∇²R(0)",
    rivals={
        "half of it": -2 * lamda * alpha**2,
        "variance in place of its square": -4 * lamda * alpha,
        "a minimum": 4 * lamda * alpha**2,
    },
)
def curvature_at_rest():
    """The Hessian at rest along each axis: negative, so rest is a strict maximum."""
    yield recall(risk)
    yield by(hessian, wrt=mu, direction=h)
    yield by(paired, "along the direction", vector=h)
    yield by(on_eigenvectors, of=Sigma, vectors={mu: {alpha: r}, h: {alpha: S.One}})
    yield by(substitute, "at rest", letters={r: S.Zero})


@claim(
    "spectrum",
    "spec P∇²R(±u_α/√(λα))P",
    rivals={
        "the gap alone": 2 * lamda * (alpha - beta),
        "weighted by the wrong variance": 2 * lamda * alpha * (alpha - beta),
        "sign of the gap": 2 * lamda * beta * (beta - alpha),
        "factor 2 forgotten": lamda * beta * (alpha - beta),
        "squares": 2 * lamda * (alpha**2 - beta**2),
    },
)
def transverse_curvature():
    """The Hessian on axis α along axis β (P removes axis α itself): negative for every larger variance β > α."""
    yield recall(risk)
    yield by(hessian, wrt=mu, direction=h)
    yield by(paired, "along the direction", vector=h)
    yield by(on_eigenvectors, of=Sigma, vectors={mu: {alpha: r}, h: {beta: S.One}})
    yield by(substitute, "at the critical point", letters={r**2: 1 / (lamda * alpha)})


@claim(
    "spectrum",
    "uᵀ∇²R(±u_α/√(λα))u",
    rivals={
        "half of it": 4 * lamda * alpha**2,
        "product rule forgotten": 2 * lamda * alpha**2,
        "variance in place of its square": 8 * lamda * alpha,
    },
)
def radial_curvature():
    """The Hessian on axis α along the axis itself: positive, so the length of the head is always stable."""
    yield recall(risk)
    yield by(hessian, wrt=mu, direction=h)
    yield by(paired, "along the direction", vector=h)
    yield by(on_eigenvectors, of=Sigma, vectors={mu: {alpha: r}, h: {alpha: S.One}})
    yield by(substitute, "at the critical point", letters={r**2: 1 / (lamda * alpha)})


@claim(
    "fixed point",
    "|μ*|",
    rivals={
        "variance in place of its root": 1 / (lamda * sigma_1),
        "variance in place of its root, root of the strength": 1 / (sqrt(lamda) * sigma_1),
        "covariance forgotten": 1 / sqrt(lamda),
        "the whole variance": 1 / sqrt(lamda * tr(Sigma)),
        "growing with the variance": sqrt(sigma_1 / lamda),
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
        "one over the curvature": 1 / (8 * lamda * sigma_1**2),
        "the slowest direction": 1 / (lamda * sigma_1 * (tr(Sigma) - sigma_1)),
        "the whole variance": 1 / (4 * lamda * tr(Sigma) ** 2),
        "variance in place of its square": 1 / (4 * lamda * sigma_1),
    },
)
def critical_step():
    """Step above which gradient descent leaves the first axis (a transition)."""
    yield recall(radial_curvature)
    yield by(substitute, "on the first axis, where it is largest", letters={alpha: sigma_1})
    yield by(minus, "against 2/η, the largest curvature at which a step η is stable", what=2 / eta)
    yield by(crossing, parameter=eta)


boost = exp(4 * lamda * alpha**2 * time)


@claim(
    "flow",
    "r(t) on axis α",
    rivals={
        "half the rate": start
        * exp(2 * lamda * alpha**2 * time)
        / sqrt(1 + lamda * alpha * start**2 * (exp(4 * lamda * alpha**2 * time) - 1)),
        "linear growth": start * exp(4 * lamda * alpha**2 * time),
        "variance in place of its square": start
        * exp(4 * lamda * alpha * time)
        / sqrt(1 + lamda * alpha * start**2 * (exp(8 * lamda * alpha * time) - 1)),
    },
)
def growth():
    """Gradient flow along an axis: the length grows from its start like a logistic curve."""
    yield recall(risk)
    yield by(on_eigenvectors, "on an axis", of=Sigma, vectors={mu: {alpha: r}})
    yield by(gradient, wrt=r)
    yield by(flow, "climb the gradient from the start", unknown=r, time=time, initial=start)
    yield by(substitute, "descent is a climb with time reversed", letters={time: -time})
    yield so("a logistic curve in r²", start * boost / sqrt(1 + lamda * alpha * start**2 * (boost**2 - 1)))
