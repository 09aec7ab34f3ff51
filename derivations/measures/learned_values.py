r"""Values that a layer learns with weight decay, and the best step of a layer whose scores are given.

A residual layer reads the cloud N(0, Σ) through fixed scores A = KᵀQ and moves each token by V ΣAx, in the limit of a
long context. It shall move them by Cx (`transports` learns the scores instead), and pays λ|V|² for its values:

    R(V) = tr((VS − C) Σ (VS − C)ᵀ) + λ tr(VVᵀ),    S = ΣA,
    V* = CΣSᵀ (SΣSᵀ + λ I)⁻¹.

Values undo what the scores do; decay spares those directions along which little is read. A layer with a single number,
its step h, moves by hΣAx; the best one is a projection, h* = tr(CΣSᵀ)/tr(SΣSᵀ), and it leaves
tr(CΣCᵀ) − tr(CΣSᵀ)²/tr(SΣSᵀ).

Source: derived here, from the output of Boursier & Boyer (arXiv 2512.11784), Lemma 2.1
"""

from sympy import Identity

from derivations.measures.flows import A, Sigma, d
from workbench import E, by, claim, dot, gaussian, given, matrix, positive, recall, scalar, so, tr
from workbench.calculus.rules import expectation, gradient, stationary_point, substitute

C, V = matrix("C", d, d), matrix("V", d, d)
h, lamda = scalar("h"), positive("lamda")
I = Identity(d)
x = gaussian("x", d, cov=Sigma)

S = Sigma * A  # how a token is read
seen = S * Sigma * S.T  # the second moment of what is read
wanted = C * Sigma * S.T
missed = V * S - C
mild = tr(A * A.T) * tr(Sigma * Sigma) < 0.25
plane = d < 3  # where a search through the layer is quick


@claim(
    "expectation",
    "R(V)",
    rivals={
        "scores meet white tokens": tr((V * A - C) * Sigma * (V * A - C).T) + lamda * tr(V * V.T),
        "decay counted half": tr(missed * Sigma * missed.T) + lamda / 2 * tr(V * V.T),
        "values after the goal": tr((S * V - C) * Sigma * (S * V - C).T) + lamda * tr(V * V.T),
    },
    regime=(mild, plane),
)
def risk():
    """Squared distance of a layer's output from its target, and the cost of its values."""
    yield given(
        "what the layer adds to a token, what it should add, and the decay",
        E(dot(missed * x, missed * x)) + lamda * tr(V * V.T),
    )
    yield by(expectation)
    yield so("collected", tr(missed * Sigma * missed.T) + lamda * tr(V * V.T))


@claim(
    "gradient",
    "∇R(V)",
    rivals={
        "factor 2 forgotten": missed * Sigma * S.T + lamda * V,
        "decay counted half": 2 * missed * Sigma * S.T + lamda * V,
        "tokens not averaged": 2 * missed * S.T + 2 * lamda * V,
        "decay forgotten": 2 * missed * Sigma * S.T,
    },
    regime=(mild, plane),
)
def risk_gradient():
    """Gradient of that risk in the values."""
    yield recall(risk)
    yield by(gradient, wrt=V)
    yield so("what is missed, as it is read", 2 * missed * Sigma * S.T + 2 * lamda * V)


@claim(
    "fixed point",
    "V*",
    rivals={
        "decay forgotten": C * S.inv() + 0 * lamda * C,
        "decay halved": wanted * (seen + lamda / 2 * I).inv(),
        "decay in the scores' units": C * S.T * (S * S.T + lamda * I).inv(),
        "tokens white": C * A.T * (A * A.T + lamda * I).inv(),
        "from the other side": (seen + lamda * I).inv() * wanted,
    },
    regime=(mild, plane),
)
def learned_values():
    """Trained values: a ridge regression of the target on what is read."""
    yield recall(risk_gradient)
    yield by(stationary_point, wrt=V)
    yield so("a ridge regression", wanted * (seen + lamda * I).inv())


@claim(
    "fixed point",
    "h*",
    rivals={
        "ratio of traces": tr(C) / tr(S),
        "tokens white": tr(C * A.T) / tr(A * A.T),
        "tokens not averaged": tr(C * S.T) / tr(S * S.T),
        "half of it": tr(wanted) / tr(seen) / 2,
    },
    regime=(mild, plane),
)
def best_step():
    """Best step of a layer without values and weight decay: a projection of the target on what is read."""
    yield recall(risk)
    yield by(substitute, "one number for the values, and no decay", letters={V: h * I, lamda: 0 * h})
    yield by(gradient, wrt=h)
    yield by(stationary_point, wrt=h)
    yield so("the part along what is read", tr(wanted) / tr(seen))
