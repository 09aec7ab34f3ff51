r"""Attention over Gaussian tokens is an affine map of the query.

Tokens X ~ N(μ, Σ) are i.i.d. in R^d; a head attends from x with score (Qx)·(KX) and value VX. In the
limit of a long context the head averages under the law of one token, reweighted by its score. With
w = KᵀQx:

    softmax    V E[X exp(w·X)] / E[exp(w·X)]            = V (μ + Σ KᵀQ x)
    linear     V E[X (w·X)]                             = V (Σ + μμᵀ) KᵀQ x
    L2         V E[X e^{−|Qx−KX|²}] / E[e^{−|Qx−KX|²}]  = V (Σ⁻¹ + 2KᵀK)⁻¹ (Σ⁻¹μ + 2KᵀQ x)

With n tokens instead of infinitely many, softmax is biased by −(1/n) e^{s²} VΣw and fluctuates with
covariance (1/n) e^{s²} V(Σ + ΣwwᵀΣ)Vᵀ, s² = wᵀΣw: the long-context limit needs n ≫ e^{s²}.

Source: Boursier & Boyer, Softmax as linear attention in the large-prompt regime (arXiv 2512.11784), Lemma 2.1,
and Castin, Ablin, Carrillo & Peyré (arXiv 2501.18322) for the L2 variant; finite contexts by the delta method
"""

from sympy import Identity, Inverse, exp, sqrt, tanh

from workbench import E, by, claim, count, dot, form, gaussian, given, matrix, recall, size, so, spd, tr, vector
from workbench.calculus.rules import (
    expectation,
    finite_context_bias,
    finite_context_covariance,
    gradient,
    minus,
    paired,
    stationary_point,
    substitute,
    tilting,
)

d, n = size("d"), count("n")
mu, x, w, a = vector("mu", d), vector("x", d), vector("w", d), vector("a", d)
Sigma = spd("Sigma", d)
Q, K, V = matrix("Q", d, d), matrix("K", d, d), matrix("V", d, d)
Q2, K2, V2 = matrix("Q2", d, d), matrix("K2", d, d), matrix("V2", d, d)
I = Identity(d)

X = gaussian("X", d, mean=mu, cov=Sigma)
image = K.T * Q * x  # what the query asks for, in the space of tokens
star = (I - V * Sigma * K.T * Q).inv() * V * mu  # the token that attention returns unchanged
loudness = sqrt(form(image, Sigma, image))  # the standard deviation of scores
mild = form(image, Sigma, image) < 1
mild_at_star = mild.xreplace({x: star})
milder = form(w, Sigma, w) < 0.25


@claim(
    "expectation",
    "T(x)",
    rivals={
        "queries and keys swapped": V * (mu + Sigma * Q.T * K * x),
        "mean forgotten": V * Sigma * K.T * Q * x,
        "covariance forgotten": V * (mu + K.T * Q * x),
        "values not applied to the mean": mu + V * Sigma * K.T * Q * x,
        "tokens of two points, with this mean and covariance": V * (mu + tanh(loudness) / loudness * Sigma * image),
    },
    regime=(mild,),
)
def output():
    """Output of softmax attention at the query x, in the long-context limit."""
    yield given("softmax averages under the tilted law", V * E(X * exp(dot(w, X))) / E(exp(dot(w, X))))
    yield by(tilting)
    yield by(substitute, "the tilt of the query x", letters={w: image})


@claim(
    "expectation",
    "T(x)",
    rivals={
        "second moment taken for the covariance": V * Sigma * K.T * Q * x,
        "softmax's answer": V * (mu + Sigma * K.T * Q * x),
        "queries and keys swapped": V * (Sigma + mu * mu.T) * Q.T * K * x,
    },
)
def linear_output():
    """Output of linear attention, (1/n) Σ V X_k (KX_k)·(Qx), in the long-context limit."""
    yield given("the average of value times score", E(V * X * (X.T * K.T * Q * x)))
    yield by(expectation)


@claim(
    "expectation",
    "T(x)",
    rivals={
        "half the bandwidth": V * (Sigma.inv() + K.T * K).inv() * (Sigma.inv() * mu + K.T * Q * x),
        "softmax's answer": V * (mu + Sigma * K.T * Q * x),
        "prior forgotten": V * (K.T * K).inv() * K.T * Q * x,
    },
)
def l2_output():
    """Output of attention with distance scores, exp(−|Qx − KX|²), in the long-context limit."""
    distance = tr((Q * x - K * X).T * (Q * x - K * X))
    yield given("nearby keys weigh more", V * E(X * exp(-distance)) / E(exp(-distance)))
    yield by(tilting)


@claim(
    "expectation",
    "T(x)",
    rivals={
        "heads share their keys": V * (mu + Sigma * K.T * Q * x) + V2 * (mu + Sigma * K.T * Q2 * x),
        "mean counted once": V * (mu + Sigma * K.T * Q * x) + V2 * Sigma * K2.T * Q2 * x,
    },
    regime=(mild, form(K2.T * Q2 * x, Sigma, K2.T * Q2 * x) < 1),
)
def multi_head():
    """Heads add: two heads are the sum of two affine maps (and H heads of H)."""
    yield given(
        "each head has its own tilt",
        V * E(X * exp(dot(w, X))) / E(exp(dot(w, X))) + V2 * E(X * exp(dot(a, X))) / E(exp(dot(a, X))),
    )
    yield by(tilting)
    yield by(substitute, "the tilts of the two heads", letters={w: image, a: K2.T * Q2 * x})


@claim(
    "gradient",
    "∇_Q aᵀT(x)",
    rivals={
        "transposed": x * a.T * V * Sigma * K.T,
        "keys forgotten": Sigma * V.T * a * x.T,
        "mean counted as well": K * (Sigma + mu * mu.T) * V.T * a * x.T,
    },
    regime=(mild,),
)
def sensitivity():
    """Gradient of a readout of the softmax output in the query weights."""
    yield recall(output)
    yield by(paired, "read out along a", vector=a)
    yield by(gradient, wrt=Q)


@claim(
    "fixed point",
    "x*",
    rivals={
        "values forgotten": (I - Sigma * K.T * Q).inv() * mu,
        "sign of the feedback": (I + V * Sigma * K.T * Q).inv() * V * mu,
        "queries and keys swapped": (I - V * Sigma * Q.T * K).inv() * V * mu,
    },
    regime=(mild, mild_at_star),
)
def fixed_token():
    """The token that attention returns unchanged (where I − VΣKᵀQ is invertible)."""
    yield recall(output)
    yield by(minus, "the move that attention makes", what=x)
    yield by(stationary_point, wrt=x)
    yield so("as a sum over returns", Inverse(Identity(d) - V * Sigma * K.T * Q) * V * mu)


@claim(
    "rate",
    "lim n (E T_n − T)",
    rivals={
        "sign": Sigma * w * exp(form(w, Sigma, w)),
        "half the exponent": -Sigma * w * exp(form(w, Sigma, w) / 2),
        "mean counted as well": -(mu + Sigma * w) * exp(form(w, Sigma, w)),
        "weights taken as equal": -Sigma * w,
    },
    regime=(milder,),
)
def finite_bias():
    """Mean deviation of softmax over n tokens from its limit, times n (values V = I, w = KᵀQx)."""
    yield given("the limit", E(X * exp(dot(w, X))) / E(exp(dot(w, X))))
    yield by(finite_context_bias, value=X, weight=exp(dot(w, X)), tokens=n)
    yield by(tilting)


@claim(
    "rate",
    "lim n Cov T_n",
    rivals={
        "weights taken as equal": Sigma,
        "half the exponent": (Sigma + Sigma * w * w.T * Sigma) * exp(form(w, Sigma, w) / 2),
        "shift of the mean forgotten": Sigma * exp(form(w, Sigma, w)),
    },
    regime=(milder,),
)
def finite_covariance():
    """Covariance of softmax over n tokens, times n (values V = I, w = KᵀQx)."""
    yield given("the limit", E(X * exp(dot(w, X))) / E(exp(dot(w, X))))
    yield by(finite_context_covariance, value=X, weight=exp(dot(w, X)), tokens=n)
    yield by(tilting)
