r"""How many tokens softmax needs: the error of a finite context, averaged over the queries it meets.

Tokens and queries come from the same cloud N(0, Σ); a head with query direction q, key direction k and
inverse temperature β attends with scores β (q·z)(k·X). Over n tokens its output misses the endless context
by (1/n) e^{s²}(tr Σ + wᵀΣ²w) in mean square, w = βk(q·z), s² = wᵀΣw. Few queries are loud, but they count:

    E_z e^{s²} = (1 − 2β² kᵀΣk qᵀΣq)^{−1/2}

is finite only below the inverse temperature

    β_c = 1/√(2 kᵀΣk qᵀΣq),     that is ‖Σ^{1/2}AΣ^{1/2}‖ = 1/√2 for A = βkqᵀ.

Colder heads lose the law 1/n: their error is ruled by the rare queries for which n tokens are too few. A context of one
token is returned as it is, and misses the endless one by tr Σ + β² kᵀΣ²k qᵀΣq: a bound of the error that has the factor
ln n needs n ≥ 2.

Source: the expansion in 1/n of Boursier & Boyer (arXiv 2512.11784), Section 3; the average over queries and its
critical temperature are derived here
"""

from sympy import Identity, Rational, exp, sqrt

from derivations.measures.softmax_affine import finite_covariance
from workbench import E, by, claim, dot, form, gaussian, given, positive, recall, size, so, spd, tr, vector
from workbench.calculus.rules import crossing, expectation, gradient, paired, substitute, tilting

d = size("d")
Sigma = spd("Sigma", d)
k, q, w, z = (vector(name, d) for name in "kqwz")
beta = positive("beta")

X, Z = gaussian("X", d, cov=Sigma), gaussian("Z", d, cov=Sigma)  # a token of the context, and a query
keys, queries = form(k, Sigma, k), form(q, Sigma, q)
heat = 1 - 2 * beta**2 * keys * queries
asked = beta * dot(q, z) * k  # the tilt that the query z asks for
finite = heat > 0
hot = beta**2 * keys * queries < 0.2
heard = 0.02 < keys * queries, keys * queries < 10


def square(vector):
    """Its squared length."""
    return dot(vector, vector)


def averaged_over_queries(line):
    """The mean of what depends on the query z when queries are tokens too."""
    return E(line.xreplace({z: Z}))


@claim(
    "expectation",
    "E n/n_eff",
    rivals={
        "half the exponent": 1 / sqrt(1 - beta**2 * keys * queries),
        "exponent of the mean query": exp(beta**2 * keys * queries),
        "sign": 1 / sqrt(1 + 2 * beta**2 * keys * queries),
        "no root": 1 / heat,
    },
    hypotheses=(finite,),
    regime=(hot,),
)
def crowding():
    """Ratio of n to the effective number of tokens of softmax, averaged over queries."""
    yield given("tokens over effective tokens, at one tilt", E(exp(2 * dot(w, X))) / E(exp(dot(w, X))) ** 2)
    yield by(tilting)
    yield by(substitute, "the tilt of the query z", letters={w: asked})
    yield given("averaged over queries", averaged_over_queries(exp(form(asked, Sigma, asked))))
    yield by(tilting)


@claim(
    "expectation",
    "E|T_1 − T|²",
    rivals={
        "as printed in arXiv 2512.11784, Proposition 3.1, whose bound has the factor ln n": 0 * beta,
        "the law 1/n at n = 1": (tr(Sigma) + beta**2 * queries * form(k, Sigma * Sigma, k) / heat) / sqrt(heat),
        "queries are silent": tr(Sigma) + 0 * beta,
        "spread of the token forgotten": beta**2 * queries * form(k, Sigma * Sigma, k),
    },
    regime=(hot,),
)
def one_token():
    """Error of softmax over a context of one token, which it returns: no bound of its error vanishes there."""
    yield given("the token against the endless context", averaged_over_queries(square(X - Sigma * asked)))
    yield by(expectation)


@claim(
    "rate",
    "lim n E|T_n − T|²",
    rivals={
        "loud queries forgotten": tr(Sigma) + beta**2 * queries * form(k, Sigma * Sigma, k),
        "shift of the mean forgotten": tr(Sigma) / sqrt(heat),
        "one query's error": (tr(Sigma) + beta**2 * queries * form(k, Sigma * Sigma, k)) / sqrt(heat),
    },
    hypotheses=(finite,),
    regime=(hot,),
)
def error():
    """Mean squared error of softmax over n tokens against the infinite context, over queries, times n."""
    yield recall(finite_covariance)
    yield by(paired, "all directions together", vector=Identity(d))
    yield by(substitute, "the tilt of the query z", letters={w: asked})
    square = (tr(Sigma) + form(asked, Sigma * Sigma, asked)) * exp(form(asked, Sigma, asked))
    yield so("one query", square)
    yield given("averaged over queries", averaged_over_queries(square))
    yield by(tilting)
    yield so("in short", (tr(Sigma) + beta**2 * queries * form(k, Sigma * Sigma, k) / heat) / sqrt(heat))


@claim(
    "gradient",
    "∇_k E n/n_eff",
    rivals={
        "factor 2 forgotten": beta**2 * queries / heat ** Rational(3, 2) * Sigma * k,
        "power of the risk itself": 2 * beta**2 * queries / sqrt(heat) * Sigma * k,
        "covariance forgotten": 2 * beta**2 * queries / heat ** Rational(3, 2) * k,
    },
    hypotheses=(finite,),
    regime=(hot,),
)
def crowding_gradient():
    """Gradient of this ratio in the key direction."""
    yield recall(crowding)
    yield by(gradient, wrt=k)
    yield so("in short", 2 * beta**2 * queries / heat ** Rational(3, 2) * Sigma * k)


@claim(
    "critical scale",
    "β_c",
    rivals={
        "‖Σ^{1/2}AΣ^{1/2}‖ = 1": 1 / sqrt(keys * queries),
        "half": 1 / (2 * sqrt(keys * queries)),
        "the mean query's own": 1 / sqrt(2 * form(k, Sigma, q) ** 2),
    },
    regime=heard,
)
def critical_temperature():
    """Inverse temperature above which rare queries dominate: the error over 1/n diverges (a divergence)."""
    yield recall(crowding)
    yield given("what its inverse square keeps", 1 / crowding.formula**2)
    yield by(crossing, "vanishes at", parameter=beta)
    yield so("in short", 1 / sqrt(2 * keys * queries))
