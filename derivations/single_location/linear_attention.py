r"""What linear attention finds of the only informative token: a share that grows like a power of the spike.

The setting of `attention_risk` with weights that are linear in the score: behind a unit key k with overlap κ = k·k*
and k ⊥ v* the layer predicts

    T(X) = Σ_ℓ (α + β X_ℓ·k) X_ℓ·v*.

Its risk is a quadratic function of α and β. Trained, it leaves

    R = ε² + γ²Q/(γ² + Q),        Q = (L − 1)B/(B + (L − 1)κ²s²),        B = L − 1 + γ⁴,

at γ = κ = 1 and ν = s² that is ε² + L(L − 1)/(L² + ν(L − 1)): the error falls as L/ν, whereas that of softmax, which
is the posterior there (`posteriors`), falls exponentially. Half of the answer is explained from s_½ on.

Source: Duranthon, Marion, Boyer, Loureiro & Zdeborová, Statistical advantage of softmax attention: insights from
single-location regression (ICLR 2026), Corollary 4.3, of which these are the exact forms; derived here for every γ, κ
"""

from sympy import ImmutableMatrix, S, oo, sqrt

from derivations.single_location.attention_risk import (
    L,
    epsilon,
    gamma,
    geometry,
    k,
    kappa,
    s,
    vstar,
    x,
    xi,
    y,
    z,
)
from workbench import E, by, claim, dot, given, large, recall, scalar, so, tr
from workbench.calculus.rules import (
    crossing,
    expand_large,
    expectation,
    fixed_points,
    gradient,
    minus,
    over,
    partials,
    stationary_point,
    substitute,
)

alpha, beta, n = scalar("alpha"), scalar("beta"), large("n")
B = L - 1 + gamma**4


def read(first, own, other):
    """The risk, from the mean weight of the informative token and from the variances of its weight and of others."""
    return epsilon**2 + gamma**2 * (1 - first) ** 2 + gamma**4 * own + (L - 1) * other


def left(missed):
    """What is left of the answer when the weights miss this much for one token found."""
    return epsilon**2 + gamma**2 * missed / (gamma**2 + missed)


Q = (L - 1) * B / (B + (L - 1) * kappa**2 * s**2)
scale = gamma**2 / ((gamma**2 + Q) * (B + (L - 1) * kappa**2 * s**2))
weights = scale * ImmutableMatrix([B, (L - 1) * kappa * s])


@claim(
    "expectation",
    "R(α, β)",
    rivals={
        "place as noisy as the answer": read(alpha + beta * kappa * s, beta**2 / gamma**2, alpha**2 + beta**2),
        "weights without noise": read(alpha + beta * kappa * s, 0, alpha**2),
        "others weighed alike": read(alpha + beta * kappa * s, beta**2, alpha**2),
        "L other tokens": read(alpha + beta * kappa * s, beta**2, alpha**2 + beta**2) + alpha**2 + beta**2,
    },
)
def risk():
    """Mean squared error of a layer whose weights are linear in the score."""

    def attended(token):
        return (alpha + beta * dot(k, token)) * dot(vstar, token)

    error = dot(vstar, x) + tr(xi) - attended(x)
    yield given(
        "one informative token, L − 1 others and their pairs, independent given the place",
        E(error**2)
        - 2 * (L - 1) * E(error) * E(attended(y))
        + (L - 1) * E(attended(y) ** 2)
        + (L - 1) * (L - 2) * E(attended(y)) * E(attended(z)),
    )
    yield by(expectation)
    yield by(substitute, "unit vectors, k and k* orthogonal to v*", letters={**geometry, dot(k, vstar): S.Zero})
    yield so("collected", read(alpha + beta * kappa * s, beta**2, alpha**2 + beta**2))


@claim(
    "fixed point",
    "(α, β)",
    rivals={
        "by the score alone": ImmutableMatrix([0, gamma**2 * kappa * s / (gamma**2 * kappa**2 * s**2 + B)]),
        "other tokens forgotten": ImmutableMatrix([1 + 0 * s * kappa, 0]),
        "noise of the place forgotten": weights.xreplace({gamma**4: S.Zero}),
        "as steep as the posterior": ImmutableMatrix([weights[0], weights[0] * s]),
    },
)
def trained_weights():
    """Trained constant and slope of the weights as a function of the score."""
    yield recall(risk)
    yield by(partials, wrt=(alpha, beta))
    yield by(fixed_points, unknowns=(alpha, beta))
    yield so("collected", weights)


@claim(
    "expectation",
    "min R, linear attention",
    rivals={
        "without the constant": left(B / (kappa**2 * s**2)),
        "L/((L − 1)ν)": left(L / ((L - 1) * kappa**2 * s**2)),
        "the others' spread forgotten": left((L - 1) / (1 + kappa**2 * s**2)),
        "no attention": left(L - 1) + 0 * kappa * s,
    },
)
def least_risk():
    """The least error of linear attention, for every length and spike."""
    yield recall(risk)
    yield by(substitute, "trained", letters={alpha: weights[0], beta: weights[1]})
    yield so("collected", left(Q))


@claim(
    "rate",
    "lim s² (min R − ε²)",
    rivals={
        "one token fewer": (L - 1) / kappa**2 + 0 * gamma,
        "L/(L − 1)": L / (L - 1) / kappa**2 + 0 * gamma,
        "noise of the answer": gamma**2 * (L - 1) / kappa**2,
        "overlap not squared": B / sqrt(kappa**2),
    },
)
def far_spikes():
    """Limit of the error times the squared spike for a distant informative token: it decays like L/s²."""
    yield recall(least_risk)
    yield by(minus, "above the noise of the label", what=epsilon**2)
    yield by(substitute, "a far spike", letters={s: n})
    yield by(over, "in units of its square", what=n**-2)
    yield by(expand_large, large={n: oo}, order=0)
    yield so("collected", B / kappa**2)


@claim(
    "expectation",
    "min R, α = 0",
    rivals={
        "with the constant": left(Q),
        "one token fewer": left((L - 1) / (kappa**2 * s**2)),
        "spike forgotten": left(B / kappa**2) + 0 * s,
    },
)
def without_constant():
    """The least error of weights in proportion to the score, without a constant: that of linear self-attention."""
    yield recall(risk)
    yield by(substitute, "no constant", letters={alpha: S.Zero})
    yield by(gradient, wrt=beta)
    yield by(stationary_point, wrt=beta)
    best = gamma**2 * kappa * s / (gamma**2 * kappa**2 * s**2 + B)
    yield recall(risk)
    yield by(substitute, "there", letters={alpha: S.Zero, beta: best})
    yield so("collected", left(B / (kappa**2 * s**2)))


@claim(
    "critical scale",
    "s_½",
    rivals={
        "one spike for every length": gamma / kappa + 0 * L,
        "without the constant": sqrt(B) / (gamma * kappa),
        "as long as the sequence": sqrt(L) / kappa + 0 * gamma,
        "noise of the place forgotten": sqrt(L - 1 - gamma**2) / (gamma * kappa),
    },
    hypotheses=(kappa > 0, L > 1 + gamma**2),
    regime=(kappa > 0.1,),
)
def half_found():
    """Spike above which linear attention explains half of the answer (a level): about √L."""
    yield recall(least_risk)
    yield by(minus, "against half of the variance", what=epsilon**2 + gamma**2 / 2)
    yield by(crossing, parameter=s, value=sqrt(B * (L - 1 - gamma**2) / (L - 1)) / (gamma * kappa))
