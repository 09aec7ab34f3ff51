r"""Stochastic gradient descent fluctuates around the first axis, most where the gap to another eigenvalue is small.

The head of `infinite_prompt` is trained with steps η on one token at a time. At its minimiser μ* = u₁/√(λσ₁) the
gradient of one token still fluctuates, across the axis alone: along u_β by 4λβ³, where the risk is curved by
2λβ(σ₁ − β). A step of the head itself adds η²(4λβ³ − 4λβ(σ₁ − β)v) to the square ηv of its coordinate along u_β, up to
higher orders in η, so that for small steps the angle θ between head and axis keeps

    E sin²θ = ηλσ₁ Σ_{β < σ₁} β²/(σ₁ − β),

and B times less with gradients averaged over B tokens. The variance next to the first one is what costs angle: its
share diverges as the gap closes. The excess risk ηλ Σ β³ does not see gaps.

Source: derived here; the stationary law of constant-step descent near a minimum is that of Mandt, Hoffman & Blei
(Journal of Machine Learning Research 18 (2017) 134)
"""

from sympy import S, oo, sqrt

from derivations.pca.infinite_prompt import Sigma, d, lamda, mu, square, token
from derivations.pca.principal_axes import alpha, beta, eta, first, second, transverse_curvature
from workbench import E, by, claim, dot, given, positive, so, vector
from workbench.calculus.rules import (
    crossing,
    expand_large,
    expectation,
    gradient,
    minus,
    on_eigenvectors,
    over,
    substitute,
)

h, y = vector("h", d), vector("y", d)
s, spread, steps, third = positive("s"), positive("spread"), positive("steps"), positive("third")
t = positive("t")
ordered = second < first, third < first
apart = second < 0.6 * first, third < 0.6 * first, second > 0.25 * first, third > 0.25 * first  # soon stationary


slope = gradient.compute(square(y - lamda * dot(mu, y) * Sigma * mu), wrt=mu).xreplace({y: token})


def balance():
    """Spread along another axis that a step neither adds to nor takes from, per step size, line by line.

    Where noise and curvature balance, the coordinate along the axis is of the size of the root of the step.
    """
    after, on_axes = dot(h, mu - eta * slope), {mu: {first: s, second: t}, h: {second: S.One}}
    yield given("what a step on one token adds to the squared coordinate along h", E(after**2) - dot(h, mu) ** 2)
    yield by(expectation)
    yield by(on_eigenvectors, "near the first axis, and across", of=Sigma, vectors=on_axes)
    yield by(substitute, "where the head rests", letters={s: 1 / sqrt(lamda * first), t: sqrt(spread * eta)})
    yield by(over, "per squared step", what=eta**2)
    yield by(substitute, "small steps", letters={eta: 1 / steps})
    yield by(expand_large, large={steps: oo}, order=0)
    yield by(crossing, "gain equals loss", parameter=spread)


@claim(
    "expectation",
    "Var ∂_β",
    rivals={
        "as large as the curvature": 2 * lamda * second * (first - second),
        "both variances alike": 4 * lamda * first * second**2,
        "half the gradient": lamda * second**3,
        "variance of a squared Gaussian": 8 * lamda * second**3,
    },
)
def noise():
    """Variance of one token's gradient at the trained head, along another axis."""
    yield given("squared slope of one token's error along h", E(dot(h, slope) ** 2))
    yield by(expectation)
    yield by(on_eigenvectors, "on the first axis, and across", of=Sigma, vectors={mu: {first: s}, h: {second: S.One}})
    yield by(substitute, "where the head rests", letters={s: 1 / sqrt(lamda * first)})


def share(other):
    """How much of E sin²θ an axis adds, per step size."""
    return lamda * first * other**2 / (first - other)


@claim(
    "rate",
    "lim E sin²θ/η",
    rivals={
        "the nearest axis alone": share(second) + 0 * third,
        "half of it": (share(second) + share(third)) / 2,
        "inverse gaps alone": lamda * first**2 * (second / (first - second) + third / (first - third)),
        "squared gaps": lamda * first**2 * (second**2 / (first - second) ** 2 + third**2 / (first - third) ** 2),
        "length of the head forgotten": (share(second) + share(third)) / (lamda * first),
    },
    hypotheses=ordered,
    regime=apart,
)
def misalignment():
    """Stationary squared sine between the head and the first axis, per step size, where tokens have three axes."""
    yield from balance()
    yield by(over, "over the squared length of the head", what=1 / (lamda * first))
    yield by(minus, "and the third axis as the second", what=-share(third))


@claim(
    "rate",
    "lim (E R − R*)/η",
    rivals={
        "half of it": lamda * (second**3 + third**3) / 2,
        "diverging with the gaps": lamda * first * (second**3 / (first - second) + third**3 / (first - third)),
        "the first axis as well": lamda * (first**3 + second**3 + third**3),
        "curvature not halved": 2 * lamda * (second**3 + third**3),
    },
    hypotheses=ordered,
    regime=apart,
)
def excess():
    """Stationary excess risk per step size: it does not depend on the gaps between the eigenvalues."""
    curved = transverse_curvature.formula.xreplace({alpha: first, beta: second})
    yield from balance()
    yield by(over, "times half the curvature", what=2 / curved)
    yield by(minus, "and the third axis as the second", what=-lamda * third**3)
    yield so("the gaps have cancelled", lamda * (second**3 + third**3))
