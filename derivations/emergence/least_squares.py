r"""Risk of least squares on p words after P sentences: the price of uninformative features.

He guesses the masked word of a sentence from p of the other words, by least squares on P sentences. Words are Gaussian
with any covariance Σ, and σ² is the variance that the best reader of the same words would leave. His risk is

    R = σ²(P − 1)/(P − p − 1),      whatever Σ.

One word more that says nothing costs the share 1/(P − p − 2) of it: reading pays only where words say more than that.

Source: derived here; for the mean of an inverse Wishart matrix see Haff, J. Multivariate Anal. 9 (1979)
"""

from sympy import Identity

from workbench import E, by, claim, count, gaussian, given, matrix, positive, recall, size, so, spd, tr, vector
from workbench.calculus.rules import expectation, inverse_wishart, over, substitute

p, P = size("p"), count("P")
Sigma, b, W = spd("Sigma", p), vector("b", p), matrix("W", p, P)
sigma = positive("sigma")

X = gaussian("X", p, P, cov=Sigma)
unsaid = gaussian("unsaid", P, cov=sigma**2 * Identity(P))  # what the other words do not say of the masked ones
fresh, riddle = gaussian("fresh", p, cov=Sigma), gaussian("riddle", 1, cov=sigma**2 * Identity(1))


@claim(
    "expectation",
    "R(W)",
    rivals={
        "of the best reader": sigma**2 + 0 * tr(Sigma * (W * W.T).inv()),
        "white words": sigma**2 * (1 + tr((W * W.T).inv())),
        "on the sentences it was trained on": sigma**2 * (1 - p / P) + 0 * tr(Sigma * (W * W.T).inv()),
    },
    hypotheses=(P > p,),
)
def error():
    """Squared error on a fresh sentence, given the words W of the P training sentences."""
    learned = (W * W.T).inv() * W * (W.T * b + unsaid)
    yield given("the masked word, bᵀx + its noise, less the guess", E(tr(fresh.T * (b - learned) + riddle) ** 2))
    yield by(expectation)
    yield so("collected", sigma**2 + sigma**2 * tr(Sigma * (W * W.T).inv()))


@claim(
    "expectation",
    "R",
    rivals={
        "to first order": sigma**2 * (1 + p / P),
        "one sentence more": sigma**2 * P / (P - p),
        "with a mean to be learned": sigma**2 * (P + 1) * (P - 2) / (P * (P - p - 2)),
        "words fixed, on the same words": sigma**2 * (P + p) / P,
        "of the best reader": sigma**2 + 0 * p + 0 * P,
    },
    hypotheses=(P > p + 1,),
    regime=(P > p + 5,),
)
def risk():
    """Risk of least squares on p words after P sentences: it depends on their number and not on their covariance."""
    yield given("on average over the words of P sentences", E(error.formula.xreplace({W: X})))
    yield by(inverse_wishart)
    yield so("collected", sigma**2 * (P - 1) / (P - p - 1))


@claim(
    "expectation",
    "R(p + 1)/R(p)",
    rivals={
        "to first order": 1 + 1 / P + 0 * p,
        "nothing": 1 + 0 * P * p,
        "two words": (P - p - 1) / (P - p - 3),
        "a share for each word": 1 + 1 / p + 0 * P,
    },
    hypotheses=(P > p + 2,),
    regime=(P > p + 6,),
)
def price():
    """Factor by which one more uninformative word raises the risk: it grows with the number of words read."""
    yield recall(risk)
    yield by(substitute, "one word more", letters={p: p + 1})
    yield by(over, "against reading on without it", what=risk.formula)
    yield so("collected", 1 + 1 / (P - p - 2))
