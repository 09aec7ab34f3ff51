r"""A layer that weighs its examples by place has the risk of fewer examples with equal weights.

The prompt of `one_layer`, with a weight c_k for the k-th example instead of 1/N:

    ŷ = βᵀUx,        β = Σ_k c_k y_k x_k.

For any weights, Λ, C and noise the risk is that of `one_layer` on a prompt of

    M = (Σ c_k)²/Σ c_k²

examples, with the weights U Σ c_k. So nothing but this one number tells how a window, a gate or a positional
code reads: M ≤ N, and only a layer that weighs all examples alike reads all of them.

Source: derived here
"""

from sympy import DiagMatrix, Identity

from derivations.in_context.one_layer import C, Lambda, M, N, U, d, sigma, w, x
from derivations.in_context.one_layer import risk as uniform
from workbench import E, by, claim, dot, form, gaussian, given, recall, so, tr, vector
from workbench.calculus.rules import crossing, expectation, minus, substitute

c = vector("c", N)
weights = DiagMatrix(c)
total, squares = tr(weights), tr(weights**2)

X = gaussian("X", d, N, cov=Lambda)
noise = gaussian("noise", N, cov=sigma**2 * Identity(N))
beta = X * weights * (X.T * w + noise)


def risk_with(once, twice, heard):
    """The risk, from Σ c_k, from what stands before the task's own moment, and from what lets other noise in."""
    signal = tr(U.T * Lambda * C * Lambda)
    own = tr(U.T * Lambda * C * Lambda * U * Lambda)
    other = (tr(Lambda * C) + sigma**2) * tr(U.T * Lambda * U * Lambda)
    return tr(C * Lambda) - 2 * once * signal + twice * own + heard * other


@claim(
    "expectation",
    "R(U; c)",
    rivals={
        "examples independent of themselves": risk_with(total, total**2, squares),
        "squares of weights forgotten": risk_with(total, total**2 + total**2 / N, total**2 / N),
        "weights that sum to one": risk_with(1, 1 + squares, squares),
        "noise weighed once": risk_with(total, total**2 + squares, total),
    },
)
def risk():
    """Risk of a layer that weighs its examples by place: only Σ c and Σ c² of the weights matter."""
    yield given("squared error against the noiseless answer", E((dot(w, x) - form(beta, U, x)) ** 2))
    yield by(expectation)
    yield so("by the two sums", risk_with(total, total**2 + squares, squares))


@claim(
    "critical scale",
    "M",
    rivals={
        "all examples": N + 0 * total,
        "the inverse of the squares": 1 / squares,
        "not squared": total / squares,
        "each example as noisy as the mean": N * total**2 / (total**2 + N * squares),
    },
    regime=(total**2 > 1.5 * squares, N < 6),
)
def equivalent_length():
    """Number of equally weighted examples at which a layer has the same risk as with these weights (a level)."""
    yield recall(uniform)
    yield by(substitute, "a prompt of length M, and the same total weight", letters={N: M, U: total * U})
    yield by(minus, "against the weighted layer", what=risk.formula)
    yield by(crossing, parameter=M)
