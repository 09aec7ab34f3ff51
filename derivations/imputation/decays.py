r"""Weight decay adds to the ridge that missing entries are, and what multiple of given weights is best.

The layer of `one_layer`: x ~ N(0, Σ), each entry missing with probability p and read as zero, x_i predicted by
Σ_j W_ij o_j x_j; W̄ is W without its diagonal. With weight decay λ|W|², the risk and its only stationary point are

    R_λ(W) = R(W) + λ tr(WWᵀ),
    W*_ij = −(M_λ⁻¹)_ij / ((1 − p) (M_λ⁻¹)_ii),    M_λ = (1 − p) Σ + p diag Σ + λ/(p(1 − p)) I.

Masks are a ridge in units of the variances, decay is one in absolute units, and it grows without bound where entries
are almost never, or almost always, missing. Among the multiples aW of given weights the best one is

    a* = tr(W̄Σ)/tr(W̄MW̄ᵀ),    M = (1 − p) Σ + p diag Σ.

Source: derived here; the ridge of masks is that of dropout in linear regression (Wager, Wang & Liang, NeurIPS 2013)
"""

from sympy import Identity

from derivations.imputation.one_layer import M, Sigma, W, d, diag, hollow, p, regressions, risk
from workbench import by, claim, positive, recall, scalar, so, tr
from workbench.calculus.rules import gradient, minus, solved_by, stationary_point, substitute

lamda, a = positive("lamda"), scalar("a")
I = Identity(d)
q = 1 - p
ridged = M + lamda / (p * q) * I
gain = tr(hollow(W).T * Sigma)


def cost(moment):
    """What the answers of these weights cost, with this second moment of what they read."""
    return tr(hollow(W) * moment * hollow(W).T)


def slope(moment):
    """The gradient without decay, with this second moment of what is read."""
    return 2 * p * q * hollow(hollow(W) * moment - Sigma)


@claim(
    "gradient",
    "∇R_λ(W)",
    rivals={
        "decay counted half": slope(M) + lamda * W,
        "decay averaged over masks": slope(M) + 2 * p * q * lamda * W,
        "diagonal does not decay": slope(M) + 2 * lamda * hollow(W),
        "ridge of masks forgotten": slope(q * Sigma) + 2 * lamda * W,
    },
)
def decayed_gradient():
    """Gradient of the risk of a layer with weight decay."""
    yield recall(risk)
    yield by(minus, "decay added", what=-lamda * tr(W * W.T))
    yield by(gradient, wrt=W)
    yield so("a slope and a pull to zero", slope(M) + 2 * lamda * W)


@claim(
    "fixed point",
    "W*",
    rivals={
        "decay forgotten": regressions(M) / q + 0 * lamda * W,
        "decay as it is": regressions(M + lamda * I) / q,
        "ridge of masks forgotten": regressions(q * Sigma + lamda / (p * q) * I) / q,
        "decay in units of the variances": regressions(M + lamda / (p * q) * diag(Sigma)) / q,
        "paid by missing entries alone": regressions(M + lamda / p * I) / q,
    },
)
def decayed_layer():
    """The trained layer: decay adds to the ridge of the masks, most where entries are rarely or always missing."""
    yield recall(decayed_gradient)
    yield by(solved_by, wrt=W, value=regressions(ridged) / q)


@claim(
    "fixed point",
    "a*",
    rivals={
        "masks taken as complete": gain / cost(Sigma),
        "ridge forgotten": gain / cost(q * Sigma),
        "seen weights alone": gain / cost(M) / q,
        "diagonal not idle": tr(W * Sigma) / tr(W * M * W.T),
    },
    regime=(d < 4,),
)
def best_multiple():
    """Best multiple of the answers of given weights."""
    yield recall(risk)
    yield by(substitute, "a multiple of the weights", letters={W: a * W})
    yield by(gradient, wrt=a)
    yield by(stationary_point, wrt=a)
    yield so("gain over cost", gain / cost(M))


@claim(
    "expectation",
    "R(a*W)",
    rivals={
        "gain counted twice": p * (tr(Sigma) - 2 * q * gain**2 / cost(M)),
        "seen entries forgotten": p * (tr(Sigma) - gain**2 / cost(M)),
        "masks taken as complete": p * (tr(Sigma) - q * gain**2 / cost(Sigma)),
    },
    regime=(d < 4,),
)
def least_risk():
    """Risk of given weights at the best multiple."""
    yield recall(risk)
    yield by(substitute, "at the best multiple", letters={W: best_multiple.formula * W})
    yield so("half of the linear term is regained", p * (tr(Sigma) - q * gain**2 / cost(M)))
