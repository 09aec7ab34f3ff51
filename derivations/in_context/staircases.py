r"""The staircase of rank-one heads: heights of the plateaus of the loss, and of the steps between them.

Learning the mode of `rank_one_heads` with eigenvalue α takes α/γ_α from the risk, whatever else has been learned;
`escapes` says after how long. One head alone learns the strongest mode, and its loss ends at the first plateau,
tr Λ − λ₁/γ₁. After m stairs inputs fall into modes that are learned, a ~ N(0, A), and modes that are not,
b ~ N(0, B); the layer reads a alone, ŷ = βᵀWa with β = (1/N) Σ y_k a_k, and hears the rest as noise,
y_k = w_aᵀa_k + w_bᵀb_k + ε_k. It is best at W = (Aγ)⁻¹ and leaves

    L(M_m) = tr Λ − Σ_{d≤m} λ_d/γ_d,    tr Λ = tr A + tr B :

principal component regression in context.

Source: Zhang, Singh, Latham & Saxe, Training dynamics of in-context learning in linear attention (ICML
2025), Eq. 18–22, here with label noise
"""

from sympy import Identity, S

from derivations.in_context.one_layer import C, Lambda, N, U, alpha, beta_, risk, sigma
from derivations.in_context.rank_one_heads import d, f, gamma, k, q, reached, v
from workbench import (
    E,
    by,
    claim,
    dot,
    form,
    gaussian,
    given,
    matrix,
    positive,
    recall,
    size,
    so,
    spd,
    top_eigenvalue,
    tr,
)  # fmt: skip
from workbench.calculus.rules import (
    expectation,
    gradient,
    minus,
    on_eigenvectors,
    over,
    stationary_point,
    substitute,
)

strength = positive("strength")
lambda_1 = top_eigenvalue("lambda_1", Lambda)

m, n = size("m"), size("n")  # how many modes are learned, and how many are not
A, B, W = spd("A", m), spd("B", n), matrix("W", m, m)
learned, others = gaussian("learned", m, N, cov=A), gaussian("others", n, N, cov=B)
a, b = gaussian("a", m, cov=A), gaussian("b", n, cov=B)
w, u = gaussian("w", m, cov=Identity(m)), gaussian("u", n, cov=Identity(n))
noise = gaussian("noise", N, cov=sigma**2 * Identity(N))
beta = learned * (learned.T * w + others.T * u + noise) / N
variance = tr(A) + tr(B)
short_enough = (N < 5,)  # for exact cubature over a whole prompt


@claim(
    "expectation",
    "L(M_m) − L(M_{m+1})",
    rivals={
        "the whole mode": alpha,
        "trace term forgotten": alpha / (1 + 1 / N),
        "counted twice": 2 * alpha / gamma,
        "one over γ": 1 / gamma,
    },
)
def stair():
    """Decrease of the risk when one mode is learned, whatever other modes have been learned."""
    head, other = v * k * q.T, strength * f * f.T
    before = risk.formula.xreplace({C: Identity(d), U: other})
    yield recall(risk)
    yield by(substitute, "two heads, isotropic tasks", letters={C: Identity(d), U: head + other})
    yield by(minus, "compared with one head", what=before)
    alike = {k: {alpha: v}, q: {alpha: v}, f: {beta_: S.One}}
    yield by(on_eigenvectors, "on different modes", of=Lambda, vectors=alike)
    yield by(substitute, "when the mode is learned", letters={v: reached})
    yield by(over, "as a loss", what=S.NegativeOne)
    yield so("collected", alpha / gamma)


def one_stair(top):
    """The first plateau, with this number for what the strongest mode is worth."""
    return tr(Lambda) - top


first_gamma = gamma.xreplace({alpha: lambda_1})


@claim(
    "expectation",
    "L(M_1)",
    rivals={
        "the whole mode": one_stair(lambda_1),
        "trace term forgotten": one_stair(lambda_1 / (1 + 1 / N)),
        "counted twice": one_stair(2 * lambda_1 / first_gamma),
        "all modes at once": one_stair(tr(Lambda) / first_gamma),
        "other modes do not disturb": one_stair(lambda_1 / (1 + (2 + sigma**2 / lambda_1) / N)),
    },
    regime=(2 * (tr(Lambda) - lambda_1) < lambda_1,),  # where the next stair comes much later
)
def first_plateau():
    """Risk of one trained head: the plateau of several heads after the first step."""
    yield recall(stair)
    yield by(substitute, "the strongest mode", letters={alpha: lambda_1})
    yield by(minus, "what is left of", what=tr(Lambda))
    yield by(over, what=S.NegativeOne)
    yield so("the whole variance, less the stair", one_stair(lambda_1 / first_gamma))


def within(trace):
    """The matrix of γ on the learned modes, with this number for the variance of an answer."""
    return (1 + 1 / N) * Identity(m) + trace / N * A.inv()


@claim(
    "expectation",
    "L(W)",
    rivals={
        "other modes do not disturb": variance - 2 * tr(A**2 * W) + tr(W.T * A**2 * within(tr(A) + sigma**2) * W * A),
        "other modes already silent": tr(A) - 2 * tr(A**2 * W) + tr(W.T * A**2 * within(variance + sigma**2) * W * A),
        "finite prompt forgotten": variance - 2 * tr(A**2 * W) + tr(W.T * A**2 * W * A),
    },
    regime=short_enough,
)
def partial_risk():
    """Risk of a layer that reads the learned modes alone."""
    answer = dot(w, a) + dot(u, b)
    yield given("squared error against the noiseless answer", E((answer - form(beta, W, a)) ** 2))
    yield by(expectation)


@claim(
    "fixed point",
    "W*",
    rivals={
        "other modes do not disturb": (A * within(tr(A) + sigma**2)).inv(),
        "finite prompt forgotten": A.inv(),
        "noise forgotten": (A * within(variance)).inv(),
        "N + 1 for N": ((1 + 2 / N) * A + (variance + sigma**2) / N * Identity(m)).inv(),
    },
    regime=short_enough,
)
def trained_weights():
    """The only stationary point among layers that read the learned modes alone: a saddle of the whole risk."""
    yield recall(partial_risk)
    yield by(gradient, wrt=W)
    yield by(stationary_point, wrt=W)


@claim(
    "expectation",
    "L(M_m)",
    rivals={
        "other modes do not disturb": variance - tr(A * within(tr(A) + sigma**2).inv()),
        "trace term forgotten": variance - tr(A) / (1 + 1 / N),
        "learned without loss": tr(B),
        "gain counted twice": variance - 2 * tr(A * within(variance + sigma**2).inv()),
        "N + 1 for N": variance - tr(A * (within(variance + sigma**2) + Identity(m) / N).inv()),
    },
    regime=short_enough,
)
def plateau():
    """Risk on the plateau after some modes are learned: the whole variance, less λ/γ for each of them."""
    yield recall(partial_risk)
    yield by(substitute, "at the saddle", letters={W: trained_weights.formula})
    yield so("mode by mode", variance - tr(A * within(variance + sigma**2).inv()))
