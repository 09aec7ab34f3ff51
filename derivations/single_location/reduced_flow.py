r"""On the manifold where key and value do not mix, gradient flow is a flow of two overlaps.

M = {θ = η = ρ = 0} is invariant (`attention_risk.slopes_on_manifold`). There, with κ = k·k*, ν = v·v*,
c′ = λs/√(1+2λ²γ²), c = c′/√(1+4λ²γ²) and A(κ) = c′ erf′(c′κ), the risk is

    R(κ, ν) = ε² + γ²[1 − 2ν erf(c′κ) + ζ(λsκ, λγ)] + (L−1) ζ(0, λ),

and gradient flow on the two unit spheres moves

    κ̇ = 2γ² A(κ) (1 − κ²) [ν − erf(cκ)],        ν̇ = 2γ² (1 − ν²) erf(c′κ).

The key waits until the value has come to ν = erf(cκ), and waits longest, for every κ, at λγ = 8^(−1/4): there c
is largest, and a sharper or a blunter layer waits less. A step α of projected descent takes κ to
(κ + ακ̇)/√(1 + α²κ̇²/(1 − κ²)) in every dimension. Where the flow rests is told in `rest_points`.

Source: Marion, Berthier, Biau & Boyer, Attention layers provably solve single-location regression
(ICLR 2025), Theorem 1 and Section 4; the step and the slowest λ derived here
"""

from sympy import Rational, S, asin, erf, pi, sqrt

from derivations.single_location.attention_risk import (
    L,
    bell,
    d,
    epsilon,
    eta,
    gamma,
    gentle,
    kappa,
    kstar,
    lam,
    mild,
    nu,
    rho,
    risk,
    s,
    theta,
    vstar,
    zeta,
    zeta_at_0,
)
from workbench import by, claim, dot, given, positive, recall, so, unit_vector
from workbench.calculus.rules import crossing, gradient, paired, riemannian_gradient, substitute

k, v, alpha = unit_vector("k", d), unit_vector("v", d), positive("alpha")
steep = lam * s / sqrt(1 + 2 * lam**2 * gamma**2)  # c′: how fast the answer grows with the key
c = steep / sqrt(1 + 4 * lam**2 * gamma**2)


def flow_of_key(steep, c):
    """κ̇, from how fast the answer grows with the key and from the slope of the nullcline."""
    return 2 * gamma**2 * steep * bell(steep * kappa) * (1 - kappa**2) * (nu - erf(c * kappa))


narrow = lam * s / sqrt(1 + lam**2 * gamma**2)  # what a careless reader takes for c′
on_manifold = epsilon**2 + gamma**2 * (1 - 2 * nu * erf(steep * kappa) + zeta) + (L - 1) * zeta_at_0
key_velocity = flow_of_key(steep, c)
value_velocity = 2 * gamma**2 * (1 - nu**2) * erf(steep * kappa)


def put_back(moved):
    """The overlap of the moved key when it is put back on the sphere; a tangent step has made it longer."""
    return moved / sqrt(1 + alpha**2 * key_velocity**2 / (1 - kappa**2))


@claim(
    "expectation",
    "R(κ, ν)",
    rivals={
        "variance λ²γ² for 2λ²γ²": on_manifold.xreplace({erf(steep * kappa): erf(narrow * kappa)}),
        "arcsin(λ²/(1+λ²))": on_manifold + (L - 1) * (2 / pi * asin(lam**2 / (1 + lam**2)) - zeta_at_0),
        "L noise tokens": on_manifold + zeta_at_0,
        "square of the mean weight": on_manifold.xreplace({zeta: erf(steep * kappa) ** 2}),
    },
    regime=mild,
)
def risk_on_manifold():
    """Risk where the key is orthogonal to v* and the value is orthogonal to k*."""
    yield recall(risk)
    yield by(substitute, "on the manifold", letters=dict.fromkeys((theta, eta, rho), S.Zero))
    yield so("collected", on_manifold)


def turning(overlap, vector, sought, along, collected):
    """The lines from the risk to its slope on the sphere of one of the two vectors, seen along some direction."""
    yield recall(risk_on_manifold)
    yield by(substitute, f"as a function of {vector}", letters={overlap: dot(vector, sought)})
    yield by(riemannian_gradient, wrt=vector)
    yield by(paired, "seen along this direction", vector=along)
    yield by(substitute, "in overlaps", letters={dot(vector, sought): overlap, dot(sought, sought): S.One})
    yield so("collected", collected)


@claim(
    "flow",
    "κ̇",
    rivals={
        "sphere forgotten": key_velocity / (1 - kappa**2),
        "1 + 4λ²γ² forgotten": flow_of_key(steep, steep),
        "uphill": -key_velocity,
        "variance λ²γ² for 2λ²γ²": flow_of_key(narrow, c),
    },
    regime=gentle,
)
def key_flow():
    """Velocity of the key's overlap with k* under gradient flow on the sphere."""
    yield from turning(kappa, k, kstar, -kstar, key_velocity)


@claim(
    "flow",
    "ν̇",
    rivals={
        "sphere forgotten": 2 * gamma**2 * erf(steep * kappa),
        "slope of the nullcline": 2 * gamma**2 * (1 - nu**2) * erf(c * kappa),
        "factor 2 forgotten": value_velocity / 2,
        "variance λ²γ² for 2λ²γ²": 2 * gamma**2 * (1 - nu**2) * erf(narrow * kappa),
    },
    regime=mild,
)
def value_flow():
    """Velocity of the value's overlap with v* under gradient flow on the sphere."""
    yield from turning(nu, v, vstar, -vstar, value_velocity)


@claim(
    "gradient",
    "|∇R|² on the key's sphere",
    rivals={
        "normal part forgotten": key_velocity**2 / (1 - kappa**2) ** 2,
        "the overlap's speed, squared": key_velocity**2,
        "not squared": key_velocity / sqrt(1 - kappa**2),
    },
    regime=gentle,
)
def key_slope():
    """Squared norm of the gradient in the key on the sphere: it points along the great circle through k*."""
    on_sphere = substitute(risk_on_manifold.formula, letters={kappa: dot(k, kstar)})
    yield from turning(kappa, k, kstar, riemannian_gradient(on_sphere, wrt=k), key_velocity**2 / (1 - kappa**2))


@claim(
    "flow",
    "κ after a step",
    rivals={
        "not put back on the sphere": kappa + alpha * key_velocity,
        "put back as a number": (kappa + alpha * key_velocity) / sqrt(1 + alpha**2 * key_velocity**2),
        "uphill": put_back(kappa - alpha * key_velocity),
    },
    regime=gentle,
)
def key_step():
    """Overlap of the key after one step of projected descent, in any dimension."""
    yield recall(key_flow)
    yield recall(key_slope)
    moved = kappa + alpha * key_flow.formula
    yield given("a tangent step lengthens the key; put back", moved / sqrt(1 + alpha**2 * key_slope.formula))
    yield so("collected", put_back(kappa + alpha * key_velocity))


@claim(
    "fixed point",
    "ν at which κ̇ = 0",
    rivals={
        "1 + 4λ²γ² forgotten": erf(steep * kappa),
        "tangent at 0": 2 * c * kappa / sqrt(pi),
        "variance λ²γ² for 2λ²γ²": erf(c * narrow / steep * kappa),
        "the key's own overlap": kappa,
    },
    regime=mild,
)
def waiting_key():
    """Overlap of the value at which the key's velocity changes sign: beyond it the key turns to k*."""
    yield recall(key_flow)
    yield by(crossing, "as the value turns to v*", parameter=nu)
    yield so("collected", erf(c * kappa))


@claim(
    "critical scale",
    "λ at which the key waits longest",
    rivals={
        "where the answer is steepest in λ": 1 / (2 * gamma),
        "fourth root forgotten": 1 / (sqrt(8) * gamma),
        "variance λ²γ² for 2λ²γ²": Rational(1, 4) ** Rational(1, 4) / gamma,
        "noise of size one": Rational(1, 8) ** Rational(1, 4) + 0 * gamma,
    },
    regime=(gamma > 0.7, gamma < 1.2, s < 1.5),
)
def slowest_temperature():
    """The λ for which the value must come furthest before the key moves, for any key (a level)."""
    yield recall(waiting_key)
    yield by(gradient, "as λ grows", wrt=lam)
    yield by(crossing, "at the longest time", parameter=lam)
    yield so("collected", Rational(1, 8) ** Rational(1, 4) / gamma)
