r"""A Gaussian cloud carried through attention stays Gaussian; its moments move by closed equations.

Every token of N(μ, Σ) is moved by what it reads, ẋ = T(x) with T(x) = V(μ + ΣAx), A = KᵀQ: depth is time.
An affine velocity keeps the cloud Gaussian, and

    μ̇ = V(I + ΣA)μ,        Σ̇ = VΣAΣ + ΣAᵀΣVᵀ.

For V = I the covariance equation is solved by Σ(t) = (Σ₀⁻¹ − t(A + Aᵀ))⁻¹, whatever A. With one query
direction q and one key direction k, A = kqᵀ, the cloud explodes at

    t* = 1/(kᵀΣq + √(kᵀΣk · qᵀΣq));

with A = −bbᵀ it lives for ever and forgets bᵀx: it tends to the covariance of x given bᵀx. In layers of
finite step h this forgetting is stable only for h < 2/(bᵀΣb).

Source: Castin, Ablin, Carrillo & Peyré (arXiv 2501.18322) for the moment equations; the rank-one blow-up, the
conditional limit and the critical step are derived here
"""

from sympy import Identity, S, oo, sqrt

from derivations.measures.softmax_affine import output
from workbench import E, by, claim, form, gaussian, given, matrix, positive, recall, size, so, spd, tr, vector
from workbench.calculus.rules import crossing, expand_large, expectation, flow, minus, paired, substitute

d = size("d")
mu, x, k, q, b, a = (vector(name, d) for name in ("mu", "x", "k", "q", "b", "a"))
Sigma, Sigma0 = spd("Sigma", d), spd("Sigma0", d)
A, V, Q, K = (matrix(name, d, d) for name in "AVQK")
t, h, p = positive("t"), positive("h"), positive("p")
I = Identity(d)

Y = gaussian("Y", d, mean=mu, cov=Sigma)  # a token of the cloud, as a query
early = t * (tr(A * A.T) + tr(Sigma0 * Sigma0)) < 0.5  # before the cloud can explode
mild = tr(A * A.T) * tr(Sigma * Sigma) < 0.25
read = form(k, Sigma, k), form(q, Sigma, q), form(k, Sigma, q)
order = read[2] + sqrt(read[0] * read[1])  # what grows: kᵀΣq + √(kᵀΣk qᵀΣq)


@claim(
    "expectation",
    "T(x)",
    rivals={"transposed scores": V * (mu + Sigma * A.T * x), "mean forgotten": V * Sigma * A * x},
    regime=(mild,),
)
def velocity():
    """Velocity of a token of the cloud under attention with residual connections."""
    yield recall(output)
    yield by(substitute, "one matrix of scores", letters={K: I, Q: A})


@claim(
    "flow",
    "μ̇",
    rivals={
        "mean not read": V * Sigma * A * mu,
        "scores not applied": V * (I + Sigma) * mu,
        "values not applied to the mean": (I + V * Sigma * A) * mu,
    },
    regime=(mild,),
)
def mean_velocity():
    """Velocity of the mean of the cloud."""
    yield recall(velocity)
    yield given("averaged over the tokens that are moved", E(velocity.formula.xreplace({x: Y})))
    yield by(expectation)


@claim(
    "flow",
    "Σ̇",
    rivals={
        "read mean counted as spread": V * Sigma * A * Sigma + Sigma * A.T * Sigma * V.T + V * Sigma + Sigma * V.T,
        "as printed in a note on arXiv 2501.18322, not in the paper": V * Sigma
        + Sigma * V.T
        + Sigma * A * Sigma * V.T
        + V * Sigma * A.T * Sigma,
        "one side only": 2 * V * Sigma * A * Sigma,
        "transposed scores": V * Sigma * A.T * Sigma + Sigma * A * Sigma * V.T,
        "second moment taken for the covariance": V * (Sigma + mu * mu.T) * A * Sigma
        + Sigma * A.T * (Sigma + mu * mu.T) * V.T,
    },
    regime=(mild,),
)
def covariance_velocity():
    """Velocity of the covariance of the cloud."""
    moved = velocity.formula.xreplace({x: Y})
    yield recall(velocity)
    yield given("the covariance of place and velocity, twice", E((Y - mu) * moved.T + moved * (Y - mu).T))
    yield by(expectation)


@claim(
    "flow",
    "Σ(t)",
    rivals={
        "sign of the drift": (Sigma0.inv() + t * (A + A.T)).inv(),
        "scores counted once": (Sigma0.inv() - t * A).inv(),
        "first order only": Sigma0 + t * Sigma0 * (A + A.T) * Sigma0,
    },
    regime=(early, tr(A * A.T) * tr(Sigma0 * Sigma0) < 0.25),
)
def covariance_flow():
    """Covariance of the cloud after depth t (values V = I)."""
    yield recall(covariance_velocity)
    yield by(substitute, "values V = I", letters={V: I})
    yield by(flow, unknown=Sigma, time=t, initial=Sigma0)


@claim(
    "critical scale",
    "t*",
    rivals={
        "keys and queries taken as aligned": 1 / (2 * read[2]),
        "scores counted once": 2 / order,
        "geometric mean alone": 1 / sqrt(read[0] * read[1]),
    },
)
def blow_up():
    """Depth at which a cloud explodes when its head has one query and one key direction (a divergence)."""
    yield recall(covariance_velocity)
    yield by(substitute, "V = I and A = k qᵀ", letters={V: I, A: k * q.T})
    moving, (keys, queries, _) = Sigma * (k * q.T + q * k.T) * Sigma, read
    growth = (queries * form(k, moving, k) + keys * form(q, moving, q)) / (2 * sqrt(keys * queries))
    growth += form(k, moving, q)
    yield given("so the reciprocal of u = kᵀΣq + √(kᵀΣk qᵀΣq) changes at the rate −u̇/u²", -growth / order**2)
    yield so("which is one", S.NegativeOne)
    yield by(flow, "1/u reaches zero", unknown=p, time=t, initial=1 / order)
    yield by(crossing, parameter=t)


@claim(
    "rate",
    "Var aᵀx(∞)",
    rivals={
        "nothing forgotten": form(a, Sigma0, a),
        "forgotten without normalisation": form(a, Sigma0, a) - form(a, Sigma0, b) ** 2,
        "independent of b already": form(a, Sigma0, a) - form(a, Sigma0, b),
    },
)
def forgetting():
    """Remaining variance along a when scores A = −bbᵀ have removed the variance along b."""
    hidden = 2 * t / (1 + 2 * t * form(b, Sigma0, b)) * Sigma0 * b * b.T * Sigma0
    yield recall(covariance_flow)
    yield by(substitute, "scores that repel along b", letters={A: -b * b.T})
    yield so("the inverse of a matrix moved by rank one", Sigma0 - hidden)
    yield by(paired, "seen along a", vector=a * a.T)
    yield by(expand_large, "in the limit of depth", large={t: oo}, order=0)


@claim(
    "critical scale",
    "h_c",
    rivals={
        "half of it": 1 / form(b, Sigma, b),
        "length of b alone": 2 / form(b, I, b),
        "Σ counted twice": 2 / form(b, Sigma * Sigma, b),
    },
)
def critical_step():
    """Step of a layer, x + hT(x), scores −bbᵀ, above which contraction turns into explosion (a transition)."""
    layer = I - h * Sigma * b * b.T
    yield given("variance along b after one layer", form(b, layer * Sigma * layer.T, b))
    yield by(minus, "its change", what=form(b, Sigma, b))
    yield by(crossing, parameter=h)
