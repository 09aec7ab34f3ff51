r"""One linear attention layer removes noise from a query with the help of clean tokens.

A prompt shows L clean tokens, the columns of X, i.i.d. N(0, Σ) in R^d, and a noisy query z = x + n with x ~ N(0, Σ)
and n ~ N(0, v I). The layer compares the query with every token and returns

    x̂ = θ Ŝ z,        Ŝ = XXᵀ/L,        R(θ) = E|x − x̂|².

With B = Σ + v I and M = (1 + 1/L) Σ² + (tr Σ/L) Σ, the second moment of Ŝ, the risk is a parabola in θ:

    R(θ) = tr Σ − 2θ tr Σ² + θ² tr(MB),    θ* = tr Σ² / tr(MB),    R(θ*) = tr Σ − (tr Σ²)² / tr(MB).

The best linear denoiser ΣB⁻¹ needs the spectrum of Σ; the layer has a single number for it. Even on endless prompts it
leaves more, except where Σ has one eigenvalue: `subspaces` has that case.

Source: the layer of Smart, Bietti & Sengupta, In-context denoising with one-layer transformers (arXiv 2502.05164);
any Σ and finite L are derived here
"""

from sympy import Identity, oo

from workbench import E, by, claim, count, gaussian, given, positive, recall, scalar, size, so, spd, tr
from workbench.calculus.rules import expand_large, expectation, gradient, minus, stationary_point, substitute

d, L = size("d"), count("L")
theta, v = scalar("theta"), positive("v")
Sigma = spd("Sigma", d)
I = Identity(d)

X = gaussian("X", d, L, cov=Sigma)
x, n = gaussian("x", d, cov=Sigma), gaussian("n", d, cov=v * I)

B = Sigma + v * I  # the second moment of the query
M = (1 + 1 / L) * Sigma**2 + tr(Sigma) / L * Sigma
energy, gain, cost = tr(Sigma), tr(Sigma**2), tr(M * B)


@claim(
    "expectation",
    "R(θ)",
    rivals={
        "endless prompt": energy - 2 * theta * gain + theta**2 * tr(Sigma * Sigma * B),
        "noise forgotten": energy - 2 * theta * gain + theta**2 * tr(M * Sigma),
        "factor 2 forgotten": energy - theta * gain + theta**2 * cost,
        "tokens treated as independent of themselves": energy
        - 2 * theta * gain
        + theta**2 * tr((Sigma**2 + tr(Sigma) / L * Sigma) * B),
    },
)
def risk():
    """Risk of the layer: noise that remains and signal that is lost, on average."""
    left = x - theta / L * X * X.T * (x + n)
    yield given("squared distance to the clean query", E(tr(left * left.T)))
    yield by(expectation)
    yield so("a parabola in the strength of attention", energy - 2 * theta * gain + theta**2 * cost)


@claim(
    "gradient",
    "dR/dθ",
    rivals={
        "factor 2 forgotten": theta * cost - gain,
        "noise forgotten": 2 * theta * tr(M * Sigma) - 2 * gain,
        "endless prompt": 2 * theta * tr(Sigma * Sigma * B) - 2 * gain,
    },
)
def risk_slope():
    """Derivative of the risk in the strength of attention."""
    yield recall(risk)
    yield by(gradient, wrt=theta)
    yield so("a line", 2 * theta * cost - 2 * gain)


@claim(
    "fixed point",
    "θ*",
    rivals={
        "endless prompt": gain / tr(Sigma * Sigma * B),
        "noise forgotten": gain / tr(M * Sigma),
        "the inverse mean variance of a query": d / tr(B),
        "trace term forgotten": gain / ((1 + 1 / L) * tr(Sigma * Sigma * B)),
    },
)
def best_strength():
    """Trained strength of attention."""
    yield recall(risk_slope)
    yield by(stationary_point, wrt=theta)
    yield so("the gain over the cost", gain / cost)


@claim(
    "expectation",
    "R(θ*)",
    rivals={
        "gain counted twice": energy - 2 * gain**2 / cost,
        "endless prompt": energy - gain**2 / tr(Sigma * Sigma * B),
        "the best linear denoiser": energy - tr(Sigma * B.inv() * Sigma),
        "noise forgotten": energy - gain**2 / tr(M * Sigma),
    },
)
def least_risk():
    """Risk of the trained layer."""
    yield recall(risk)
    yield by(substitute, "at the trained strength", letters={theta: best_strength.formula})
    yield so("half of the linear term is regained", energy - gain**2 / cost)


@claim(
    "rate",
    "lim R(θ*) − R_Bayes",
    rivals={
        "one layer is Bayes": 0 * v,
        "the noise taken for small": tr(Sigma) - gain**2 / tr(Sigma**3),
        "Bayes risk forgotten": energy - gain**2 / tr(Sigma * Sigma * B),
    },
)
def endless_gap():
    """Excess risk over the best denoiser in the long-prompt limit: one strength fits one variance."""
    yield recall(least_risk)
    yield by(expand_large, "endless prompts", large={L: oo}, order=0)
    yield by(minus, "less the posterior variance", what=energy - tr(Sigma * B.inv() * Sigma))
    yield so("zero if Σ has a single eigenvalue", tr(Sigma * B.inv() * Sigma) - gain**2 / tr(Sigma * Sigma * B))
