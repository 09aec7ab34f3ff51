r"""Every table has a subspace of its own: what one layer leaves of the holes, and how many holes Bayes fills exactly.

Rows lie in a uniformly random r-dimensional subspace of R^d: x = Hy, H an orthonormal basis, y ~ N(0, I). A context of
n complete rows is read, and entries of a query are missing independently, with probability p. One layer of linear
attention answers x̂ = (θ/n) Σ_k x_k (x_kᵀx̃) on them. On endless contexts its best scale and what it then leaves are

    θ* = (d + 4)/((1 − p)(d − r + 2) + p(r + 2)),     R* = p r [1 − (1 − p)(d − r) θ*/(d + 2)].

It is never exact. Bayes, which solves for y, leaves the variance r − s when s < r entries are seen, in every subspace,
and nothing from s = r on: up to d − r holes are filled exactly, and each one more costs a unit of variance.

Source: derived here; for the mean of entries of random projections see Weingarten, J. Math. Phys. 19 (1978) 999
"""

from sympy import Identity, oo
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import (
    E,
    by,
    claim,
    count,
    gaussian,
    given,
    haar,
    mask,
    matrix,
    probability,
    recall,
    scalar,
    size,
    so,
    tr,
)
from workbench.calculus.rules import crossing, expand_large, expectation, gradient, stationary_point, substitute

d, r, s, n, h = size("d"), size("r"), size("s"), count("n"), count("h")
p, theta = probability("p"), scalar("theta")
q = 1 - p
I = Identity(d)

H, G = haar("H", d, r), matrix("G", s, r)
y, y1, y2 = (gaussian(name, r) for name in ("y", "y1", "y2"))
x, x1, x2 = H * y, H * y1, H * y2
o = mask("o", d, q)
seen = DiagMatrix(o)
unknown = gaussian("unknown", r)  # the coordinates of a query in its subspace

INSIDE, PROPER = (r <= d, d > 1), (r < d,)
SMALL = (d < 4, n < 6)

pairs = (d - r) / (d + 2)  # Σ P_ij² over i ≠ j, per dimension of the subspace, P = HHᵀ; and so on
across, along = (d - r) * (d - r + 2), (d - r) * (r + 2)
same_across = across + r * (d + 2) * (d + 4) - 2 * (r + 2) * (d + 4) + (r + 2) * (r + 4)
same_along = along + (r + 2) * (r * (d + 4) - (r + 4))


def spread(crossed, straight):
    """E|x̂|² over θ² p(1 − p) r, from what seen entries contribute in pairs and alone."""
    return (q * crossed + p * straight) / ((d + 2) * (d + 4))


whole = spread(across + same_across / n, along + same_along / n)
endless = spread(across, along)


def error(b, c):
    """The risk with these numbers for what the answer shares with the missing entries, and for its square."""
    return p * r - 2 * theta * p * q * r * b + theta**2 * p * q * r * c


@claim(
    "expectation",
    "R(θ)",
    rivals={
        "endless context": error(pairs, endless),
        "a subspace is white": error(pairs, q * pairs + p * pairs),
        "query complete": error(pairs, whole.xreplace({p: 0 * p})),
        "entry itself counted": error(pairs + r / d, whole),
    },
    hypotheses=INSIDE,
    regime=SMALL,
)
def risk():
    """Squared error on the missing entries of the query, over rows, masks and subspaces."""
    one, other = x1 * x1.T * seen, x2 * x2.T * seen
    answer = E(tr((I - seen) * one * x * x.T))
    same = E(tr((I - seen) * one * x * x.T * one.T))
    different = E(tr((I - seen) * one * x * x.T * other.T))
    missing = E(tr((I - seen) * x * x.T))
    yield given(
        "a square; two rows of the context are the same with chance 1/n",
        missing - 2 * theta * answer + theta**2 * (same / n + (1 - 1 / n) * different),
    )
    yield by(expectation)
    yield so("per dimension of the subspace", error(pairs, whole))


@claim(
    "fixed point",
    "θ*",
    rivals={
        "endless context": pairs / endless,
        "query complete": pairs / whole.xreplace({p: 0 * p}),
        "one over the seen rate": pairs / whole / q,
        "the scale of a white table": 1 / (q + 0 * r * n),
    },
    hypotheses=(r < d,),
    regime=SMALL,
)
def best_scale():
    """The only stationary scale of the layer: it does not know the subspace, and grows with the context."""
    yield recall(risk)
    yield by(gradient, wrt=theta)
    yield by(stationary_point, wrt=theta)
    yield so("what is shared over its square", pairs / whole)


@claim(
    "rate",
    "lim R(θ*)",
    rivals={
        "Bayes, where enough is seen": 0 * p * r * d,
        "gain counted twice": p * r * (1 - 2 * q * pairs**2 / endless),
        "large tables": p * r * p * r / (p * r + q * (d - r)),
        "seen rate forgotten": p * r * (1 - pairs**2 / endless),
    },
    hypotheses=(r < d,),
    regime=SMALL,
)
def endless_risk():
    """Risk of one layer in the long-context limit: positive in every proper subspace."""
    yield recall(risk)
    yield by(expand_large, "endless contexts", large={n: oo}, order=0)
    yield by(substitute, "at the best scale there", letters={theta: pairs / endless})
    yield so("factored", p * r * (1 - q * (d - r) * (d + 4) / ((d + 2) * (q * (d - r + 2) + p * (r + 2)))))


@claim(
    "expectation",
    "Bayes risk, s entries seen",
    rivals={
        "as if subspace and axes were the same": r - s * r / d,
        "one layer": r * (1 - s / d) * (d - s) / d,
        "one entry short": r - s + 1,
        "entries left": d - s + 0 * r,
    },
    hypotheses=(s <= r, r <= d),
    regime=(d < 6,),
)
def bayes_risk():
    """Bayes risk of a row of a known subspace when s of its entries are observed, whichever they are."""
    solved = G.T * (G * G.T).inv() * G * unknown
    yield given("of the coordinates y, Gy being seen", E(tr((unknown - solved) * (unknown - solved).T)))
    yield by(expectation)
    yield so("a projection has as many dimensions as its trace", r - s)


@claim(
    "critical scale",
    "h_c",
    rivals={
        "the dimension of the subspace": r + 0 * d,
        "one hole less": d - r - 1,
        "half of the entries": d / 2 + 0 * r,
        "one layer: none": 0 * d * r,
    },
    hypotheses=(r <= d,),
    regime=(r < d, d < 6),
)
def critical_holes():
    """Number of holes up to which Bayes fills them without error (a transition): further ones cost a unit each."""
    yield recall(bayes_risk)
    yield by(substitute, "with h holes", letters={s: d - h})
    yield by(crossing, parameter=h)
