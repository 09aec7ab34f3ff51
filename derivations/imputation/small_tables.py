r"""What a layer learns from a table of few rows: its loss there is too good by as much as new rows are worse.

A layer that answers for one entry by p others, xᵢ = bᵀx + e with x ~ N(0, Σ) and e ~ N(0, σ²), is trained by least
squares on the P rows of a table in which this entry was seen. On these rows it errs by σ²(1 − p/P), on a new row by
σ²(P − 1)/(P − p − 1) (`emergence.least_squares`): rows that were trained on flatter it by the factor

    P(P − 1)/((P − p)(P − p − 1)).

The mean of the entry, zero, errs by σ² + bᵀΣb. It is the better answer for all σ² above bᵀΣb (P − p − 1)/p, that is in
tables of fewer than 1 + p/R² rows, where R² = bᵀΣb/(σ² + bᵀΣb) is the share of the variance that others explain.

Source: derived here; for the mean of an inverse Wishart matrix see Haff, J. Multivariate Anal. 9 (1979)
"""

from sympy import sqrt

from derivations.emergence.least_squares import P, Sigma, W, b, p, risk, sigma, unsaid
from workbench import E, by, claim, dot, form, given, recall, so
from workbench.calculus.rules import crossing, expectation, minus, over

explained = form(b, Sigma, b)


@claim(
    "expectation",
    "loss on the rows",
    rivals={
        "of the best reader": sigma**2 + 0 * p / P,
        "on new rows": sigma**2 * (P - 1) / (P - p - 1),
        "a row for the mean": sigma**2 * (1 - (p + 1) / P),
        "rows fixed, answers new": sigma**2 * (1 + p / P),
    },
    hypotheses=(P > p,),
    regime=(P > p + 1,),
)
def trained_loss():
    """Loss of least squares on the rows of its own table: less than the best layer's, for any covariance."""
    answered = W.T * ((W * W.T).inv() * (W * (W.T * b + unsaid)))
    missed = W.T * b + unsaid - answered
    yield given("squared errors of the rows, their other entries W known", E(dot(missed, missed)) / P)
    yield by(expectation)
    yield so("p of P directions are fitted", sigma**2 * (1 - p / P))


@claim(
    "expectation",
    "new rows over rows of the table",
    rivals={
        "to first order": 1 + 2 * p / P,
        "a square": (P / (P - p)) ** 2,
        "new rows alone": (P - 1) / (P - p - 1),
        "one row more": P * (P + 1) / ((P - p) * (P - p + 1)),
    },
    hypotheses=(P > p + 1,),
    regime=(P > p + 5,),
)
def optimism():
    """Ratio of the loss on new rows and the loss on the rows of the table."""
    yield recall(risk)
    yield by(over, "over the loss on its rows", what=trained_loss.formula)
    yield so("a product of two shares", P * (P - 1) / ((P - p) * (P - p - 1)))


@claim(
    "critical scale",
    "σ_c",
    rivals={
        "as many rows as others": sqrt(explained * (P - p) / p),
        "one row less": sqrt(explained * (P - p - 2) / p),
        "half of the variance explained": sqrt(explained) + 0 * P,
        "rows per entry": sqrt(explained * P / p),
    },
    hypotheses=(P > p + 1,),
    regime=(P > p + 5,),
)
def critical_noise():
    """Noise above which the mean beats least squares on P rows: P < 1 + p/R² there (a crossover)."""
    yield recall(risk)
    yield by(minus, "against the variance of the entry", what=sigma**2 + explained)
    yield by(crossing, parameter=sigma, positive=True)
    yield so("a root", sqrt(explained * (P - p - 1) / p))
