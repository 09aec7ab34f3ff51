r"""How many sentences contain every word, and the accuracy of a model that has seen some of them.

D sentences are read again and again until nothing is left to learn from them. Each has one of V nouns as its answer, so
that a share 1 − (1 − 1/V)^D of the nouns has been an answer; a verb of frequency p has been met with the chance
1 − (1 − p)^D. Half of the nouns is known after ln 2/ln(V/(V − 1)) sentences (a *level*), and the last one after

    D_V = ln V/ln(V/(V − 1)) ≈ V ln V,

a *transition*: below it many nouns were never met, above it none. A reader who has met the verb answers the
nouns that it has met; one who has not guesses among the N nouns of the sentence, if any of them was ever an answer:

    (1 − (1 − p)^D)(1 − (1 − 1/V)^D) + (1 − p)^D (1 − (1 − N/V)^D)/N.

Source: derived here; the collector of coupons: Erdős & Rényi 1961
"""

from sympy import S, log

from workbench import by, claim, count, given, positive, probability, recall, size, so
from workbench.calculus.rules import crossing, iterated, minus, over, substitute

V, D, n, N = count("V"), count("D"), count("n"), size("N")
p, share, x = probability("p"), probability("share"), positive("x")
some = (V > 2,)
missed = 1 - 1 / V


def right(known, guessed):
    """Of a verb that was met, and of one that was not."""
    return (1 - (1 - p) ** D) * known + (1 - p) ** D * guessed


@claim(
    "expectation",
    "E met",
    rivals={"none twice": D / V, "one draw less": 1 - missed ** (D - 1), "halves": 1 - 2 ** (-D / V)},
    hypotheses=some,
)
def words_met():
    """Share of the nouns that occur as an answer in D sentences."""
    yield given("one sentence more meets a new noun as often as one is left", share + (1 - share) / V)
    yield by(iterated, unknown=share, times=D, initial=S.Zero)
    yield so("all but those missed D times", 1 - missed**D)


@claim(
    "critical scale",
    "D_½",
    rivals={"none twice": V / 2, "large vocabulary": V * log(2), "one missed": log(V) / log(V / (V - 1))},
    hypotheses=some,
)
def half_met():
    """Number of sentences after which half of the nouns have been an answer (a level)."""
    yield recall(words_met)
    yield by(substitute, "after n sentences", letters={D: n})
    yield by(minus, "less one half", what=S.Half)
    yield by(crossing, parameter=n)
    yield so("collected", log(2) / log(V / (V - 1)))


@claim(
    "critical scale",
    "D_V",
    rivals={"as many as there are": V, "half of them": log(2) / log(V / (V - 1)), "large vocabulary": V * log(V)},
    hypotheses=some,
)
def last_met():
    """Number of sentences until less than one noun has never been an answer (a transition in large vocabularies)."""
    yield recall(words_met)
    yield by(substitute, "after n sentences", letters={D: n})
    yield by(minus, "those not met", what=S.One)
    yield by(over, "their number", what=-1 / V)
    yield by(minus, "less one", what=S.One)
    yield by(crossing, parameter=n)
    yield so("collected", log(V) / log(V / (V - 1)))


@claim(
    "expectation",
    "E right",
    rivals={
        "every verb known": 1 - missed**D + 0 * p * N,
        "every noun known": right(S.One, 1 / N),
        "guesses among all nouns": right(1 - missed**D, (1 - missed**D) / N),
        "no guess": right(1 - missed**D, S.Zero) + 0 * N,
    },
    hypotheses=(*some, N < V),
)
def right_answers():
    """Accuracy of a model that has read D sentences and remembers all of them."""
    yield recall(words_met, "nouns that were met, for a verb that was")
    yield by(minus, "beyond a guess among N nouns", what=(1 - (1 - N / V) ** D) / N)
    yield by(over, "times the frequency of the verb", what=1 / (1 - (1 - p) ** D))
    yield by(minus, "and the guess", what=-(1 - (1 - N / V) ** D) / N)
    yield so("which is", right(1 - missed**D, (1 - (1 - N / V) ** D) / N))
