r"""The error bars of sampled training are those of waiting for a rare word.

Stochastic gradient descent reads one sentence at a time, and a word of frequency p moves its logit (`bigrams`) only
when it is met: by η V/(e^z + V − 1) at the rate η. So it is known after a number n of meetings that is no matter of
chance, and the time until then is the time until the n-th meeting: *exactly, at every rate*,

    E T = n/p,    Var T = n(1 − p)/p²,    (Var T)^½/E T = √((1 − p)/n).

For small rates n → pt_p/η, and in the time t = ηT of the flow the variance is that of the linear-noise equation,

    Var t_p/η → (1 − p)/p² · (y − 1 + (V − 1) ln y)/V = (1 − p) t_p/p,

t_p ∝ 1/p: the relative error √(η(1 − p)/(p t_p)) is the same for all rare words. The number of
meetings ηn that half of the belief takes is a matter of the vocabulary alone.

Source: derived here; linear-noise equation: van Kampen 1961
"""

from sympy import S, log, sqrt

from derivations.acquisition.bigrams import V, bigram_time, p, t, y
from workbench import by, claim, count, given, recall, scalar, so
from workbench.calculus.rules import minus, over, stationary_point, substitute

n, w, x = count("n"), scalar("w"), scalar("x")


@claim(
    "expectation",
    "E T",
    rivals={"before the last": (n - 1) / p, "failures only": n * (1 - p) / p, "one more": (n + 1) / p},
)
def waiting_mean():
    """Mean number of sentences until a word has occurred n times."""
    yield given("a sentence, and all again unless the word was met", 1 + (1 - p) * x - x)
    yield by(stationary_point, wrt=x)
    yield by(over, "n times", what=1 / n)
    yield so("which is", n / p)


@claim(
    "expectation",
    "Var T",
    rivals={
        "Poisson": n / p**2,
        "of the number met": n * p * (1 - p),
        "mean square": n * (2 - p) / p**2,
        "of one meeting": (1 - p) / p**2 + 0 * n,
    },
)
def waiting_variance():
    """Variance, from run to run, of the number of sentences until a word has occurred n times."""
    yield given("the mean square after a sentence", 1 + 2 * (1 - p) / p + (1 - p) * w - w)
    yield by(stationary_point, wrt=w)
    yield by(minus, "less the squared mean", what=1 / p**2)
    yield by(over, "n independent times", what=1 / n)
    yield so("which is", n * (1 - p) / p**2)


@claim(
    "expectation",
    "(Var T)^½/E T",
    rivals={
        "Poisson": 1 / sqrt(n) + 0 * p,
        "of the number met": sqrt(n * p * (1 - p)),
        "falls like one over n": (1 - p) / n,
    },
)
def relative_error():
    """Relative standard deviation of the learning time of one run: one over the root of the number of occurrences."""
    yield recall(waiting_variance)
    yield by(over, "of the squared mean", what=waiting_mean.formula**2)
    yield so("which is", (1 - p) / n)
    yield by(over, "its root", what=sqrt((1 - p) / n))
    yield so("which is", sqrt((1 - p) / n))


@claim(
    "rate",
    "lim Var t/η",
    rivals={
        "Poisson": (y - 1 + (V - 1) * log(y)) / (p**2 * V),
        "per meeting": (1 - p) * (y - 1 + (V - 1) * log(y)) / (p * V),
        "squared time": (1 - p) * ((y - 1 + (V - 1) * log(y)) / (p * V)) ** 2,
        "others do not fall": (1 - p) * (y - 1 + (V - 1) * log(y)) / (p**2 * (V - 1)),
    },
    hypotheses=(2 * y > 3,),
)
def linear_noise():
    """Variance of the learning time of a word per learning rate, for small rates."""
    yield recall(waiting_variance)
    yield by(substitute, "so many meetings, at the rate one", letters={n: p * t})
    yield by(substitute, "in the time that the flow takes", letters={t: bigram_time.formula})
    yield so("which is", (1 - p) * (y - 1 + (V - 1) * log(y)) / (p**2 * V))


@claim(
    "critical scale",
    "n_V",
    rivals={
        "without the slowing down": log(V - 1),
        "odds of one to V": (V - 1) / V * (1 + log(V)),
        "others do not fall": ((V - 1) * log(V - 1) + V - 2) / (V - 1),
    },
    hypotheses=(V > 2,),
)
def meetings():
    """Number of occurrences until the right word has probability one half, times the learning rate (a level).

    The vocabulary alone decides: no frequency enters.
    """
    yield recall(bigram_time)
    yield by(substitute, "one against V − 1", letters={y: V - 1})
    yield by(over, "meetings, not time", what=S.One / p)
    yield so("which is", ((V - 1) * log(V - 1) + V - 2) / V)
