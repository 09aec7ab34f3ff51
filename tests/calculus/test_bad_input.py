"""Bad input: one named error each, and every message says what to do next."""

import pytest
import sympy as sp
from sympy import MatMul, Symbol, Trace, cosh, exp, log

from workbench import calculus
from workbench.calculus import (
    critical_scale,
    crossing,
    directional,
    expand_large,
    expect,
    expect_haar,
    expect_inverse_wishart,
    fixed_points,
    flow,
    gradient,
    hessian_action,
    polynomial,
    riemannian_gradient,
    stationary_point,
    tilt,
)  # fmt: skip
from workbench.calculus.asymptotics.expansions import NoExpansion
from workbench.calculus.errors import (
    CalculusError,
    DegreeTooHigh,
    DivergentMean,
    NoClosedForm,
    NoCrossing,
    NoSuchMoment,
    NotAffine,
    NotDifferentiable,
    NotGaussianCalculus,
    NotPolynomial,
    NotSymmetric,
    NotTranslatable,
    ShapeMismatch,
    UnknownLaw,
)  # fmt: skip
from workbench.language.laws import E, gaussian, haar
from workbench.language.letters import count, dot, form, matrix, positive, scalar, size, spd, tr, vector

d, N = size("d"), count("N")
Sigma, A, B, U = spd("Sigma", d), matrix("A", d, d), matrix("B", N, N), matrix("U", d, d)
a, x = vector("a", d), gaussian("x", d, cov=Sigma)
X, H = gaussian("X", d, N, cov=Sigma), haar("H", d)
s, u = positive("s"), scalar("u")
lopsided = gaussian("lopsided", d, N, cov=A)

CASES = [
    ("shapes under a mean", lambda: expect(E(Trace(MatMul(X, A, X.T, evaluate=False)))),
     ShapeMismatch, "d×N times d×d"),
    ("shapes in a sum", lambda: polynomial(sp.MatAdd(A, B, evaluate=False)), ShapeMismatch, "d×d"),
    ("a direction of another shape", lambda: directional(tr(A * U), U, a), ShapeMismatch, "d×1"),
    ("the gradient of a matrix", lambda: gradient(U * U, U), ShapeMismatch, "take a trace"),
    ("no law", lambda: expect(tr(A * U), U), UnknownLaw, "declare it with gaussian"),
    ("no law under E", lambda: expect(E(tr(A * U), U)), UnknownLaw, "declare it with gaussian"),
    ("no Haar letter", lambda: expect_haar(tr(A)), UnknownLaw, "declare one in workbench.language.laws"),
    ("a covariance that is not symmetric", lambda: expect(E(tr(lopsided * lopsided.T))),
     NotSymmetric, "symmetric letter"),
    ("a degree over the limit", lambda: expect(E(tr((X * X.T) ** 40))), DegreeTooHigh, r"degree=80"),
    ("a Haar degree over the limit", lambda: expect(E(tr((H * A * H.T * A) ** 9))),
     DegreeTooHigh, r"lower the degree|limit"),
    ("an inverse order over the limit", lambda: expect(E(tr(((X * X.T).I * A) ** 9))), DegreeTooHigh, r"limit|order"),
    ("a logarithm", lambda: expect(E(log(dot(x, x)))), NotPolynomial, "the rules know"),
    ("a hyperbolic cosine", lambda: expect(E(cosh(dot(a, x)))), NotGaussianCalculus, "the rules know"),
    ("a random denominator", lambda: expect(E(1 / dot(x, x))), NotPolynomial, "use `expect"),
    ("an entrywise function", lambda: expect(E(tr(X.applyfunc(sp.tanh) * X.T))), CalculusError, "expect_entrywise"),
    ("an inverse of another form", lambda: expect(E(tr((X * A * X.T).I))),
     CalculusError, "bring the expression to that form"),
    ("a divergent exponential", lambda: expect(E(exp(dot(gaussian("g", d), gaussian("g", d))))),
     DivergentMean, "smaller exponent"),
    ("a cubic exponent", lambda: tilt(E(exp(dot(a, x) ** 3))), NotGaussianCalculus, "linear and quadratic"),
    ("too few columns", lambda: expect(E(tr((gaussian("Y", 3, 4) * gaussian("Y", 3, 4).T).I))),
     NoSuchMoment, "more columns"),
    ("two inverses at once", lambda: expect_inverse_wishart(tr((X * X.T).I) / tr((x * x.T).I)),
     UnknownLaw, "name the one"),
    ("a free letter on the sphere", lambda: riemannian_gradient(form(a, A, a), a), NotDifferentiable, "unit_vector"),
    ("a gradient that is not affine", lambda: stationary_point(U * U * U - A, U), NotAffine, "use fixed_points"),
    ("no closed form", lambda: fixed_points([sp.sin(u) - u / 2], [u]), CalculusError, "factor it by hand"),
    ("no flow", lambda: flow(sp.sin(u), u, s, u), NoClosedForm, "change the variable"),
    ("no crossing", lambda: crossing(u**2 + 1, u), NoCrossing, "at no positive u"),
    ("no critical scale", lambda: critical_scale([1 + s, 2 + s], s), NoCrossing, "any positive s"),
    ("an expansion of a matrix", lambda: expand_large(A, {N: sp.oo}, 1), NoExpansion, "trace"),
    ("a number beside a matrix", lambda: polynomial(sp.Add(tr(A), Symbol("v"), A, evaluate=False)),
     CalculusError, "inside Trace"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "error", "advice"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_question_without_an_answer_is_refused_by_name(question, error, advice):
    with pytest.raises(error, match=advice) as refused:
        question()
    assert isinstance(refused.value, CalculusError)
    assert len(str(refused.value)) > 40, "the message says what was asked and what to do next"


def test_the_hessian_of_a_matrix_is_refused():
    with pytest.raises(ShapeMismatch):
        hessian_action(U * U, U, A)


def test_an_unknown_door_names_the_doors():
    with pytest.raises(AttributeError, match=r"it has .*expect"):
        calculus.expectations  # noqa: B018


def test_every_door_opens():
    assert all(callable(getattr(calculus, name)) for name in dir(calculus))


@pytest.mark.parametrize("error", [NotTranslatable, NotPolynomial, UnknownLaw, NotGaussianCalculus])
def test_every_refusal_is_a_value_error(error):
    assert issubclass(error, ValueError)
