r"""Copying from the sentence and remembering what a verb prefers race for the same answers; many verbs favour copying.

Each of K verbs has a favourite noun, which is its answer with probability q; else any of the other V − 1 is. The N
nouns of a sentence are the answer and others, whichever. A reader that attends to all of them alike copies with the
strength m (`copying`), and the memory of a verb adds b to the logit of its favourite. As long as every noun is the
favourite of as many verbs, renaming nouns leaves the language alone, so that all V² + KV weights stay of this form.
With z = m/N and s = q + (1 − q)(N − 1)/(V − 1), how often the favourite is in the sentence,

    L = s ln(e^{z+b} + (N − 1)e^z + V − N) + (1 − s) ln(e^b + N e^z + V − N − 1) − z − qb.

Every sentence teaches the values, at their rate μ, and one in K the memory of a verb. From nothing both begin to move
the logit of an answer equally fast at

    K* = N² V (qV − 1)/(μ(V − N))

verbs, a *crossover*: with more of them copying is ahead, with fewer memory is. Each takes from the other what it learns
from: when copying is known, memory learns (N − 1)V/(N(V − 1)) times as fast as at first.

Source: derived here; that many classes favour copying: Chan et al. (arXiv 2205.05055), Reddy (arXiv 2312.03002); races
of attention-based circuits: Nguyen & Reddy (arXiv 2412.00104)
"""

from sympy import S, exp, log, oo

from workbench import by, claim, count, given, large, positive, probability, recall, scalar, size, so
from workbench.calculus.rules import crossing, expand_large, gradient, minus, over, substitute

N, V = size("N"), count("V")
m, b, q, mu, K, y = scalar("m"), scalar("b"), probability("q"), positive("mu"), positive("K"), large("y")
preferred = (2 * N < V, q * V > 1)

z = m / N
among = (N - 1) / (V - 1)  # how often the favourite is in a sentence of which it is not the answer
there = q + (1 - q) * among
said = log(exp(z + b) + (N - 1) * exp(z) + V - N)
unsaid = log(exp(b) + N * exp(z) + V - N - 1)


def loss_with(there):
    """The loss if the favourite is so often in the sentence."""
    return there * said + (1 - there) * unsaid - z - q * b


@claim(
    "expectation",
    "L(m, b)",
    rivals={
        "favourites only as answers": loss_with(q),
        "favourites in every sentence": loss_with(S.One),
        "as often as any noun": loss_with(N / V),
        "memory always right": loss_with(there) - (1 - q) * b,
    },
    hypotheses=preferred,
)
def preference_loss():
    """Loss of a model that copies all nouns of a sentence alike and remembers the favourite noun of a verb."""
    favoured, other = said - z - b, among * said + (1 - among) * unsaid - z
    yield given("answers that are the favourite, and others", q * favoured + (1 - q) * other)
    yield so("which is", loss_with(there))


@claim(
    "gradient",
    "ż(0)",
    rivals={
        "one value for all nouns": mu * (V - N) / (N**2 * V),
        "of the strength m": mu * (V - N) / ((V - 1) * N * V),
        "as often as a verb is met": mu * (V - N) / ((V - 1) * N**2 * V**2),
    },
    hypotheses=preferred,
)
def copying_start():
    """Initial growth rate of the logits of the nouns of a sentence by copying: preferences do not enter."""
    yield recall(preference_loss)
    yield by(gradient, wrt=m)
    yield by(over, "downhill, shared by the values, 1/N of the strength", what=-N * (V - 1) / mu)
    yield by(substitute, "from nothing", letters={m: S.Zero, b: S.Zero})
    yield so("as if there were no preference", mu * (V - N) / ((V - 1) * N**2 * V))


believed = (there * exp(z) + 1 - there) / (N * exp(z) + V - N)


@claim(
    "gradient",
    "ḃ",
    rivals={
        "met in every sentence": V * (q - believed) / (V - 1) + 0 * K,
        "the favourite alone moves": (q - believed) / K,
        "blind to the copy": V * (q - 1 / V) / (K * (V - 1)) + 0 * m * N,
        "never wrong": V * (1 - believed) / (K * (V - 1)),
    },
    hypotheses=preferred,
)
def memory_speed():
    """Initial growth rate of the logit of a favourite by memory, at some strength of copying."""
    yield recall(preference_loss)
    yield by(gradient, wrt=b)
    yield by(over, "downhill, of one verb among K; favourite against others", what=-K * (V - 1) / V)
    yield by(substitute, "from nothing", letters={b: S.Zero})
    yield so("as often as it is right, less the belief in it", V * (q - believed) / (K * (V - 1)))


@claim(
    "rate",
    "ḃ(∞)/ḃ(0)",
    rivals={
        "nothing left": S.Zero * N * V,
        "all of it": S.One + 0 * N * V,
        "all but the share of one noun": 1 - 1 / N + 0 * V,
        "the share of one noun": V / (N * (V - 1)),
    },
    hypotheses=(*preferred, N > 2),
)
def left_for_memory():
    """Ratio of the growth rates of memory with copying known and unknown."""
    yield recall(memory_speed)
    yield by(substitute, "nouns inside y times as likely as outside", letters={m: N * log(y)})
    yield by(expand_large, "copying is known", large={y: oo}, order=0)
    yield by(over, "against the start", what=(q * V - 1) / (K * (V - 1)))
    yield so("which is", (N - 1) * V / (N * (V - 1)))


@claim(
    "critical scale",
    "K*",
    rivals={
        "attention not shared": V * (q * V - 1) / (mu * (V - N)),
        "strengths, not logits": N * V * (q * V - 1) / (mu * (V - N)),
        "large vocabulary": N**2 * q * V / mu,
        "chance forgotten": N**2 * V**2 * q / (mu * (V - N)),
    },
    hypotheses=preferred,
)
def critical_verbs():
    """Number of verbs at which copying and memory start equally fast (a crossover): with more, copying leads."""
    yield recall(memory_speed)
    yield by(substitute, "from nothing", letters={m: S.Zero})
    yield by(minus, "against copying", what=copying_start.formula)
    yield by(crossing, parameter=K)
    yield so("collected", N**2 * V * (q * V - 1) / (mu * (V - N)))
