r"""Every prompt has its own subspace, and one linear attention layer denoises in all of them.

The layer of `linear_layers` where the tokens of a prompt fill a uniformly random d-dimensional subspace of R^n: with H
its orthonormal basis, tokens are Hy with y ~ N(0, s I_d), and the noise ~ N(0, v I_n) of the query fills the whole
space. Trained on prompts of L tokens the layer x̂ = θ Ŝ z has

    θ* = L/((s + v)(L + d + 1)),    R(θ*) = d s [1 − (s/(s + v)) L/(L + d + 1)],

in any n. On endless prompts θ* = 1/(s + v) is Bayes-optimal, and half of what Bayes gains needs L = d + 1 tokens. The
trained 0.327 of the literature (s = 2, v = 1, d = 8, L = 500) is 500/1527 = 0.3274 and not the endless 1/3.

Source: Smart, Bietti & Sengupta, In-context denoising with one-layer transformers (arXiv 2502.05164), Prop. 2 for
endless prompts; finite L and all critical scales are derived here
"""

from sympy import Identity, S, oo, sqrt

from workbench import E, by, claim, count, gaussian, given, haar, positive, recall, scalar, size, so, tr
from workbench.calculus.rules import crossing, expand_large, expectation, gradient, minus, stationary_point, substitute

n, d, L, M = size("n"), size("d"), count("L"), count("M")
theta, s, v, u = scalar("theta"), positive("s"), positive("v"), positive("u")

H = haar("H", n, d)
Y, y = gaussian("Y", d, L, cov=s * Identity(d)), gaussian("y", d, cov=s * Identity(d))
noise = gaussian("noise", n, cov=v * Identity(n))

crowd = (L + d + 1) / L  # by how much finite prompts make attention costlier
trained = 1 / ((s + v) * crowd)
bayes = d * s * v / (s + v)


@claim(
    "expectation",
    "R(θ)",
    rivals={
        "endless prompt": d * s - 2 * theta * d * s**2 + theta**2 * d * s**2 * (s + v),
        "noise off the subspace counted": d * s - 2 * theta * d * s**2 + theta**2 * s**2 * (d * s + n * v) * crowd,
        "d + 2 for d + 1": d * s - 2 * theta * d * s**2 + theta**2 * d * s**2 * (s + v) * (crowd + 1 / L),
        "tokens treated as independent of themselves": d * s
        - 2 * theta * d * s**2
        + theta**2 * d * s**2 * (s + v) * (L + d) / L,
    },
    hypotheses=(d <= n,),
)
def risk():
    """The risk of the layer over prompts that each bring a new subspace."""
    left = H * y - theta / L * H * Y * Y.T * H.T * (H * y + noise)
    yield given("squared distance to the clean query", E(tr(left * left.T)))
    yield by(expectation)
    yield so("a parabola", d * s - 2 * theta * d * s**2 + theta**2 * d * s**2 * (s + v) * crowd)


@claim(
    "fixed point",
    "θ*",
    rivals={
        "endless prompt": 1 / (s + v),
        "d + 2 for d + 1": L / ((s + v) * (L + d + 2)),
        "trace term forgotten": L / ((s + v) * (L + 1)),
        "tokens treated as independent of themselves": L / ((s + v) * (L + d)),
    },
    hypotheses=(d <= n,),
)
def best_strength():
    """Trained strength of attention: on finite prompts below the optimum for infinite ones."""
    yield recall(risk)
    yield by(gradient, wrt=theta)
    yield by(stationary_point, wrt=theta)
    yield so("a single fraction", trained)


@claim(
    "expectation",
    "R(θ*)",
    rivals={
        "Bayes": bayes,
        "gain counted twice": d * s * (1 - 2 * s / (s + v) / crowd),
        "noise off the subspace counted": d * s * (1 - d * s / (d * s + n * v) / crowd),
        "strength of endless prompts kept": d * s - 2 * d * s**2 / (s + v) + d * s**2 * crowd / (s + v),
    },
    hypotheses=(d <= n,),
)
def least_risk():
    """Risk of the layer trained on prompts of L tokens."""
    yield recall(risk)
    yield by(substitute, "at the trained strength", letters={theta: best_strength.formula})
    yield so("the share that is regained", d * s * (1 - s / (s + v) / crowd))


@claim(
    "rate",
    "lim R(θ*)",
    rivals={
        "noise of the whole space": n * s * v / (s + v),
        "all noise removed": S.Zero * v,
        "half of the noise": d * v / 2,
    },
    hypotheses=(d <= n,),
)
def endless_risk():
    """Least risk in the long-prompt limit: the Bayes risk, the posterior variance in the subspace."""
    yield recall(least_risk)
    yield by(expand_large, "endless prompts", large={L: oo}, order=0)
    yield so("variances in parallel", bayes)


@claim(
    "critical scale",
    "L_½",
    rivals={
        "the dimension": d,
        "a dimension too many": d + 2,
        "a third of the gain": (d + 1) / 2,
        "three quarters of the gain": 3 * (d + 1),
    },
    hypotheses=(d <= n,),
    regime=(d < 6,),
)
def half_length():
    """Prompt length at which training gains half of what the Bayes-optimal denoiser gains (a level)."""
    yield recall(least_risk)
    yield by(minus, "against half of Bayes' gain", what=d * s - d * s**2 / (s + v) / 2)
    yield by(crossing, parameter=L)


@claim(
    "critical scale",
    "M_c",
    rivals={
        "the dimension itself": d + 1,
        "training length forgotten to count twice": (d + 1) * L / (L + d + 1),
        "one token too few": d * L / (L + 2 * d),
        "d + 2 for d + 1": (d + 2) * L / (L + 2 * (d + 2)),
    },
    hypotheses=(d <= n,),
)
def critical_length():
    """Prompt length below which the layer trained at length L is worse than predicting zero (a crossover)."""
    yield recall(risk)
    yield by(substitute, "tested at length M", letters={L: M})
    yield by(substitute, "trained at length L", letters={theta: trained})
    yield by(minus, "against answering zero", what=d * s)
    yield by(crossing, parameter=M)


@claim(
    "critical scale",
    "u_c",
    rivals={
        "the noise of training": v,
        "twice the noise of training": 2 * v,
        "noise as strong as the signal": s + v,
        "twice the variance of a query": 2 * (s + v),
    },
    hypotheses=(d <= n,),
)
def critical_noise():
    """Noise above which the layer trained at noise v is worse than predicting zero (a crossover)."""
    yield recall(risk)
    yield by(substitute, "tested at noise u", letters={v: u})
    yield by(substitute, "trained at noise v", letters={theta: trained})
    yield by(minus, "against answering zero", what=d * s)
    yield by(crossing, parameter=u)


@claim(
    "critical scale",
    "v_c",
    rivals={
        "any noise is worth removing": 0 * s,
        "the noise of the subspace alone": s * sqrt((d + 1) / (L + d + 1)),
        "noise as strong as the signal": s,
        "one over the length": s * (d + 1) / (L + d + 1),
    },
    hypotheses=(d <= n,),
)
def worthwhile_noise():
    """Noise below which the trained layer is worse than the query itself (a crossover)."""
    yield recall(least_risk)
    yield by(minus, "against the noise", what=n * v)
    yield by(crossing, parameter=v)
    spare = n - d
    yield so("a root", s * (sqrt(spare**2 + 4 * n * d * (d + 1) / (L + d + 1)) - spare) / (2 * n))
