r"""Training time of a bigram in a softmax model, as a function of its frequency and of the optimiser.

A word of frequency p is always followed by the same one of V words. A table of logits learns this by gradient flow on
the cross-entropy: the logit of the right word rises above the others by z with

    ż = pV/(e^z + V − 1),    e^z − 1 + (V − 1) z = pVt,

so that half of the belief is right at t_p = [(V − 1) ln(V − 1) + V − 2]/(pV), a *level*: rare words wait in proportion
to 1/p. Descent along the signs of the slopes, the limit of Adam, knows no frequency: every word is known at
t = ln(V − 1)/2.

Source: derived here; bigrams under Zipf's law by gradient and sign descent: Kunstner & Bach (arXiv 2505.19227)
"""

from sympy import LambertW, Rational, S, exp, log

from workbench import by, claim, count, given, positive, probability, recall, scalar, so
from workbench.calculus.rules import crossing, gradient, minus, over, passage_time, substitute

V, p = count("V"), probability("p")
z, t, y = scalar("z"), positive("t"), positive("y")

odds = exp(z)
waits = (V - 1) * log(V - 1) + V - 2
s = (1 + p * V * t) / (V - 1)


@claim(
    "gradient",
    "ż",
    rivals={
        "others do not fall": p * (V - 1) / (odds + V - 1),
        "frequency forgotten": V / (odds + V - 1) + 0 * p,
        "squared error": p * V / (V - 1) * (1 - z),
        "all of the belief": p * odds * V / (odds + V - 1),
    },
)
def bigram_speed():
    """Growth rate of the logit of the next word under gradient descent."""
    yield given("the cross-entropy, as often as the word is met", p * (log(odds + V - 1) - z))
    yield by(gradient, wrt=z)
    yield by(over, "downhill; the logit rises and V − 1 others fall", what=-(V - 1) / V)
    yield so("which is", p * V / (odds + V - 1))


@claim(
    "flow",
    "t(y)",
    rivals={
        "belief stays elsewhere": log(y) / p + 0 * V,
        "others do not fall": (y - 1 + (V - 1) * log(y)) / (p * (V - 1)),
        "logistic": (log(y) + 1 - 1 / y) / p + 0 * V,
    },
    hypotheses=(y > Rational(5, 4),),
)
def bigram_time():
    """Training time at which the next word is y times as likely as another word."""
    yield recall(bigram_speed)
    yield by(substitute, "in the odds y = e^z", letters={z: log(y)})
    yield by(over, "ẏ = yż", what=1 / y)
    yield by(passage_time, unknown=y, initial=S.One)
    yield so("which is", (y - 1 + (V - 1) * log(y)) / (p * V))


@claim(
    "critical scale",
    "t_p",
    rivals={
        "without the slowing down": log(V - 1) / p,
        "others do not fall": waits / (p * (V - 1)),
        "frequency squared": waits / (p**2 * V),
        "odds of one to V": (V - 1 + (V - 1) * log(V)) / (p * V),
        "by sign descent": log(V - 1) / 2 + 0 * p,
    },
)
def bigram_half():
    """Training time at which the next word has half of the probability (a level)."""
    yield recall(bigram_time)
    yield by(substitute, "one against V − 1", letters={y: V - 1})
    yield so("which is", waits / (p * V))


@claim(
    "flow",
    "z(t)",
    rivals={
        "linear for ever": p * t + 0 * V,
        "logarithmic at once": log(1 + p * V * t),
        "others do not fall": s * (V - 1) / V - LambertW(exp(s * (V - 1) / V) / (V - 1)),
    },
)
def bigram_course():
    """The logit of the next word as a function of training time: linear first, then logarithmic."""
    yield recall(bigram_time)
    yield by(substitute, "of the logit z", letters={y: exp(z)})
    yield by(minus, "the time that has passed", what=t)
    yield by(crossing, parameter=z, positive=False, value=s - LambertW(exp(s) / (V - 1)))


@claim(
    "critical scale",
    "t by sign descent",
    rivals={
        "others do not fall": log(V - 1),
        "odds of one to V": log(V) / 2,
        "shared by the others": log(V - 1) * (V - 1) / V,
    },
)
def sign_half():
    """Training time until the next word has probability one half by sign descent (a level): the same for rare words."""
    yield given("its logit rises at the speed one and the others fall, so that ẏ = 2y", 2 * y)
    yield by(passage_time, unknown=y, initial=S.One)
    yield by(substitute, "one against V − 1", letters={y: V - 1})
    yield so("no frequency", log(V - 1) / 2)
