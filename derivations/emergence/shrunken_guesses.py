r"""The best multiple of a least-squares prediction from P sentences: shrinkage by the noise that it has fitted.

He guesses the masked word of a sentence from p other words, by least squares on P sentences (`least_squares`), and
says the share a of his guess. Words have covariance Σ, the masked word is bᵀx plus what is unsaid, of variance σ²,
and W are the words of the sentences that were learned. With the signal s = bᵀΣb and c = tr(Σ(WWᵀ)⁻¹) his risk, and the
share that minimises it, are

    R(a) = σ² + (1 − a)² s + a² σ² c,    a* = s/(s + σ²c),    R(a*) = σ² + sσ²c/(s + σ²c).

Whoever says the best share never does worse than by saying nothing; a whole guess does where σ²c > s, and there less
than half of it is worth saying. Over sentences c has the mean p/(P − p − 1), which gives the risk of a fixed share.

Source: derived here; for the mean of an inverse Wishart matrix see Haff, J. Multivariate Anal. 9 (1979)
"""

from derivations.emergence.least_squares import P, Sigma, W, X, b, fresh, p, riddle, sigma, unsaid
from workbench import E, by, claim, form, given, recall, scalar, so, tr
from workbench.calculus.rules import expectation, gradient, inverse_wishart, stationary_point, substitute

a = scalar("a")
s = form(b, Sigma, b)
chance = tr(Sigma * (W * W.T).inv())  # the share of σ² that is learned of chance


def said(share, learned):
    """The risk of this share of a guess, when so much of σ² is learned with it."""
    return sigma**2 + (1 - share) ** 2 * s + share**2 * sigma**2 * learned


@claim(
    "expectation",
    "R(a, W)",
    rivals={
        "white words": said(a, tr((W * W.T).inv())),
        "chance not shrunk": sigma**2 + (1 - a) ** 2 * s + sigma**2 * chance,
        "shrunk once": sigma**2 + (1 - a) * s + a * sigma**2 * chance,
    },
    hypotheses=(P > p,),
)
def error():
    """Squared error on a fresh sentence, given the words of the P training sentences."""
    learned = (W * W.T).inv() * W * (W.T * b + unsaid)
    yield given("the masked word, less the share", E(tr(fresh.T * (b - a * learned) + riddle) ** 2))
    yield by(expectation)
    yield so("what is not predicted, and noise", said(a, chance))


@claim(
    "expectation",
    "R(a)",
    rivals={
        "to first order": said(a, p / P),
        "one sentence more": said(a, p / (P - p)),
        "shrunk once": sigma**2 + (1 - a) * s + a * sigma**2 * p / (P - p - 1),
    },
    hypotheses=(P > p + 1,),
    regime=(P > p + 5,),
)
def risk():
    """Risk of a multiple of the least-squares prediction."""
    yield given("on average over the words of P sentences", E(error.formula.xreplace({W: X})))
    yield by(inverse_wishart)
    yield so("collected", said(a, p / (P - p - 1)))


@claim(
    "gradient",
    "dR/da",
    rivals={
        "factor 2 forgotten": a * sigma**2 * chance - (1 - a) * s,
        "chance forgotten": -2 * (1 - a) * s + 0 * chance * sigma,
        "white words": 2 * a * sigma**2 * tr((W * W.T).inv()) - 2 * (1 - a) * s,
    },
    hypotheses=(P > p,),
)
def error_slope():
    """Derivative of the risk in the multiple."""
    yield recall(error)
    yield by(gradient, wrt=a)
    yield so("error by chance against predicting zero", 2 * a * sigma**2 * chance - 2 * (1 - a) * s)


@claim(
    "fixed point",
    "a*",
    rivals={
        "white words": s / (s + sigma**2 * tr((W * W.T).inv())),
        "signal over signal and noise": s / (s + sigma**2) + 0 * chance,
        "unsaid in the risk counted": s / (s + sigma**2 + sigma**2 * chance),
        "words of the same length": tr(b * b.T) / (tr(b * b.T) + sigma**2 * chance),
    },
    hypotheses=(P > p,),
)
def best_share():
    """Best multiple of the least-squares prediction: smaller, the less the training words tell apart."""
    yield recall(error_slope)
    yield by(stationary_point, wrt=a)
    yield so("signal over signal and chance", s / (s + sigma**2 * chance))


@claim(
    "expectation",
    "R(a*)",
    rivals={
        "all is said": sigma**2 + sigma**2 * chance + 0 * s,
        "nothing is said": sigma**2 + s + 0 * chance,
        "half of the chance": sigma**2 + sigma**2 * chance / 2 + 0 * s,
    },
    hypotheses=(P > p,),
)
def least_error():
    """Risk at the best multiple: the variances of signal and noise combine harmonically."""
    yield recall(error)
    yield by(substitute, "at the best share", letters={a: best_share.formula})
    yield so("in parallel", sigma**2 + s * sigma**2 * chance / (s + sigma**2 * chance))
