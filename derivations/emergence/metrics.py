r"""A task of more tokens is solved later, and not more suddenly.

Let a model of size N have the cross-entropy (N/c)^{−a} per token, so that a token is right with probability
exp(−(N/c)^{−a}). A task of L tokens that counts only when all of them are right is solved, at x = ln(N/c), with
probability

    A_L(x) = exp(−L e^{−ax}) = A_1(x − ln L/a).

Length moves the curve along the logarithm of the size and leaves its shape alone: half of the tasks are solved at a
size ∝ L^{1/a}, but the steepest slope per unit of ln N is a/e, and the factor in size between two levels q < r is
(ln q/ln r)^{1/a}, both for all L. What looks sharp is the linear axis, or a test too small to see the foot of the
curve.

Source: the model is that of Schaeffer, Miranda & Koyejo (arXiv 2304.15004, section 2); the statements are derived here
"""

from sympy import E as e
from sympy import exp, log, sqrt

from workbench import by, claim, count, given, positive, probability, recall, scalar, so
from workbench.calculus.rules import crossing, gradient, minus, substitute

L, a, x = count("L"), positive("a"), scalar("x")
q, r = probability("q"), probability("r")

surprise = exp(-a * x)  # cross-entropy per token
solved = exp(-L * surprise)
seen = a * x > -1  # sizes at which a test of some thousand items sees the metric at all
steady = 2 * a > 1  # scaling laws that are not too slow to be followed


@claim(
    "identity",
    "A_L(x + ln L/a)",
    rivals={
        "sharper by the length": exp(-exp(-a * L * x)),
        "lower by the length": exp(-L * surprise),
        "moved twice": exp(-surprise / L),
        "moved by the length itself": exp(-L * exp(-a * x - L)),
    },
    regime=(seen,),
)
def translation():
    """A task of L tokens is solved like one of a single token by a model smaller by the factor L^{1/a}."""
    yield given("all of L tokens right", exp(-surprise) ** L)
    yield by(substitute, "at a size that is larger by L^{1/a}", letters={x: x + log(L) / a})
    yield so("the length has cancelled", exp(-surprise))


@claim(
    "critical scale",
    "x_q",
    rivals={
        "length forgotten": -log(log(1 / q)) / a,
        "in proportion to the length": log(L) - log(log(1 / q)) / a,
        "mistakes added up": log(L / (1 - q)) / a,
        "the other share": log(L / log(1 / (1 - q))) / a,
    },
    regime=(steady,),
)
def critical_size():
    """Logarithm of the size at which a share q of the tasks is solved (a level)."""
    yield given("all of L tokens right, more often than q", solved - q)
    yield by(crossing, parameter=x)
    yield so("collected", log(L / log(1 / q)) / a)


@claim(
    "gradient",
    "∂A_L/∂ln N",
    rivals={
        "one token": a * exp(-a * x) * exp(-surprise),
        "length in front alone": a * L * surprise * exp(-surprise),
        "length in the exponent alone": a * surprise * solved,
        "per size": a * L * surprise * solved * exp(-x),
    },
)
def slope():
    """Derivative of the metric in the logarithm of the size."""
    yield given("all of L tokens right", solved)
    yield by(gradient, wrt=x)
    yield so("the remaining loss, times the probability of a right answer", a * L * surprise * solved)


@claim(
    "critical scale",
    "x*",
    rivals={
        "where half is solved": log(L / log(2)) / a,
        "wherever the length": 0 * a * L,
        "in proportion to the length": log(L),
    },
)
def inflection():
    """Logarithm of the size at which the metric rises fastest (a level of a smooth curve)."""
    yield recall(slope)
    yield by(gradient, wrt=x)
    yield by(crossing, parameter=x)


@claim(
    "inequality",
    "sup ∂A_L/∂ln N",
    rivals={
        "sharper with every token": a * L / e,
        "sharper with the root of the length": a * sqrt(L) / e,
        "sharper with its logarithm": a * (1 + log(L)) / e,
        "blunter with every token": a / (e * L),
        "logistic": a / 4,
    },
)
def sharpness():
    """Largest slope of the metric in ln N: at most a/e, for any number of tokens."""
    yield recall(slope)
    yield by(substitute, "where it is largest", letters={x: inflection.formula})
    yield so("the length has cancelled", a / e)


@claim(
    "rate",
    "x_r − x_q",
    rivals={
        "narrower with every token": log(log(q) / log(r)) / (a * L),
        "narrower with the root of the length": log(log(q) / log(r)) / (a * sqrt(L)),
        "logistic": log(r * (1 - q) / (q * (1 - r))) / a,
        "exponent forgotten": log(log(q) / log(r)) + 0 * a,
    },
    hypotheses=(q < r,),
)
def width():
    """Logarithm of the factor in size between a metric of q and one of r."""
    yield recall(critical_size)
    yield by(substitute, "at the upper level", letters={q: r})
    yield by(minus, "less the lower one", what=critical_size.formula)
    yield so("the length has cancelled", log(log(q) / log(r)) / a)
