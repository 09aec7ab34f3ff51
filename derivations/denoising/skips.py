r"""A skip connection around a layer that reads clean tokens: what it keeps of the query, whatever the covariance.

The prompts of `linear_layers`: L clean tokens from N(0, Σ), a query z = x + n with noise of variance v, and Ŝ = XXᵀ/L.
A layer with a skip connection returns x̂ = t z + θŜz. With B = Σ + v I and M = (1 + 1/L) Σ² + (tr Σ/L) Σ,

    R(t, θ) = tr Σ − 2t tr Σ − 2θ tr Σ² + t² tr B + 2tθ tr(ΣB) + θ² tr(MB).

Without attention the best skip is the signal's share tr Σ/tr B. With attention of strength θ it is
(tr Σ − θ tr ΣB)/tr B, so that attention beyond tr Σ/tr(ΣB) wants a skip that takes away from the query. Both trained
together stand at

    t* = (tr Σ tr MB − tr Σ² tr ΣB)/Δ,    θ* = (tr B tr Σ² − tr Σ tr ΣB)/Δ,    Δ = tr B tr MB − (tr ΣB)².

With one eigenvalue Σ = sI attention is worth nothing beside a skip, θ* = 0, however long the prompt: what the layer
reads there is a noisy multiple of its query. The spread of the eigenvalues is what attention is for:
tr B tr Σ² − tr Σ tr ΣB = v(d tr Σ² − (tr Σ)²).

Source: derived here; the layer is that of Smart, Bietti & Sengupta (arXiv 2502.05164) with a skip connection
"""

from sympy import ImmutableMatrix

from derivations.denoising.linear_layers import I, L, M, Sigma, X, d, n, v, x
from workbench import E, by, claim, given, recall, scalar, so, tr
from workbench.calculus.rules import crossing, expectation, fixed_points, gradient, partials, stationary_point

t, theta = scalar("t"), scalar("theta")
B = Sigma + v * I
z = x + n
energy, gain, kept, mixed, cost = tr(Sigma), tr(Sigma**2), tr(B), tr(Sigma * B), tr(M * B)
spread = v * (d * gain - energy**2)
endless = tr(Sigma * Sigma * B)


def error(mixed, cost):
    """The risk, with these numbers for E zᵀŜz and E|Ŝz|²."""
    return energy - 2 * t * energy - 2 * theta * gain + t**2 * kept + 2 * t * theta * mixed + theta**2 * cost


def pair(cost):
    """The trained pair, with this number for E|Ŝz|²."""
    return ImmutableMatrix([energy * cost - gain * mixed, spread]) / (kept * cost - mixed**2)


@claim(
    "expectation",
    "R(t, θ)",
    rivals={
        "endless prompt": error(mixed, endless),
        "skip and attention do not meet": error(0 * v, cost),
        "noise forgotten where they meet": error(gain, cost),
        "tokens treated as independent of themselves": error(mixed, cost - endless / L),
    },
)
def risk():
    """Risk of a layer with a skip connection: noise that remains and signal that is lost."""
    left = x - t * z - theta / L * X * X.T * z
    yield given("squared distance to the clean query", E(tr(left * left.T)))
    yield by(expectation)
    yield so("a parabola in two numbers", error(mixed, cost))


@claim(
    "gradient",
    "∇R(t, θ)",
    rivals={
        "factor 2 forgotten": ImmutableMatrix([t * kept + theta * mixed - energy, t * mixed + theta * cost - gain]),
        "the two do not disturb each other": 2 * ImmutableMatrix([t * kept - energy, theta * cost - gain]),
        "endless prompt": 2 * ImmutableMatrix([t * kept + theta * mixed - energy, t * mixed + theta * endless - gain]),
    },
)
def risk_slopes():
    """Gradient of the risk in the skip and in the strength of attention."""
    yield recall(risk)
    yield by(partials, wrt=[t, theta])
    yield so(
        "two normal equations",
        2 * ImmutableMatrix([t * kept + theta * mixed - energy, t * mixed + theta * cost - gain]),
    )


@claim(
    "fixed point",
    "t*, θ given",
    rivals={
        "as without attention": energy / kept + 0 * theta,
        "attention answers the clean query": (energy - theta * gain) / kept,
        "what attention leaves": energy / kept * (1 - theta),
        "noise forgotten": (energy - theta * mixed) / energy,
    },
)
def best_skip():
    """The best skip beside attention of a given strength: it decreases with that strength."""
    yield recall(risk)
    yield by(gradient, wrt=t)
    yield by(stationary_point, wrt=t)
    yield so("the signal's share, less what attention brings of the query", (energy - theta * mixed) / kept)


@claim(
    "critical scale",
    "θ_c",
    rivals={
        "noise forgotten": energy / gain + 0 * v,
        "strength of a trained layer": gain / cost,
        "one over the variance": d / kept,
    },
)
def critical_strength():
    """Strength of attention above which the best skip is negative (a level)."""
    yield recall(best_skip)
    yield by(crossing, parameter=theta)
    yield so("as one fraction", energy / mixed)


@claim(
    "fixed point",
    "(t*, θ*)",
    rivals={
        "each for itself": ImmutableMatrix([energy / kept, gain / cost]),
        "endless prompt": pair(endless),
        "tokens treated as independent of themselves": pair(cost - endless / L),
    },
    regime=(d > 1,),
)
def best_pair():
    """Trained skip and strength of attention: attention serves the spread of the eigenvalues."""
    yield recall(risk_slopes)
    yield by(fixed_points, unknowns=[t, theta])
    yield so("by Cramer's rule", pair(cost))
