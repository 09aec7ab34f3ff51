r"""A language of skills, read by one layer of linear attention: its loss, and where training ends.

A sentence of skill k shows N pairs (x_n, y_n) and a query x. Its tokens B x_n lie in the skill's own part of
the embedding, spanned by the D×d matrix B; x_n ~ N(0, λI) in R^d are correlated along the sentence,
E x_na x_mb = λ R_nm δ_ab; the meaning w ~ N(0, I) is fresh in every sentence, and y_n = wᵀx_n. The answer is
s wᵀx: the *rule* s of the skill has to be learned in the weights. One layer of linear attention answers

    ŷ = βᵀ W B x,    β = (1/N) Σ_n y_n B x_n,

and sees W only through the block G = BᵀWB of the skill, so that skills on orthogonal parts do not meet:

    L = λ d s² − 2 s λ² (tr R/N) tr G + c λ³ |G|²,    c = [(tr R)² + (d + 1) tr R²]/N².

Unit variances make c = 1 + (d + 1) κ with κ = Σ R_nm²/N², the share of the tokens that are not independent. The
trained block is (s tr R/cλN) I, and leaves 1 − (tr R)²/cN² of the variance.

Source: the layer of Zhang, Singh, Latham & Saxe (arXiv 2501.16265, eq. 11 and 15 for R = I), here for a
language of skills and correlated tokens
"""

from sympy import HadamardProduct, Identity
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import (
    E,
    by,
    claim,
    count,
    dot,
    form,
    gaussian,
    given,
    index,
    matrix,
    positive,
    recall,
    scalar,
    size,
    so,
    spd,
    tr,
    vector,
)  # fmt: skip
from workbench.calculus.rules import expectation, gradient, hessian, paired, stationary_point, substitute

D, K, d, N = size("D"), size("K"), size("d"), count("N")
lamda, s = positive("lamda"), scalar("s")
R = spd("R", N)  # correlations along a sentence
B, W, H, G = matrix("B", D, d), matrix("W", D, D), matrix("H", D, D), matrix("G", d, d)
p, rules, V = vector("p", K), vector("rules", K), matrix("V", K, K)
I = Identity(d)

X = gaussian("X", d, N, cov=lamda * I, token_cov=R)
x, w = gaussian("x", d, cov=lamda * I), gaussian("w", d)
beta = X * X.T * w / N
Z = gaussian("Z", 1, N, cov=lamda * Identity(1))  # tokens and meaning of skills with one coordinate
z, v = gaussian("z", 1, cov=lamda * Identity(1)), gaussian("v", 1)
skill = index("skill", K)

c = (tr(R) ** 2 + (d + 1) * tr(R * R)) / N**2
variance = tr(R) / N  # of a coordinate, averaged over the sentence, in units of λ


def loss_of(block, c, variance):
    """The loss of a skill as a quadratic form of its block."""
    return lamda * d * s**2 - 2 * s * lamda**2 * variance * tr(block) + c * lamda**3 * tr(block * block.T)


@claim(
    "expectation",
    "L(W)",
    rivals={
        "context taken as endless": loss_of(B.T * W * B, variance**2, variance),
        "tokens taken as independent": loss_of(B.T * W * B, (N + d + 1) / N, 1),
        "trace of the wrong square": loss_of(B.T * W * B, (1 + (d + 1) / N) * variance**2, variance),
        "one dimension forgotten": loss_of(B.T * W * B, c - tr(R * R) / N**2, variance),
    },
)
def skill_loss():
    """Squared error of the layer on sentences of one skill: weights outside its block never enter."""
    yield given("squared error of the answer", E((s * dot(w, x) - form(B * beta, W, B * x)) ** 2))
    yield by(expectation)
    yield so("a quadratic form of the block", loss_of(B.T * W * B, c, variance))


@claim(
    "gradient",
    "∇L(W)",
    rivals={
        "factor 2 forgotten": c * lamda**3 * B * B.T * W * B * B.T - s * lamda**2 * variance * B * B.T,
        "context taken as endless": 2 * (variance) ** 2 * lamda**3 * B * B.T * W * B * B.T
        - 2 * s * lamda**2 * variance * B * B.T,
        "transposed": 2 * c * lamda**3 * B * B.T * W.T * B * B.T - 2 * s * lamda**2 * variance * B * B.T,
    },
)
def skill_gradient():
    """Gradient of the loss of one skill: it changes its own block alone."""
    yield recall(skill_loss)
    yield by(gradient, wrt=W)
    yield so("collected", B * (2 * c * lamda**3 * B.T * W * B - 2 * s * lamda**2 * variance * I) * B.T)


diagonal = HadamardProduct(Identity(K), V)
frequent = DiagMatrix(p)
learned = tr(rules.T * frequent * rules) * lamda - 2 * lamda**2 * tr(frequent * DiagMatrix(rules) * V)


@claim(
    "expectation",
    "L(V)",
    rivals={
        "skills interfere": learned + (1 + 2 / N) * lamda**3 * tr(frequent * V * V.T),
        "context taken as endless": learned + lamda**3 * tr(frequent * diagonal * diagonal),
        "one trace counted": learned + (1 + 1 / N) * lamda**3 * tr(frequent * diagonal * diagonal),
    },
)
def language_loss():
    """Loss on a language of K skills with one coordinate each, skill k at frequency p_k."""
    answer = form(skill * (Z * Z.T * v / N), V, skill * z)
    error = (dot(rules, skill) * dot(v, z) - answer) ** 2
    yield given("squared error, skills weighted by their frequency", E(K * dot(p, skill) * error))
    yield by(expectation)
    yield so("only the diagonal enters", learned + (1 + 2 / N) * lamda**3 * tr(frequent * diagonal * diagonal))


@claim(
    "fixed point",
    "G*",
    rivals={
        "endless context": s * N / (lamda * tr(R)) * I,
        "rule copied": s * I,
        "tokens taken as independent": s * N / (lamda * (N + d + 1)) * I,
    },
)
def trained_block():
    """The only stationary block of a skill's weights."""
    yield recall(skill_loss)
    yield by(substitute, "in the coordinates of the skill", letters={W: G, B: I, D: d})
    yield by(gradient, wrt=G)
    yield by(stationary_point, wrt=G)
    yield so("shrunk by the noise of the context", s * tr(R) / (N * c * lamda) * I)


@claim(
    "gradient",
    "∇²L[H, H]",
    rivals={
        "factor 2 forgotten": c * lamda**3 * tr(B.T * H * B * B.T * H.T * B),
        "weights outside the block count": 2 * c * lamda**3 * tr(H * H.T),
        "context taken as endless": 2 * (variance) ** 2 * lamda**3 * tr(B.T * H * B * B.T * H.T * B),
    },
)
def skill_curvature():
    """Second derivative of the loss along H: positive inside the skill's block, zero outside, so training is stable."""
    yield recall(skill_loss)
    yield by(hessian, wrt=W, direction=H)
    yield by(paired, "along the same step", vector=H)
    yield so("a square", 2 * c * lamda**3 * tr(B.T * H * B * B.T * H.T * B))


@claim(
    "expectation",
    "L(G*)",
    rivals={
        "loss vanishes": 0 * lamda * s,
        "gain counted twice": lamda * d * s**2 * (1 - 2 * tr(R) ** 2 / (N**2 * c)),
        "one token short": lamda * d * s**2 * (1 - tr(R) ** 2 / (N**2 * c - tr(R * R))),
    },
)
def floor():
    """Irreducible loss: N tokens do not determine the meaning."""
    yield recall(skill_loss)
    yield by(substitute, "in the coordinates of the skill", letters={W: G, B: I, D: d})
    yield by(substitute, "at the trained block", letters={G: trained_block.formula})
    yield so("half of the linear term is regained", lamda * d * s**2 * (1 - tr(R) ** 2 / (N**2 * c)))
