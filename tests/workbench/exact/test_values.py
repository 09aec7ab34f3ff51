"""Values: the walker against SymPy's explicit matrices, node by node and on random expressions."""

from functools import reduce
from math import factorial

import numpy as np
import pytest
import sympy as sp
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.exact.instances import as_point, draw, letters_of
from workbench.exact.rings import (
    Balls,
    Dual,
    NotRational,
    Rationals,
    Undefined,
    Unreadable,
    determinant,
    identity,
    inverse,
    power,
)
from workbench.exact.values import Walker, evaluate, floats, value
from workbench.language import letters as L
from workbench.language.gaussian_functions import owens_t

d = L.size("d")
A, B, Sigma = L.matrix("A", d, d), L.matrix("B", d, d), L.spd("Sigma", d)
F, a, b = L.matrix("F", d, 2), L.vector("a", d), L.vector("b", d)
s, t = L.scalar("s"), L.positive("t")
HALF = sp.Rational(1, 2)


def explicit(expression, point):
    """The value by SymPy's own dense matrices: letters replaced by numbers, then everything carried out."""
    numbers = {letter: as_sympy(exact) for letter, exact in point.items()}
    found = expression.subs({d: numbers.pop(d)}) if d in numbers else expression
    renamed = {letter.subs({d: as_sympy(point[d])}): exact for letter, exact in numbers.items()}
    done = found.subs(renamed).doit()
    return done.as_explicit() if getattr(done, "is_Matrix", False) else done


def as_sympy(exact):
    if isinstance(exact, np.ndarray):
        return sp.ImmutableMatrix([[sp.Rational(int(v.p), int(v.q)) for v in row] for row in exact])
    return sp.Rational(int(exact.p), int(exact.q))


def as_lists(found):
    return as_sympy(found).tolist() if isinstance(found, np.ndarray) else as_sympy(found)


matrices = st.recursive(
    st.sampled_from([A, B, Sigma, a * b.T, sp.Identity(d), A.T]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        inner.map(lambda m: m.T),
        st.tuples(inner, st.sampled_from([s, t, HALF, sp.Integer(-2)])).map(lambda pair: pair[1] * pair[0]),
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(expression=matrices, seed=st.integers(0, 99).map(str))
def test_random_expressions_are_worth_what_sympys_dense_matrices_are(expression, seed):
    point = draw([d, A, B, Sigma, a, b, s, t], seed, {"d": 2})
    assert as_lists(evaluate(expression, point)) == explicit(expression, point).tolist()


@settings(max_examples=40)
@given(x=matrices, y=matrices, z=matrices, seed=st.integers(0, 99).map(str))
def test_the_values_form_a_ring(x, y, z, seed):
    point = draw([d, A, B, Sigma, a, b, s, t], seed, {"d": 2})

    def at(expression):
        return evaluate(expression, point)

    assert (at(x * (y + z)) == at(x) @ at(y) + at(x) @ at(z)).all()
    assert (at((x * y) * z) == at(x) @ (at(y) @ at(z))).all()
    assert (at((x * y).T) == at(y).T @ at(x).T).all()
    assert at(L.tr(x * y)) == np.trace(at(y) @ at(x))
    assert (at(x) + at(-1 * x) == 0).all()


NODES = {
    "inverse": Sigma.inv() * A,
    "power": (A + sp.Identity(d)) ** 3,
    "negative power": Sigma**-2,
    "trace": L.tr(A * B) * L.tr(A),
    "determinant": sp.Determinant(A * B + Sigma),
    "zero and ones": sp.ZeroMatrix(d, d) + sp.OneMatrix(d, d) * A,
    "hadamard product": sp.HadamardProduct(A, B, A),
    "hadamard power": sp.HadamardPower(A, 3),
    "kronecker": sp.KroneckerProduct(A, F.T),
    "diagonal matrix": DiagMatrix(a) * A,
    "rectangular": F * F.T * a,
    "scalar power": L.tr(Sigma) ** -2 + t**3,
    "quotient": s / (1 + t),
}


@pytest.mark.parametrize("name", NODES)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_each_node_is_worth_what_sympys_dense_matrices_are(name, size):
    expression = NODES[name]
    point = draw([d, *letters_of(expression)], name, {"d": size})
    found, expected = as_lists(evaluate(expression, point)), explicit(expression, point)
    assert found == (expected.tolist() if hasattr(expected, "tolist") else expected)


def test_every_node_by_hand():
    two = {d: fmpq(2), A: rational([[1, 2], [3, 4]]), a: rational([[5], [7]]), s: fmpq(3), t: fmpq(3)}
    hand = [
        (L.tr(A), 5), (sp.Determinant(A), -2), (L.dot(a, a), 74), (L.form(a, A, a), 5 * 19 + 7 * 43),
        (A.inv(), [[-2, 1], [sp.Rational(3, 2), -HALF]]), (A * a, [[19], [43]]), (A.T * a, [[26], [38]]),
        (DiagMatrix(a), [[5, 0], [0, 7]]), (DiagonalOf(A), [[1], [4]]), (A**2, [[7, 10], [15, 22]]),
        (sp.HadamardProduct(A, A.T), [[1, 6], [6, 16]]), (s / d, sp.Rational(3, 2)),
        (sp.KroneckerProduct(a.T, A), [[5, 10, 7, 14], [15, 20, 21, 28]]), (sp.exp(s - 3), 1),
        (sp.ImmutableDenseMatrix([[s, 1], [0, d]]), [[3, 1], [0, 2]]), (sp.sqrt(t**2 + 16), 5),
    ]  # fmt: skip
    for expression, expected in hand:
        assert as_lists(evaluate(expression, two)) == expected, expression


def rational(rows):
    return np.array([[fmpq(v) for v in row] for row in rows])


@pytest.mark.parametrize(
    "expression", [sp.exp(t), sp.sqrt(t + 1), sp.log(t), sp.pi * t, sp.erf(t), t ** sp.Rational(1, 3)]
)
def test_what_is_not_rational_says_so(expression):
    with pytest.raises(NotRational):
        evaluate(expression, {t: fmpq(2)})


FUNCTIONS = [
    sp.exp, sp.log, sp.erf, sp.sin, sp.cos, sp.tan, sp.asin, sp.acos, sp.atan, sp.sinh, sp.cosh, sp.tanh,
    sp.sqrt, sp.gamma, sp.LambertW, lambda x: x**x, lambda x: sp.pi**x, lambda x: sp.exp(sp.exp(x)),
]  # fmt: skip


@given(q=st.fractions(sp.Rational(1, 16), sp.Rational(15, 16), max_denominator=32), f=st.sampled_from(FUNCTIONS))
def test_a_ball_contains_the_value_to_fifty_digits(q, f):
    ball = evaluate(f(t), {t: fmpq(q.numerator, q.denominator)}, Balls())
    with ctx.workprec(256):
        digits = arb(str(f(sp.Rational(q.numerator, q.denominator)).evalf(60)))
    assert ball.contains(digits)
    assert ball.rad() < arb(2) ** -40


@pytest.mark.parametrize(("f", "expected"), [(sp.Abs, 2), (sp.sign, -1), (sp.Heaviside, 0)])
def test_functions_with_corners_are_enclosed(f, expected):
    assert evaluate(f(s), {s: fmpq(-2)}, Balls()) == expected


def test_the_largest_and_smallest_are_enclosed():
    point = {s: fmpq(-2), t: fmpq(1)}
    assert evaluate(sp.Max(s, t, HALF), point, Balls()) == 1
    assert evaluate(sp.Min(s, t, HALF), point, Balls()) == -2


@given(seed=st.integers(0, 99).map(str))
def test_balls_and_rationals_agree(seed):
    expression = Sigma.inv() * A * B.T + L.tr(A) * sp.Identity(d)
    point = draw([d, A, B, Sigma], seed, {"d": 3})
    balls, exact = evaluate(expression, point, Balls()), evaluate(expression, point)
    assert all(ball.contains(arb(q)) and ball.rad() < arb(2) ** -30 for ball, q in zip(balls.flat, exact.flat))


def test_the_sharpest_arithmetic_is_taken():
    assert isinstance(value(t + 1, {t: fmpq(2)}), fmpq)
    assert isinstance(value(sp.exp(t), {t: fmpq(2)}), arb)


@given(st.lists(st.fractions(max_denominator=9), min_size=4, max_size=4))
def test_a_dual_number_carries_the_derivative(parts):
    x, y = (Dual(fmpq(p.numerator, p.denominator), fmpq(1)) for p in parts[:2])
    product, quotient = x * x * x + 2 * x - y * 0, (x + 1) / (x * x + 1)
    q = sp.Symbol("q")
    at = {q: sp.Rational(parts[0].numerator, parts[0].denominator)}
    assert as_sympy(product.slope) == (3 * q**2 + 2).subs(at)
    assert as_sympy(quotient.slope) == sp.diff((q + 1) / (q**2 + 1), q).subs(at)
    assert (5 - x).slope == -1 and (1 / (x * x + 2)).value == 1 / (x.value * x.value + 2)


def test_a_root_carries_the_derivative_over_the_rationals_and_in_balls():
    root = sp.sqrt(t) ** 3 + 1 / sp.sqrt(t)
    found = evaluate(root, {t: Dual(fmpq(4), fmpq(3))})
    assert found.value == 8 + fmpq(1, 2) and found.slope == 3 * (3 - fmpq(1, 16))
    slope = evaluate(root, {t: Dual(fmpq(2), fmpq(1))}, Balls()).slope
    assert slope.overlaps(arb(3) / arb(2).sqrt() - 1 / arb(32).sqrt()) and slope.rad() < arb(2) ** -30


@pytest.mark.parametrize("expression", [1 / (s - 2), sp.Inverse(A - A.T), sp.Inverse(a * a.T), (s - 2) ** -2])
def test_a_division_by_zero_has_no_value(expression):
    point = {d: fmpq(2), s: fmpq(2), A: rational([[1, 2], [2, 4]]), a: rational([[1], [2]])}
    with pytest.raises(Undefined):
        evaluate(expression, point)


def test_a_letter_without_value_and_an_unknown_node_are_named():
    with pytest.raises(KeyError, match="letter s"):
        evaluate(s + 1, {})
    with pytest.raises(Unreadable, match="ExprCondPair"):
        evaluate(sp.Piecewise((s, s > 0), (0, True)), {s: fmpq(1)})
    with pytest.raises(Unreadable, match="enclosure"):
        evaluate(sp.zeta(t), {t: fmpq(2)}, Balls())


@given(st.integers(1, 4), st.integers(0, 6), st.integers(0, 99).map(str))
def test_powers_and_determinants_follow_their_laws(size, exponent, seed):
    point = draw([d, Sigma], seed, {"d": size})
    matrix = point[Sigma]
    assert (power(matrix, exponent) == reduce(np.matmul, [matrix] * exponent, identity(size))).all()
    assert (power(matrix, -exponent) @ power(matrix, exponent) == identity(size)).all()
    assert determinant(matrix @ matrix) == determinant(matrix) ** 2
    assert (inverse(matrix) @ matrix == identity(size)).all()


def test_a_determinant_is_the_same_in_every_arithmetic_and_large_ones_are_quick():
    matrix = np.array([[fmpq((3 * i + 5 * j * j) % 7 - 3, i + 1) for j in range(4)] for i in range(4)])
    duals = np.vectorize(lambda entry: Dual(entry, fmpq(0)), otypes=[object])(matrix)
    assert determinant(matrix) == determinant(duals).value != 0
    lower = np.array([[fmpq(i + 1 if i == j else i - j if i > j else 0) for j in range(12)] for i in range(12)])
    assert determinant(lower @ lower.T) == fmpq(factorial(12)) ** 2


def test_floats_are_correctly_rounded():
    assert floats(fmpq(1, 3)) == 1 / 3
    assert floats(np.array([[fmpq(1, 10)]], dtype=object)).tolist() == [[0.1]]
    assert floats(arb(1) / 3) == 1 / 3


def test_a_point_is_given_by_names():
    point = as_point(L.form(a, A, a) / t, d=2, A=[[1, 2], [3, 4]], a=[[1], [1]], t=2)
    assert evaluate(L.form(a, A, a) / t, point) == 5
    with pytest.raises(KeyError, match="no value for the letters a"):
        as_point(L.dot(a, a), d=2)


def test_a_function_of_two_arguments_is_differentiated_along_each():
    h, a = L.scalar("h"), L.scalar("a")
    point = {h: Dual(fmpq(1, 3), fmpq(2)), a: Dual(fmpq(1, 2), fmpq(-1))}
    value = evaluate(owens_t(h, a), point, Balls())
    plain = {h: fmpq(1, 3), a: fmpq(1, 2)}
    slope = evaluate(2 * owens_t(h, a).diff(h) - owens_t(h, a).diff(a), plain, Balls())
    assert value.value.overlaps(evaluate(owens_t(h, a), plain, Balls()))
    assert value.slope.overlaps(slope) and value.slope.rad() < 1e-12


def test_a_function_of_something_that_is_no_number_has_no_value():
    h = L.scalar("h")
    with pytest.raises(Undefined):
        evaluate(owens_t(sp.sqrt(h), h), {h: fmpq(-1)}, Balls())


def test_a_rational_beyond_the_largest_float_is_infinite():
    assert floats(np.array([fmpq(10) ** 400, -(fmpq(10) ** 400), fmpq(10) ** -400])).tolist() == [
        float("inf"), float("-inf"), 0.0,
    ]  # fmt: skip


def test_the_sizes_of_a_written_out_matrix_are_read_like_others():
    written, walker = sp.ImmutableMatrix([[s, t, 0], [0, s, t]]), Walker({d: fmpq(3)}, Rationals())
    assert [walker.size(n) for n in (*written.shape, *A.shape)] == [2, 3, 3, 3]


def test_a_real_power_carries_its_derivative_in_base_and_exponent():
    x, third = L.positive("x"), sp.Rational(1, 3)
    moved = {x: Dual(fmpq(8), fmpq(1))}
    assert evaluate(x**third, moved, Balls()).slope.overlaps(arb(1) / 12)  # (1/3)·8^(−2/3)
    tower = evaluate(x**x, {x: Dual(fmpq(2), fmpq(1))}, Balls())
    assert tower.value == 4 and tower.slope.overlaps(4 * (1 + arb(2).log()))


def test_a_determinant_computes_no_minor_twice():
    products = []

    class Counted(int):
        def __mul__(self, other):
            products.append(1)
            return Counted(int(self) * int(other))

        __rmul__ = __mul__

    entries = [[Counted((i + 1) ** j) for j in range(9)] for i in range(9)]
    found = determinant(np.array(entries, dtype=object))
    assert found == sp.prod(j - i for j in range(9) for i in range(j)) and len(products) < 9 * 2**10
