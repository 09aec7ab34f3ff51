r"""The best single layer of attention for filling in missing entries of a Gaussian vector.

x ~ N(0, Σ) in R^d; every entry is missing with probability p, independently (MCAR), and o marks the
observed ones. The entries are the tokens, missing ones read as zero, and attention between them
goes by position: one layer predicts x_i by Σ_j W_ij o_j x_j. It is trained on what is missing,

    R(W) = E Σ_{i missing} (x_i − Σ_j W_ij o_j x_j)².

A missing entry cannot see itself, so the diagonal of W is idle and is set to 0. Missingness acts as a
ridge p/(1 − p) in units of the variances: with M = (1 − p) Σ + p diag Σ, the trained layer and its risk are

    W*_ij = −(M⁻¹)_ij / ((1 − p) (M⁻¹)_ii),    R(W*) = p/(1 − p) Σ_i [1/(M⁻¹)_ii − p Σ_ii].

As p → 0 it becomes −Ω_ij/Ω_ii with Ω = Σ⁻¹: training on one masked entry is pseudo-likelihood.

Source: derived here; the layer is the factored attention of Rende, Gerace, Laio & Goldt (arXiv 2304.07235),
the ridge that of dropout in linear regression (Wager, Wang & Liang, NeurIPS 2013)
"""

from sympy import HadamardProduct, Identity, S
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import E, by, claim, gaussian, given, mask, matrix, probability, recall, size, so, spd, tr
from workbench.calculus.rules import expectation, gradient, minus, paired, solved_by, substitute

d, p = size("d"), probability("p")
Sigma = spd("Sigma", d)
W, H = matrix("W", d, d), matrix("H", d, d)
I = Identity(d)

x = gaussian("x", d, cov=Sigma)
o = mask("o", d, 1 - p)
seen = DiagMatrix(o)


def diag(A):
    """The diagonal part of a matrix."""
    return HadamardProduct(I, A)


def hollow(A):
    """A matrix without its diagonal."""
    return A - diag(A)


def quadratic(W, moment):
    """p [tr Σ − 2(1 − p) tr(W̄ᵀΣ) + (1 − p) tr(W̄ moment W̄ᵀ)] with W̄ the hollow part of W."""
    return p * (tr(Sigma) - 2 * (1 - p) * tr(hollow(W).T * Sigma) + (1 - p) * tr(hollow(W) * moment * hollow(W).T))


def regressions(moment):
    """Row i regresses entry i on the others: moment_{i,−i} (moment_{−i,−i})⁻¹, by the Schur identity."""
    return I - diag(moment.inv()).inv() * moment.inv()


M = (1 - p) * Sigma + p * diag(Sigma)
Omega = Sigma.inv()


@claim(
    "expectation",
    "R(W)",
    rivals={
        "masks taken as complete": quadratic(W, Sigma),
        "ridge forgotten": quadratic(W, (1 - p) * Sigma),
        "observed entries counted as well": quadratic(W, M) / p,
        "unit variances": quadratic(W, (1 - p) * Sigma + p * I),
    },
)
def risk():
    """Squared error of one layer on the missing entries, averaged over data and masks."""
    error = (I - seen) * (x - W * seen * x)
    yield given("squared error, where an entry is missing", E(tr(error * error.T)))
    yield by(expectation)
    yield so("the zeros enter as a ridge", quadratic(W, M))


@claim(
    "gradient",
    "∇R(W)",
    rivals={
        "factor 2 forgotten": p * (1 - p) * hollow(hollow(W) * M - Sigma),
        "diagonal not idle": 2 * p * (1 - p) * (W * M - Sigma),
        "multiplied from the wrong side": 2 * p * (1 - p) * hollow(M * hollow(W) - Sigma),
        "ridge forgotten": 2 * p * (1 - p) * hollow((1 - p) * hollow(W) * Sigma - Sigma),
    },
)
def risk_gradient():
    """Gradient of the risk in the attention weights."""
    yield recall(risk)
    yield by(gradient, wrt=W)
    yield so("the diagonal of W does not enter", 2 * p * (1 - p) * hollow(hollow(W) * M - Sigma))


@claim(
    "fixed point",
    "W*",
    rivals={
        "shrinkage by 1 − p forgotten": regressions(M),
        "one mask at a time": regressions(Omega.inv()),
        "ridge p instead of p/(1 − p)": regressions(Sigma + p * diag(Sigma)) / (1 - p),
        "ridge p, and shrinkage forgotten": regressions(Sigma + p * diag(Sigma)),
        "ridge of unit variances": regressions((1 - p) * Sigma + p * I) / (1 - p),
        "covariances": hollow(Sigma),
    },
)
def fixed_point():
    """The trained layer: the only stationary point without a diagonal."""
    yield recall(risk_gradient)
    yield by(solved_by, wrt=W, value=regressions(M) / (1 - p))


@claim(
    "gradient",
    "∇²R[H, H]",
    rivals={
        "factor 2 forgotten": p * (1 - p) * tr(hollow(H) * M * hollow(H).T),
        "diagonal not idle": 2 * p * (1 - p) * tr(H * M * H.T),
        "observed entries only": 2 * p * (1 - p) ** 2 * tr(hollow(H) * Sigma * hollow(H).T),
    },
)
def curvature():
    """The second derivative along H: positive for every hollow H, so the fixed point is a minimum and the only one."""
    yield recall(risk_gradient)
    yield by(substitute, "a step along H", letters={W: W + H})
    yield by(minus, "what the step changes; the gradient is affine", what=risk_gradient.formula)
    yield by(paired, "along the same step", vector=H)
    yield so("a sum of squares, as M is positive definite", 2 * p * (1 - p) * tr(hollow(H) * M * hollow(H).T))


@claim(
    "expectation",
    "R(W*)",
    rivals={
        "the ridge left in": p / (1 - p) * tr(diag(M.inv()).inv()),
        "conditional variances under M": p * tr(diag(M.inv()).inv()),
        "shrinkage by 1 − p forgotten": p * tr(diag(M.inv()).inv() - p * diag(Sigma)),
        "one mask at a time": p * tr(diag(Omega).inv()),
        "precision of the wrong matrix": p / (1 - p) * tr(diag(Omega).inv() - p * diag(Sigma)),
        "nothing learned": p * tr(Sigma),
    },
)
def least_risk():
    """Risk of the trained layer."""
    yield recall(risk)
    yield by(substitute, "at the trained weights", letters={W: fixed_point.formula})
    yield so("Schur's identity, row by row", p / (1 - p) * tr(diag(M.inv()).inv() - p * diag(Sigma)))


@claim(
    "fixed point",
    "W* as p → 0",
    rivals={
        "sign": hollow(diag(Omega).inv() * Omega),
        "columns normalised": -hollow(Omega * diag(Omega).inv()),
        "marginal regressions": hollow(diag(Sigma).inv() * Sigma),
    },
)
def pseudo_likelihood():
    """The layer trained with exactly one masked entry: each entry regressed on all the others."""
    yield recall(fixed_point)
    yield by(substitute, "rare masks come one at a time", letters={p: S.Zero})
    yield so("rows of the precision matrix", -hollow(diag(Omega).inv() * Omega))
