"""Breakdowns: exponentials that outgrow their density, and covariances that are none."""

import pytest
import sympy as sp

from workbench.exact.breakdowns import where_infinite, where_no_law
from workbench.language import letters as L
from workbench.language.laws import E, gaussian

d = L.size("d")
t, g = L.scalar("t"), L.positive("g")
Sigma, A, a = L.spd("Sigma", d), L.matrix("A", d, d), L.unit_vector("a", d)
x, y, z = gaussian("x", d, cov=Sigma), gaussian("y", d), L.tr(gaussian("z", 1))
square, product = L.dot(x, x), L.dot(x, y)


@pytest.mark.parametrize(
    ("inside", "hypotheses"),
    [
        (sp.exp(t * square), ()),
        (sp.exp(L.form(x, A, x)), ()),
        (sp.exp(g * product), ()),
        (sp.cosh(t * z**2), ()),
        (sp.sinh(t * z**2), (t < 1,)),
        (z**4 * sp.exp(t * z**2), (t > 0,)),
        (sp.exp(t * z**2), (2 * t <= 1,)),
        (sp.exp(square**2 - g * square), ()),
        (1 + sp.exp(g * z**2 - z), ()),
    ],
)
def test_an_exponential_that_outgrows_the_density_somewhere_is_found(inside, hypotheses):
    assert where_infinite(E(inside), hypotheses) is not None


@pytest.mark.parametrize(
    ("inside", "hypotheses"),
    [
        (sp.exp(-g * square), ()),
        (sp.exp(t * square), (t < 0,)),
        (sp.cosh(t * z**2), (t < sp.Rational(1, 2), t > -sp.Rational(1, 2))),
        (sp.exp(L.dot(a, x)) * square, ()),
        (sp.exp(-(square**2) + square), ()),
        (sp.exp(t * z**2 - z**4), ()),
        (sp.Heaviside(z) * sp.exp(-g * z**2), ()),
        (sp.tanh(z**2), ()),
    ],
)
def test_one_that_never_does_is_let_pass(inside, hypotheses):
    assert where_infinite(E(inside), hypotheses) is None


def test_a_covariance_is_positive_semidefinite_and_symmetric():
    identity = sp.Identity(d)
    assert where_no_law(gaussian("n", d, cov=-identity), ()) is not None
    assert where_no_law(gaussian("n", d, cov=A), ()) is not None
    assert where_no_law(gaussian("n", d, cov=t * Sigma), ()) is not None
    assert where_no_law(gaussian("n", d, cov=t * Sigma), (t > 0,)) is None
    assert where_no_law(gaussian("n", d, cov=identity - a * a.T), ()) is None
    assert where_no_law(gaussian("n", d, cov=A * A.T), ()) is None
