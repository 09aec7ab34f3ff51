r"""Softmax over a finite prompt begins with the average of its tokens, and turns to the first axis from there.

A softmax head over L tokens, the token itself among them, returns at μ = 0 their average: it leaves (1 − 1/L) tr Σ and
not tr Σ, since one share in L is the token itself. To second order in μ the token X is weighed by
(1 + λ(μᵀx)(μᵀ(X − average)))/L, so that along the axis α the risk is curved by

    −4λ (1 − 1/L) α (α + tr Σ/L):

rest is a maximum at every length L > 1, and it is left along the first axis fastest. Short prompts are left
less selectively, because tr Σ/L pushes along all axes alike.

Source: derived here, for the softmax heads of Maulen-Soto & Boyer (arXiv 2605.18315)
"""

from sympy import OneMatrix, S

from derivations.pca.infinite_prompt import Sigma, d, lamda, mu, square, token
from derivations.pca.principal_axes import alpha, h
from workbench import E, by, claim, count, dot, gaussian, given, so, tr
from workbench.calculus.rules import expectation, hessian, on_eigenvectors, paired

L = count("L")
others = gaussian("others", d, L - 1, cov=Sigma)
average = (token + others * OneMatrix(L - 1, 1)) / L
spread = (token * token.T + others * others.T) / L - average * average.T
short = d * L < 9  # prompts whose noise is averaged exactly


@claim(
    "expectation",
    "R_L(0)",
    rivals={
        "as over endless prompts": tr(Sigma) + 0 / L,
        "token not in its prompt": (1 + 1 / L) * tr(Sigma),
        "share of the token squared": (1 - 1 / L**2) * tr(Sigma),
        "both shares": (1 - 1 / L) ** 2 * tr(Sigma),
    },
)
def risk_at_rest():
    """Risk of a softmax head with zero weights: it returns the average of its prompt."""
    yield given("squared distance of a token from the average", E(square(token - average)))
    yield by(expectation)
    yield so("all but one share in L", (1 - 1 / L) * tr(Sigma))


@claim(
    "spectrum",
    "spec ∇²R_L(0)",
    rivals={
        "as over endless prompts": -4 * lamda * alpha**2 + 0 / L,
        "average not subtracted": -4 * lamda * alpha * (alpha + (alpha + tr(Sigma)) / L),
        "trace forgotten": -4 * lamda * (1 - 1 / L) * alpha**2,
        "half of it": -2 * lamda * (1 - 1 / L) * alpha * (alpha + tr(Sigma) / L),
        "a minimum": 4 * lamda * (1 - 1 / L) * alpha * (alpha + tr(Sigma) / L),
    },
    regime=(short,),
)
def curvature_at_rest():
    """Hessian at rest along each axis of a softmax head over L tokens: negative, most along the first axis."""
    moved = lamda * dot(mu, token) * spread * mu
    yield given("what the second order in μ adds to the risk", E(-2 * dot(token - average, moved)))
    yield by(expectation)
    yield by(hessian, wrt=mu, direction=h)
    yield by(paired, "along the direction", vector=h)
    yield by(on_eigenvectors, of=Sigma, vectors={h: {alpha: S.One}})
    yield so("in factors", -4 * lamda * (1 - 1 / L) * alpha * (alpha + tr(Sigma) / L))
