r"""A task of more answers is solved later, and not more suddenly.

Words have Zipf's frequencies p k^{−σ}, σ = 1 + α, without end. A reader knows those that it has met; r is the rank of
the word that its text should hold once. What it does not know makes the share p Γ(α/σ)/σ r^{−α} of any text
(`budgets`). A task of L words on average (of Poisson length), pL = ℓ of them the commonest one, counts only when all
are known. In long tasks it is solved, by a reader with r = ρ ℓ^{1/α}, with the chance

    A(ρ) = exp(−c ρ^{−α}),    c = Γ(α/σ)/σ.

Length moves the curve along the logarithm of the size and leaves its shape alone: half of the tasks are solved at an
r ∝ L^{1/α}, but the steepest slope per unit of ln r is α/e, and the factor in r between two levels q < s is
(ln q/ln s)^{1/α}, both for all L. What looks sharp is the linear axis, or a test too small to see the foot of it.

Source: derived here; that metrics of whole answers look sharp: Schaeffer, Miranda & Koyejo (arXiv 2304.15004)
"""

from sympy import E as e
from sympy import Rational, S, exp, gamma, log

from derivations.emergence.budgets import alpha, sigma, unlearned
from workbench import by, claim, given, positive, probability, recall, scalar, so
from workbench.calculus.rules import crossing, gradient, minus, substitute

rho, x, missed = positive("rho"), scalar("x"), positive("missed")
q, s = probability("q"), probability("s")
c = gamma(alpha / sigma) / sigma
typical = (2 * alpha > 1, alpha < 2)


@claim(
    "rate",
    "lim A(ρ ℓ^{1/α})",
    rivals={
        "words up to the rank known, none beyond": exp(-(rho ** (-alpha)) / alpha),
        "Γ of the other exponent": exp(-gamma(1 / sigma) / sigma * rho ** (-alpha)),
        "mistakes added up": 1 - c * rho ** (-alpha),
        "size of the text": exp(-c * rho ** (-alpha / sigma)),
    },
    hypotheses=typical,
    regime=(rho > Rational(1, 2), rho < 4),
)
def solved():
    """Probability that a model knows all words of a long task."""
    yield given("none of Poisson many unknown ones", exp(-missed))
    yield by(substitute, "as many as the reader has not met", letters={missed: unlearned.formula / rho**alpha})


@claim(
    "critical scale",
    "lim ln r*/ℓ^{1/α}",
    rivals={
        "where half is solved": log(c / log(2)) / alpha,
        "at the word that is expected once": S.Zero * alpha,
        "words up to the rank known, none beyond": -log(alpha) / alpha,
        "size of the text": sigma * log(c) / alpha,
    },
    hypotheses=typical,
)
def inflection():
    """Logarithm of the rank r at which the metric rises fastest, less ln ℓ/α (a level of a smooth curve)."""
    yield recall(solved)
    yield by(substitute, "in logarithms", letters={rho: exp(x)})
    yield by(gradient, wrt=x)
    yield by(gradient, wrt=x)
    yield by(crossing, parameter=x)


@claim(
    "rate",
    "lim sup ∂A/∂ln r",
    rivals={
        "logistic": alpha / 4,
        "per size of the text": alpha / (sigma * e),
        "whatever the language": 1 / e + 0 * alpha,
        "with the constant of the language": c * alpha / e,
    },
    hypotheses=typical,
)
def sharpness():
    """Largest slope of the metric in ln r: the same for tasks of any number of words."""
    yield recall(solved)
    yield by(substitute, "in logarithms", letters={rho: exp(x)})
    yield by(gradient, wrt=x)
    yield by(substitute, "where it is largest", letters={x: inflection.formula})
    yield so("neither length nor the constant is left", alpha / e)


@claim(
    "rate",
    "lim ln r_s − ln r_q",
    rivals={
        "per size of the text": sigma * log(log(q) / log(s)) / alpha,
        "logistic": log(s * (1 - q) / (q * (1 - s))) / alpha,
        "exponent forgotten": log(log(q) / log(s)) + 0 * alpha,
    },
    hypotheses=(*typical, q < s),
    regime=(20 * q > 1, 4 * s < 3),
)
def width():
    """Logarithm of the factor in r between a metric of q and one of s, for any number of words."""
    yield recall(solved)
    yield by(substitute, "in logarithms", letters={rho: exp(x)})
    yield by(minus, "against the upper level", what=s)
    yield by(crossing, parameter=x, value=log(c / log(1 / s)) / alpha)
    yield by(minus, "less where the lower one is", what=log(c / log(1 / q)) / alpha)
    yield so("neither length nor the constant is left", log(log(q) / log(s)) / alpha)
