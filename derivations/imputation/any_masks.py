r"""The best layer under masks of any law, on data of any law: two second moments decide.

A missing entry t = bᵀx + e is guessed by one layer wᵀ(o∘x) from the others, x with covariance Σ, where e is what they
do not tell of it, of variance v. What multiplies the others, o, has any law with the mean π and the covariance C: 0 and
1 for masks, whose entries may be missing at rates of their own, or together. With S_jk = (C_jk + π_jπ_k) Σ_jk and
c_j = π_j (Σb)_j,

    R(w) = v + bᵀΣb − 2wᵀc + wᵀSw,    w* = S⁻¹c,    R(w*) = v + bᵀΣb − cᵀS⁻¹c.

Neither the data nor the masks need be Gaussian or independent from entry to entry. Weights divided by π, which make the
guess unbiased over the masks, are not the best ones: the spread of o acts as a penalty C∘Σ.

Source: derived here; for independent entries the penalty is that of dropout (Wager, Wang & Liang, NeurIPS 2013)
"""

from sympy import HadamardProduct, Identity
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import E, by, claim, dot, form, given, positive, recall, second_moments, size, so, spd, tr, vector
from workbench.calculus.rules import expectation, gradient, stationary_point, substitute

d, v = size("d"), positive("v")
Sigma, C = spd("Sigma", d), spd("C", d)
b, w, pi = vector("b", d), vector("w", d), vector("pi", d)

x, o = second_moments("x", d, cov=Sigma), second_moments("o", d, mean=pi, cov=C)
e = second_moments("e", 1, cov=v * Identity(1))

S = HadamardProduct(C + pi * pi.T, Sigma)
c = DiagMatrix(pi) * Sigma * b
alone = v + form(b, Sigma, b)


@claim(
    "expectation",
    "R(w)",
    rivals={
        "masks replaced by their mean": alone - 2 * dot(w, c) + form(DiagMatrix(pi) * w, Sigma, DiagMatrix(pi) * w),
        "every other always seen": v + form(b - w, Sigma, b - w) + 0 * dot(pi, C * pi),
        "spread without its mean": alone - 2 * dot(w, c) + form(w, HadamardProduct(C, Sigma), w),
        "independent entries": alone
        - 2 * dot(w, c)
        + form(w, HadamardProduct(HadamardProduct(Identity(d), C) + pi * pi.T, Sigma), w),
    },
)
def risk():
    """Squared error of a layer on a missing entry, for data and masks of any law."""
    yield given("squared error; wᵀ(o∘x) is oᵀ(w∘x)", E((dot(b, x) + tr(e) - dot(o, DiagMatrix(w) * x)) ** 2))
    yield by(expectation)
    yield so("the masks enter by their second moments", alone - 2 * dot(w, c) + form(w, S, w))


@claim(
    "fixed point",
    "w*",
    rivals={
        "regression on complete entries": b + 0 * S * c,
        "unbiased over the masks": DiagMatrix(pi).inv() * b + 0 * S * c,
        "penalty forgotten": HadamardProduct(pi * pi.T, Sigma).inv() * c + 0 * C * c,
        "means forgotten": S.inv() * Sigma * b,
    },
)
def fixed_point():
    """The trained layer: regression of the entry on the masked data, for every law of data and masks."""
    yield recall(risk)
    yield by(gradient, wrt=w)
    yield by(stationary_point, wrt=w)
    yield so("by the two second moments", S.inv() * c)


@claim(
    "expectation",
    "R(w*)",
    rivals={
        "every other always seen": v + 0 * form(c, S.inv(), c),
        "gain counted twice": alone - 2 * form(c, S.inv(), c),
        "weights divided by their chance": alone
        - 2 * form(b, Sigma, b)
        + form(DiagMatrix(pi).inv() * b, S, DiagMatrix(pi).inv() * b),
        "regression on complete entries": alone - 2 * dot(b, c) + form(b, S, b),
    },
)
def least_risk():
    """Risk of the trained layer under masks of any law."""
    yield recall(risk)
    yield by(substitute, "at the trained weights", letters={w: fixed_point.formula})
    yield so("half of the linear term is regained", alone - form(c, S.inv(), c))
