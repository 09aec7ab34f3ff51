"""Gradients: SymPy's traps answered right, and exact directional derivatives at rational points."""

from random import Random as Generator

import numpy as np
import pytest
import sympy as sp
from flint import fmpq
from sympy import (
    Determinant,
    HadamardProduct,
    Identity,
    Integer,
    MatPow,
    Rational,
    Trace,
    ZeroMatrix,
    exp,
    log,
    sqrt,
)  # fmt: skip

from workbench.calculus.algebra.translation import polynomial, same
from workbench.calculus.derivatives.gradients import directional, gradient, hessian_action
from workbench.calculus.errors import NotDifferentiable, ShapeMismatch
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Dual, Undefined
from workbench.exact.values import evaluate
from workbench.language.laws import E, gaussian
from workbench.language.letters import (
    form,
    matrix,
    orthogonal,
    positive,
    scalar,
    size,
    spd,
    symmetric,
    tr,
    vector,
)  # fmt: skip

d, n = size("d"), size("n")
A, B, C, X, W, H = (matrix(name, d, d) for name in "ABCXWH")
F, G = matrix("F", n, d), matrix("G", n, d)
S, Sigma = symmetric("S", d), spd("Sigma", d)
Q = orthogonal("Q", d)
a, b, x = vector("a", d), vector("b", d), vector("x", d)
k, s, t = positive("k"), scalar("s"), scalar("t")
I = Identity(d)
SIZES = {"d": 2, "n": 3}

TRAPS = {
    "a trace plus one": (tr(W) + 1, W, I),
    "a constant trace first": (tr(A) - 2 * tr(A * W), W, -2 * A.T),
    "a sum of traces of two letters": (tr(A.T * A) + tr(B.T * B), A, 2 * A),
    "a trace plus the trace of a square": (tr(A) + tr(A**2), A, I + 2 * A.T),
    "the square of a trace": (tr(I - A) ** 2, A, -2 * tr(I - A) * I),
    "the same square expanded": (d**2 - 2 * d * tr(A) + tr(A) ** 2, A, -2 * d * I + 2 * tr(A) * I),
    "twice a norm plus three": (2 * tr(X.T * X) + 3, X, 4 * X),
    "a norm divided by a scalar": (tr(X.T * X) / k + 1, X, 2 / k * X),
    "log det": (log(Determinant(X)), X, X.inv().T),
    "exp of a trace": (exp(tr(A * X)), X, exp(tr(A * X)) * A.T),
    "det": (Determinant(X), X, Determinant(X) * X.inv().T),
    "a squared quadratic form": (form(x, A, x) ** 2, x, 2 * form(x, A, x) * (A + A.T) * x),
    "a squared bilinear form": (form(a, X, b) ** 2, X, 2 * form(a, X, b) * a * b.T),
    "a 1×1 matrix power": (Trace(MatPow(x.T * A * x, 2)), x, 2 * form(x, A, x) * (A + A.T) * x),
    "a quartic": (tr((X * X.T) ** 2 * A), X, (X * X.T * A + A * X * X.T + X * X.T * A.T + A.T * X * X.T) * X),
    "the square of a sum": (tr(A * (X + B) ** 2), X, ((X + B) * A + A * (X + B)).T),
    "a sandwich": (tr(A * X * B * X.T), X, A * X * B + A.T * X * B.T),
    "a norm of an affine map": (tr((A * X + B).T * (A * X + B)), X, 2 * A.T * (A * X + B)),
    "a fifth power": (tr(X**5), X, 5 * (X**4).T),
    "an inverse": (tr(X.inv() * A), X, -(X.inv() * A * X.inv()).T),
    "an inverse of a sum": (tr((X + B).inv() * A), X, -((X + B).inv() * A * (X + B).inv()).T),
    "a negative power": (tr(X**-2), X, -2 * (X**-3).T),
    "a Hadamard product": (tr(HadamardProduct(A, X) * B), X, HadamardProduct(A, B.T)),
    "an entrywise sine": (tr(X.applyfunc(sp.sin) * A), X, HadamardProduct(A.T, X.applyfunc(sp.cos))),
    "a quotient": (tr(A * X) / tr(B * X), X, A.T / tr(B * X) - tr(A * X) / tr(B * X) ** 2 * B.T),
    "a square root": (sqrt(tr(X.T * X)), X, X / sqrt(tr(X.T * X))),
    "a scalar inside a matrix sum": (tr((X - s * I) ** 2), s, 2 * s * d - 2 * tr(X)),
    "a power with a symbolic exponent": (tr(A * X) ** k, X, k * tr(A * X) ** (k - 1) * A.T),
    "a symmetric letter": (tr(A * S), S, (A + A.T) / 2),
    "log det of a covariance": (log(Determinant(Sigma)), Sigma, Sigma.inv()),
    "log det of a sum": (log(Determinant(Sigma + x * x.T)), x, 2 * (Sigma + x * x.T).inv() * x),
    "a letter that is not there": (tr(A), W, ZeroMatrix(d, d)),
    "a rectangular letter": (tr(F * A * F.T) + tr(F.T * G), F, F * A + F * A.T + G),
    "an orthogonal letter that cancels": (tr(Q * X * Q.T), X, I),
    "a transposed letter only": (tr(X.T * A), X, A),
    "a log of a sum of traces": (log(1 + tr(X.T * X)), X, 2 / (1 + tr(X.T * X)) * X),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_the_traps_of_matrix_calculus_have_their_hand_gradients(name):
    function, wrt, hand = TRAPS[name]
    assert same(polynomial(gradient(function, wrt)), polynomial(hand)), gradient(function, wrt)


def slope(function, wrt, seed):
    """The exact derivative along a random direction by dual numbers, and the point and direction."""
    try:
        return slope_at(function, wrt, f"{seed}")
    except Undefined:
        return slope(function, wrt, f"{seed}'")


def slope_at(function, wrt, seed):
    """The same at the point of one seed; raises Undefined at a singular one."""
    point = draw([*letters_of(function), wrt], seed=seed, sizes=SIZES)
    along = draw([matrix("direction", *wrt.shape), d, n], seed=seed, sizes=SIZES)
    direction = next(value for letter, value in along.items() if letter.name == "direction")
    if np.array_equal(point[wrt], point[wrt].T):
        direction = direction + direction.T
    moved = np.vectorize(Dual, otypes=[object])(point[wrt], direction)
    value = evaluate(function, {**point, wrt: moved})
    if isinstance(value, np.ndarray):
        value = np.vectorize(lambda entry: getattr(entry, "slope", fmpq(0)), otypes=[object])(value)
    else:
        value = getattr(value, "slope", fmpq(0))
    return value, point, direction


RATIONAL = {
    name: trap for name, trap in TRAPS.items()
    if not trap[0].has(exp, log, sqrt(tr(X.T * X)), sp.sin, k) and hasattr(trap[1], "shape")
}  # fmt: skip


@pytest.mark.parametrize("name", RATIONAL)
def test_the_gradient_is_the_exact_derivative_along_every_direction(name):
    function, wrt, _ = RATIONAL[name]
    for seed in range(3):
        change, point, direction = slope(function, wrt, seed)
        assert np.trace(evaluate(gradient(function, wrt), point).T @ direction) == change


def random_function(seed):
    """A random polynomial or rational function of traces and inverses in which W occurs."""
    rng = Generator(seed)
    blocks = [W, W.T, A, B, S, Sigma, a * b.T, W * W.T, W.inv(), (W + A).inv(), (W * W.T + Sigma).inv()]
    total = sp.S.Zero
    for _ in range(rng.choice([1, 2])):
        term = sp.Rational(rng.choice([1, -2, 3]), rng.choice([1, 2]))
        for _ in range(rng.choice([1, 2])):
            term = term * Trace(sp.MatMul(W, *rng.choices(blocks, k=rng.choice([1, 2, 3]))))
        total = total + (term / (1 + tr(W * W.T)) if rng.random() < 0.2 else term)
    return total


@pytest.mark.parametrize("block", range(12))
def test_random_functions_have_exact_gradients(block):
    for seed in range(10 * block, 10 * block + 10):
        function = random_function(seed)
        change, point, direction = slope(function, W, seed)
        assert np.trace(evaluate(gradient(function, W), point).T @ direction) == change, seed


@pytest.mark.parametrize("function", [W * A * W.T, (W + A).inv() * W, tr(W) * W.T, W + tr(W * A) * I])
def test_a_matrix_has_an_exact_directional_derivative(function):
    change, point, direction = slope(function, W, 5)
    assert np.array_equal(evaluate(directional(function, W, H), {**point, H: direction}), change)


@pytest.mark.parametrize("seed", range(12))
def test_the_hessian_is_the_derivative_of_the_gradient(seed):
    function = random_function(seed)
    change, point, direction = slope(gradient(function, W), W, seed)
    assert np.array_equal(evaluate(hessian_action(function, W, H), {**point, H: direction}), change)


def test_the_hessian_is_symmetric():
    D = matrix("D", d, d)
    function = tr(W * A * W.T * W * B) * tr(W.inv() * A)
    left, right = tr(D.T * hessian_action(function, W, H)), tr(H.T * hessian_action(function, W, D))
    assert same(polynomial(left), polynomial(right))


def test_symmetric_letters_have_symmetric_gradients():
    slope_ = polynomial(gradient(tr(A * S * B * S.inv()) * tr(S * A), S))
    assert same(slope_, slope_.T)


def test_the_gradient_of_the_in_context_risk():
    """Line 18 of the newcomer's list: the gradient of E tr((W XX'/N − I) Σ (W XX'/N − I)')."""
    tokens = gaussian("tokens", d, n, cov=Sigma)
    R = W * tokens * tokens.T / n - I
    hand = 2 * W * ((1 + 1 / n) * Sigma**3 + tr(Sigma**2) * Sigma / n) - 2 * Sigma**2
    assert same(polynomial(gradient(E(tr(R * Sigma * R.T)), W)), polynomial(hand))
    wrong = 2 * W * ((1 + 1 / n) * Sigma**3 + tr(Sigma) * Sigma / n) - 2 * Sigma**2
    assert not same(polynomial(gradient(E(tr(R * Sigma * R.T)), W)), polynomial(wrong))


def test_the_gradient_reaches_a_covariance_through_the_mean():
    tokens = gaussian("tokens", d, n, cov=Sigma)
    assert same(polynomial(gradient(E(tr(A * tokens * tokens.T)), Sigma)), polynomial(n * (A + A.T) / 2))


def test_the_exact_check_notices_a_wrong_gradient():
    function = tr(A * W * B * W.T)
    change, point, direction = slope(function, W, 1)
    assert np.trace(evaluate(2 * A * W * B, point).T @ direction) != change


def test_a_matrix_has_no_gradient_here():
    with pytest.raises(ShapeMismatch, match="only a number"):
        gradient(W * A, W)


def test_a_direction_of_another_shape_is_refused():
    with pytest.raises(ShapeMismatch, match="same shape"):
        hessian_action(tr(W * W.T), W, F)


def test_derivatives_are_taken_with_respect_to_letters():
    with pytest.raises(NotDifferentiable, match="not a letter"):
        gradient(tr(W), W + A)
    with pytest.raises(NotDifferentiable, match="not a letter"):
        gradient(tr(W), Integer(2))


def test_an_unknown_dependence_is_refused_and_never_zero():
    with pytest.raises(NotDifferentiable, match="cutting words does not cover"):
        gradient(tr(MatPow(W, Rational(1, 2))), W)
    with pytest.raises(NotDifferentiable, match="cutting words does not cover"):
        gradient(tr(MatPow(W, t)), W)
