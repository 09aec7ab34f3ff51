r"""Rank-one attention heads learn the modes of the inputs one after another, and wait before each.

The layer of `one_layer` with isotropic tasks (C = I), in heads that keep keys and queries apart: each has a
number v and two vectors k, q, and together they have the merged weights U = Σ v k qᵀ. One mode is an
eigenvector e_α of Λ with its eigenvalue α; with M = E ββᵀ and

    γ_α = 1 + (1 + (tr Λ + σ²)/α)/N,

gradient flow at rate ½ moves a head v = |k| = |q| on one mode as v̇ = α²v² − α³γ_α v⁵, whatever the others have
learned. It rests at 0, where the Hessian is 0 as well, and at v³ = 1/(αγ_α), where perturbations die at the rate
3α²v: 2^D resting places for D modes. A head that has learned mode α is stable exactly when no other mode promises
more, α/γ_α > β/γ_β.

Source: Zhang, Singh, Latham & Saxe, Training dynamics of in-context learning in linear attention (ICML
2025), Eq. 14–21, here with label noise; the curvatures are derived here
"""

from sympy import Identity, ImmutableMatrix, Rational, S, sqrt

from derivations.in_context.one_layer import C, Lambda, N, U, alpha, beta_, d, risk, sigma
from workbench import by, claim, form, positive, recall, scalar, so, tr, vector
from workbench.calculus.rules import (
    fixed_points,
    gradient,
    on_eigenvectors,
    over,
    partials,
    spectrum,
    substitute,
)

k, q, f = (vector(name, d) for name in "kqf")
v = scalar("v")
kappa, chi = scalar("kappa"), scalar("chi")
strength = positive("strength")

trace = tr(Lambda) + sigma**2
moment = Lambda**2 + (Lambda + trace * Identity(d)) * Lambda / N
gamma = 1 + (1 + trace / alpha) / N
error = moment * (U + v * k * q.T) * Lambda - Lambda**2  # half the gradient in the merged weights


@claim(
    "gradient",
    "∇_k L",
    rivals={
        "other heads forgotten": 2 * v * (v * form(q, Lambda, q) * moment * k - Lambda**2 * q),
        "finite prompt forgotten": 2 * v * (Lambda**2 * (U + v * k * q.T) * Lambda - Lambda**2) * q,
        "trace term forgotten": 2 * v * ((1 + 1 / N) * Lambda**2 * (U + v * k * q.T) * Lambda - Lambda**2) * q,
        "transposed": 2 * v * error.T * q,
    },
)
def key_gradient():
    """Gradient of the risk in the key of a head, beside others that sum to U."""
    yield recall(risk)
    yield by(substitute, "isotropic tasks, and one head more", letters={C: Identity(d), U: U + v * k * q.T})
    yield by(gradient, wrt=k)


@claim(
    "gradient",
    "∇_q L",
    rivals={
        "other heads forgotten": 2 * v * (v * form(k, moment, k) * Lambda * q - Lambda**2 * k),
        "that of the key": 2 * v * error * k,
        "factor 2 forgotten": v * error.T * k,
    },
)
def query_gradient():
    """Gradient of the risk in the query of a head, beside others that sum to U."""
    yield recall(risk)
    yield by(substitute, "isotropic tasks, and one head more", letters={C: Identity(d), U: U + v * k * q.T})
    yield by(gradient, wrt=q)


@claim(
    "gradient",
    "∂L/∂v",
    rivals={
        "other heads forgotten": 2 * v * form(k, moment, k) * form(q, Lambda, q) - 2 * form(k, Lambda**2, q),
        "key and query exchanged": 2 * form(q, error, k),
        "trace term forgotten": 2 * form(k, (1 + 1 / N) * Lambda**2 * (U + v * k * q.T) * Lambda - Lambda**2, q),
    },
)
def value_gradient():
    """Gradient of the risk in the value of a head, beside others that sum to U."""
    yield recall(risk)
    yield by(substitute, "isotropic tasks, and one head more", letters={C: Identity(d), U: U + v * k * q.T})
    yield by(gradient, wrt=v)


def speed(factor, power):
    """The speed of a head on its mode, with this number for γ and this power for the fifth."""
    return alpha**2 * v**2 - alpha**3 * factor * v**power


@claim(
    "flow",
    "v̇",
    rivals={
        "finite prompt forgotten": speed(1, 5),
        "trace term forgotten": speed(1 + 1 / N, 5),
        "as for merged keys and queries": alpha**2 * v - alpha**3 * gamma * v**3,
        "third power": speed(gamma, 3),
        "rate one": 2 * speed(gamma, 5),
    },
)
def growth():
    """Growth rate of a head on one mode, while others have learned other modes."""
    yield recall(value_gradient)
    yield by(over, "along the negative gradient, at rate one half", what=S(-2))
    yield by(substitute, "another head on another mode", letters={U: strength * f * f.T})
    alike = {k: {alpha: v}, q: {alpha: v}}
    yield by(on_eigenvectors, "key and query as long as v", of=Lambda, vectors=alike | {f: {beta_: S.One}})
    yield so("collected", speed(gamma, 5))


def learned(factor):
    """Its two resting places, with this number for γ."""
    return ImmutableMatrix([[(alpha * factor) ** Rational(-1, 3), 0]])


@claim(
    "fixed point",
    "{v : v̇ = 0}",
    rivals={
        "finite prompt forgotten": learned(1),
        "trace term forgotten": learned(1 + 1 / N),
        "root forgotten": ImmutableMatrix([[1 / (alpha * gamma), 0]]),
        "merged keys and queries": ImmutableMatrix([[1 / sqrt(alpha * gamma), 0]]),
    },
)
def resting_points():
    """Stationary points of the heads: each mode is learned or untouched, 2^D points in all."""
    yield recall(growth)
    yield by(fixed_points, unknowns=(v,))
    yield so("simplified", learned(gamma))


@claim(
    "spectrum",
    "dv̇/dv at v³ = 1/(αγ_α)",
    rivals={
        "at the start": S.Zero * alpha,
        "third power": -(alpha**2) * (alpha * gamma) ** Rational(-1, 3),
        "sign": 3 * alpha**2 * (alpha * gamma) ** Rational(-1, 3),
        "strength one": -3 * alpha**2,
    },
)
def return_rate():
    """Rate of return of a head to its learned mode (at v = 0 the slope is 0: neither stable nor unstable)."""
    yield recall(growth)
    yield by(gradient, wrt=v)
    yield by(substitute, "where it rests", letters={v: (alpha * gamma) ** Rational(-1, 3)})
    yield so("collected", -3 * alpha**2 * (alpha * gamma) ** Rational(-1, 3))


def curvatures(promise, half=1):
    """Half the Hessian across, if the other mode has this β γ_β/γ_α."""
    root = sqrt((alpha - promise) ** 2 + 4 * beta_**2)
    return ImmutableMatrix([alpha + promise - root, alpha + promise + root]) * reached * beta_ / 2 * half


reached = (alpha * gamma) ** Rational(-1, 3)
promise = beta_ * gamma.xreplace({alpha: beta_}) / gamma


@claim(
    "spectrum",
    "spec ½∇²_{k,q}L at v³ = 1/(αγ_α)",
    rivals={
        "the Hessian itself": curvatures(promise, 2),
        "modes that do not differ in γ": curvatures(beta_),
        "γ the wrong way round": curvatures(beta_**2 / promise),
    },
)
def curvature():
    """Key and query of a head that has learned mode α, turned towards mode β: unstable where β/γ_β > α/γ_α."""
    yield recall(risk)
    yield by(substitute, "isotropic tasks, and one head", letters={C: Identity(d), U: v * k * q.T})
    turned = {k: {alpha: v, beta_: kappa}, q: {alpha: v, beta_: chi}}
    yield by(on_eigenvectors, of=Lambda, vectors=turned)
    yield by(over, what=S(2))
    yield by(partials, wrt=(kappa, chi))
    yield by(spectrum, unknowns=(kappa, chi), at={kappa: S.Zero, chi: S.Zero})
    yield by(substitute, "where the head has learned its mode", letters={v: reached})
    yield so("collected", curvatures(promise))
