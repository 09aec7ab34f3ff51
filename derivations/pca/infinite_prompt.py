r"""One attention head over an infinitely long Gaussian prompt is a tied autoencoder with a single unit.

Tokens are i.i.d. N(0, Σ) in R^d. A head with one vector μ, used for queries and for keys, and strength
λ > 0 returns at a token x the average of the prompt with weights ∝ exp(λ (μᵀx)(μᵀX)) (softmax), or the
average of λ (μᵀx)(μᵀX) X (linear attention). Over an endless prompt both are λ Σμμᵀ x. The head is
trained to return x itself; with a = μᵀΣμ and b = μᵀΣ²μ its risk is

    R(μ) = E|x − T(x)|² = tr Σ − 2λb + λ²ab,

the loss of the autoencoder x ↦ yyᵀx with y = √λ Σ^{1/2} μ (so the flow of y is Oja's, preconditioned).

Source: Maulen-Soto & Boyer, Attention-based PCA (arXiv 2605.18315), infinite prompts; the
autoencoder and the critical strength are derived here
"""

from sympy import exp, sqrt

from workbench import E, by, claim, dot, form, gaussian, given, positive, recall, size, so, spd, tr, vector
from workbench.calculus.rules import crossing, expectation, gradient, minus, substitute, tilting

d = size("d")
lamda = positive("lamda")
mu, x, w, y = vector("mu", d), vector("x", d), vector("w", d), vector("y", d)
Sigma, S = spd("Sigma", d), spd("S", d)

X = gaussian("X", d, cov=Sigma)
token = gaussian("token", d, cov=Sigma)
coded = gaussian("coded", d, cov=S * S)
a, b = form(mu, Sigma, mu), form(mu, Sigma * Sigma, mu)
mild = lamda * a < 0.25  # scores small enough for the softmax of an endless prompt to be summed on a grid
mild_query = lamda**2 * dot(mu, x) ** 2 * a < 1


@claim(
    "expectation",
    "T(x)",
    rivals={
        "covariance forgotten": lamda * dot(mu, x) * mu,
        "covariance counted twice": lamda * dot(mu, x) * Sigma * Sigma * mu,
        "key normalised": lamda * dot(mu, x) / dot(mu, mu) * Sigma * mu,
        "strength forgotten": dot(mu, x) * Sigma * mu,
    },
    regime=(mild_query,),
)
def output():
    """Output of a softmax head at the token x for an infinitely long prompt: it is linear in x."""
    yield given("softmax averages under the tilted law", E(X * exp(dot(w, X))) / E(exp(dot(w, X))))
    yield by(tilting)
    yield by(substitute, "the tilt of the query x", letters={w: lamda * dot(mu, x) * mu})


@claim(
    "expectation",
    "T(x)",
    rivals={
        "fourth moment taken for the second": 3 * lamda * dot(mu, x) * Sigma * mu,
        "covariance forgotten": lamda * dot(mu, x) * mu,
        "covariance on the query": lamda * form(mu, Sigma, x) * mu,
    },
)
def linear_output():
    """Output of linear attention at x, averaged over the prompt: that of the softmax head."""
    yield given("the average of value times score", E(lamda * dot(mu, x) * X * dot(mu, X)))
    yield by(expectation)


def square(vector_):
    """|v|²."""
    return dot(vector_, vector_)


@claim(
    "expectation",
    "R(μ)",
    rivals={
        "cross term counted once": tr(Sigma) - lamda * b + lamda**2 * a * b,
        "output not scaled by the covariance": tr(Sigma) - 2 * lamda * a + lamda**2 * dot(mu, mu) * a,
        "Jensen: the square outside": tr(Sigma) - 2 * lamda * b + lamda**2 * a**2,
        "strength not squared": tr(Sigma) - 2 * lamda * b + lamda * a * b,
    },
    regime=(mild,),
)
def risk():
    """Mean squared distance of a token from its reconstruction by the head."""
    yield given("squared distance", E(square(token - output.formula.xreplace({x: token}))))
    yield by(expectation)


@claim(
    "gradient",
    "∇R(μ)",
    rivals={
        "factor 4 in front of the cubic": -4 * lamda * Sigma**2 * mu
        + 4 * lamda**2 * (a * Sigma**2 * mu + b * Sigma * mu),
        "product rule forgotten": -4 * lamda * Sigma**2 * mu + 2 * lamda**2 * a * Sigma**2 * mu,
        "a and b exchanged": -4 * lamda * Sigma**2 * mu + 2 * lamda**2 * (b * Sigma**2 * mu + a * Sigma * mu),
        "factor 2 forgotten": -2 * lamda * Sigma**2 * mu + lamda**2 * (a * Sigma**2 * mu + b * Sigma * mu),
    },
    regime=(mild,),
)
def risk_gradient():
    """Gradient of the risk in the vector of the head."""
    yield recall(risk)
    yield by(gradient, wrt=mu)


@claim(
    "identity",
    "R(μ) for Σ = S²",
    rivals={
        "code without the root of λ": tr(S**2)
        - 2 * lamda**2 * form(mu, S**4, mu)
        + lamda**4 * form(mu, S**2, mu) * form(mu, S**4, mu),
        "code without the covariance": tr(S**2)
        - 2 * lamda * form(mu, S**2, mu)
        + lamda**2 * dot(mu, mu) * form(mu, S**2, mu),
        "unit code": tr(S**2) - form(mu, S**4, mu) / form(mu, S**2, mu),
    },
    regime=(lamda * form(mu, S**2, mu) < 0.25,),
)
def autoencoder():
    """The risk of the head is the loss of the autoencoder x ↦ yyᵀx whose code is y = √λ Σ^{1/2} μ."""
    yield given("the loss of the autoencoder", E(square(coded - y * dot(y, coded))))
    yield by(expectation)
    yield by(substitute, "its code", letters={y: sqrt(lamda) * S * mu})
    yield so("the risk of the head at Σ = S²", risk.formula.xreplace({Sigma**2: S**4, Sigma: S**2}))


@claim(
    "critical scale",
    "λ_c",
    rivals={
        "where the risk is least": 1 / a,
        "length of μ for its variance": 2 / dot(mu, mu),
        "inverse covariance": 2 / form(mu, Sigma.inv(), mu),
    },
    regime=(a < 1,),
)
def critical_strength():
    """Strength above which the head is worse than returning nothing, for any direction (a crossover)."""
    yield recall(risk)
    yield by(minus, "compared with returning nothing", what=tr(Sigma))
    yield by(crossing, parameter=lamda, positive=True)
