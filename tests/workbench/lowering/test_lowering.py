"""Lowering: what torch makes of an expression is what exact evaluation says it is worth."""

import numpy as np
import pytest
import sympy as sp
import torch
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.calculus.rules import gradient
from workbench.errors import BadInput
from workbench.evidence import measure
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import floats, value
from workbench.judging.confrontation import as_tensor
from workbench.language import letters as L
from workbench.language.laws import E, gaussian, haar, index, mask, mixture
from workbench.language.slopes import grad
from workbench.lowering.twins import twin_of

d, N = L.size("d"), L.count("N")
A, B, W, Sigma = L.matrix("A", d, d), L.matrix("B", d, d), L.matrix("W", d, d), L.spd("Sigma", d)
F, a, b, mu = L.matrix("F", d, N), L.vector("a", d), L.vector("b", d), L.unit_vector("mu", d)
s, t, rho, q = L.scalar("s"), L.positive("t"), L.overlap("rho"), L.probability("q")
X, x, z = gaussian("X", d, N, cov=Sigma), gaussian("x", d, mean=a, cov=Sigma), gaussian("z", 1)
Y = gaussian("Y", d, N, cov=Sigma, token_cov=F.T * F + sp.Identity(N))
o, e, H = mask("o", d, q), index("e", N), haar("H", d, 1)
G = mixture("G", d, [(q, mu, Sigma), (1 - q, -a, None)], N)
u = sp.Trace(z)

FIXED = [
    sp.Trace(A * B.T * A), A * F, F.T * A * F, A**3, sp.Inverse(Sigma) * a, (Sigma + t * sp.Identity(d)).inv(),
    sp.Determinant(Sigma), sp.HadamardProduct(A, B), sp.HadamardPower(A, 2),
    sp.KroneckerProduct(A, B), DiagMatrix(a) * B,
    DiagonalOf(A), sp.ZeroMatrix(d, N) + F, sp.OneMatrix(d, N), s**2 / t - N / d + sp.Rational(2, 3), sp.sqrt(t) * a,
    sp.exp(s), sp.log(t), sp.erf(s / t), sp.sin(s) + sp.cos(s) * sp.tan(rho), sp.asin(rho) * sp.acos(rho) + sp.atan(s),
    sp.sinh(s) + sp.cosh(s) * sp.tanh(s), sp.Abs(s) * sp.sign(s), sp.Max(0, s), sp.Min(s, t, rho), sp.Heaviside(s),
    sp.ImmutableMatrix([[1, rho], [rho, t]]), sp.pi * sp.E * s, L.dot(a, b) * A,
    a * b.T, -A + 2 * B, L.form(a, A, b) ** 2,
]  # fmt: skip
MEANS = [
    E(X * X.T), E(x * x.T), E(Y * Y.T), E(Y.T * Y), E(sp.Trace(X * X.T) ** 2), E(DiagMatrix(o) * A * DiagMatrix(o)),
    E(F * e * e.T * F.T), E(G * G.T), E(H * H.T), E(sp.exp(L.dot(b, x))), E(sp.erf(s + t * u)), E(sp.Max(0, s + u)),
    E(sp.Abs(u)) * A, E(x * sp.exp(L.dot(b, x))) / E(sp.exp(L.dot(b, x))), E(u**2) ** 2 + s, sp.Trace(E(X * X.T)) ** 2,
]  # fmt: skip
RISK = sp.Trace((W * X * X.T / N - sp.Identity(d)) * Sigma * (W * X * X.T / N - sp.Identity(d)).T)


def measured(expression, seed="0", samples=2**14):
    point = draw(letters_of(expression), seed, {"d": 2, "N": 3})
    letters = {letter.name: as_tensor(letter, exact) for letter, exact in point.items()}
    return point, measure(twin_of(expression), letters, seed=seed, samples=samples)


@pytest.mark.parametrize("expression", FIXED, ids=str)
@pytest.mark.parametrize("seed", "012")
def test_a_fixed_expression_has_its_exact_value(expression, seed):
    point, found = measured(expression, seed)
    exact = floats(value(expression, point)).reshape(-1)
    assert np.abs(found.value.reshape(-1) - exact).max() <= found.bound.max() + 1e-12 * np.abs(exact).max()


@pytest.mark.parametrize("expression", MEANS, ids=str)
def test_a_mean_is_measured_where_the_oracle_says_it_is(expression):
    point, found = measured(expression)
    exact = floats(value(expression, point)).reshape(-1)
    error = np.abs(found.value.reshape(-1) - exact)
    assert (error <= 6 * found.error.reshape(-1) + found.bound.reshape(-1)).all()
    assert (found.error.max() + found.bound.max()) / np.abs(exact).max() < 0.05, "too blurred to tell"


def test_a_direction_has_length_one_in_one_dimension_as_well():
    # In one dimension it is a sign: its square is constant, and one node of noise at zero measures a constant.
    for dimension in (1, 2):
        found = measure(twin_of(E(sp.Trace(H * H.T))), {"d": dimension}, seed="0")
        assert abs(found.value.item() - 1) <= found.bound.max()


@pytest.mark.parametrize("wrt", [W, Sigma])
def test_the_gradient_of_a_mean_is_that_of_its_samples(wrt):
    inside = RISK if wrt is W else sp.Trace(X * X.T * A)
    point, found = measured(grad(E(inside), wrt))
    from workbench.calculus.rules import expectation

    exact = floats(value(gradient.compute(expectation.compute(E(inside)), wrt=wrt), point)).reshape(-1)
    claimed = found.value.reshape(found.value.shape)
    if wrt is Sigma:  # autograd moves the entries of a symmetric letter one by one
        claimed = (claimed + claimed.T) / 2
    assert np.abs(claimed.reshape(-1) - exact).max() <= 2 * found.bound.max() + 1e-12


def test_a_gradient_moves_the_letter_in_the_means_and_around_them():
    whole = grad(E(RISK) ** 2 * sp.Trace(W * W.T), W)
    point, found = measured(whole)
    from workbench.calculus.rules import expectation

    exact = floats(value(gradient.compute(expectation.compute(E(RISK)) ** 2 * sp.Trace(W * W.T), wrt=W), point))
    assert np.abs(found.value.reshape(-1) - exact.reshape(-1)).max() <= found.bound.max()


def test_a_letter_that_is_a_number_has_a_gradient():
    point, found = measured(grad(E(sp.erf(s + t * u)), s))
    exact = floats(value(2 / sp.sqrt(sp.pi * (1 + 2 * t**2)) * sp.exp(-(s**2) / (1 + 2 * t**2)), point))
    assert abs(found.value.item() - float(exact)) <= found.bound.max()


@pytest.mark.parametrize("expression", [x, A * x, E(x) + x, E(E(x.T * a) * x), E(sp.loggamma(u))], ids=str)
def test_what_cannot_be_measured_is_refused_in_a_sentence(expression):
    with pytest.raises(BadInput):
        twin = twin_of(expression)
        twin(a=torch.ones(2), A=torch.ones(2, 2), Sigma=torch.eye(2), draw=None, d=2)
