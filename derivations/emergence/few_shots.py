r"""Every example of a skill of D coordinates teaches a share 1/D of it.

A learner of least norm that has seen n ≤ D generic examples of a skill f ∈ R^D knows its projection Πf on their span:
fᵀΠf = (n/D)|f|² of the skill on average, while |f − Πf|² = (1 − n/D)|f|² is left to learn. Skill and loss are both
linear in n. The printed 1 − √(1 − n/D) reads the skill off that loss as if every coordinate were known in part,
|f − Rf|² = (1 − R)²|f|².

The layer of `losses`, in endless sentences, reads β = λw and answers λwᵀWx. A sentence shows the rule in the direction
wxᵀ alone, so that D = d², and n sentences teach n/d² of it.

Source: Nam, Fonseca, Lee, Mingard & Louis (arXiv 2404.17563): their definition (7) and loss (104), against the law of
skill printed as eq. 17; the attention layer derived here
"""

from sympy import S, sqrt

from workbench import E, by, claim, count, dot, given, haar, matrix, recall, size, so, tr, vector
from workbench.calculus.rules import minus, over, over_rotations

D, n = count("D"), size("n")
f, direction, turn = vector("f", D), vector("direction", D), haar("turn", D)
d, sentences = size("d"), count("sentences")
A, O = matrix("A", d, d), haar("O", d)
few, fewer = n <= D, n < D  # with as many examples as coordinates there is nothing left to measure


@claim(
    "expectation",
    "fᵀΠf",
    rivals={
        "as printed in arXiv 2404.17563, eq. 17": (1 - sqrt(1 - n / D)) * dot(f, f),
        "squared": (n / D) ** 2 * dot(f, f),
        "one example more": (n + 1) / (D + 1) * dot(f, f),
    },
    hypotheses=(few,),
    regime=(fewer,),
)
def skill():
    """Mean of the minimum-norm solution after n examples of a linear skill f: f, times the share n/D."""
    yield given("f along a direction that was seen", E(dot(f, turn * direction) ** 2))
    yield by(over_rotations)
    yield by(over, "of length one, and n of them", what=dot(direction, direction) / n)
    yield so("in proportion to the examples", n / D * dot(f, f))


@claim(
    "expectation",
    "|f − Πf|²",
    rivals={
        "as if it knew a part of every coordinate": (1 - n / D) ** 2 * dot(f, f),
        "root of the share": sqrt(1 - n / D) * dot(f, f),
        "one example short": (1 - (n + 1) / D) * dot(f, f),
    },
    hypotheses=(few,),
    regime=(fewer,),
)
def loss():
    """Loss of the minimum-norm solution: it falls linearly with the share n/D, not with its square."""
    yield recall(skill)
    yield by(minus, "less all of f, by Pythagoras", what=dot(f, f))
    yield by(over, "the other way round", what=-S.One)
    yield so("in proportion to the missing share", (1 - n / D) * dot(f, f))


@claim(
    "expectation",
    "⟨I, W⟩/d",
    rivals={
        "as printed in arXiv 2404.17563, eq. 17": 1 - sqrt(1 - sentences / d**2),
        "a sentence for each dimension": sentences / d,
        "symmetric rules": 2 * sentences / (d * (d + 1)),
        "squared": (sentences / d**2) ** 2,
    },
    hypotheses=(sentences <= d**2,),
    regime=(sentences < d**2,),
)
def rule_from_sentences():
    """Share of its rule that the minimum-norm layer learns from a number of infinitely long sentences."""
    yield given("a direction A that was seen, turned at random: its part of the rule I", E(tr(A.T * O) ** 2))
    yield by(over_rotations)
    yield by(over, "of length one, as a share of the rule", what=d * tr(A.T * A) / sentences)
    yield so("the sentences, in parts of d²", sentences / d**2)
