r"""A gate that forgets at a fixed rate reads no more examples than it remembers, however long the prompt.

White prompts, y = w·x + σξ with w ~ N(0, I) in R^d. A state-space layer keeps a gated average of what it reads, and
answers the query by its product with the state, which has faded by one more step:

    h ← a h + (1 − a) y x,        ŷ = β x·(a h).

So it weighs its N examples by their place (`weighted_contexts`). With the sums S₁ = a(1 − aᴺ) of the weights and
S₂ = a²(1 − a)(1 − a²ᴺ)/(1 + a) of their squares, and c = d + 1 + σ², its risk is d(1 − 2βS₁ + β²(S₁² + cS₂)). At the
best β it is dc/(M + c), that of a uniform average of

    M = (1 + a)(1 − aᴺ)/((1 − a)(1 + aᴺ))  <  (1 + a)/(1 − a)

examples. `gate_memories` says what that costs.

Source: Jiang, Huang, Zhang, Suzuki & Nie, Trained Mamba emulates online gradient descent in in-context linear
regression (2025), Theorem 4.1, which bounds the risk; exact risks and lengths derived here
"""

from sympy import S

from derivations.in_context.one_layer import C, I, Lambda, M, N, U, d, sigma
from derivations.in_context.weighted_contexts import equivalent_length, risk, squares, total
from workbench import by, claim, given, positive, probability, recall, scalar, so
from workbench.calculus.rules import gradient, iterated, stationary_point, substitute

a, beta, r = probability("a"), scalar("beta"), positive("r")

c = d + 1 + sigma**2
once, twice = a * (1 - a**N), a**2 * (1 - a) * (1 - a ** (2 * N)) / (1 + a)
length = (1 + a) * (1 - a**N) / ((1 - a) * (1 + a**N))
uniform = d * c / (M + c)  # the least risk of M examples weighed alike
short = (N < 5, d < 3)  # for exact cubature over a whole prompt


@claim(
    "identity",
    "S₁",
    rivals={
        "before the query": 1 - a**N,
        "endless prompt": a + 0 * N,
        "one example fewer": a * (1 - a ** (N - 1)),
    },
)
def gate_weight():
    """Sum of the weights of all examples behind a gate: less than one, since the state begins at zero."""
    yield given("one more example, and every weight fades", a * (r + 1 - a))
    yield by(iterated, unknown=r, times=N, initial=S.Zero)
    yield so("a geometric sum", once)


@claim(
    "identity",
    "S₂",
    rivals={
        "square of the sum": once**2,
        "weights alike": once**2 / N,
        "rate not squared": a * (1 - a) ** 2 * (1 - a**N),
    },
)
def gate_squares():
    """Sum of the squared weights of all examples behind a gate: it multiplies the noise of the state."""
    yield given("one more example, and every weight fades", a**2 * (r + (1 - a) ** 2))
    yield by(iterated, unknown=r, times=N, initial=S.Zero)
    yield so("a geometric sum", twice)


@claim(
    "critical scale",
    "M",
    rivals={
        "all examples": N + 0 * a,
        "one over the rate": (1 - a**N) / (1 - a),
        "endless prompt": (1 + a) / (1 - a) + 0 * N,
        "squares of weights that sum to one": (1 + a) / ((1 - a) * (1 - a ** (2 * N))),
    },
    regime=(*short, N > 1, a > 0.3),
)
def gated_length():
    """Number of equally weighted examples at which a layer has the same risk as behind the gate (a level)."""
    yield recall(equivalent_length)
    yield by(substitute, "the gate's weights", letters={total: once, squares: twice})
    yield so("collected", length)


def gated(signal, spread):
    """The risk, from the mean of the answer per task and from its second moment."""
    return d * (1 - 2 * beta * signal + beta**2 * spread)


@claim(
    "expectation",
    "R(β)",
    rivals={
        "d for d + 1": gated(once, once**2 + (c - 1) * twice),
        "state read before it fades": gated(once / a, (once**2 + c * twice) / a**2),
        "uniform average": gated(S.One, 1 + c / N),
        "squared bias only": d * (1 - beta * once) ** 2,
    },
    regime=short,
)
def gated_risk():
    """Risk of a state-space layer with a fixed gate on regression prompts."""
    yield recall(risk)
    yield by(substitute, "white inputs and tasks, one gain", letters={Lambda: I, C: I, U: beta * I})
    yield by(substitute, "the gate's weights", letters={total: once, squares: twice})
    yield so("collected", gated(once, once**2 + c * twice))


@claim(
    "fixed point",
    "β*",
    rivals={
        "noise ignored": 1 / once,
        "d for d + 1": once / (once**2 + (c - 1) * twice),
        "uniform average": N / (N + c) + 0 * a,
        "of a sum to one": once / (1 + c * twice),
    },
    regime=short,
)
def best_gain():
    """Trained gain of the gated layer: more than one, as the weights sum to less than one."""
    yield recall(gated_risk)
    yield by(gradient, wrt=beta)
    yield by(stationary_point, wrt=beta)
    yield so("collected", once / (once**2 + c * twice))


@claim(
    "expectation",
    "R(β*)",
    rivals={
        "as without a gate": uniform.xreplace({M: N}) + 0 * a,
        "the published bound": 3 * d * c / (2 * N) + 0 * a,
        "endless prompt": uniform.xreplace({M: (1 + a) / (1 - a)}) + 0 * N,
        "d for d + 1": d * (c - 1) / (length + c - 1),
    },
    regime=short,
)
def least_risk():
    """Risk of the trained gate: that of a uniform average over the gate's effective number of examples."""
    yield recall(gated_risk)
    yield by(substitute, "at the best gain", letters={beta: best_gain.formula})
    yield so("that of a uniform average", uniform.xreplace({M: length}))
