"""Degrees: the bound is never below the degree that multiplying out shows, nor below what chance shows."""

import pytest
import sympy as sp
from flint import fmpq

from workbench.exact.degrees import Counter, NoBound, of_difference
from workbench.exact.values import evaluate
from workbench.language import letters as L
from workbench.language.laws import E, gaussian, haar, mask

d = L.size("d")
s, t = L.scalar("s"), L.positive("t")
A, B = L.matrix("A", d, d), L.matrix("B", d, d)
Sigma, R, u = L.spd("Sigma", d), L.orthogonal("R", d), L.unit_vector("u", d)
a = L.vector("a", d)
AT_TWO = {d: fmpq(2)}


def parameters(name, rows, columns):
    return sp.Matrix(rows, columns, lambda i, j: sp.Symbol(f"{name}{i}{j}"))


def skew(name):
    lower = sp.Symbol(name)
    return sp.Matrix([[0, -lower], [lower, 0]])


def cayley(name):
    """How an orthogonal 2×2 matrix is drawn."""
    return (sp.eye(2) - skew(name)) * (sp.eye(2) + skew(name)).inv()


def trace(matrix):
    """Of a SymPy matrix with entries, or of a product of letters."""
    return matrix.trace() if isinstance(matrix, sp.MatrixBase) else L.tr(matrix)


LETTERS = {"s": s, "t": t, "A": A, "B": B, "a": a, "R": R, "S": Sigma, "u": u}
DRAWN = {  # what stands behind each letter at d = 2, in the numbers that are drawn
    "s": sp.Symbol("s0"),
    "t": sp.Symbol("t0"),
    "A": parameters("A", 2, 2),
    "B": parameters("B", 2, 2),
    "a": parameters("a", 2, 1),
    "R": cayley("r"),
    "S": cayley("k") * sp.diag(*sp.symbols("l0 l1")) * cayley("k").T,
    "u": sp.Matrix([2 * sp.Symbol("p"), 1 - sp.Symbol("p") ** 2]) / (1 + sp.Symbol("p") ** 2),
}
FORMULAS = {
    "a sum": lambda s, t, **_: s + t,
    "a product": lambda s, t, **_: s * t**2 - 1,
    "quotients": lambda s, t, **_: s / t + t / (1 + s),
    "a tower": lambda s, t, **_: 1 / (s + 1 / t),
    "a trace": lambda A, B, **_: trace(A * B),
    "a square over a number": lambda A, s, **_: trace(A.T * A) ** 2 / s,
    "a rotation": lambda A, R, **_: trace(R * A),
    "a covariance": lambda A, S, **_: trace(S * A) - trace(A),
    "covariances": lambda S, **_: trace(S * S) / trace(S),
    "a unit vector": lambda A, u, a, **_: trace(u.T * A * a),
    "a quadratic form": lambda S, u, **_: trace(u.T * S * u),
    "an inverse": lambda A, B, **_: trace(A.inv() * B),
    "the inverse of a sum": lambda A, B, s, **_: trace((A + s * B).inv()),
    "a determinant": lambda A, B, **_: sp.det(A + B),
    "the inverse of a covariance": lambda A, S, **_: trace(S.inv() * A),
    "many": lambda A, R, S, s, **_: s * trace(R * S * R.T * A) + 1 / trace(A),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_no_degree_is_above_its_bound(name):
    top, _ = sp.fraction(sp.cancel(FORMULAS[name](**DRAWN)))
    true, bound = sp.Poly(top).total_degree(), Counter(AT_TWO).visit(FORMULAS[name](**LETTERS)).top
    assert true <= bound <= 8 * true + 4


def test_a_mean_counts_its_covariances_once_for_two_letters():
    x = gaussian("x", d, cov=Sigma)
    given, found = E(L.form(x, A, x) ** 2), L.tr(A * Sigma) ** 2 + L.tr(A * Sigma * A * Sigma)
    assert Counter(AT_TWO).visit(given) == Counter(AT_TWO).visit(found)
    m = mask("m", d, L.probability("q"))
    assert Counter(AT_TWO).visit(E(L.dot(m, a) ** 2)).top == 4


def test_a_part_that_occurs_many_times_is_read_once():
    """Forty factors, each of which holds the one before it twice: read one by one they would be 2⁴⁰."""
    formula = s
    for _ in range(40):
        formula = (formula + 1) * (formula + 2)
    assert Counter({}).visit(formula).top == 2**40


@pytest.mark.parametrize(
    "formula",
    [sp.sqrt(t), sp.exp(s), sp.Abs(s), E(1 / (1 + L.dot(gaussian("x", d), a) ** 2)), L.tr(E(haar("H", d) * A)), s**t],
    ids=str,
)
def test_what_is_no_rational_function_has_no_bound(formula):
    with pytest.raises(NoBound):
        Counter({**AT_TWO, t: fmpq(1, 3)}).visit(formula)


def test_a_check_that_does_more_than_compare_has_no_bound():
    with pytest.raises(NoBound, match="more than compare"):
        of_difference("all_solutions", s, t, AT_TWO, {})


def test_a_false_identity_passes_as_rarely_as_the_bound_says():
    """On a grid of 16 numbers, a formula that is zero at five of them: the lemma is sharp here."""
    false = sp.prod([s - k for k in range(5)])
    bound = of_difference("same_value", false, sp.S.Zero, {}, {})
    passing = [k for k in range(16) if evaluate(false, {s: fmpq(k)}) == 0]
    assert len(passing) == bound == 5
