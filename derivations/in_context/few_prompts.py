r"""Pretraining on as many prompts as weights is worst: noise diverges there, from few prompts and from many.

A layer with weights U ∈ R^{d×d} reads endless prompts exactly and answers wᵀUx. It is pretrained on n prompts of each
of d orthogonal tasks of length one, with label noise of variance σ², from zero, so that it ends at the least norm. What
it then gets wrong on new tasks, per direction, is for n < d − 1 and for n > d + 1

    1 − n/d + σ² n/(d − n − 1),        σ² d/(n − d − 1).

The first term is what was never shown. The others diverge at n = d − 1 and n = d + 1: where τ = n/d, the number of
prompts over that of weights, goes to one. Far more and far fewer prompts are both better.

Source: the pole at τ = 1 is that of Lu, Letey, Zavatone-Veth, Maiti & Pehlevan, Asymptotic theory of in-context
learning by linear attention (PNAS 2025), for large layers and random tasks; orthogonal ones, exactly at every size, are
derived here
"""

from sympy import Identity

from derivations.emergence import few_shots
from workbench import E, by, claim, dot, gaussian, given, matrix, positive, recall, size, so, tr
from workbench.calculus.rules import expectation, inverse_wishart, minus, over, substitute

d, n, sigma = size("d"), size("n"), positive("sigma")
W, Z = matrix("W", n, d), gaussian("Z", n, d)  # inputs of few prompts of one task, one in each row
V, Y = matrix("V", d, n), gaussian("Y", d, n)  # and of many, one in each column
noise = gaussian("noise", n, cov=sigma**2 * Identity(n))

FEW, MANY = (n < d - 1,), (n > d + 1,)
AFFORDABLE = (d > n + 5, d < 12)  # heavy tails near the pole
OFTEN = (n > d + 5, n < 12)

few, many = sigma**2 * n / (d - n - 1), sigma**2 * d / (n - d - 1)


@claim(
    "expectation",
    "noise of few prompts",
    rivals={
        "large layers": sigma**2 * n / (d - n),
        "many prompts": sigma**2 * d / (d - n - 1),
        "to first order": sigma**2 * n / d,
        "one prompt more": sigma**2 * (n + 1) / (d - n - 2),
    },
    hypotheses=FEW,
    regime=AFFORDABLE,
)
def noise_of_few():
    """Error per direction on new tasks that label noise adds after few prompts: it diverges at n = d − 1."""
    learned = W.T * (W * W.T).inv() * noise
    yield given("noise that the weights of one task have learned by heart, inputs known", E(dot(learned, learned)))
    yield by(expectation)
    yield so("collected", sigma**2 * tr((W * W.T).inv()))
    yield given("on average over the inputs", E(sigma**2 * tr((Z * Z.T).inv())))
    yield by(inverse_wishart)
    yield so("which is", few)


@claim(
    "expectation",
    "R/d after few prompts",
    rivals={
        "no noise": 1 - n / d + 0 * sigma,
        "large layers": 1 - n / d + sigma**2 * n / (d - n),
        "all tasks known": few,
        "as if a part of every weight were known": (1 - n / d) ** 2 + few,
    },
    hypotheses=FEW,
    regime=AFFORDABLE,
)
def risk_of_few():
    """Error per direction on new tasks after few prompts: directions never shown, and label noise."""
    yield recall(few_shots.loss)
    yield by(over, "of the length of the task", what=dot(few_shots.f, few_shots.f))
    yield by(substitute, "n inputs of a task of d coordinates", letters={few_shots.D: d, few_shots.n: n})
    yield by(minus, "and noise, which is independent of it", what=-few)


@claim(
    "expectation",
    "R/d after many prompts",
    rivals={
        "large layers": sigma**2 * d / (n - d),
        "few prompts": sigma**2 * n / (n - d - 1),
        "to first order": sigma**2 * d / n,
        "one prompt less": sigma**2 * d / (n - d - 2),
    },
    hypotheses=MANY,
    regime=OFTEN,
)
def risk_of_many():
    """Error per direction on new tasks after many prompts: label noise alone, which diverges at n = d + 1."""
    learned = (V * V.T).inv() * V * noise
    yield given("noise in the least-squares weights of one task, inputs known", E(dot(learned, learned)))
    yield by(expectation)
    yield so("collected", sigma**2 * tr((V * V.T).inv()))
    yield given("on average over the inputs", E(sigma**2 * tr((Y * Y.T).inv())))
    yield by(inverse_wishart)
    yield so("which is", many)
