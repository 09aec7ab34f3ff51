r"""The risk of one attention layer that must find the only informative token of a sequence.

Of L tokens in R^d one, at a uniformly random place, is x ~ N(s k*, γ² I); the others are N(0, I). The
answer is y = v*·x + ξ with ξ ~ N(0, ε²), where k* and v* are orthogonal unit vectors. A layer with
unit key k and unit value v, λ > 0, predicts

    T(X) = Σ_ℓ erf(λ X_ℓ·k) X_ℓ·v.

Its risk E(y − T)² depends on k and v only through the five overlaps κ = k·k*, ν = v·v*, θ = v·k*,
η = k·v*, ρ = k·v. With q = 1 + 2λ²γ², a = λsκ/√q, C = 2λ/√(π(1+2λ²)) and ζ(t, g) = E erf(t + gG)²:

    R = ε² + γ² − 2[γ²ν erf a + λγ²s ηθ erf′(a)/√q + λ²γ⁴ ηρ erf″(a)/q]
        + (s²θ² + γ²) ζ + 2λγ²s θρ ∂ζ + λ²γ⁴ρ² ∂²ζ                    at t = λsκ, g = λγ
        + (L−1)[ζ(0, λ) + 8λ²ρ²/(π(1+2λ²)√(1+4λ²))] + (L−1)(L−2) C²ρ²
        + 2(L−1) C ρ [sθ erf a + λγ²ρ erf′(a)/√q],

for every d, L, s, γ, λ (the paper has s = √(d/2), γ² = 1/2). On M = {θ = η = ρ = 0} its slopes along
θ, η and ρ vanish, so descent that starts on M stays there.

Source: Marion, Berthier, Biau & Boyer, Attention layers provably solve single-location regression
(ICLR 2025), Theorem 1, here off the manifold and with the label noise; their code exchanges the arguments of ζ where
it returns its value beside its derivative
"""

from sympy import Identity, ImmutableMatrix, S, asin, erf, exp, pi, sqrt

from workbench import E, by, claim, count, dot, gaussian, given, overlap, positive, recall, scalar, size, so, tr, vector
from workbench.calculus.rules import expectation, gradient, partials, substitute
from workbench.language.gaussian_functions import owens_t, zeta_erf

d, L = size("d"), count("L")
s, gamma, lam, epsilon, g = (positive(name) for name in ("s", "gamma", "lam", "epsilon", "g"))
t = scalar("t")
kstar, vstar, k, v = (vector(name, d) for name in ("kstar", "vstar", "k", "v"))
kappa, nu, theta, eta, rho = overlaps = tuple(overlap(name) for name in ("kappa", "nu", "theta", "eta", "rho"))

G = gaussian("G", 1)
x = gaussian("x", d, mean=s * kstar, cov=gamma**2 * Identity(d))
y, z = gaussian("y", d), gaussian("z", d)
xi = gaussian("xi", 1, cov=epsilon**2 * Identity(1))

geometry = {
    **dict.fromkeys((dot(k, k), dot(v, v), dot(kstar, kstar), dot(vstar, vstar)), S.One),
    dot(kstar, vstar): S.Zero,
    dot(k, kstar): kappa,
    dot(v, vstar): nu,
    dot(kstar, v): theta,
    dot(k, vstar): eta,
    dot(k, v): rho,
}

q, q4 = 1 + 2 * lam**2 * gamma**2, 1 + 4 * lam**2 * gamma**2
a, b = lam * s * kappa / sqrt(q), lam * s * kappa / sqrt(q * q4)
C = 2 * lam / sqrt(pi * (1 + 2 * lam**2))
zeta = zeta_erf(lam * s * kappa, lam * gamma)
zeta_at_0 = 2 / pi * asin(2 * lam**2 / (1 + 2 * lam**2))


def bell(u):
    """The derivative of erf."""
    return 2 * exp(-(u**2)) / sqrt(pi)


zeta_slope = 2 * erf(b) * bell(a) / sqrt(q)
zeta_bend = 2 * bell(a) * (bell(b) / sqrt(q4) - 2 * a * erf(b)) / q
signal = gamma**2 * nu * erf(a) + lam * gamma**2 * s * eta * theta * bell(a) / sqrt(q)
signal_bend = -2 * lam**2 * gamma**4 * eta * rho * a * bell(a) / q
informative = (s**2 * theta**2 + gamma**2) * zeta
informative_cross = 2 * lam * gamma**2 * s * theta * rho * zeta_slope + lam**2 * gamma**4 * rho**2 * zeta_bend
others = zeta_at_0 + 8 * lam**2 * rho**2 / (pi * (1 + 2 * lam**2) * sqrt(1 + 4 * lam**2))
meeting = 2 * C * rho * (s * theta * erf(a) + lam * gamma**2 * rho * bell(a) / sqrt(q))
closed = (
    epsilon**2 + gamma**2 - 2 * (signal + signal_bend) + informative + informative_cross
    + (L - 1) * (others + meeting) + (L - 1) * (L - 2) * C**2 * rho**2
)  # fmt: skip

along_manifold = (
    2 * gamma**2 * ImmutableMatrix([lam * s * bell(a) * (erf(b) - nu) / sqrt(q), -erf(a), S.Zero, S.Zero, S.Zero])
)

inside = (kappa**2 + eta**2 < 0.75, theta**2 + nu**2 < 0.75)
possible = ((rho - kappa * theta - eta * nu) ** 2 < 0.75 * (1 - kappa**2 - eta**2) * (1 - theta**2 - nu**2),)
mild = (lam < 1, lam * gamma < 1)
gentle = (lam < 0.7, lam * gamma < 0.7)  # where more directions have to be resolved


def slopes_of(risk):
    """What a reader who has another risk would derive from it."""
    return partials(risk, wrt=overlaps)


def attended(token):
    """What one token adds to the prediction."""
    return erf(lam * dot(k, token)) * dot(v, token)


def squared_weight_at(t, g):
    """ζ at a mean score t and a spread g of scores; the released code exchanges them when it differentiates."""
    return 1 - 8 * owens_t(sqrt(2) * t / sqrt(1 + 2 * g**2), 1 / sqrt(1 + 4 * g**2))


@claim(
    "expectation",
    "ζ(t, g)",
    rivals={
        "as printed in the released code of arXiv 2410.01537, beside the derivative": squared_weight_at(g, t),
        "variance g² for 2g²": 1 - 8 * owens_t(sqrt(2) * t / sqrt(1 + g**2), 1 / sqrt(1 + 2 * g**2)),
        "square of the mean": erf(t / sqrt(1 + 2 * g**2)) ** 2,
        "one quarter forgotten": 1 - 4 * owens_t(sqrt(2) * t / sqrt(1 + 2 * g**2), 1 / sqrt(1 + 4 * g**2)),
    },
)
def squared_weight():
    """The mean square of the attention weight of a token with a Gaussian score, in Owen's T."""
    yield given("the definition", E(erf(t + g * tr(G)) ** 2))
    yield by(expectation)
    yield so("in Owen's T", squared_weight_at(t, g))


@claim(
    "gradient",
    "∂ζ(t, g)",
    rivals={
        "derivative of the squared mean": 2 * erf(t / sqrt(1 + 2 * g**2)) * bell(t / sqrt(1 + 2 * g**2)),
        "1 + 4g² forgotten": 2 * erf(t / sqrt(1 + 2 * g**2)) * bell(t / sqrt(1 + 2 * g**2)) / sqrt(1 + 2 * g**2),
        "factor 2 forgotten": erf(t / sqrt((1 + 4 * g**2) * (1 + 2 * g**2)))
        * bell(t / sqrt(1 + 2 * g**2))
        / sqrt(1 + 2 * g**2),
    },
)
def squared_weight_slope():
    """Derivative of the mean square of the weight in the score."""
    yield recall(squared_weight)
    yield by(gradient, wrt=t)


@claim(
    "expectation",
    "R(κ, ν, θ, η, ρ)",
    rivals={
        "variance λ²γ² for 2λ²γ²": closed.xreplace({erf(a): erf(lam * s * kappa / sqrt(1 + lam**2 * gamma**2))}),
        "arcsin(λ²/(1+λ²))": closed.xreplace({zeta_at_0: 2 / pi * asin(lam**2 / (1 + lam**2))}),
        "L noise tokens": closed + zeta_at_0,
        "pairs counted (L − 1)²": closed + (L - 1) * C**2 * rho**2,
        "sign of the cross term": closed - 2 * informative_cross,
        "informative and noise tokens taken as uncorrelated": closed - (L - 1) * meeting,
    },
    regime=(*inside, *possible, *mild),
)
def risk():
    """Mean squared error of the layer on sequences of any length, in its five overlaps."""
    error = dot(vstar, x) + tr(xi) - attended(x)
    yield given(
        "one informative token, L − 1 others and their pairs, independent given the place",
        E(error**2)
        - 2 * (L - 1) * E(error) * E(attended(y))
        + (L - 1) * E(attended(y) ** 2)
        + (L - 1) * (L - 2) * E(attended(y)) * E(attended(z)),
    )
    yield by(expectation)
    yield by(substitute, "unit vectors, k* orthogonal to v*, and their overlaps", letters=geometry)
    yield so("collected", closed)


@claim(
    "gradient",
    "∇R(κ, ν, θ, η, ρ)",
    rivals={
        "variance λ²γ² for 2λ²γ²": slopes_of(
            closed.xreplace({erf(a): erf(lam * s * kappa / sqrt(1 + lam**2 * gamma**2))})
        ),
        "L noise tokens": slopes_of(closed + others),
        "pairs counted (L − 1)²": slopes_of(closed + (L - 1) * C**2 * rho**2),
        "sign of the cross term": slopes_of(closed - 2 * informative_cross),
        "informative and noise tokens taken as uncorrelated": slopes_of(closed - (L - 1) * meeting),
    },
    regime=(*inside, *possible, *mild),
)
def risk_slopes():
    """Gradient of the risk in the five overlaps, at any point."""
    yield recall(risk)
    yield by(partials, "the slopes along all overlaps", wrt=overlaps)


@claim(
    "manifold",
    "∇R on M",
    rivals={
        "the value is drawn to the place": along_manifold + ImmutableMatrix([0, 0, 2 * s**2 * kappa * nu * zeta, 0, 0]),
        "the key is drawn to the answer": along_manifold - ImmutableMatrix([0, 0, 0, 2 * gamma**2 * erf(a), 0]),
        "key and value are drawn together": along_manifold + ImmutableMatrix([0, 0, 0, 0, 2 * (L - 1) * C**2]),
        "1 + 4λ²γ² forgotten": along_manifold.xreplace({erf(b): erf(a)}),
    },
    regime=mild,
)
def slopes_on_manifold():
    """Where key and value do not mix, the risk has no slope along θ, η and ρ: descent from there never mixes them."""
    yield recall(risk_slopes)
    yield by(substitute, "on the manifold", letters=dict.fromkeys((theta, eta, rho), S.Zero))
    yield so("collected", along_manifold)
