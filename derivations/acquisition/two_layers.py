r"""Where case is a separate token, a skill starts at a saddle, and the waiting time there is unbounded.

In analytic text (*anna ga bela o promised*) a noun does not show its case: one layer cannot tell two nouns of a
sentence apart. With two layers a noun first looks at all N particles of its sentence, at the one next to it with a
score b, and tells its own case, more than any other, by

    β = (e^b − 1)/(e^b + N − 1).

The verb then reads the scores βA of `readers`. At b = A = 0 neither layer learns without the other: a *saddle*. For a
verb of frequency p and copying of strength m the only direction in which it is left grows at the rate

    λ = p m √(2N² − 6N + 6)/N³,

so that a start c times as close delays the skill by ln(c)/λ: the wait *diverges* at the saddle, and with weight decay γ
there is a *transition*: the skill is learned from small starts if γ < λ, and never if γ > λ.

Source: derived here; staircases of attention from saddles: Zhang, Singh, Latham & Saxe (ICML 2025)
"""

from sympy import S, exp, log, sqrt

from derivations.acquisition.readers import N, V, first_lesson, g, loss, m, scores, steady
from workbench import by, claim, given, positive, probability, recall, scalar, so
from workbench.calculus.rules import crossing, gradient, minus, over, paired, passage_time, substitute

room = (N < V,)
own, other, far = scores
b, p, decay, y = scalar("b"), probability("p"), positive("decay"), positive("y")

odds = exp(b)
told = (odds - 1) / (odds + N - 1)
speed = p * m * sqrt(2 * N**2 - 6 * N + 6) / N**3


def bound(share):
    """The loss of `readers` when the verb reads so much of each case."""
    weights = [exp(share * score) for score in scores]
    return loss(*(weight / (weights[0] + weights[1] + g * weights[2]) for weight in weights))


@claim(
    "expectation",
    "β",
    rivals={
        "own particle alone": odds / (odds + N - 1),
        "of two particles": (odds - 1) / (odds + 1) + 0 * N,
        "small": b / N,
    },
)
def case_told():
    """Difference between the weights of a noun's own case and of another case of its sentence."""
    yield given("attention to the next particle, less that to another one", odds / (odds + N - 1) - 1 / (odds + N - 1))
    yield so("which is", told)


@claim(
    "expectation",
    "L(A, b, m)",
    rivals={
        "case in the word": bound(S.One) + 0 * b,
        "own particle alone": bound(odds / (odds + N - 1)),
        "blind": bound(S.Zero),
    },
    hypotheses=room,
)
def two_layer_loss():
    """Loss of the model with two layers."""
    yield given("the loss of one layer, which reads cases as they are told", bound(case_told.formula))
    yield so("which is", bound(told))


@claim(
    "gradient",
    "∂β/∂b at 0",
    rivals={"not shared": S.One + 0 * N, "own particle alone": (N - 1) / N**2, "two particles": S.Half + 0 * N},
)
def first_binding():
    """Rate at which a noun learns its case when it begins to attend to the next particle."""
    yield recall(case_told)
    yield by(gradient, wrt=b)
    yield by(substitute, "of a noun with uniform attention", letters={b: S.Zero})
    yield so("one of N particles", 1 / N)


@claim(
    "spectrum",
    "λ",
    rivals={
        "no saddle": S.Zero * speed,
        "genitives forgotten": p * m * sqrt(N**2 - 2 * N + 2) / N**3,
        "particles not shared": speed * N,
        "each genitive for itself": p * m * sqrt(N**2 - N) / N**3,
    },
    hypotheses=(*room, *steady),
)
def escape():
    """Escape rate of training from the saddle where neither layer has learned anything."""
    yield recall(first_lesson)
    yield by(paired, "the square of its length", vector=first_lesson.formula)
    yield by(over, "its length couples scores and binding", what=m * sqrt(2 * N**2 - 6 * N + 6) / N**2)
    yield by(over, "times the frequency of the verb and the weight of the case", what=1 / (p * first_binding.formula))
    yield so("which is", speed)


@claim(
    "critical scale",
    "γ_c",
    rivals={
        "genitives forgotten": p * m * sqrt(N**2 - 2 * N + 2) / N**3,
        "particles not shared": speed * N,
        "half": speed / 2,
    },
    hypotheses=(*room, *steady),
)
def critical_decay():
    """Weight decay above which two layers never learn a verb from small starts (a transition)."""
    yield recall(escape)
    yield by(minus, "less the decay", what=decay)
    yield by(crossing, parameter=decay)
    yield so("which is", speed)


@claim(
    "rate",
    "t(ε/c) − t(ε)",
    rivals={
        "one layer: no wait": S.Zero * speed * y,
        "power of the start": (y - 1) / speed,
        "genitives forgotten": log(y) * N**3 / (p * m * sqrt(N**2 - 2 * N + 2)),
        "grows from both sides": log(y) / (2 * speed),
    },
    hypotheses=(*room, *steady, y > 2),
)
def delay():
    """Extra training time of two layers that start c times as close to the saddle (a divergence)."""
    yield recall(critical_decay)
    yield by(over, "the speed along the direction that grows", what=1 / y)
    yield by(passage_time, unknown=y, initial=S.One)
    yield so("which is", log(y) / speed)
