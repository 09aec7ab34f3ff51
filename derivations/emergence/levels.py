r"""Reading a level of a hierarchy lowers the risk only above a critical number of sentences.

In the hierarchy of `language.hierarchies` (s branches, inheritance q; the words of a phrase say the share R of it) a
masked word is read in the light of what stands around it. A reader who doubts D of a phrase, and has read the other
children of it, doubts of this child

    D₋ = 1 − q² + q²/(1/D + (s − 1)q²R/(1 − q²R)),

and as many of these steps as he reads levels end at the σ² of his word. High up in endless sentences, above the
Kesten–Stigum point, the outside leaves D* = s(1 − q²)/(s − 1) of a phrase unsaid. By `least_squares` his own lessons
cost too. To read the s − 1 siblings of a word pays from

    P₁ = s + (1 − q²)(1 + (s − 1)q²)/q⁴

sentences on; with one weight for all of them (an average) P − 1 need be only 1/(s − 1) of that. From P sentences a
reader of words takes siblings that inherit more than q_P, (P − 1)q⁴ = 1 + (s − 2)q²; for a reader of averages P − 1 is
(s − 1)(P − 1).

Source: derived here; that every level has its own critical number of sentences follows Cagnetta & Wyart (NeurIPS 2024)
"""

from sympy import Identity, OneMatrix, S, sqrt

from derivations.emergence.least_squares import P, p, risk, sigma
from derivations.language.hierarchies import q, remembered, s
from workbench import E, by, claim, gaussian, given, probability, recall, so, tr
from workbench.calculus.rules import crossing, expectation, fixed_points, gradient, minus, substitute

D, R = probability("D"), probability("R")
parent = gaussian("parent", 1, cov=D * Identity(1))
own = gaussian("own", 1, cov=(1 - q**2) * Identity(1))
drift, blur = (gaussian(name, s - 1, cov=v * Identity(s - 1)) for name, v in (("drift", 1 - q**2), ("blur", 1 / R - 1)))
r = s * q**2
needed = s + (1 - q**2) * (1 + (s - 1) * q**2) / q**4  # sentences, for a reader of s − 1 words
left = 1 - (s - 1) * q**4 / (1 + (s - 2) * q**2)  # of a word when its siblings are read
several = s > 2  # else the siblings are one word, and their own average


def inheritance(weights, siblings=s - 1):
    """Where reading the siblings begins to pay after P sentences, with so many of P − 1 for each weight."""
    once = 2 * weights * (P - 1)
    return sqrt((siblings - 1 + sqrt((siblings - 1) ** 2 + 2 * once)) / once)


@claim(
    "expectation",
    "D₋",
    rivals={
        "siblings unread": 1 - q**2 + q**2 * D + 0 * s * R,
        "the phrase read as its own sibling": 1 - q**2 + q**2 / (1 / D + s * q**2 * R / (1 - q**2 * R)),
        "drift of a sibling forgotten": 1 - q**2 + q**2 / (1 / D + (s - 1) * q**2 * R / (1 - R)),
        "parent known": 1 - q**2 + 0 * s * R * D,
    },
)
def handed_down_doubt():
    """Posterior variance of a phrase, given its siblings and a posterior variance D of its parent."""
    phrase, said = q * parent + own, OneMatrix(1, s - 1) * (q * OneMatrix(s - 1, 1) * parent + drift + blur)
    yield given("the variance given the siblings", E(tr(phrase) ** 2) - E(tr(phrase * said)) ** 2 / E(tr(said) ** 2))
    yield by(expectation)
    yield so("precisions add", 1 - q**2 + q**2 / (1 / D + (s - 1) * q**2 * R / (1 - q**2 * R)))


@claim(
    "fixed point",
    "D*",
    rivals={
        "what the phrase's own words leave": 1 - (r - 1) / ((s - 1) * q**2),
        "nothing read": 1 + 0 * s * q,
        "parent known": 1 - q**2 + 0 * s,
        "one branch more": (s + 1) * (1 - q**2) / s,
    },
    hypotheses=(r > 1,),
)
def outer_doubt():
    """Posterior variance D* of a phrase given all that surrounds it, in an infinitely long sentence."""
    yield recall(handed_down_doubt)
    yield by(substitute, "siblings as informative as infinitely many", letters={R: remembered.formula})
    yield by(minus, "unchanged by a level", what=D)
    yield by(fixed_points, "the only one between 0 and 1", unknowns=[D], hypotheses=[r > 1])
    yield so("which is", s * (1 - q**2) / (s - 1))


@claim(
    "spectrum",
    "∂D₋/∂D at D*",
    rivals={"as the memory returns": 1 / r, "siblings unread": q**2 + 0 * s, "first moments": 1 / (s * q)},
    hypotheses=(r > 1,),
)
def calming():
    """Contraction per level at D*: the fixed point is stable where sq > 1."""
    yield recall(handed_down_doubt)
    yield by(gradient, wrt=D)
    yield by(substitute, "high up", letters={R: remembered.formula, D: outer_doubt.formula})
    yield so("squared first moments", 1 / (s * q) ** 2)


@claim(
    "expectation",
    "σ₁²",
    rivals={
        "one sibling": 1 - q**4 + 0 * s,
        "correlation not squared": 1 - (s - 1) * q**2 / (1 + (s - 2) * q**2),
        "the word read as its own sibling": 1 - s * q**4 / (1 + (s - 1) * q**2),
    },
)
def siblings_read():
    """Variance of a word given its siblings, when the language is known."""
    yield recall(handed_down_doubt)
    yield by(substitute, "the parent unknown, siblings known exactly", letters={D: S.One, R: S.One})
    yield so("by their correlations q²", left)


@claim(
    "critical scale",
    "P₁",
    rivals={
        "as many as words": s - 1 + 0 * q,
        "to first order": (s - 1) * left / (1 - left),
        "one sentence fewer": needed - 1,
        "average of the siblings": 1 + (needed - 1) / (s - 1),
        "a sibling at a time": s + (1 - q**4) / q**4,
    },
    regime=(needed > 8, needed < 14, several),
)
def sentences_needed():
    """Critical number of sentences above which least squares on the siblings of a word beats its mean (a crossover)."""
    yield recall(risk)
    yield by(
        substitute, "siblings of the word, heard without blur", letters={p: s - 1, sigma: sqrt(siblings_read.formula)}
    )
    yield by(minus, "against predicting the mean", what=S.One)
    yield by(crossing, parameter=P)
    yield so("which is", needed)


@claim(
    "critical scale",
    "q_P",
    rivals={
        "a weight more": inheritance((P - 2) / (P - 1)),
        "average of the siblings": inheritance(s - 1),
        "P for P − 1": inheritance(P / (P - 1)),
        "two words": (P - 1) ** (-S.One / 4) + 0 * s,
        "Kesten–Stigum": 1 / sqrt(s) + 0 * P,
    },
    hypotheses=(P > s,),
    regime=(P > s + 5, several),
)
def inheritance_for_words():
    """Critical inheritance above which P sentences teach the weight of each sibling (a crossover)."""
    yield recall(risk)
    yield by(
        substitute, "siblings of the word, heard without blur", letters={p: s - 1, sigma: sqrt(siblings_read.formula)}
    )
    yield by(minus, "against predicting the mean", what=S.One)
    yield by(crossing, parameter=q)
    yield so("collected", inheritance(1))


@claim(
    "critical scale",
    "q̄_P",
    rivals={
        "a weight for each": inheritance(1),
        "an average is one word": (P - 1) ** (-S.One / 4) + 0 * s,
        "P for P − 1": inheritance((s - 1) * P / (P - 1)),
        "weights shared with the word itself": inheritance(s),
    },
    hypotheses=(P > 2,),
    regime=(P > 6, several),
)
def inheritance_for_averages():
    """Critical inheritance for one common weight of all siblings (a crossover): s − 1 times as many sentences."""
    yield recall(risk)
    yield by(substitute, "one number with the same information", letters={p: S.One, sigma: sqrt(siblings_read.formula)})
    yield by(minus, "against predicting the mean", what=S.One)
    yield by(crossing, parameter=q)
    yield so("collected", inheritance(s - 1))
