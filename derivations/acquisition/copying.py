r"""The model learns to copy before it learns where to attend, at a time set by the lengths of sentences.

The verb of a sentence attends to its N nouns alike, as long as it knows nothing of roles, and predicts the answer by a
softmax over V nouns of what it read. Renaming the nouns leaves the language alone, so that V² values stay of the form
m I + const: one number m, the strength of copying. With z = m/N the cross-entropy is

    L = ln(N e^z + V − N) − z,

and values that learn at the rate μ move z by ż = μ(V − N)/((V − 1)N²(N e^z + V − N)). So z is reached at

    t(z) = (V − 1)N² [N(e^z − 1) + (V − N) z]/(μ(V − N)),

and half of the belief is inside the sentence at t_c = μ⁻¹ N²(V − 1)[(V − 2N)/(V − N) + ln((V − N)/N)], a *level* of a
curve that is smooth: copying has no threshold. Then ln N is left to pay, which only attention takes away.

Source: derived here; symmetry reduction of an induction head: Musat et al. (arXiv 2511.01033)
"""

from sympy import LambertW, Rational, S, exp, log

from workbench import by, claim, count, given, positive, recall, scalar, size, so
from workbench.calculus.rules import crossing, gradient, minus, over, passage_time, substitute

N, V = size("N"), count("V")
m, mu, t, y = scalar("m"), positive("mu"), positive("t"), positive("y")
larger = 2 * N < V

inside = N * exp(m / N)
loss_formula = log(inside + V - N) - m / N
clock = mu * (V - N) / ((V - 1) * N**2)  # of N(e^z − 1) + (V − N) z


def half(V, N):
    """The time at which half of the belief is inside the sentence, in units of N²(V − 1)/μ."""
    return (V - 2 * N) / (V - N) + log((V - N) / N)


@claim(
    "expectation",
    "L(m)",
    rivals={
        "attention not shared": log(exp(m) + V - 1) - m + 0 * N,
        "other nouns of the sentence forgotten": log(exp(m / N) + V - 1) - m / N,
        "all nouns in the sentence": log(V * exp(m / N)) - m / N,
        "nouns counted twice": log(inside + V) - m / N,
    },
    hypotheses=(larger,),
)
def copying_loss():
    """Loss of a model that copies all nouns of a sentence with equal weight."""
    yield given("minus the logarithm of the softmax, at the answer", -log(exp(m / N) / (inside + V - N)))
    yield so("which is", loss_formula)


@claim(
    "gradient",
    "ṁ",
    rivals={
        "one value for all nouns": mu * (V - N) / (N * (inside + V - N)),
        "as if the others stayed": mu * (V - N) / (N * V * (inside + V - N)),
        "attention not shared": mu * (V - N) / ((V - 1) * (inside + V - N)),
        "all of the belief outside": mu / ((V - 1) * N) + 0 * m,
    },
    hypotheses=(larger,),
)
def copying_speed():
    """Growth rate of the strength of copying: μ/(V − 1) times the slope, since V² entries share it."""
    yield recall(copying_loss)
    yield by(gradient, wrt=m)
    yield by(over, "along the negative gradient, shared by the values", what=-(V - 1) / mu)
    yield so("the belief outside the sentence", mu * (V - N) / ((V - 1) * N * (inside + V - N)))


@claim(
    "flow",
    "t(y)",
    rivals={
        "belief stays outside": log(y) * V / clock,
        "logistic": (log(y) + log(N * y + V - N) - log(V)) * V / clock,
        "attention not shared": (N * (y - 1) + (V - N) * log(y)) / (clock * N**2),
        "one noun in the sentence": (y - 1 + (V - 1) * log(y)) / clock,
    },
    hypotheses=(larger, y > Rational(5, 4)),
)
def copying_time():
    """Training time at which a noun of the sentence is y times as likely as one outside it."""
    yield recall(copying_speed)
    yield by(substitute, "in the odds y = e^(m/N)", letters={m: N * log(y)})
    yield by(over, "ẏ = y ṁ/N", what=N / y)
    yield by(passage_time, unknown=y, initial=S.One)
    yield so("which is", (N * (y - 1) + (V - N) * log(y)) / clock)


@claim(
    "critical scale",
    "t_c",
    rivals={
        "without the slowing down": N**2 * (V - 1) / mu * log((V - N) / N),
        "odds of one noun": (V - 1) * N**2 / (mu * (V - N)) * (N * (V - 2) + (V - N) * log(V - 1)),
        "attention not shared": (V - 1) / mu * half(V, N),
        "one value for all nouns": N**2 / mu * half(V, N),
    },
    hypotheses=(larger,),
)
def copying_half():
    """Training time at which the nouns of the sentence have half of the probability (a level): about N² ln(V/N)."""
    yield recall(copying_time)
    yield by(substitute, "N nouns inside against V − N outside", letters={y: (V - N) / N})
    yield so("which is", N**2 * (V - 1) / mu * half(V, N))


moved = N + clock * t  # N e^z + (V − N) z at time t


@claim(
    "flow",
    "m(t)",
    rivals={
        "linear for ever": mu * (V - N) * t / ((V - 1) * N * V),
        "logarithmic at once": N * log(1 + clock * t / N),
        "attention not shared": moved / (V - N) - LambertW(N / (V - N) * exp(moved / (V - N))),
    },
    hypotheses=(larger,),
)
def copying_course():
    """The strength of copying as a function of training time: linear, then logarithmic, without a limit."""
    yield recall(copying_time)
    yield by(substitute, "of the strength m", letters={y: exp(m / N)})
    yield by(minus, "the time that has passed", what=t)
    yield by(crossing, parameter=m, value=N * (moved / (V - N) - LambertW(N / (V - N) * exp(moved / (V - N)))))
