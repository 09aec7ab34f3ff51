r"""Several heads find a principal subspace: together they are an autoencoder with several units.

Heads with the vectors μ_1 … μ_r, the columns of U, add what they return, each as in `infinite_prompt`: over an endless
prompt T(x) = λΣUUᵀx. The risk of returning x,

    R(U) = tr Σ − 2λ tr UᵀΣ²U + λ² tr(UᵀΣ²U UᵀΣU),

sees UUᵀ alone: heads are found up to a rotation among themselves. On two axes they leave tr Σ − α − γ. There a
rotation costs nothing, shear is curved by 2λ(α + γ)², and an axis β outside pulls head α with curvature 2λβ(α − β): a
pair of axes is a strict saddle unless it is the first. Two heads on one axis are a strict saddle as well, and
they part with curvature −4λβ². Descent keeps to the first axes up to the step 1/(4λσ₁²), as with one head.

Source: derived here, from one head in Maulen-Soto & Boyer (arXiv 2605.18315)
"""

from sympy import ImmutableMatrix, S, sqrt

from derivations.pca.infinite_prompt import Sigma, d, lamda, mu, square, token
from derivations.pca.principal_axes import eta, first, second
from workbench import E, by, claim, given, matrix, orthogonal, positive, recall, scalar, size, so, tr, vector
from workbench.calculus.rules import (
    crossing,
    expectation,
    gradient,
    minus,
    on_eigenvectors,
    partials,
    spectrum,
    substitute,
)

r, third = size("r"), positive("third")
U, Q = matrix("U", d, r), orthogonal("Q", r)
nu, h, k = vector("nu", d), vector("h", d), vector("k", d)
s, t, x, y = positive("s"), positive("t"), scalar("x"), scalar("y")

values, pairs = U.T * Sigma * U, U.T * Sigma**2 * U
resting = {s: 1 / sqrt(lamda * first), t: 1 / sqrt(lamda * second)}
origin = {x: S.Zero, y: S.Zero}


def off_axes(**moves):
    """The risk of two heads moved off their axes by x and y, line by line."""
    heads = (mu + h) * (mu + h).T + (nu + k) * (nu + k).T
    yield given("squared distance, two heads moved by h and k", E(square(token - lamda * Sigma * heads * token)))
    yield by(expectation)
    yield by(on_eigenvectors, "on their axes", of=Sigma, vectors=moves["vectors"])
    yield by(partials, "how it changes with the moves", wrt=(x, y))
    yield by(substitute, "where they rest", letters=moves["letters"])


@claim(
    "expectation",
    "R(U)",
    rivals={
        "cross term counted once": tr(Sigma) - lamda * tr(pairs) + lamda**2 * tr(pairs * values),
        "heads that meet in their traces": tr(Sigma) - 2 * lamda * tr(pairs) + lamda**2 * tr(pairs) * tr(values),
        "covariance forgotten": tr(Sigma) - 2 * lamda * tr(values) + lamda**2 * tr(values * values),
    },
)
def risk():
    """Mean squared distance of a token from what several heads return for it."""
    yield given("squared distance", E(square(token - lamda * Sigma * U * U.T * token)))
    yield by(expectation)


@claim(
    "gradient",
    "∇R(U)",
    rivals={
        "product rule forgotten": -4 * lamda * Sigma**2 * U + 4 * lamda**2 * Sigma**2 * U * values,
        "factor 2 forgotten": -2 * lamda * Sigma**2 * U + lamda**2 * (Sigma**2 * U * values + Sigma * U * pairs),
        "heads that do not meet": -4 * lamda * Sigma**2 * U
        + 2 * lamda**2 * (tr(values) * Sigma**2 * U + tr(pairs) * Sigma * U),
    },
)
def risk_gradient():
    """Gradient of the risk in the vectors of the heads."""
    yield recall(risk)
    yield by(gradient, wrt=U)
    yield so("collected", -4 * lamda * Sigma**2 * U + 2 * lamda**2 * (Sigma**2 * U * values + Sigma * U * pairs))


@claim(
    "identity",
    "R(UQ)",
    rivals={
        "heads that keep apart": tr(Sigma) - 2 * lamda * tr(Q * pairs) + lamda**2 * tr(pairs * values),
        "rotated covariance": tr(Sigma) - 2 * lamda * tr(pairs) + lamda**2 * tr(pairs * Q * values * Q),
    },
)
def rotation():
    """Heads rotated among themselves have the same risk: training finds their subspace and not the heads."""
    yield recall(risk)
    yield by(substitute, "heads mixed by an orthogonal matrix", letters={U: U * Q})
    yield so("the rotation has cancelled", risk.formula)


@claim(
    "expectation",
    "tr Σ − R",
    rivals={
        "the first alone": first + 0 * second,
        "twice the variance": 2 * (first + second),
        "root of the sum of squares": sqrt(first**2 + second**2),
        "shared between the heads": (first + second) / 2,
    },
)
def explained():
    """Variance explained by two heads at rest on two axes: the sum of both."""
    yield given("squared distance, two heads", E(square(token - lamda * Sigma * (mu * mu.T + nu * nu.T) * token)))
    yield by(expectation)
    yield by(on_eigenvectors, "on their axes", of=Sigma, vectors={mu: {first: s}, nu: {second: t}})
    yield by(substitute, "where they rest", letters=resting)
    yield by(minus, "compared with returning nothing", what=tr(Sigma))
    yield by(substitute, "as a gain", letters={first: -first, second: -second})


@claim(
    "spectrum",
    "spec ∇²R in the plane of two axes",
    rivals={
        "no rotation is free": ImmutableMatrix([2 * lamda * (first - second) ** 2, 2 * lamda * (first + second) ** 2]),
        "sum of squares": ImmutableMatrix([0, 2 * lamda * (first**2 + second**2)]),
        "each head alone": ImmutableMatrix(
            [2 * lamda * second * (first - second), 2 * lamda * first * (second - first)]
        ),
    },
)
def shear():
    """Hessian where each of two heads turns to the other's axis: a rotation is free, and shear is not."""
    yield from off_axes(vectors={mu: {first: s}, nu: {second: t}, h: {second: x}, k: {first: y}}, letters=resting)
    yield by(spectrum, unknowns=(x, y), at=origin)
    yield so("a square", ImmutableMatrix([0, 2 * lamda * (first + second) ** 2]))


def gaps(one, other):
    """The curvatures towards the third axis, if those two variances stand for the gaps."""
    return ImmutableMatrix([2 * lamda * third * one, 2 * lamda * third * other])


@claim(
    "spectrum",
    "spec ∇²R towards a third axis",
    rivals={
        "sign of the gap": gaps(third - first, third - second),
        "gap below both": gaps(first + second - third, first + second - third),
        "variance of the head's own axis": ImmutableMatrix(
            [2 * lamda * second * (second - third), 2 * lamda * first * (first - third)]
        ),
    },
    hypotheses=(second < first,),
)
def outward():
    """Hessian of two heads on their axes towards a third: negative for each head whose variance is smaller."""
    yield from off_axes(vectors={mu: {second: t}, nu: {first: s}, h: {third: x}, k: {third: y}}, letters=resting)
    yield by(spectrum, unknowns=(x, y), at=origin)
    yield so("gaps", gaps(second - third, first - third))


@claim(
    "spectrum",
    "spec ∇²R of two heads on one axis",
    rivals={
        "both held by the axis": ImmutableMatrix([2 * lamda * second * (first - second)] * 2),
        "heads that part at half the rate": ImmutableMatrix(
            [-2 * lamda * second**2, 2 * lamda * second * (first - second)]
        ),
        "heads that stay": ImmutableMatrix([4 * lamda * second**2, 2 * lamda * second * (first - second)]),
    },
)
def parting():
    """Hessian of two equal heads on one axis towards another: negative, so they separate."""
    halved = {s: 1 / sqrt(2 * lamda * first)}
    yield from off_axes(vectors={mu: {first: s}, nu: {first: s}, h: {second: x}, k: {second: y}}, letters=halved)
    yield by(spectrum, unknowns=(x, y), at=origin)
    yield so("apart and together", ImmutableMatrix([-4 * lamda * second**2, 2 * lamda * second * (first - second)]))


@claim(
    "critical scale",
    "η_c",
    rivals={
        "curvatures of the heads add": 1 / (4 * lamda * (first**2 + second**2)),
        "shear is the steepest": 1 / (lamda * (first + second) ** 2),
        "variances add": 1 / (4 * lamda * (first + second) ** 2),
    },
    hypotheses=(second < first,),
)
def critical_step():
    """Step above which descent leaves two heads on the first two axes (a transition): the same as for one head."""
    heads = (mu + h) * (mu + h).T + nu * nu.T
    yield given("squared distance, the first head moved by h", E(square(token - lamda * Sigma * heads * token)))
    yield by(expectation)
    yield by(on_eigenvectors, of=Sigma, vectors={mu: {first: s}, nu: {second: t}, h: {first: x}})
    yield by(gradient, wrt=x)
    yield by(gradient, "curvature along its axis, the largest of all", wrt=x)
    yield by(substitute, "where they rest", letters={**resting, **origin})
    yield by(minus, "against 2/η, the largest curvature at which a step η is stable", what=2 / eta)
    yield by(crossing, parameter=eta)
