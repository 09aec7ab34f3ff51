r"""The trees of sentences: number of rules, entropy, and a topic that every phrase passes on.

A phrase is a noun with probability 1 − p, or it embeds a phrase and leaves two. A sentence of two phrases is written by
2/(1 − 2p) rules on average, which is (I − M)⁻¹ for the mean offspring M = 2p: its entropy and the price of believing in
another rate are that many times those of one rule, and all of them *diverge* at p = ½, where sentences cease to end. A
topic that is handed down the tree with the correlation c is remembered without end from 2pc² = 1 on, a *transition*
that no language with ending sentences reaches.

Source: Harris 1963 for branching processes; Kesten & Stigum 1966 for what is remembered along a tree
"""

from sympy import S, log

from workbench import by, claim, count, given, probability, recall, scalar, so
from workbench.calculus.rules import crossing, fixed_points, over

p, q, c = (probability(name) for name in "pqc")
m, x = count("m"), scalar("x")
ending = 2 * p < 1
short = (16 * p < 7,)  # sentences that are not too long to be summed up

phrases = 2 / (1 - 2 * p)


@claim(
    "expectation",
    "E uses",
    rivals={"one phrase": 1 / (1 - 2 * p), "nouns": 2 * (1 - p) / (1 - 2 * p), "embeddings": 2 * p / (1 - 2 * p)},
    hypotheses=(ending,),
    regime=short,
)
def rules_used():
    """Mean number of rules that write a sentence: (I − M)⁻¹ for the mean offspring M = 2p of a phrase, twice."""
    yield given("a rule, and those of the phrases that it leaves", 1 + 2 * p * x - x)
    yield by(fixed_points, unknowns=[x], hypotheses=[ending])
    yield by(over, "two phrases", what=S.Half)
    yield so("which is", phrases)


@claim(
    "expectation",
    "H",
    rivals={
        "per rule": -p * log(p) - (1 - p) * log(1 - p),
        "one phrase": phrases / 2 * (-p * log(p) - (1 - p) * log(1 - p)),
        "fair coins": phrases * log(2),
    },
    hypotheses=(ending,),
    regime=short,
)
def tree_entropy():
    """Entropy of the tree of a sentence, in nats: it diverges at p = 1/2 (a divergence)."""
    yield recall(rules_used)
    yield by(over, "the entropy of one rule", what=-1 / (p * log(p) + (1 - p) * log(1 - p)))
    yield so("which is", -phrases * (p * log(p) + (1 - p) * log(1 - p)))


@claim(
    "critical scale",
    "p_c",
    rivals={"by first and last": 1 / (m + 1), "always a half": S.Half + 0 * m, "squares": 1 / m**2},
)
def endless_sentences():
    """Rate of embedding above which some sentences never end, for m phrases per embedding (a transition)."""
    yield given("phrases that one phrase leaves, less itself", m * p - 1)
    yield by(crossing, parameter=p)


@claim(
    "expectation",
    "KL",
    rivals={
        "per rule": p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)),
        "the other way round": phrases * (q * log(q / p) + (1 - q) * log((1 - q) / (1 - p))),
        "rules counted as a model would": 2 / (1 - 2 * q) * (p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))),
    },
    hypotheses=(ending, 2 * q < 1, (p - q) ** 2 > S(1) / 64),
    regime=short,
)
def price_of_a_wrong_rule():
    """Extra loss per sentence of a model that assumes another rate: the loss per rule, times the number of rules."""
    yield recall(rules_used)
    yield by(over, "the price of one rule", what=1 / (p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))))
    yield so("which is", phrases * (p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))))


@claim(
    "expectation",
    "Σ r²",
    rivals={
        "nothing forgotten": (1 - p) / (1 - 2 * p) + 0 * c,
        "correlation not squared": (1 - p) / (1 - 2 * p * c),
        "one daughter inherits": (1 - p) / (1 - p * c**2),
    },
    hypotheses=(ending,),
    regime=short,
)
def topic():
    """Correlation of the nouns of a phrase with its topic, if a phrase passes it to both parts with correlation c."""
    yield given("a noun is known exactly, two phrases pass c² of their variance", 1 - p + 2 * p * c**2 * x - x)
    yield by(fixed_points, unknowns=[x], hypotheses=[ending])
    yield so("which is", (1 - p) / (1 - 2 * p * c**2))


@claim(
    "critical scale",
    "p_KS",
    rivals={"sentences cease to end": S.Half + 0 * c, "first moments": 1 / (2 * c), "one daughter inherits": 1 / c**2},
)
def memory_threshold():
    """Rate of embedding above which the topic is never forgotten (a transition, by Kesten and Stigum).

    It lies above ½ for every c < 1, where sentences no longer end: a grammar whose sentences end forgets its topic.
    """
    yield recall(topic)
    yield by(over, "its pole", what=(1 - p) / (1 - 2 * p * c**2) ** 2)
    yield by(crossing, parameter=p)
