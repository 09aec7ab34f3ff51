r"""From almost every start gradient flow brings a head to the first principal axis, whatever the gaps are.

The head of `infinite_prompt`, with the coordinates r, s, t on three principal axes of the variances σ₁, σ₂, σ₃, in
gradient flow. Both terms of its gradient pull each coordinate in proportion to itself, so that logarithms move by

    d/dt (ln r/σ₁² − ln s/σ₂²) = 2λ²b (1/σ₂ − 1/σ₁),    b = μᵀΣ²μ.

The left-hand side grows wherever the head is, if σ₁ > σ₂: a Lyapunov function on the whole space but the hyperplane
r = 0. Since the flow is bounded and leaves rest, b is bounded from below in the long run, so s dies out, and so does
every other axis. What is left is the logistic curve of `principal_axes`, and the head loses all but one component,

    lim R(μ_t) = tr Σ − σ₁    for every start with r ≠ 0.

LaSalle's principle is all that is cited, no theorem on stable manifolds, and gaps between the other axes need not be
open.

Source: derived here; Maulen-Soto & Boyer, Attention-based PCA (arXiv 2605.18315), have the critical points
"""

from sympy import S

from derivations.pca.infinite_prompt import Sigma, d, lamda, mu, risk_gradient
from derivations.pca.principal_axes import alpha, first, h, risk_on_axes, second, sigma_1
from workbench import assumed, by, claim, positive, recall, so, tr, vector
from workbench.calculus.rules import on_eigenvectors, over, paired, substitute

third = positive("third")
r, s, t = positive("r"), positive("s"), positive("t")
start = vector("start", d)
INVARIANCE = "LaSalle, Some extensions of Liapunov's second method, IRE Transactions on Circuit Theory 7 (1960) 520"

b = first**2 * r**2 + second**2 * s**2 + third**2 * t**2


@claim(
    "flow",
    "d/dt (ln r/σ₁² − ln s/σ₂²)",
    rivals={
        "the third axis unseen": 2 * lamda**2 * (b - third**2 * t**2) * (1 / second - 1 / first) + 0 * third * t,
        "variance in place of its square": 2
        * lamda**2
        * (first * r**2 + second * s**2 + third * t**2)
        * (1 / second - 1 / first),
        "twice": 4 * lamda**2 * b * (1 / second - 1 / first),
        "the gap itself": 2 * lamda**2 * b * (first - second),
        "as near rest": 0 * lamda * b,
        "strength not squared": 2 * lamda * b * (1 / second - 1 / first),
    },
)
def parting():
    """Growth rate of the ratio of the first axis to another under gradient flow: positive everywhere."""
    yield recall(risk_gradient)
    yield by(over, "downhill", what=S.NegativeOne)
    yield by(paired, "along the slope of the logarithms", vector=h)
    slope = {first: 1 / (first**2 * r), second: -1 / (second**2 * s)}
    yield by(on_eigenvectors, of=Sigma, vectors={mu: {first: r, second: s, third: t}, h: slope})
    yield so("terms linear in the head cancel", 2 * lamda**2 * b * (1 / second - 1 / first))


@claim(
    "flow",
    "lim R(μ_t), almost every start",
    rivals={
        "rest holds": tr(Sigma) + 0 * sigma_1,
        "an axis at random": tr(Sigma) - tr(Sigma) / d + 0 * sigma_1,
        "in proportion to what the axes explain": tr(Sigma) - tr(Sigma**2) / tr(Sigma) + 0 * sigma_1,
        "the first axis twice": tr(Sigma) - 2 * sigma_1,
        "variance squared": tr(Sigma) - sigma_1**2,
    },
    regime=(d > 1,),
)
def almost_every_start():
    """Risk at the end of gradient flow from almost every start: that of the first axis."""
    yield recall(parting)
    yield recall(risk_on_axes)
    yield by(substitute, "on the first axis", letters={alpha: sigma_1})
    yield assumed("every axis that another one outgrows for ever dies out", tr(Sigma) - sigma_1, reference=INVARIANCE)
