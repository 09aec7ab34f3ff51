r"""A head trained on one kind of prompts and used on another: it is harmful where their variance has doubled.

The head of `infinite_prompt` is trained on tokens N(0, Σ) and has come to rest at μ = u₁/√(λσ₁). It then reads an
endless prompt of tokens N(0, Ω), of which it returns λΩμμᵀx. With a = u₁ᵀΩu₁ and b = u₁ᵀΩ²u₁ the cloud of what it
returns has the covariance (a/σ₁²) Ωu₁u₁ᵀΩ, and the head leaves the risk

    tr Ω − 2b/σ₁ + ab/σ₁²,

worse than returning nothing as soon as a > 2σ₁. On its own prompts it returns σ₁u₁u₁ᵀ: a cloud of rank one.

Source: derived here, from the trained head of Maulen-Soto & Boyer (arXiv 2605.18315)
"""

from sympy import sqrt

from derivations.pca.infinite_prompt import d, lamda, mu, square
from workbench import E, by, claim, form, gaussian, given, positive, recall, spd, tr, unit_vector
from workbench.calculus.rules import crossing, expectation, minus, substitute

Omega = spd("Omega", d)
v = unit_vector("v", d)  # the axis that the head has learned
sigma = positive("sigma")  # the variance along it in training
scale = positive("scale")
x = gaussian("x", d, cov=Omega)
a, b = form(v, Omega, v), form(v, Omega * Omega, v)
learned = {mu: v / sqrt(lamda * sigma)}


@claim(
    "expectation",
    "E T(x)T(x)ᵀ",
    rivals={
        "as in training": sigma * v * v.T,
        "a projection": a * v * v.T,
        "prompt read once": a / sigma * Omega * v * v.T * Omega,
        "query of the training prompts": 1 / sigma * Omega * v * v.T * Omega,
    },
)
def returned():
    """Covariance of a trained head's output on other prompts: rank one."""
    answer = lamda * Omega * mu * mu.T * x
    yield given("what the head returns, and its transpose", E(answer * answer.T))
    yield by(expectation)
    yield by(substitute, "the learned head", letters=learned)


@claim(
    "expectation",
    "R_Ω(μ*)",
    rivals={
        "projected on the axis": tr(Omega) - a,
        "cross term counted once": tr(Omega) - b / sigma + a * b / sigma**2,
        "learned variance forgotten": tr(Omega) - 2 * b + a * b,
        "product of the means": tr(Omega) - 2 * b / sigma + a**2 / sigma,
    },
)
def risk():
    """Mean squared distance between a token of other prompts and the trained head's output."""
    yield given("squared distance", E(square(x - lamda * Omega * mu * mu.T * x)))
    yield by(expectation)
    yield by(substitute, "the learned head", letters=learned)


@claim(
    "critical scale",
    "c*",
    rivals={
        "as soon as variances differ": sigma / a,
        "root of it": sqrt(2 * sigma / a),
        "the whole variance": 2 * sigma / tr(Omega),
        "squared correlations": 2 * sigma**2 / b,
    },
)
def harmful_scale():
    """Scale of a prompt cΩ above which the trained head is worse than returning nothing (a crossover)."""
    yield recall(risk)
    yield by(substitute, "a prompt with c times the covariance", letters={Omega: scale * Omega})
    yield by(minus, "compared with returning nothing", what=scale * tr(Omega))
    yield by(crossing, parameter=scale)
