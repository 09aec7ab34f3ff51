r"""How many verbs attention with few key dimensions can tell apart: twice as many as it has dimensions.

A role is read off the embedding of its verb along one direction: nominative on one side, accusative on the other.
Readers of K verbs in general position are told apart by K great circles, so that of 2^K ways to give roles to verbs as
many can be learned as there are regions between the circles: in the plane and in space

    P₂(K) = 2K/2^K,    P₃(K) = (K² − K + 2)/2^K.

In d directions a further verb adds as many regions as its circle has arcs there, which are those of one direction less.
So it asks for one direction more in half of all languages: the least number of directions that tell K verbs apart is
1 + Binomial(K − 1, ½), with the mean (K + 1)/2 and the variance (K − 1)/4, and

    P_d(K) = 2^{1−K} Σ_{i<d} C(K − 1, i).

Half of all languages can be learned at K = 2d, a *level*, which becomes a *transition* for d → ∞, of the width √K in K:
below it nearly all languages, above it nearly none. Tables with a row for each verb have d = K.

Source: Cover 1965 (IEEE Trans. Electron. Comput. 14); the same count: Wendel 1962 (Math. Scand. 11)
"""

from sympy import Integer, S

from workbench import E, binomial, by, claim, count, given, recall, size, so, tr
from workbench.calculus.rules import crossing, expectation, minus, over

K, d = count("K"), size("d")
throws = tr(binomial("throws", 1, K - 1, S.Half))
some = (K > 1,)
few = (K < 9,)  # all 2^K languages are tried
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


@claim(
    "expectation",
    "E d*",
    rivals={
        "half of them": K / 2,
        "a direction for each verb": K,
        "with a threshold, which is a direction": (K - 1) / 2,
        "a pair of verbs in each": K * (K - 1) / 4,
    },
    hypotheses=some,
    regime=few,
)
def least_directions():
    """Mean number of directions that a language of K verbs needs, over all ways to give them roles."""
    yield given("one, and one more for each further verb in half of all languages", E(1 + throws))
    yield by(expectation)
    yield so("which is", (K + 1) / 2)


@claim(
    "expectation",
    "Var d*",
    rivals={"K coins": K / 4, "Poisson": (K - 1) / 2, "the same for all languages": 0 * K, "uniform": (K**2 - 1) / 12},
    hypotheses=some,
    regime=few,
)
def spread_of_directions():
    """Variance of that number between languages: that of the heads in K − 1 throws of a coin."""
    yield given("their law, less its mean, squared", E((1 + throws - least_directions.formula) ** 2))
    yield by(expectation)
    yield so("which is", (K - 1) / 4)


@claim(
    "critical scale",
    "K_d",
    rivals={
        "as many as directions": d,
        "one less": 2 * d - 1,
        "with a threshold, which is a direction": 2 * d + 2,
        "three for each direction": 3 * d,
    },
    hypotheses=(d > 1,),
    regime=(d < 6,),
)
def half_in_any_dimension():
    """Number of verbs at which d directions can learn half of all languages (a level): two for each direction."""
    yield recall(least_directions)
    yield by(minus, "half a direction beyond d: whole numbers lie alike on both sides of their mean", what=d + S.Half)
    yield by(crossing, parameter=K)
    yield so("which is", 2 * d)
