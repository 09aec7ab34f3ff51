r"""One time scale for all verbs: what is learned of a verb depends on how often it occurred.

Copying is known already, though weakly (strength m → 0), and a verb of frequency p looks at the two heads of a sentence
without genitives, at one of them y times as much as at the other. Then

    ẏ = 2pm y²/(1 + y)²,    t(y) = (y − 1/y + 2 ln y)/(2pm),

whatever the vocabulary. At any strength of copying the frequency is in the clock alone, so that the verb of rank k in
Zipf's law, p k^{−(1+α)}, takes k^{1+α} times as long as the commonest one, and at time t the verb of rank

    n(t) = (2pm t/(y − 1/y + 2 ln y))^{1/(1+α)}

passes y (*levels*, all of them). Together they are faster: frequent verbs teach the copying that rare ones use
(`numerics/acquisition/reduced.py`).

Source: derived here; the exponent is that of Michaud, Liu, Girit & Tegmark (arXiv 2303.13506)
"""

from sympy import S, exp, log

from workbench import by, claim, count, given, positive, probability, recall, scalar, so
from workbench.calculus.rules import crossing, gradient, minus, over, passage_time, substitute

V, k, n = count("V"), count("k"), positive("n")
p, m, alpha, t = probability("p"), positive("m"), positive("alpha"), positive("t")
x, y = scalar("x"), positive("y")

ahead = (4 * y > 5,)
attention = 1 / (1 + exp(-x))
passed = y - 1 / y + 2 * log(y)


@claim(
    "gradient",
    "ẋ",
    rivals={
        "one score moves": p * m * attention * (1 - attention),
        "both heads read alike": p * m * attention,
        "as surprised as one who is sure": 2 * p * m * (1 - attention),
        "frequency forgotten": 2 * m * attention * (1 - attention) + 0 * p,
    },
)
def verb_speed():
    """Growth rate of the difference between a verb's scores for the right and the wrong noun, while copying is weak."""
    yield given("the loss, to first order in the strength of copying", p * (log(V) - m * (attention - 1 / V)))
    yield by(gradient, wrt=x)
    yield by(over, "along the negative gradient; one score rises and the other falls", what=-S.Half)
    yield so("the vocabulary has cancelled", 2 * p * m * attention * (1 - attention))


@claim(
    "flow",
    "t(y)",
    rivals={
        "logistic": log(y) / (2 * p * m),
        "one score moves": passed / (p * m),
        "without the slowing down": (y - 1 + log(y)) / (2 * p * m),
        "frequency forgotten": passed / (2 * m) + 0 * p,
    },
    hypotheses=ahead,
)
def verb_time():
    """Training time at which a verb attends y times as much to the right noun as to the other one."""
    yield recall(verb_speed)
    yield by(substitute, "in the odds y = e^x", letters={x: log(y)})
    yield by(over, "ẏ = yẋ", what=1 / y)
    yield by(passage_time, unknown=y, initial=S.One)
    yield so("which is", passed / (2 * p * m))


@claim(
    "rate",
    "t_k/t_1",
    rivals={
        "frequency of nouns": k + 0 * alpha,
        "Zipf's exponent less one": k**alpha,
        "root of the frequency": k ** ((1 + alpha) / 2),
        "by sign descent": S.One + 0 * alpha * k,
    },
    hypotheses=(k > 1, alpha < 2),
)
def one_clock():
    """Ratio of the learning times of the verb of rank k and of the most frequent one."""
    yield recall(verb_time)
    yield by(substitute, "Zipf's frequencies", letters={p: p / k ** (1 + alpha)})
    yield by(over, "against the commonest", what=verb_time.formula)
    yield so("whatever the odds and the copying", k ** (1 + alpha))


@claim(
    "critical scale",
    "n(t)",
    rivals={
        "exponent 1/α": (2 * p * m * t / passed) ** (1 / alpha),
        "one score moves": (p * m * t / passed) ** (1 / (1 + alpha)),
        "exponent of the loss": (2 * p * m * t / passed) ** (alpha / (1 + alpha)),
        "logistic": (2 * p * m * t / log(y)) ** (1 / (1 + alpha)),
    },
    hypotheses=ahead,
)
def verbs_known():
    """The rank of the verb that reaches the odds y at time t (a level): so many verbs are learned by then."""
    yield recall(verb_time)
    yield by(substitute, "Zipf's frequencies", letters={p: p * n ** (-1 - alpha)})
    yield by(minus, "later than t", what=t)
    yield by(crossing, parameter=n)
    yield so("collected", (2 * p * m * t / passed) ** (1 / (1 + alpha)))
