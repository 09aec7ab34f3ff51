r"""A text whose words follow Zipf's law always has new ones: their number is a power of its length.

The word of rank k has frequency k^−σ/ζ(σ), σ = 1 + α > 1, and a text of Poisson length D holds it a Poisson
number of times, D k^−σ/ζ(σ) on average. Let r = (D/ζ(σ))^{1/σ} be the rank of the word that is expected once. The
text holds

    V = Γ(1 − 1/σ) r − ½

different words on average (Heaps' law, with an error smaller than any power of 1/r), of which the share 1/σ
occurs once only. The chance that the next word is new, which is the loss of a learner that knows what it has
met, falls like D^{−α/(1+α)}.

Source: Karlin 1967 and Debowski (arXiv 2512.13491) for the exponents; Hutter (arXiv 2102.04074) for the loss;
prefactor and the −½ are derived here
"""

from sympy import S, Sum, exp, gamma, oo

from workbench import by, claim, count, given, large, positive, recall, so
from workbench.calculus.rules import crossing, expand_large, gradient, minus, over, over_ranks, substitute

k = count("k")
alpha, D = positive("alpha"), positive("D")
r, words = large("r"), large("words")
sigma = 1 + alpha
expected = r**sigma / k**sigma  # how often the word of rank k is expected
prefactor = gamma(1 - 1 / sigma)


@claim(
    "expectation",
    "V",
    rivals={
        "half a word too many": prefactor * r,
        "words expected once and up": r + 0 * alpha,
        "Heaps' exponent 1/α": prefactor * r ** (sigma / alpha) - S.Half,
        "Heaps' exponent α/(1 + α)": prefactor * r**alpha - S.Half,
        "exponent of the tail": gamma(1 - 1 / sigma) * r ** (1 / sigma),
        "Γ of the exponent": gamma(1 / sigma) * r - S.Half,
    },
)
def vocabulary():
    """Expected number of different words of a text."""
    yield given("those that do not occur zero times", Sum(1 - exp(-expected), (k, 1, oo)))
    yield by(over_ranks, large=r)


@claim(
    "expectation",
    "V₁",
    rivals={
        "half a word counted": prefactor * r / sigma - S.Half,
        "half of all words": prefactor * r / 2,
        "share α/(1 + α)": prefactor * r * alpha / sigma,
    },
)
def once():
    """Expected number of words that occur exactly once in a text."""
    yield given("Poisson numbers that are one", Sum(expected * exp(-expected), (k, 1, oo)))
    yield by(over_ranks, large=r)


@claim(
    "rate",
    "V₁/V",
    rivals={
        "half of all words": S.Half + 0 * alpha,
        "the other exponent": alpha / sigma,
        "Zipf's exponent itself": 1 / alpha,
    },
)
def share_of_once():
    """Share of its different words that a long text holds once only: also the exponent of Heaps' law."""
    yield recall(once)
    yield by(over, "of all different words", what=vocabulary.formula)
    yield by(expand_large, "in a long text", large={r: oo}, order=0)


@claim(
    "critical scale",
    "r(V)",
    rivals={
        "half a word too many": words / prefactor,
        "half a word too few": (words - S.Half) / prefactor,
        "words expected once and up": words + 0 * alpha,
    },
)
def needed():
    """Length of a text, by the rank expected once, at which it has so many different words (a level)."""
    yield recall(vocabulary)
    yield by(minus, "compared with the words it should have", what=words)
    yield by(crossing, parameter=r)


@claim(
    "gradient",
    "∂V/∂ln D",
    rivals={
        "as if the rank grew like the length": prefactor * r,
        "Zipf's exponent itself": prefactor * r / alpha,
        "the other exponent": prefactor * r * alpha / sigma,
        "half a word counted": (prefactor * r - S.Half) / sigma,
    },
)
def novelty():
    """Derivative of the vocabulary in the logarithm of the length: the number of words that occur once."""
    yield recall(vocabulary)
    yield by(substitute, "r = D^{1/σ} in units of the commonest word", letters={r: D ** (1 / sigma)})
    yield by(gradient, wrt=D)
    yield by(over, "per relative change of the length", what=1 / D)
    yield by(substitute, "in terms of the rank again", letters={D: r**sigma})
    yield so("collected", prefactor * r / sigma)


@claim(
    "rate",
    "−∂ln L/∂ln D",
    rivals={
        "Heaps' exponent": 1 / sigma,
        "Zipf's exponent itself": alpha,
        "Heaps' exponent taken for 1/α": 1 - 1 / alpha,
        "as with finitely many words": S.One + 0 * alpha,
    },
)
def scaling_law():
    """Exponent of the loss in the length of the text, for a model that knows every word it has met."""
    yield recall(novelty)
    yield by(substitute, "with the length as the letter", letters={r: D ** (1 / sigma)})
    loss = novelty.formula.xreplace({r: D ** (1 / sigma)}) / D
    yield by(over, "the chance that the next word is new", what=D)
    yield by(gradient, wrt=D)
    yield by(over, "per relative change of both", what=-loss / D)
    yield so("which is", alpha / sigma)
