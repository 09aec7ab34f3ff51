r"""The staircase of rank-one heads: what a stair is worth, and what the layer does on a plateau.

Learning the mode of `rank_one_heads` with eigenvalue α takes α/γ_α from the risk, whatever else has been learned. On
the plateau between two stairs inputs fall into modes that are learned, a ~ N(0, A), and modes that are not,
b ~ N(0, B); the layer reads a alone, ŷ = βᵀWa with β = (1/N) Σ y_k a_k, and hears the rest as noise,
y_k = w_aᵀa_k + w_bᵀb_k + ε_k.

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
    tr,
)  # fmt: skip
from workbench.calculus.rules import (
    expectation,
    minus,
    on_eigenvectors,
    over,
    substitute,
)

strength = positive("strength")

m, n = size("m"), size("n")  # how many modes are learned, and how many are not
A, B, W = spd("A", m), spd("B", n), matrix("W", m, m)
learned, others = gaussian("learned", m, N, cov=A), gaussian("others", n, N, cov=B)
a, b = gaussian("a", m, cov=A), gaussian("b", n, cov=B)
w, u = gaussian("w", m, cov=Identity(m)), gaussian("u", n, cov=Identity(n))
noise = gaussian("noise", N, cov=sigma**2 * Identity(N))
beta = learned * (learned.T * w + others.T * u + noise) / N
variance = tr(A) + tr(B)


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
    """What learning one mode takes from the risk, whatever other modes have been learned."""
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
    regime=(m + n < 5, N < 5),
)
def partial_risk():
    """The error of a layer that reads the learned modes alone."""
    answer = dot(w, a) + dot(u, b)
    yield given("squared error against the noiseless answer", E((answer - form(beta, W, a)) ** 2))
    yield by(expectation)
