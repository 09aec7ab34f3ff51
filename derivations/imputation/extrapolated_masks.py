r"""Masking more in order to know what less would say: extrapolation takes the bias of holes away, and pays in variance.

Entries are missing with probability p = 1 − q. Hiding a share h of what is left makes the rate p + hq. A second moment
that reads holes as zeros is C(p) at one rate and C(p + hq) at the other; the line through both, read at rate zero, is

    C₀ = [(p + hq) C(p) − p C(p + hq)]/(hq),        E C₀ = Σ − p(p + hq)(Σ − diag Σ).

The diagonal is right at every rate; beside it the error is of second order in p and h, where that of C(p),
p(2 − p)Σ_ij, is of first. The price is noise: a row's mean square is larger than that of one without holes by

    V = [(p + hq)² − 2p(p + hq)(1 − h)² + p²(1 − h)²]/h²,

which grows as 2p²/h for small shares h. In tables of more than n_c rows it is worth paying.

Source: derived here, for extrapolation in the masking rate as in arXiv 2605.19641; Richardson, Phil. Trans. R. Soc. A
210 (1911) 307
"""

from sympy import HadamardProduct, Identity
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import E, by, claim, count, gaussian, given, mask, probability, recall, size, so, spd, tr
from workbench.calculus.rules import crossing, expectation, minus

d, n = size("d"), count("n")
p, h, rho = probability("p"), probability("h"), probability("rho")
q = 1 - p
more = p + h * q
Sigma = spd("Sigma", d)

x, o, left = gaussian("x", d, cov=Sigma), mask("o", d, q), mask("left", d, 1 - h)
seen, still = DiagMatrix(o), DiagMatrix(left)
D = HadamardProduct(Identity(d), Sigma)


def mean(beside):
    """A second moment with this share of the covariances, and all of the variances."""
    return D + beside * (Sigma - D)


@claim(
    "expectation",
    "E C₀",
    rivals={
        "unbiased": Sigma,
        "as without extrapolation": q**2 * Sigma + p * q * D,
        "of first order": mean(1 - p),
        "rates added": mean(1 - p * (p + h)),
    },
)
def extrapolated():
    """Extrapolation of two masked second moments to complete data: it lacks the second order off the diagonal."""
    once = E(seen * x * x.T * seen)
    twice = E(still * seen * x * x.T * seen * still)
    yield given("the line through both, at rate zero", (more * once - p * twice) / (h * q))
    yield by(expectation)
    yield so("what is beside the diagonal falls short", mean(1 - p * more))


first, other = gaussian("first", 1), gaussian("other", 1, cov=(1 - rho**2) * Identity(1))
u, v = tr(first), rho * tr(first) + tr(other)  # two entries of a row
sees = tr(mask("one", 1, q)) * tr(mask("two", 1, q))  # both
keeps = tr(mask("kept", 1, 1 - h)) * tr(mask("held", 1, 1 - h))

V = (more**2 - 2 * p * more * (1 - h) ** 2 + p**2 * (1 - h) ** 2) / h**2
square = 1 + 2 * rho**2  # of the product of both entries
short = p * more * rho
lost = (1 - q**2) * rho


def error(bias, noise, level):
    """The squared error of the mean over n rows with this bias, mean square and mean."""
    return bias**2 + (noise * square - level**2) / n


extrapolated_error = error(short, V, rho - short)
plain_error = error(lost, q**2, q**2 * rho)


@claim(
    "expectation",
    "E(C₀ − ρ)²",
    rivals={
        "bias alone": short**2 + 0 * n,
        "as without holes": short**2 + (1 + rho**2) / n,
        "the same holes twice": error(short, q**2 * (1 + h) ** 2, rho - short),
        "second masks independent of the first": error(short, (more**2 + p**2 * (1 - h) ** 2) / h**2, rho - short),
    },
)
def extrapolated_risk():
    """Squared error of an extrapolated correlation ρ of two entries of unit variance, over tables of n rows."""
    row = (more - p * keeps) * sees * u * v / (h * q)
    yield given("rows are independent", (E(row) - rho) ** 2 + (E(row**2) - E(row) ** 2) / n)
    yield by(expectation)
    yield so("bias and noise", extrapolated_error)


@claim(
    "expectation",
    "E(C(p) − ρ)²",
    rivals={
        "bias alone": lost**2 + 0 * n,
        "unbiased": (square / q**2 - rho**2) / n,
        "first order": error(p * rho, q**2, q**2 * rho),
        "noise of complete rows": lost**2 + (1 + rho**2) / n,
    },
)
def plain_risk():
    """Squared error of the correlation of a table whose holes are read as zeros."""
    row = sees * u * v
    yield given("rows are independent", (E(row) - rho) ** 2 + (E(row**2) - E(row) ** 2) / n)
    yield by(expectation)
    yield so("bias and noise", plain_error)


price = V * square - (rho - short) ** 2 - q**2 * square + q**4 * rho**2


@claim(
    "critical scale",
    "n_c",
    rivals={
        "without bias of its own": price / lost**2,
        "noise of the extrapolation alone": (V * square - (rho - short) ** 2) / (lost**2 - short**2),
        "first order": (V - q**2) * square / (4 * p**2 * rho**2),
    },
    regime=(p > 0.2, rho > 0.4, h > 0.3),
)
def worthwhile_rows():
    """Number of rows above which extrapolation from two masking rates errs less than zeros (a crossover)."""
    yield recall(extrapolated_risk)
    yield by(minus, "against zeros in the holes", what=plain_error)
    yield by(crossing, parameter=n)
    yield so("the price over what it buys", price / (lost**2 - short**2))
