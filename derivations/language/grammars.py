r"""A grammar that embeds phrases above a critical rate leaves some sentences without an end.

A noun phrase is written by one of three rules, a verb phrase by one of two:

    NP → the N (1 − p − g) | NP of NP (p) | NP that VP (g),      VP → V NP (u) | V (1 − u).

The mean number of phrases of each kind that a rule leaves is M = ((2p + g, g), (u, 0)). Sentences end almost
surely, and are of finite mean length, while its top eigenvalue is below one; that is, up to the critical rate

    p_c = (1 − g(1 + u))/2

of the rule that embeds twice. Beyond, a noun phrase ends with the probability (1 − p − g)/(p + gu) alone, the
smaller of the two solutions of the equation that generating functions satisfy.

Source: Booth & Thompson 1973 for consistent grammars, Harris 1963 for branching processes of several types;
solved here
"""

from sympy import ImmutableMatrix, S, sqrt

from workbench import by, claim, given, probability, recall, scalar, so
from workbench.calculus.rules import (
    critical_scale,
    fixed_points,
    gradient,
    minus,
    over,
    spectrum,
    substitute,
)  # fmt: skip

p, g, u = probability("p"), probability("g"), probability("u")
x, y = scalar("x"), scalar("y")  # that a noun phrase, a verb phrase, ends
a, b = scalar("a"), scalar("b")  # how many words they have, on average
written = p + g < 1  # the three rules exclude each other
offspring = 2 * p + g * (1 + u)  # noun phrases below a noun phrase, those in its verb phrases included
supercritical, subcritical = offspring > 1, offspring < 1

verb_ends = 1 - u + u * x
noun_ends = 1 - p - g + p * x**2 + g * x * y
spread = sqrt((2 * p + g) ** 2 + 4 * g * u)


@claim(
    "fixed point",
    "P(ends)",
    rivals={
        "one kind of phrase": (1 - p - g) / p + 0 * u,
        "rules that stop over rules that go on": (1 - p - g) / (p + g) + 0 * u,
        "both rules embed twice": (1 - p - g) / (p + g + g * u),
    },
    hypotheses=(written, supercritical),
    regime=(offspring > S(9) / 8,),
)
def termination():
    """Probability that a noun phrase ends, above the critical rate of embedding."""
    yield given("it ends when all that its rule leaves ends", noun_ends - x)
    yield by(substitute, "and so does a verb phrase", letters={y: verb_ends})
    yield by(over, "besides x = 1, which always solves this", what=x - 1)
    yield by(fixed_points, "the other solution", unknowns=[x], hypotheses=[written, supercritical])
    yield so("which is", (1 - p - g) / (p + g * u))


@claim(
    "spectrum",
    "spec M",
    rivals={
        "rules counted, not phrases": ImmutableMatrix([u, p + g]),
        "verb phrases forgotten": ImmutableMatrix([0 * u, 2 * p + g]),
        "exchanged": ImmutableMatrix([2 * p + g + spread, 2 * p + g - spread]) / 2,
    },
    hypotheses=(written,),
)
def growth():
    """Mean growth factor of a generation of phrases: the eigenvalues of the slope where every sentence ends."""
    yield given("what a rule leaves must end", ImmutableMatrix([noun_ends, verb_ends]))
    yield by(spectrum, "slope where all ends", unknowns=[x, y], at={x: S.One, y: S.One})
    yield so("which is", (ImmutableMatrix([2 * p + g - spread, 2 * p + g + spread]) / 2))


@claim(
    "spectrum",
    "∂f/∂x at P(ends)",
    rivals={
        "slope where all ends": offspring,
        "mirrored at zero": 1 / offspring,
        "one kind of phrase": 2 - 2 * p - g + 0 * u,
    },
    hypotheses=(written, supercritical),
    regime=(offspring > S(9) / 8,),
)
def settling():
    """Factor by which one more generation reduces the undecided share."""
    yield given("whether a noun phrase ends", noun_ends)
    yield by(substitute, "with the verb phrases below it", letters={y: verb_ends})
    yield by(gradient, wrt=x)
    yield by(substitute, "where it ends with the probability that it has", letters={x: termination.formula})
    yield so("which is", 2 - offspring)


@claim(
    "critical scale",
    "p_c",
    rivals={
        "rules counted, not phrases": (1 - g) / 2 + 0 * u,
        "verb phrases always transitive": S.Half - g + 0 * u,
        "embedding counted once": 1 - g * (1 + u),
    },
    hypotheses=(g * (1 + u) < 1,),
    regime=(g * (1 + u) < S(7) / 8,),
)
def critical_rate():
    """Rate of double embedding above which some sentences never end (a transition)."""
    yield recall(growth)
    yield by(minus, "less one", what=ImmutableMatrix([1, 1]))
    yield by(critical_scale, parameter=p)


@claim(
    "expectation",
    "E words",
    rivals={
        "every rule once": ImmutableMatrix([2 - p + g, 1 + 2 * u]),
        "finite at the critical rate": ImmutableMatrix([2 - p, 1 + u * (2 - p)]) * (1 + offspring),
        "nothing embedded twice": ImmutableMatrix([2 - p, 1 + u]) / (1 - p - g * (1 + u)),
        "function words forgotten": ImmutableMatrix([2 * (1 - p - g) + g, 1 + u * (2 * (1 - p - g) + g)])
        / (1 - offspring),
    },
    hypotheses=(written, subcritical),
    regime=(offspring < S(7) / 8,),
)
def length():
    """Mean number of words of a noun phrase and of a verb phrase, below the critical rate."""
    nouns = 2 * (1 - p - g) + p * (2 * a + 1) + g * (a + 1 + b)
    yield given("words of the rule, and of what it leaves", ImmutableMatrix([nouns - a, 1 + u * a - b]))
    yield by(fixed_points, unknowns=[a, b], hypotheses=[written, subcritical])
    nominal = (2 - p) / (1 - offspring)
    yield so("which is", ImmutableMatrix([nominal, 1 + u * nominal]))
