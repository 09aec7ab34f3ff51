r"""A head with merged keys and queries learns regression in context all at once, after one wait.

The layer of `one_layer` as it is trained: ŷ = v βᵀU x with a number v and a matrix U of its own, isotropic tasks
(C = I). Gradient flow at rate ½ leaves the start at the rate ‖Λ²‖_F, whatever d and N. On white inputs
(Λ = I) and from v = ‖U‖ = w the predictor stays a multiple of the identity, vU = σ_t I, and

    σ̇ = 2√d σ (1 − cσ),    c = 1 + (1 + d + σ²)/N,    σ_t = e^{2√d t} / (c(e^{2√d t} − 1) + √d/w²):

it rests at 0, which it leaves at the rate 2√d, and at 1/c, which it approaches at the same rate.

Source: Zhang, Singh, Latham & Saxe, Training dynamics of in-context learning in linear attention (ICML
2025), Eq. 9–11, here with label noise; the escape rate is derived here
"""

from sympy import ImmutableMatrix, S, exp, sqrt

from derivations.in_context.one_layer import C, I, Lambda, N, U, d, risk, sigma
from workbench import by, claim, given, positive, recall, scalar, so, tr
from workbench.calculus.rules import fixed_points, flow, gradient, over, partials, spectrum, substitute

v, a, g = scalar("v"), scalar("a"), scalar("g")  # g: the predictor is g times the identity
time, w = positive("time"), positive("w")

trace = tr(Lambda) + sigma**2
moment = Lambda**2 + (Lambda + trace * I) * Lambda / N
c = 1 + (1 + d + sigma**2) / N


@claim(
    "gradient",
    "∇_U L",
    rivals={
        "chain rule forgotten": 2 * (v * moment * U * Lambda - Lambda**2),
        "finite prompt forgotten": 2 * v * (v * Lambda**2 * U * Lambda - Lambda**2),
        "from the wrong side": 2 * v * (v * Lambda * U * moment - Lambda**2),
    },
)
def weights_gradient():
    """Gradient of the risk in the merged keys and queries."""
    yield recall(risk)
    yield by(substitute, "isotropic tasks, the value apart", letters={C: I, U: v * U})
    yield by(gradient, wrt=U)


@claim(
    "gradient",
    "∂L/∂v",
    rivals={
        "chain rule forgotten": 2 * v * tr(moment * U * Lambda) - 2 * tr(Lambda**2),
        "finite prompt forgotten": 2 * v * tr(U.T * Lambda**2 * U * Lambda) - 2 * tr(U.T * Lambda**2),
        "factor 2 forgotten": v * tr(U.T * moment * U * Lambda) - tr(U.T * Lambda**2),
    },
)
def value_gradient():
    """Gradient of the risk in the value."""
    yield recall(risk)
    yield by(substitute, "isotropic tasks, the value apart", letters={C: I, U: v * U})
    yield by(gradient, wrt=v)


def both_ways(rate):
    """Rates of leaving and of returning."""
    return ImmutableMatrix([-rate, rate])


@claim(
    "spectrum",
    "rates at rest",
    rivals={
        "white inputs": both_ways(sqrt(d)),
        "covariance in place of its square": both_ways(sqrt(tr(Lambda**2))),
        "squared": both_ways(tr(Lambda**4)),
        "a time for a rate": both_ways(1 / sqrt(tr(Lambda**4))),
    },
)
def escape_rates():
    """Eigenvalues at zero weights: growth along U ∝ Λ², decay on the opposite side, zero in other directions."""
    yield recall(risk)
    leaving = a * Lambda**2 / sqrt(tr(Lambda**4))
    yield by(substitute, "along the square of the covariance", letters={C: I, U: v * leaving})
    yield by(over, "along the negative gradient, at rate one half", what=S(-2))
    yield by(partials, wrt=(v, a))
    yield by(spectrum, unknowns=(v, a), at={v: S.Zero, a: S.Zero})


@claim(
    "flow",
    "σ̇",
    rivals={
        "finite prompt forgotten": 2 * sqrt(d) * g * (1 - g),
        "d for d + 1": 2 * sqrt(d) * g * (1 - (1 + (d + sigma**2) / N) * g),
        "d + 2 for d + 1": 2 * sqrt(d) * g * (1 - (c + 1 / N) * g),
        "trace term forgotten": 2 * sqrt(d) * g * (1 - (1 + 1 / N) * g),
        "rate √d": sqrt(d) * g * (1 - c * g),
        "rate 2d": 2 * d * g * (1 - c * g),
        "rate 2": 2 * g * (1 - c * g),
    },
    hypotheses=(g > 0,),
)
def growth():
    """Growth rate of the predictor vU = gI of a balanced head on white inputs."""
    moved = -(value_gradient.formula * tr(U) + v * tr(weights_gradient.formula)) / (2 * d)
    root = sqrt(g * sqrt(d))  # = v = ‖U‖
    yield recall(value_gradient)
    yield recall(weights_gradient)
    yield given("tr(vU)/d moves with both, at rate one half", moved)
    yield by(substitute, "white inputs", letters={Lambda: I})
    yield by(substitute, "a balanced head", letters={U: root / sqrt(d) * I, v: root})
    yield so("collected", 2 * sqrt(d) * g * (1 - c * g))


@claim(
    "fixed point",
    "{σ : σ̇ = 0}",
    rivals={
        "finite prompt forgotten": ImmutableMatrix([[1, 0]]),
        "d for d + 1": ImmutableMatrix([[1 / (1 + (d + sigma**2) / N), 0]]),
        "d + 2 for d + 1": ImmutableMatrix([[1 / (c + 1 / N), 0]]),
        "trace term forgotten": ImmutableMatrix([[1 / (1 + 1 / N), 0]]),
        "that of the weights": ImmutableMatrix([[sqrt(d) / c, 0]]),
    },
)
def resting_points():
    """Stationary points of a balanced head: nothing learned, and everything learned."""
    yield recall(growth)
    yield by(over, "in units of its rate", what=2 * sqrt(d))
    yield by(fixed_points, unknowns=(g,))
    yield so("simplified", ImmutableMatrix([[1 / c, 0]]))


@claim(
    "spectrum",
    "dσ̇/dσ at 1/c",
    rivals={
        "slower by the finite prompt": -2 * sqrt(d) / c,
        "unstable": 2 * sqrt(d),
        "rate √d": -sqrt(d),
        "rate 2": S(-2),
    },
)
def return_rate():
    """Rate of approach of the minimum: equal to the escape rate from zero, for every prompt length."""
    yield recall(growth)
    yield by(gradient, wrt=g)
    yield by(substitute, "where the layer rests", letters={g: 1 / c})
    yield so("collected", -2 * sqrt(d))


def course_with(c, rate):
    """A logistic curve with this ceiling and this rate."""
    return exp(rate * time) / (c * (exp(rate * time) - 1) + sqrt(d) / w**2)


@claim(
    "flow",
    "σ_t",
    rivals={
        "finite prompt forgotten": course_with(1, 2 * sqrt(d)),
        "d for d + 1": course_with(1 + (d + sigma**2) / N, 2 * sqrt(d)),
        "d + 2 for d + 1": course_with(c + 1 / N, 2 * sqrt(d)),
        "rate √d": course_with(c, sqrt(d)),
        "rate 2d": course_with(c, 2 * d),
    },
)
def course():
    """The logistic course of learning from a head with v = ‖U‖ = w, U ∝ I."""
    yield recall(growth)
    yield by(flow, unknown=g, time=time, initial=w**2 / sqrt(d))
    yield so("collected", course_with(c, 2 * sqrt(d)))
