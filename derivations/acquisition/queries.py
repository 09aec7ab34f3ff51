r"""Separate queries and keys learn what one table of scores learns, after a delay that depends on their start.

Verbs are read by scores A = QCᵀ of queries Q (verbs×width) and keys C (roles×width). Descent on a loss with the slopes
G = ∂L/∂A moves the scores by

    Ȧ = −(G CCᵀ + QQᵀ G),

which knows queries and keys by their Gram matrices alone: at any width the flow of Gram matrices is closed, and
QᵀQ − CᵀC never moves. A table of scores has the identity in place of either; verbs whose queries are not orthogonal
teach each other. Where a verb of frequency p and keys are both small, nothing is learned fast: a *saddle*, left at the
rate

    λ = p m √(2N² − 6N + 6)/N²

in sentences of N nouns, copied with the strength m, so that a start c times as close delays the verb by ln(c)/λ: the
wait *diverges*. A table of scores has no saddle.

Source: derived here; separate factors: Zhang, Singh, Latham & Saxe (ICML 2025)
"""

from sympy import S, log, sqrt

from derivations.acquisition.readers import N, V, first_lesson, g, m, steady
from workbench import by, claim, given, gradient, matrix, positive, probability, recall, size, so, tr, vector
from workbench.calculus.rules import minus, over, paired, passage_time

K, R, width = size("K"), size("R"), size("width")
Q, C, G = matrix("Q", K, width), matrix("C", R, width), matrix("G", K, R)
u = vector("u", width)
p, y = probability("p"), positive("y")
room = (g + 2 < V,)

first_lesson_length = m * sqrt(2 * N**2 - 6 * N + 6) / N**2
speed = p * first_lesson_length


@claim(
    "gradient",
    "∂L/∂Q",
    rivals={"counted twice": 2 * G * C, "uphill": -G * C, "by the queries": Q * C.T * C},
)
def query_slopes():
    """Gradient of the loss in the queries, from its gradient G in the scores."""
    yield given("the loss, to first order in the scores", tr(G.T * Q * C.T))
    yield by(gradient, wrt=Q)


@claim(
    "gradient",
    "∂L/∂C",
    rivals={"counted twice": 2 * G.T * Q, "uphill": -G.T * Q, "by the keys": C * Q.T * Q},
)
def key_slopes():
    """Gradient of the loss in the keys, from its gradient G in the scores."""
    yield given("the loss, to first order in the scores", tr(G.T * Q * C.T))
    yield by(gradient, wrt=C)


@claim(
    "gradient",
    "Ȧ",
    rivals={
        "a table of scores": -G,
        "queries alone": -G * C * C.T,
        "keys alone": -Q * Q.T * G,
        "as if they were one": -2 * G * C * C.T,
        "apart": -G * C * C.T + Q * Q.T * G,
    },
)
def score_speed():
    """Velocity of the scores under training: it contains the Gram matrices of keys and of queries."""
    yield given("both factors follow the negative gradient", -(query_slopes.formula * C.T + Q * key_slopes.formula.T))
    yield so("which is", -(G * C * C.T + Q * Q.T * G))


@claim(
    "manifold",
    "uᵀ d(QᵀQ − CᵀC)/dt u",
    rivals={
        "the sum": -4 * tr(u.T * Q.T * G * C * u),
        "of the queries": -2 * tr(u.T * Q.T * G * C * u),
        "of the keys": 2 * tr(u.T * Q.T * G * C * u),
    },
)
def balance_of_factors():
    """Training conserves the difference of the Gram matrices of queries and of keys."""
    yield given("of the queries, along u", -2 * tr(u.T * Q.T * query_slopes.formula * u))
    yield by(minus, "less that of the keys", what=-2 * tr(u.T * C.T * key_slopes.formula * u))
    yield so("zero", S.Zero)


@claim(
    "spectrum",
    "λ",
    rivals={
        "no saddle": S.Zero * speed,
        "genitives forgotten": p * m * sqrt(N**2 - 2 * N + 2) / N**2,
        "two layers": speed / N,
        "own role alone": p * m * (N - 1) / N**2,
        "twice": 2 * speed,
    },
    hypotheses=(*room, *steady),
)
def query_escape():
    """Escape rate of a small query and small keys from the saddle at zero scores."""
    yield recall(first_lesson)
    yield by(paired, "the square of its length", vector=first_lesson.formula)
    yield by(over, "its length couples query and keys, as often as the verb is met", what=first_lesson_length / p)
    yield so("which is", speed)


@claim(
    "rate",
    "t(ε/c) − t(ε)",
    rivals={
        "a table of scores: no wait": S.Zero * speed * y,
        "power of the start": (y - 1) / speed,
        "two layers": N * log(y) / speed,
        "grows from both sides": log(y) / (2 * speed),
    },
    hypotheses=(*room, *steady, y > 2),
)
def query_delay():
    """Extra training time of a verb whose query and keys start c times as close to the saddle (a divergence)."""
    yield recall(query_escape)
    yield by(over, "the speed along the direction that grows", what=1 / y)
    yield by(passage_time, unknown=y, initial=S.One)
    yield so("which is", log(y) / speed)
