r"""How many nouns compete for the answer: the law of the sentences of a language of control verbs.

A noun phrase is a noun, NP → N, with probability 1 − p, or it embeds, NP → NP of NP, with probability p. A sentence has
two phrases, so that g embeddings leave g + 2 nouns: two heads and g genitives. With y = (1 − √(1 − 4p(1−p)z))/2,

    E z^g = ((1 − p)/(1 − y))²,    P(g) = C_{g+1} p^g (1 − p)^{g+2},    C_n the Catalan numbers.

The mean number of genitives 2p/(1 − 2p) *diverges* at p = ½, and with it the length over which P(g) falls,
P(g + 1)/P(g) → 4p(1 − p). A reader who knows the nouns of a sentence and nothing else is right with the probability

    E 1/(g + 2) = (p + p² + ln(1 − p))/p²:

the ceiling below which every model stays that does not know the verb.

Source: Harris 1963 for branching processes; the cycle lemma of Dvoretzky & Motzkin 1947; the ceiling derived here
"""

from sympy import S, gamma, log, sqrt

from workbench import assumed, by, claim, count, given, positive, probability, scalar, size, so
from workbench.calculus.rules import (
    expand_large,
    fixed_points,
    minus,
    over,
    passage_time,
    solved_by,
    substitute,
)

p, q, z, c = (probability(name) for name in "pqzc")
g, m, x, y = size("g"), count("m"), scalar("x"), positive("y")
ending = 2 * p < 1
short = (16 * p < 7,)  # sentences that are not too long to be summed up

root = sqrt(1 - 4 * p * (1 - p) * z)
phrases = 2 / (1 - 2 * p)


def chance(g, p):
    """Of g genitives."""
    return gamma(2 * g + 3) / (gamma(g + 2) * gamma(g + 3)) * p**g * (1 - p) ** (g + 2)


@claim(
    "identity",
    "E z^g",
    rivals={
        "one phrase": (1 - root) / (2 * p * z),
        "splits at random, without a tree": ((1 - p) / (1 - p * z)) ** 2,
        "nouns counted, not genitives": ((1 - root) / (2 * p)) ** 2,
    },
    hypotheses=(ending,),
)
def generating_function():
    """Generating function of the number of genitives of a sentence."""
    yield given("a phrase is a noun, or two phrases and a genitive more", 1 - p + p * z * x**2 - x)
    yield by(solved_by, "of two solutions the one that is 1 − p at z = 0", wrt=x, value=(1 - root) / (2 * p * z))
    yield so("one phrase", (1 - root) / (2 * p * z))
    yield by(over, "and another one", what=2 * p * z / (1 - root))
    yield so("their product", ((1 - root) / (2 * p * z)) ** 2)


@claim(
    "expectation",
    "P(g)",
    rivals={
        "one phrase": gamma(2 * g + 1) / (gamma(g + 1) * gamma(g + 2)) * p**g * (1 - p) ** (g + 1),
        "without trees": (g + 1) * p**g * (1 - p) ** 2,
        "one noun short": chance(g, p) / (1 - p),
        "every order of rules": (g + 1) * chance(g, p),
    },
    hypotheses=(ending,),
    regime=(8 * p > 1,),  # such sentences are met
)
def genitives():
    """Probability of a sentence with g genitives."""
    yield assumed(
        "of the orders of g embeddings and g + 2 nouns a share of 2/(2g + 2) ends with the last rule and not before",
        2 / (2 * g + 2) * gamma(2 * g + 3) / (gamma(g + 1) * gamma(g + 3)) * p**g * (1 - p) ** (g + 2),
        reference="cycle lemma: Dvoretzky & Motzkin, Duke Math. J. 14 (1947) 305; Dwass, J. Appl. Prob. 6 (1969)",
    )
    yield so("Catalan's number of trees", chance(g, p))


@claim(
    "rate",
    "P(g + 1)/P(g)",
    rivals={
        "without trees": p,
        "embeddings over nouns": p / (1 - p),
        "critical": 4 * p**2,
        "half": 2 * p * (1 - p),
    },
    hypotheses=(ending,),
)
def decay():
    """Factor of the probability per further genitive in long sentences: one at the critical rate."""
    yield given("P(g + 1)/P(g), by `genitives`", 2 * (2 * g + 3) / (g + 3) * p * (1 - p))
    yield by(expand_large, "long sentences", large={g: S.Infinity}, order=0)
    yield so("which is", 4 * p * (1 - p))


@claim(
    "expectation",
    "E g",
    rivals={
        "one phrase": p / (1 - 2 * p),
        "nouns": 2 / (1 - 2 * p) - 2 * p / (1 - 2 * p),
        "without trees": 2 * p / (1 - p),
    },
    hypotheses=(ending,),
    regime=short,
)
def mean_genitives():
    """Mean number of genitives of a sentence."""
    yield given("a phrase has none, or one and those of two phrases", p * (1 + 2 * x) - x)
    yield by(fixed_points, unknowns=[x], hypotheses=[ending])
    yield so("one phrase", p / (1 - 2 * p))
    yield by(over, "and there are two", what=S.Half)
    yield so("infinite at p = 1/2", 2 * p / (1 - 2 * p))


@claim(
    "expectation",
    "Var g",
    rivals={
        "one phrase": p * (1 - p) / (1 - 2 * p) ** 3,
        "of a sum": 2 * p * (1 - p),
        "Poisson": 2 * p / (1 - 2 * p),
        "square": 2 * p * (1 - p) / (1 - 2 * p) ** 2,
    },
    hypotheses=(ending,),
    regime=short,
)
def scatter_of_genitives():
    """Variance of the number of genitives of a sentence: it diverges at p = 1/2 as (1 − 2p)⁻³ (a divergence)."""
    one = p / (1 - 2 * p)
    yield given("the mean square of one more than two phrases have", p * (1 + 4 * one + 2 * x + 2 * one**2) - x)
    yield by(fixed_points, unknowns=[x], hypotheses=[ending])
    yield so("one phrase", p * (1 + 4 * one + 2 * one**2) / (1 - 2 * p))
    yield by(minus, "less the squared mean", what=one**2)
    yield by(over, "and there are two", what=S.Half)
    yield so("which is", 2 * p * (1 - p) / (1 - 2 * p) ** 3)


@claim(
    "expectation",
    "E 1/(g + 2)",
    rivals={
        "mean number of nouns": 1 / (2 + 2 * p / (1 - 2 * p)),
        "one noun too many": 1 - (p + p**2 + log(1 - p)) / p**2,
        "to second order": S.Half - p / 3,
        "without trees": (1 - p) ** 2 * (log(1 - p) / p**2 + 1 / (p * (1 - p))),
    },
    hypotheses=(ending,),
    regime=short,
)
def ceiling():
    """Accuracy of a model that knows the nouns of a sentence and guesses among them."""
    yield given("one over z E z^g dz/dy, along z = y(1 − y)/(p(1 − p))", p**2 * (1 - y) / (y * (1 - 2 * y)))
    yield by(passage_time, "its integral is E 1/(g + 2)", unknown=y, initial=S.Zero)
    yield by(substitute, "at z = 1", letters={y: p})
    yield so("which is", (p + p**2 + log(1 - p)) / p**2)
