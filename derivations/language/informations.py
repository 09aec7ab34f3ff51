r"""Mutual information between words decays like a power of their distance in a tree, and exponentially in a chain.

In a hierarchy (`derivations/language/hierarchies.py`) two words whose paths part ℓ levels up share an ancestor
from which each has inherited q^ℓ. They say of each other

    I = −½ ln(1 − q^{4ℓ}) nats.

Their distance in the text is about s^ℓ, so I falls like distance^−γ, γ = 4 ln(1/q)/ln s. The sum of squared
correlations with all words of a context stays finite for γ > 1 alone: it *diverges* from sq⁴ = 1 on, and with it what a
reader believes to know who adds up what words say, one by one. Together they do not say that much: all that they know
of a word they know through its parent, which says −½ ln(1 − q²), however long the context is.

A Markov chain of two kinds of words, left with the chances a and b, forgets by a factor instead: its law tends
to its fixed point π = (b, a)/(a + b) by the factor 1 − a − b at every word. A reader of the previous word pays its
entropy rate.

Source: Lin & Tegmark (arXiv 1606.06737) for chains against trees; Shannon 1948 for the entropy rate; derived here
"""

from sympy import Identity, S, log, oo, sqrt

from workbench import E, by, claim, count, gaussian, given, large, positive, probability, recall, scalar, size, so, tr
from workbench.calculus.rules import (
    crossing,
    expand_large,
    expectation,
    fixed_points,
    gradient,
    minus,
    over,
    substitute,
)  # fmt: skip

s, ell, distance = size("s"), count("ell"), positive("distance")
q, kappa, a, b = probability("q"), probability("kappa"), probability("a"), probability("b")
unlikeness = large("unlikeness")  # one over a squared correlation
chance = scalar("chance")

ancestor = gaussian("ancestor", 1)
first, second = (gaussian(name, 1, cov=(1 - kappa**2) * Identity(1)) for name in ("first", "second"))
one, other = tr(kappa * ancestor + first), tr(kappa * ancestor + second)
above = tr(ancestor)
shared = kappa**2  # the correlation of two words, when each has inherited κ


@claim(
    "expectation",
    "I(ℓ)",
    rivals={
        "correlation not squared": -log(1 - q ** (2 * ell)) / 2,
        "in both directions": -log(1 - q ** (4 * ell)),
        "to leading order": q ** (4 * ell) / 2,
    },
    regime=(q > S.Half,),
)
def mutual_information():
    """Mutual information of two words of a hierarchy that parted ℓ levels up, in nats."""
    surprise = (one**2 - 2 * shared * one * other + other**2) / (2 * (1 - shared**2))
    yield given(
        "the mean logarithm of joint over separate densities",
        E((one**2 + other**2) / 2 - surprise) - log(1 - shared**2) / 2,
    )
    yield by(expectation)
    yield so("the quadratic forms cancel", -log(1 - kappa**4) / 2)
    yield by(substitute, "after ℓ levels", letters={kappa: q**ell})


@claim(
    "expectation",
    "I(word; parent)",
    rivals={
        "correlation squared once more": -log(1 - kappa**4) / 2,
        "in both directions": -log(1 - kappa**2),
        "to leading order": kappa**2 / 2,
        "without bound": log(1 / (1 - kappa)),
    },
)
def parent_tells():
    """Mutual information of a word and its parent, in nats: an upper bound for every context."""
    surprise = (one**2 - 2 * kappa * one * above + above**2) / (2 * (1 - kappa**2))
    yield given(
        "the mean logarithm of joint over separate densities",
        E((one**2 + above**2) / 2 - surprise) - log(1 - kappa**2) / 2,
    )
    yield by(expectation)
    yield so("the quadratic forms cancel", -log(1 - kappa**2) / 2)


@claim(
    "rate",
    "γ",
    rivals={
        "exponent of the correlation": -2 * log(q) / log(s),
        "base e": -4 * log(q) + 0 * s,
        "Kesten–Stigum": log(s * q**2) / log(s),
    },
)
def information_exponent():
    """Exponent of the decay of mutual information with distance in a hierarchy."""
    power = -4 * log(q) / log(s)
    far = q ** (-4 * log(distance) / log(s))  # one over the squared correlation, ℓ = ln(distance)/ln s levels up
    lost = power / (2 * far * distance)
    yield given("I, when one over a large number is the squared correlation", -log(1 - 1 / unlikeness) / 2)
    yield by(gradient, wrt=unlikeness)
    yield by(expand_large, "far apart", large={unlikeness: oo}, order=2)
    yield by(substitute, "in terms of the distance", letters={unlikeness: far})
    yield by(over, "so I changes with the distance like", what=distance / (power * far))
    yield by(gradient, wrt=distance)
    yield by(over, "per relative change of both", what=lost / distance)
    yield by(minus, "and I with one power less", what=S.One)
    yield so("which is", power)


@claim(
    "critical scale",
    "q(γ = 1)",
    rivals={
        "Kesten–Stigum: sq² = 1": 1 / sqrt(s),
        "of two words in a row": s ** (-S.One / 3),
        "first moments: sq = 1": S.One / s,
    },
)
def endless_context():
    """Inheritance above which a word's squared correlations with its context have no sum (a divergence).

    Of that sum alone: what the context tells of the word stays below `parent_tells`.
    """
    yield recall(information_exponent)
    yield by(minus, "against one word per unit of distance", what=S.One)
    yield by(crossing, parameter=q)


@claim(
    "fixed point",
    "π",
    rivals={
        "exchanged": a / (a + b),
        "of independent words": b + 0 * a,
        "staying, not leaving": (1 - b) / (2 - a - b),
    },
)
def stationary_law():
    """Stationary probability of the first kind in a chain of two kinds of words."""
    yield given("staying at the first, or coming from the second", (1 - a) * chance + b * (1 - chance) - chance)
    yield by(fixed_points, unknowns=[chance])
    yield so("which is", b / (a + b))


@claim(
    "spectrum",
    "∂π₊/∂π",
    rivals={"of independent words": a + b - 1, "one kind left": 1 - a + 0 * b, "squared": (1 - a - b) ** 2},
)
def forgetting():
    """Factor per word of an imbalance between the kinds: below one, so π is stable."""
    yield given("staying at the first, or coming from the second", (1 - a) * chance + b * (1 - chance))
    yield by(gradient, wrt=chance)


def entropy(x):
    """Of a coin with the chance x."""
    return -x * log(x) - (1 - x) * log(1 - x)


@claim(
    "expectation",
    "h",
    rivals={
        "of the words one by one": entropy(b / (a + b)),
        "kinds equally frequent": (entropy(a) + entropy(b)) / 2,
        "frequencies exchanged": (a * entropy(a) + b * entropy(b)) / (a + b),
    },
)
def entropy_rate():
    """Entropy rate of the chain, in nats per word."""
    yield given(
        "the entropy of the next word, at the first kind or at the second",
        chance * entropy(a) + (1 - chance) * entropy(b),
    )
    yield by(substitute, "as often as each kind comes", letters={chance: stationary_law.formula})
    yield so("collected", (b * entropy(a) + a * entropy(b)) / (a + b))
