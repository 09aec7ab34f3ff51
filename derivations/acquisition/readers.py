r"""What a verb learns from one sentence, and the sentence length at which its attention is diluted to one half.

The reader of `copying` now looks: its verb gives the score A_r to the head whose role it picks, A_o to the other head
and A_g to each of g genitives, attends by softmax, and copies with the strength m. With N = g + 2 nouns of V and the
attentions α its cross-entropy is

    L = ln(e^{mα_r} + e^{mα_o} + g e^{mα_g} + V − N) − mα_r.

The sum A_r + A_o + A_g never moves. The first lesson of a verb that knows nothing is (m/N²)(N − 1, −1, −g), for any
vocabulary: nothing is learned before copying is (m = 0), and long sentences teach slowly. The verb loses the right noun
(less than half of its attention) in sentences of more than

    g_c = (e^{A_r} − e^{A_o})/e^{A_g}

genitives, a *level*: what is trained on short sentences fails on long ones, later the more it has been trained.

Source: derived here; plateaus of sparse attention: Zucchet et al. (arXiv 2505.17863)
"""

from sympy import ImmutableMatrix, Rational, S, exp, log

from workbench import by, claim, count, given, recall, scalar, size, so
from workbench.calculus.rules import crossing, minus, over, paired, partials, substitute

g, V, n = size("g"), count("V"), count("n")
own, other, far, m = (scalar(name) for name in ("own", "other", "far", "m"))
N = g + 2
room = (N < V,)
steady = (m > 0,)

total = exp(own) + exp(other) + g * exp(far)
looked = [exp(score) / total for score in (own, other, far)]  # at a token of each role
outside = V - N


def loss(own, other, far, alike=g):
    """The cross-entropy at these attentions, when so many genitives compete."""
    return log(exp(m * own) + exp(m * other) + alike * exp(m * far) + outside) - m * own


L = loss(*looked)
read = [exp(m * attention) for attention in looked]
belief = [weight / (read[0] + read[1] + g * read[2] + outside) for weight in read]  # in a noun of each role
alike = [1, 1, g]  # nouns of each role
pull = [belief[0] - 1, belief[1], belief[2]]
mean_pull = sum(count * attention * p for count, attention, p in zip(alike, looked, pull))
lessons = [m * count * attention * (p - mean_pull) for count, attention, p in zip(alike, looked, pull)]
slopes = ImmutableMatrix([*lessons, mean_pull])
scores = (own, other, far)
nothing = dict.fromkeys(scores, S.Zero)


def first(*lesson):
    """What a verb that knows nothing is taught about each role."""
    return ImmutableMatrix([m * part / N**2 for part in lesson])


@claim(
    "expectation",
    "L(A, m)",
    rivals={
        "the verb is blind": loss(1 / N, 1 / N, 1 / N),
        "genitives compete as one": loss(*(exp(score) / (exp(own) + exp(other) + exp(far)) for score in scores)),
        "genitives are no answers": loss(*looked, alike=S.Zero),
        "what is outside is forgotten": L.xreplace({V: N}),
        "all of the attention copies alike": log(exp(m) + V - 1) - m * looked[0],
    },
    hypotheses=room,
)
def reader_loss():
    """Loss of the attention model on a sentence with g genitives, as a function of its scores for the roles."""
    yield given(
        "minus the logarithm of the softmax, at the answer", -log(read[0] / (read[0] + read[1] + g * read[2] + outside))
    )
    yield so("which is", L)


@claim(
    "gradient",
    "∂L/∂(A, m)",
    rivals={
        "uphill": -slopes,
        "the others are no answers": ImmutableMatrix([*lessons, looked[0] * pull[0]]),
        "of a blind verb": ImmutableMatrix([*(-first(N - 1, -1, -g)), mean_pull]),
        "attention shared alike": ImmutableMatrix(
            [*(m * count * attention * p for count, attention, p in zip(alike, looked, pull)), mean_pull]
        ),
    },
    hypotheses=room,
)
def reader_slopes():
    """Gradient of the loss on one sentence in the scores and in the strength of copying."""
    yield recall(reader_loss)
    yield by(partials, wrt=(*scores, m))
    yield so("excess probability of a noun, against the direction of the attention", slopes)


@claim(
    "manifold",
    "Σ ∂L/∂A",
    rivals={
        "genitives left out": lessons[0] + lessons[1],
        "every token counted": lessons[2] * (g - 1),
        "own score alone": lessons[0],
    },
    hypotheses=room,
)
def balance():
    """Training conserves the sum of a verb's scores: only differences between the roles are learned."""
    yield recall(reader_slopes)
    yield by(paired, "summed over the roles", vector=ImmutableMatrix([1, 1, 1, 0]))
    yield so("zero", S.Zero)


@claim(
    "gradient",
    "−∂L/∂A at 0",
    rivals={
        "each genitive for itself": first(N - 1, -1, -1),
        "a score for each noun": first(N - 1, -1, -g) * (V - N) / V,
        "own role alone": first(N - 1, 0, 0),
        "attention not shared": first(N - 1, -1, -g) * N,
        "sure of the answer": first(N - 1, -1, -g) / (N * exp(m / N) + V - N),
    },
    hypotheses=room,
)
def first_lesson():
    """Negative gradient of the loss in the scores of a verb that knows nothing: the vocabulary does not enter."""
    yield recall(reader_loss)
    yield by(partials, wrt=scores)
    yield by(substitute, "the scores of one who knows nothing", letters=nothing)
    yield by(over, "downhill", what=-S.One)
    yield so("the probabilities have cancelled", first(N - 1, -1, -g))


@claim(
    "critical scale",
    "g_c",
    rivals={
        "the other head forgotten": exp(own - far) + 0 * other,
        "ahead of each genitive": exp(own - far) - exp(other - far) + 1,
        "scores for attention": (own - other) / far,
        "one genitive": 1 + exp(own - other) - exp(far - other),
    },
    hypotheses=(own > Rational(3, 4), other < Rational(1, 2), far < Rational(-1, 2)),
)
def critical_length():
    """Number of genitives at which the verb gives half of its attention to the right noun (a level)."""
    yield given("the odds of the right noun in the attention", exp(own) / (exp(other) + n * exp(far)))
    yield by(minus, "less even odds", what=S.One)
    yield by(crossing, parameter=n)
    yield so("collected", (exp(own) - exp(other)) / exp(far))
