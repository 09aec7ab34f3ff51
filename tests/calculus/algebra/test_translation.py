"""Translation: SymPy to trace polynomials and back loses nothing, and equal means equal in value."""

from random import Random as Generator

import numpy as np
import pytest
import sympy as sp
from sympy import (
    Determinant,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    MatMul,
    MatPow,
    OneMatrix,
    Rational,
    Trace,
    ZeroMatrix,
    exp,
    log,
    sqrt,
)  # fmt: skip
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.calculus.algebra.translation import expression_of, polynomial, same
from workbench.calculus.errors import NotTranslatable, ShapeMismatch
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Undefined
from workbench.exact.values import evaluate
from workbench.language.letters import (
    count,
    dot,
    form,
    matrix,
    orthogonal,
    positive,
    scalar,
    size,
    spd,
    symmetric,
    tr,
    unit_vector,
    vector,
)  # fmt: skip

d, N = size("d"), count("N")
A, B, F = matrix("A", d, d), matrix("B", d, d), matrix("F", d, N)
S, Sigma, Q = symmetric("S", d), spd("Sigma", d), orthogonal("Q", d)
a, b, u = vector("a", d), vector("b", d), unit_vector("u", d)
s, t, k = scalar("s"), scalar("t"), positive("k")
I = Identity(d)

EXPRESSIONS = [
    A + B, 2 * A * B - B * A, A.T * B.T * A, (A + B) ** 3, A**-2 * B, (A + B).inv() * A, (A + B).T.inv(),
    Sigma.inv() * A * Sigma, (2 * A + 2 * B).inv(), (A * B).inv(), Q * A * Q.T, a * b.T * A * a * b.T,
    u * u.T * u * a.T, tr(A * B) * tr(A) / N, tr(A + I) ** 2, form(a, A, b) ** 3, 1 / (1 + tr(A * B)),
    tr(A) * A + tr(B) / (N - d) * I, s * t * A - t * s * A, sqrt(k) * A, k**s * tr(A) * k ** (2 * s + 1),
    Determinant(A) * tr(B), F * F.T * A, ZeroMatrix(d, N) + F, OneMatrix(d, N) * F.T, MatPow(a.T * A * a, 2),
    tr(F.T * A * F) / N**2, HadamardProduct(A, B + 2 * I), DiagonalOf(A * B), HadamardProduct(A, B).T,
    (Sigma + s**2 * I).inv() * Sigma, A * 0 + B, tr((F * F.T).inv()), Trace(A).doit() - Trace(A.T),
    Rational(2, 3) * A + Rational(1, 3) * A, (N * d - d) * tr(A), MatMul(A, B, A.inv(), A),
    HadamardPower(A, 2) * B,
]  # fmt: skip
OPAQUE = [
    exp(tr(A * B)) * A, log(1 + tr(A)), exp(s) * exp(t) * exp(2 * s), sp.erf(dot(a, b)) + sp.sin(tr(B * A)),
    tr(A) ** k, MatPow(Sigma, Rational(1, 2)) * A, MatPow(A, k), sqrt(1 + tr(A.T * A)), sqrt(2) * A,
    sp.pi * tr(A), DiagMatrix(a) * B,
]  # fmt: skip


def same_value(left, right):
    """Whether two expressions have the same rational value at three points of two sizes."""
    for seed, sizes in enumerate([{"d": 2, "N": 3}, {"d": 3, "N": 4}, {"d": 2, "N": 5}]):
        point = draw([*letters_of(left, right), d, N], seed=str(seed), sizes=sizes)
        try:
            if not np.all(evaluate(left, point) == evaluate(right, point)):
                return False
        except Undefined:
            continue
    return True


@pytest.mark.parametrize("expression", [e for e in EXPRESSIONS if not e.has(sqrt(k), s)], ids=str)
def test_normal_forms_have_the_value_of_what_was_written(expression):
    assert same_value(expression, expression_of(polynomial(expression)))


@pytest.mark.parametrize("expression", EXPRESSIONS + OPAQUE, ids=str)
def test_going_back_and_forth_loses_nothing(expression):
    once = expression_of(polynomial(expression))
    assert expression_of(polynomial(once)) == once
    assert polynomial(once).key == polynomial(expression).key


@pytest.mark.parametrize(
    "left, right",
    [
        (tr(A * B), tr(B * A)), (tr(A * B), tr(A.T * B.T)), (tr(A * F * F.T), tr(F.T * A * F)),
        (Inverse(A + B).T, Inverse(A.T + B.T)), (tr(Inverse(2 * A + 2 * B)), tr(Inverse(A + B)) / 2),
        (tr(A * Inverse(S + I)), tr(A.T * Inverse(I + S))), (log(tr(A * B)), log(tr(B * A))),
        (exp(s + t), exp(s) * exp(t)), (Determinant(A), Determinant(A.T)), ((A * B).inv(), B.inv() * A.inv()),
        (MatPow(a.T * b, 2), dot(a, b) ** 2 * Identity(1)), (sp.Integer(0) * tr(A), sp.Integer(0)),
        (HadamardProduct(A, B), HadamardProduct(B, A)), (HadamardProduct(A, B).T, HadamardProduct(A.T, B.T)),
        (DiagonalOf(A), DiagonalOf(A.T)),
        (HadamardProduct(A + B, A), HadamardProduct(A, A) + HadamardProduct(A, B)),
        (A * tr(B * A) - tr(A * B) * A, ZeroMatrix(d, d)), (Trace(a * b.T), dot(b, a)),
    ],
)  # fmt: skip
def test_equal_things_written_differently_are_recognised(left, right):
    assert same(polynomial(left), polynomial(right))


@pytest.mark.parametrize(
    "left, right",
    [
        (A * B, B * A), (tr(A), tr(B)), (A, A.T), (tr(A * A.T), tr(A * A)), (Inverse(A + B), Inverse(A - B)),
        (tr(A) * I, A), (Q * Q, I), (HadamardProduct(A, B), A * B), (tr(A * B * S), tr(B * A * S)),
        (A, tr(A)),
    ],
)  # fmt: skip
def test_different_things_stay_different(left, right):
    assert not same(polynomial(left), polynomial(right))


def test_the_same_polynomial_is_printed_as_the_same_expression_whatever_the_order_it_was_written_in():
    parts = [2 * tr(A) * tr(B), tr(A * B), -tr(A**2) / N, d * tr(S), sp.Integer(3)]
    printed = set()
    for seed in range(6):
        Generator(seed).shuffle(parts)
        printed.add(expression_of(polynomial(sum(parts))))
    assert printed == {sum(parts)}


def test_sums_come_out_as_sympy_itself_writes_them():
    for expression in (
        A + B,
        2 * A * B + B * A,
        A.T * B - A,
        A * B * A.T + 3 * I,
        tr(A) * tr(B) + 2 * tr(A * B) / N,
    ):
        assert expression_of(polynomial(expression)) == expression


@pytest.mark.parametrize(
    "hostile", [MatMul(F, F, evaluate=False), MatMul(F, A, evaluate=False), MatMul(a, b, evaluate=False)]
)
def test_products_that_do_not_fit_are_refused(hostile):
    with pytest.raises(ShapeMismatch, match="inner sizes differ"):
        polynomial(hostile)


def test_only_square_matrices_have_powers_inverses_and_determinants():
    for kind in (Inverse, Determinant, lambda base: MatPow(base, 2)):
        with pytest.raises((ShapeMismatch, sp.matrices.exceptions.NonSquareMatrixError)):
            polynomial(kind(F * F.T * F))


def test_an_explicit_array_is_refused():
    with pytest.raises(NotTranslatable, match="explicit 2×2 array"):
        polynomial(sp.Matrix([[1, 2], [3, 4]]))


def test_the_inverse_of_zero_is_refused():
    with pytest.raises(NotTranslatable, match="zero"):
        polynomial(Inverse(A - A + ZeroMatrix(d, d)))
    with pytest.raises(NotTranslatable, match="zero"):
        polynomial((tr(A * B) - tr(B * A)) ** -1)


def test_text_and_relations_are_refused():
    with pytest.raises((NotTranslatable, sp.SympifyError)):
        polynomial(sp.Eq(s, t))
