r"""One linear attention layer learns linear regression in context: its risk, minimiser and limits.

A prompt holds N pairs (x_k, y_k) and a query x. Tokens x_k, x ~ N(0, Λ) are i.i.d. in R^d, the task
w ~ N(0, C) is drawn afresh for every prompt, y_k = wᵀx_k + ε_k with ε_k ~ N(0, σ²). One layer of
linear self-attention with merged weights predicts

    ŷ = βᵀ U x,        β = (1/N) Σ_k y_k x_k,

and is trained on the squared error against wᵀx. Everything below holds for any Λ, C ≻ 0 and d, N.

Source: Zhang, Frei & Bartlett, Trained transformers learn linear models in-context (JMLR 2024),
Thm 4.1 and 4.2, and Ahn, Cheng, Daneshmand & Sra (NeurIPS 2023), Thm 1, here for general C and σ²
"""

from sympy import Identity, S

from workbench import (
    E,
    by,
    claim,
    count,
    dot,
    eigenvalue,
    form,
    gaussian,
    given,
    matrix,
    positive,
    recall,
    size,
    so,
    spd,
    tr,
)  # fmt: skip
from workbench.calculus.rules import (
    along_eigenvectors,
    crossing,
    expectation,
    gradient,
    hessian,
    minus,
    stationary_point,
    substitute,
)

d, N, M = size("d"), count("N"), count("M")
sigma = positive("sigma")
Lambda, C = spd("Lambda", d), spd("C", d)
U, H = matrix("U", d, d), matrix("H", d, d)
alpha, beta_ = eigenvalue("alpha", Lambda), eigenvalue("beta", Lambda)
I = Identity(d)

X = gaussian("X", d, N, cov=Lambda)
x = gaussian("x", d, cov=Lambda)
w = gaussian("w", d, cov=C)
noise = gaussian("noise", N, cov=sigma**2 * Identity(N))
beta = X * (X.T * w + noise) / N

moment = (1 + 1 / N) * Lambda * C * Lambda + (tr(Lambda * C) + sigma**2) / N * Lambda
best = moment.inv() * Lambda * C


@claim(
    "expectation",
    "E[ββᵀ]",
    rivals={
        "noise forgotten": (1 + 1 / N) * Lambda * C * Lambda + tr(Lambda * C) / N * Lambda,
        "tokens treated as independent of themselves": Lambda * C * Lambda + (tr(Lambda * C) + sigma**2) / N * Lambda,
        "sign of the correction": (1 - 1 / N) * Lambda * C * Lambda + (tr(Lambda * C) + sigma**2) / N * Lambda,
        "trace of C alone": (1 + 1 / N) * Lambda * C * Lambda + (tr(C) + sigma**2) / N * Lambda,
    },
)
def context_moment():
    """Second moment of the context vector that one layer reads from the prompt."""
    yield given("the context vector, squared", E(beta * beta.T))
    yield by(expectation)


@claim(
    "expectation",
    "R(U)",
    rivals={
        "squared bias only": tr(C * Lambda)
        - 2 * tr(U.T * Lambda * C * Lambda)
        + tr(U.T * Lambda * C * Lambda * U * Lambda),
        "factor 2 forgotten": tr(C * Lambda) - tr(U.T * Lambda * C * Lambda) + tr(U.T * moment * U * Lambda),
        "U transposed": tr(C * Lambda) - 2 * tr(U * Lambda * C * Lambda) + tr(U * moment * U.T * Lambda),
    },
)
def risk():
    """Risk of one layer, averaged over prompts of length N, tasks and noise."""
    yield given("squared error against the noiseless answer", E((dot(w, x) - form(beta, U, x)) ** 2))
    yield by(expectation)


@claim(
    "gradient",
    "∇R(U)",
    rivals={
        "factor 2 forgotten": moment * U * Lambda - Lambda * C * Lambda,
        "multiplied from the wrong side": 2 * (Lambda * U * moment - Lambda * C * Lambda),
        "finite prompt forgotten": 2 * (Lambda * C * Lambda * U * Lambda - Lambda * C * Lambda),
    },
)
def risk_gradient():
    """Gradient of the risk in the merged key–query weights."""
    yield recall(risk)
    yield by(gradient, wrt=U)


@claim(
    "fixed point",
    "U*",
    rivals={
        "trace term forgotten": ((1 + 1 / N) * Lambda * C * Lambda).inv() * Lambda * C,
        "inverse covariance": Lambda.inv(),
        "sign of the correction": (moment - 2 * Lambda * C * Lambda / N).inv() * Lambda * C,
        "d + 2 for d + 1": (moment + Lambda * C * Lambda / N).inv() * Lambda * C,
        "factors in the other order": Lambda * C * moment.inv(),
    },
)
def fixed_point():
    """The only stationary point, and hence the trained layer."""
    yield recall(risk_gradient)
    yield by(stationary_point, wrt=U)


@claim(
    "expectation",
    "R(U*)",
    rivals={
        "squared bias only": tr(C * Lambda)
        - 2 * tr(Lambda * C * best)
        + tr(best.T * Lambda * C * Lambda * best * Lambda),
        "gain counted twice": tr(C * Lambda) - 2 * tr(Lambda * C * best),
        "d + 2 for d + 1": tr(C * Lambda)
        - tr(C * Lambda * (moment + Lambda * C * Lambda / N).inv() * Lambda * C * Lambda),
        "ridge without the trace": tr(C * Lambda)
        - tr(C * Lambda * ((1 + 1 / N) * C * Lambda + sigma**2 / N * I).inv() * C * Lambda),
    },
)
def least_risk():
    """Risk of the layer trained on prompts of length N."""
    yield recall(risk)
    yield by(substitute, "at the trained weights", letters={U: fixed_point.formula})
    yield so("half of the linear term is regained", tr(C * Lambda) - tr(C * Lambda * fixed_point.formula * Lambda))


@claim(
    "spectrum",
    "spec ∇²R(U)",
    rivals={
        "factor 2 forgotten": beta_ * alpha * ((N + 1) * alpha + tr(Lambda) + sigma**2) / N,
        "trace of the wrong side": 2 * beta_ * alpha * ((N + 1) * alpha + d * alpha + sigma**2) / N,
        "finite prompt forgotten": 2 * beta_ * alpha**2,
        "trace term forgotten": 2 * beta_ * alpha**2 * (N + 1) / N,
    },
)
def curvature():
    """The Hessian along e_α e_βᵀ when tasks are isotropic (C = I): positive, so the minimum is the only one."""
    yield recall(risk)
    yield by(substitute, "isotropic tasks", letters={C: I})
    yield by(hessian, wrt=U, direction=H)
    yield by(along_eigenvectors, direction=H, eigenvalues={Lambda: (alpha, beta_)})


@claim(
    "expectation",
    "R_M(U*)",
    rivals={
        "length M at training as well": risk.formula.xreplace({U: best}).xreplace({N: M}),
        "no loss from another length": risk.formula.xreplace({U: best}),
    },
)
def risk_at_length():
    """Risk on prompts of length M of a layer trained on prompts of length N."""
    yield recall(risk)
    yield by(substitute, "tested at length M", letters={N: M})
    yield by(substitute, "trained at length N", letters={U: fixed_point.formula})


@claim(
    "critical scale",
    "M_c",
    rivals={
        "the dimension itself": d + 1,
        "training length forgotten to count twice": (d + 1) * N / (N + d + 1),
        "one token too few": d * N / (N + 2 * d),
        "d + 2 for d + 1": (d + 2) * N / (N + 2 * (d + 2)),
        "longer training prompts never hurt": (d + 1) / (2 * d + 3),  # as after prompts of one token
    },
)
def critical_length():
    """Test length below which a trained layer is worse than predicting zero, Λ = C = I, no noise (a crossover)."""
    yield recall(risk_at_length)
    yield by(substitute, "white tokens and tasks", letters={Lambda: I, C: I})
    yield by(substitute, "no noise", letters={sigma: S.Zero})
    yield by(minus, "gain over predicting zero", what=d)
    yield by(crossing, parameter=M)
