r"""How many verbs attention with few key dimensions can tell apart: twice as many as it has dimensions.

A role is read off the embedding of its verb along one direction: nominative on one side, accusative on the other.
Readers of K verbs in general position are told apart by K great circles, so that of 2^K ways to give roles to verbs as
many can be learned as there are regions between the circles: in the plane and in space

    P₂(K) = 2K/2^K,    P₃(K) = (K² − K + 2)/2^K.

Half of all languages can be learned at K = 4 and K = 6, *levels*, and at K = 2d in d dimensions (Cover), where it
becomes a *transition* for d → ∞: below nearly all languages, above nearly none. Tables with a row for each verb have
d = K.

Source: Cover 1965 (IEEE Trans. Electron. Comput. 14); the same count: Wendel 1962 (Math. Scand. 11)
"""

from sympy import Integer, S

from workbench import by, claim, count, given, recall, so
from workbench.calculus.rules import crossing, minus, over

K = count("K")
some = (K > 1,)
arcs = 2 * K * (K - 1)  # of K great circles, each cut by K − 1 others in two places


@claim(
    "expectation",
    "P₂",
    rivals={
        "all can be learned": S.One + 0 * K,
        "one direction": 2 / 2**K,
        "on one side alone": K / 2**K,
        "every pair": K * (K - 1) / 2**K,
    },
    hypotheses=some,
)
def learned_in_a_plane():
    """Share of languages that attention with two key dimensions can learn."""
    yield given("K lines through the middle of a circle cut it in twice as many arcs", 2 * K)
    yield by(over, "of all ways to give one of two roles to each verb", what=2**K)
    yield so("which is", K * 2 ** (1 - K))


@claim(
    "expectation",
    "P₃",
    rivals={
        "a plane": 2 * K / 2**K,
        "all pairs": K * (K - 1) / 2**K,
        "on one side alone": (K**2 - K + 2) / 2 ** (K + 1),
        "one circle more": (K**2 + K + 2) / 2**K,
    },
    hypotheses=some,
)
def learned_in_space():
    """Share of languages that attention with three key dimensions can learn."""
    yield given("arcs of K great circles", arcs)
    yield by(minus, "less the points where two of them meet, there and opposite", what=K * (K - 1))
    yield by(minus, "and two, by Euler: so many regions", what=Integer(-2))
    yield by(over, "of all ways to give one of two roles to each verb", what=2**K)
    yield so("which is", (K**2 - K + 2) / 2**K)


@claim(
    "critical scale",
    "K₂",
    rivals={"as many as directions": Integer(2), "one more": Integer(3), "symmetric matrices": Integer(5)},
)
def half_in_a_plane():
    """Number of verbs at which two key dimensions can learn half of all languages (a level): twice as many."""
    yield recall(learned_in_a_plane)
    yield by(minus, "half", what=S.Half)
    yield by(crossing, parameter=K, value=Integer(4))


@claim(
    "critical scale",
    "K₃",
    rivals={"as many as directions": Integer(3), "one more": Integer(4), "matrices": Integer(9)},
)
def half_in_space():
    """Number of verbs at which three key dimensions can learn half of all languages (a level): twice as many."""
    yield recall(learned_in_space)
    yield by(minus, "half", what=S.Half)
    yield by(crossing, parameter=K, value=Integer(6))
