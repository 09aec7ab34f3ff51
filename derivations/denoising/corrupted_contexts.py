r"""Where the context is as noisy as the query, a layer needs a skip connection, and with it is Bayes-optimal again.

The prompts of `subspaces`, but now every token carries noise: the columns of Z and the query z are i.i.d. with second
moment sP + v I, P the projector on the prompt's own d-dimensional subspace of R^n. A layer with a skip connection
returns

    x̂ = t₁ z + t₂ Ŝ z,    Ŝ = ZZᵀ/L.

On endless prompts Ŝ = sP + v I, and only a skip removes what it lets pass off the subspace: the best pair is

    t₁ = −v/(s + v),    t₂ = 1/(s + v),

so that x̂ = (s/(s + v)) P z is the conditional expectation. The skip is *subtracted*. Without it the layer leaves
d(n − d)s²v³/((s + v)(d(s + v)³ + (n − d)v³)) more. On short prompts Ŝ is too rough, and the best skip is positive: it
changes sign at a critical length.

Source: derived here; clean contexts are those of Smart, Bietti & Sengupta (arXiv 2502.05164)
"""

from sympy import Identity, ImmutableMatrix, S, oo

from workbench import E, by, claim, count, gaussian, given, haar, positive, recall, scalar, size, so, tr
from workbench.calculus.rules import (
    crossing,
    expand_large,
    expectation,
    fixed_points,
    gradient,
    minus,
    partials,
    stationary_point,
    substitute,
)

n, d, L = size("n"), size("d"), count("L")
t1, t2, s, v = scalar("t1"), scalar("t2"), positive("s"), positive("v")

H = haar("H", n, d)
Y, y = gaussian("Y", d, L, cov=s * Identity(d)), gaussian("y", d, cov=s * Identity(d))
W, w = gaussian("W", n, L, cov=v * Identity(n)), gaussian("w", n, cov=v * Identity(n))
Z, z = H * Y + W, H * y + w

b = s + v  # the variance of a token in the subspace; off it, the variance is v
one, two, three = (d * b**k + (n - d) * v**k for k in (1, 2, 3))  # traces of the powers of its second moment
rough = ((L + 1) * three + one * two) / L  # E tr(ŜBŜ), B = E ZZᵀ/L
bayes = d * s * v / b


def risk_with(seen, squared):
    """The risk, with these numbers for E tr(ŜPs) and E tr(ŜBŜ)."""
    return d * s - 2 * t1 * d * s - 2 * t2 * seen + t1**2 * one + 2 * t1 * t2 * two + t2**2 * squared


@claim(
    "expectation",
    "R(t₁, t₂)",
    rivals={
        "clean context": d * s
        - 2 * t1 * d * s
        - 2 * t2 * d * s**2
        + t1**2 * one
        + 2 * t1 * t2 * d * s * b
        + t2**2 * d * s**2 * b * (L + d + 1) / L,
        "endless prompt": risk_with(d * s * b, three),
        "noise off the subspace forgotten": risk_with(d * s * b, d * b**3 * (L + d + 1) / L),
        "tokens treated as independent of themselves": risk_with(d * s * b, three + one * two / L),
    },
    hypotheses=(d <= n,),
)
def risk():
    """Risk of a layer with a skip connection when context and query are equally noisy."""
    left = H * y - t1 * z - t2 / L * Z * Z.T * z
    yield given("squared distance to the clean query", E(tr(left * left.T)))
    yield by(expectation)
    yield so("a parabola in two numbers", risk_with(d * s * b, rough))


@claim(
    "gradient",
    "∇R(t₁, t₂)",
    rivals={
        "factor 2 forgotten": ImmutableMatrix([t1 * one + t2 * two - d * s, t1 * two + t2 * rough - d * s * b]),
        "the two do not disturb each other": ImmutableMatrix(
            [2 * t1 * one - 2 * d * s, 2 * t2 * rough - 2 * d * s * b]
        ),
        "endless prompt": ImmutableMatrix([2 * (t1 * one + t2 * two - d * s), 2 * (t1 * two + t2 * three - d * s * b)]),
    },
    hypotheses=(d <= n,),
)
def risk_slopes():
    """Gradient of the risk in the skip and in the strength of attention."""
    yield recall(risk)
    yield by(partials, wrt=[t1, t2])
    yield so(
        "two normal equations",
        ImmutableMatrix([2 * (t1 * one + t2 * two - d * s), 2 * (t1 * two + t2 * rough - d * s * b)]),
    )


@claim(
    "fixed point",
    "(t₁, t₂), L → ∞",
    rivals={
        "the token is kept": ImmutableMatrix([v / b, 1 / b]),
        "no skip": ImmutableMatrix([0 * v, d * s * b / three]),
        "a skip of one": ImmutableMatrix([S.One + 0 * v, (d * s * b - two) / three]),
        "as if noise had the signal's part": ImmutableMatrix([-s / b, 1 / b]),
    },
    hypotheses=(d < n,),
)
def endless_pair():
    """Best skip in the long-prompt limit: negative, since it subtracts what noise adds to the context's moment."""
    yield recall(risk_slopes)
    yield by(expand_large, "endless prompts", large={L: oo}, order=0)
    yield by(fixed_points, unknowns=[t1, t2])


@claim(
    "expectation",
    "R(t₁, t₂) at the best, L → ∞",
    rivals={
        "no skip": d * s - (d * s * b) ** 2 / three,
        "noise of the context left in": d * s * (v + v) / (b + v),
        "noise of the whole space": n * s * v / b,
    },
    hypotheses=(d < n,),
)
def endless_risk():
    """Least risk with a skip in the long-prompt limit: the Bayes risk, at every noise level."""
    yield recall(risk)
    yield by(expand_large, "endless prompts", large={L: oo}, order=0)
    yield by(substitute, "at the best pair", letters={t1: -v / b, t2: 1 / b})
    yield so("the posterior variance in the subspace", bayes)


@claim(
    "fixed point",
    "t₂, t₁ = 0",
    rivals={
        "that of the layer with a skip": 1 / b + 0 * L,
        "clean context": L / (b * (L + d + 1)),
        "endless prompt": d * s * b / three,
        "noise off the subspace forgotten": L * s / (b**2 * (L + d + 1)),
    },
    hypotheses=(d < n,),
)
def skipless_strength():
    """Trained strength of attention without a skip."""
    yield recall(risk)
    yield by(substitute, "no skip", letters={t1: S.Zero})
    yield by(gradient, wrt=t2)
    yield by(stationary_point, wrt=t2)
    yield so("the gain over the cost", d * s * b / rough)


@claim(
    "expectation",
    "lim R − R_Bayes, t₁ = 0",
    rivals={
        "a skip is worth nothing": 0 * v,
        "what passes off the subspace": (n - d) * v**3 / b**2,
        "the noise off the subspace": (n - d) * s * v / b,
        "third power forgotten": d * (n - d) * s**2 * v / (b * one),
    },
    hypotheses=(d < n,),
)
def price_without_skip():
    """Excess risk over Bayes of the layer without a skip, in the long-prompt limit."""
    yield recall(risk)
    yield by(substitute, "no skip, at its best", letters={t1: S.Zero, t2: skipless_strength.formula})
    yield by(expand_large, "endless prompts", large={L: oo}, order=0)
    yield by(minus, "less the posterior variance", what=bayes)
    yield so("nothing where the subspace is the space", d * (n - d) * s**2 * v**3 / (b * three))


@claim(
    "critical scale",
    "L_c",
    rivals={
        "the dimension of the space": n + 1 + 0 * s * v * d,
        "tokens treated as independent of themselves": one * two / (s * v**2 * (n - d)),
        "noise off the subspace alone": n * (n + 1) * v / (s * (n - d)),
        "one dimension off": (three + one * two) / (s * v**2 * (n - d + 1)),
    },
    hypotheses=(d < n,),
)
def critical_length():
    """Prompt length above which the trained layer subtracts the query; below, it keeps some of it (a level)."""
    yield recall(risk)
    yield by(substitute, "without a skip, at its best", letters={t2: skipless_strength.formula})
    yield by(gradient, "the term of the skip", wrt=t1)
    yield by(substitute, "where it is zero", letters={t1: S.Zero})
    yield by(crossing, parameter=L)
    yield so("as one fraction", (three + one * two) / (s * v**2 * (n - d)))
