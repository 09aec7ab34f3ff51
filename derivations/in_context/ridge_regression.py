r"""A layer that solves ridge on a long prompt errs as if it had a stronger ridge and infinitely many examples.

A prompt of n examples x_i ~ N(0, Σ) in R^d, y_i = w·x_i + σξ_i. The layer answers a query x by x·ŵ, with

    ŵ = (XXᵀ/n + s)⁻¹ Xy/n.

When d and n grow in a fixed proportion, the squared error at the query tends to

    κ² wᵀ(Σ + κ)⁻¹Σ(Σ + κ)⁻¹w + σ² df₂/n,   over   1 − df₂/n,        df₂ = tr Σ²(Σ + κ)⁻²,

where κ = s (1 + t) is the ridge that is felt: t = (1 + t) tr Σ(Σ + κ)⁻¹/n. It is stronger than s, since the
prompt is finite, and does not vanish with s when n < d. For white tokens κ is the root of a quadratic equation.

Source: Dobriban & Wager, High-dimensional asymptotics of prediction: ridge regression and classification (2018);
Hastie, Montanari, Rosset & Tibshirani, Surprises in high-dimensional ridgeless least squares interpolation (2022)
"""

from sympy import Identity, sqrt

from workbench import E, by, claim, count, dot, fixed_point, form, gaussian, given, positive, size, so, spd, tr, vector
from workbench.calculus.rules import averaging, equivalent

d, n = size("d"), count("n")
s, sigma = positive("s"), positive("sigma")
Sigma, w = spd("Sigma", d), vector("w", d)
X, Z = gaussian("X", d, n, cov=Sigma), gaussian("Z", d, n)
x, xi = gaussian("x", d, cov=Sigma), gaussian("xi", n)

answer = (X * X.T / n + s * Identity(d)).inv() * X * (X.T * w + sigma * xi) / n


def felt(ridge):
    """(Σ + κ)⁻¹."""
    return (Sigma + ridge * Identity(d)).inv()


t = fixed_point(lambda t: (1 + t) * tr(Sigma * felt(s * (1 + t))) / n)
kappa = s * (1 + t)


def error(ridge, freedom, noise=sigma**2):
    """The squared error of ridge this strong, when that many directions are fitted."""
    return (ridge**2 * form(w, felt(ridge) * Sigma * felt(ridge), w) + noise * freedom / n) / (1 - freedom / n)


def fitted(ridge):
    """df₂, how many directions are fitted at this ridge."""
    return tr(Sigma * felt(ridge) * Sigma * felt(ridge))


@claim(
    "expectation",
    "lim E(x·ŵ − x·w)²",
    rivals={
        "ridge as written": error(s, fitted(s)),
        "no inflation": error(kappa, fitted(kappa)) * (1 - fitted(kappa) / n),
        "df₁ for df₂": error(kappa, tr(Sigma * felt(kappa))),
        "noise on every example": error(kappa, fitted(kappa), n * sigma**2),
        "error in the weights": error(kappa, fitted(kappa)) - error(kappa, 0, 0)
        + kappa**2 * form(w, felt(kappa) * felt(kappa), w),
    },
)  # fmt: skip
def risk():
    """Risk at a new query of a layer that solves ridge on its prompt, in the limit of large prompts."""
    yield given("squared error at the query", E(dot(x, answer - w) ** 2))
    yield by(averaging, "over the query and the noise, for every prompt", over=(x, xi))
    yield by(equivalent)
    yield so("bias and variance, both inflated", error(kappa, fitted(kappa)))


white = (Z * Z.T / n + s * Identity(d)).inv()
gamma = d / n


def root(ridge=s, ratio=gamma):
    """√((1 + s − γ)² + 4sγ), in which the edges of the spectrum of noise meet."""
    return sqrt((1 + ridge - ratio) ** 2 + 4 * ridge * ratio)


@claim(
    "expectation",
    "lim tr(s/(ZZᵀ/n + s))/d",
    rivals={
        "long prompts": s / (1 + s),
        "tokens per dimension": (root(ratio=1 / gamma) - 1 - s + 1 / gamma) * gamma / 2,
        "the other root": (-root() - 1 - s + gamma) / (2 * gamma),
        "ridge forgotten": (root() - 1 + gamma) / (2 * gamma),
    },
)
def forgotten():
    """Share of a task of random direction that ridge on white tokens does not learn."""
    yield given("what ridge leaves of a direction", s * E(tr(white)) / d)
    yield by(equivalent)
    yield so("by the ratio γ = d/n", (root() - 1 - s + gamma) / (2 * gamma))
