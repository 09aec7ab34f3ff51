r"""The number of skills that a model knows grows like a power of the time of its training.

Skill k has the frequency p k^{−(1+α)} of Zipf's law, p that of the commonest one, and a head of its own, which reads
its sentences alone: a *gate* that is a hypothesis here (heads without one become one head, `shared_heads`). It is known
once half of its final gain has emerged, after the time t_p k^{1+α} of `courses`. So at time t

    n(t) = (t/t_p)^{1/(1+α)},    t_p = ln(g*/g₀ − 1)/(2 p λ²√d),

skills are known: their number depends on context and start through t_p alone, and x times the time that the commonest
skill takes gives x^{1/(1+α)} skills.

Source: the exponent is that of Michaud, Liu, Girit & Tegmark (arXiv 2303.13506) and Nam, Fonseca, Lee, Mingard & Louis
(arXiv 2404.17563, eq. 40); n(t) derived here, for attention
"""

from sympy import log, sqrt

from derivations.emergence.courses import N, d, emergence_time, g0, known, lamda, late, p, rate, t
from workbench import by, claim, large, positive, recall, so
from workbench.calculus.rules import crossing, minus, substitute

alpha, n, x = positive("alpha"), positive("n"), large("x")
sigma = 1 + alpha
delay = log(known / g0 - 1) / 2  # of the commonest skill, in units of its rate


@claim(
    "critical scale",
    "n(t)",
    rivals={
        "one factor trained": (rate * t / (2 * delay)) ** (1 / sigma),
        "exponent 1/α": (rate * t / delay) ** (1 / alpha),
        "exponent of the loss": (rate * t / delay) ** (alpha / sigma),
        "endless context": (2 * rate * t / log(sqrt(d) / (lamda * g0) - 1)) ** (1 / sigma),
        "one token too few": (2 * rate * t / log(sqrt(d) * N / ((N + d) * lamda * g0) - 1)) ** (1 / sigma),
        "no memory of the start": (rate * t) ** (1 / sigma),
    },
    hypotheses=(late,),
)
def skills_known():
    """Rank of the skill that emerges at time t (a level): so many are known by then."""
    yield recall(emergence_time)
    yield by(substitute, "Zipf's frequencies", letters={p: p * n ** (-sigma)})
    yield by(minus, "later than t", what=t)
    yield by(
        crossing,
        parameter=n,
        hypotheses=(late,),
        value=(2 * p * lamda**2 * sqrt(d) * t / log(known / g0 - 1)) ** (1 / sigma),
    )


@claim(
    "rate",
    "n(x t_p)",
    rivals={
        "exponent 1/α": x ** (1 / alpha),
        "exponent of the loss": x ** (alpha / sigma),
        "one head for all": x ** (2 / (2 * alpha + 1)),
        "one head for all, keys and queries separate": x ** (3 / (3 * alpha + 2)),
        "skills at equal distances": x + 0 * alpha,
        "a delay for each skill": 1 + x ** (1 / sigma),
    },
)
def growth():
    """Number of skills known after x times the learning time of the most frequent one."""
    yield recall(skills_known)
    yield by(substitute, "x times the time of the commonest", letters={t: x * emergence_time.formula})
    yield so("whatever the start and the context", x ** (1 / sigma))
