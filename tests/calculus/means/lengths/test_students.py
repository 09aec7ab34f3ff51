"""Student vectors: the rule against brute force, known moments, and the degrees of freedom that a moment needs."""

import numpy as np
import pytest
from sympy import Rational, factor, simplify

from workbench.calculus import expect
from workbench.calculus.errors import NoSuchMoment, NotPolynomial
from workbench.errors import BadInput
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Undefined
from workbench.exact.values import evaluate
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, dot, form, matrix, size, spd, tr, vector
from workbench.language.students import student
from workbench.sessions.answers import check

d, nu = size("d"), count("nu")
S, A, B, mu = spd("S", d), matrix("A", d, d), matrix("B", d, d), vector("mu", d)
x, y, g = student("x", d, nu, scale=S), student("y", d, nu, mean=mu, scale=S), gaussian("g", d, cov=S)
t = tr(student("t", 1, nu))

POLYNOMIALS = {
    "covariance": x * x.T, "fourth": form(x, A, x) ** 2, "with a mean": y * y.T, "third": y * form(y, A, y),
    "two letters": form(x, A, x) * form(y, B, y), "beside a Gaussian": form(x, A, g) ** 2 * g * g.T,
    "odd": form(x, A, x) * dot(x, mu),
}  # fmt: skip


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_a_polynomial_has_the_mean_over_radius_and_noise(name):
    node = E(POLYNOMIALS[name])
    point = draw(letters_of(node), name, {"d": 2, "nu": 9})
    assert np.all(evaluate(expect(node), point) == evaluate(node, point))


def test_the_kurtosis_is_that_of_the_tables():
    assert simplify(expect(E(t**4)) / expect(E(t**2)) ** 2 - 3 - 6 / (nu - 4)) == 0


def test_many_degrees_of_freedom_make_a_gaussian():
    ratio = expect(E(t**6)) / expect(E(tr(gaussian("z", 1)) ** 6))
    assert factor(ratio).limit(nu, 10**9) == ratio.subs(nu, 10**9)
    assert abs(ratio.subs(nu, 10**12) - 1) < Rational(1, 10**9)


@pytest.mark.parametrize(("order", "freedom"), [(1, 1), (2, 2), (3, 3), (4, 4), (3, 2)])
def test_a_moment_needs_more_degrees_of_freedom_than_its_order(order, freedom):
    few, enough = (tr(student("t", 1, n)) ** order for n in (freedom, order + 1))
    with pytest.raises(NoSuchMoment, match=f"more than {order}"):
        expect(E(few))
    with pytest.raises(Undefined):
        evaluate(E(few), {})
    assert expect(E(enough)) == evaluate(E(enough), {})


def test_what_is_no_polynomial_is_refused():
    with pytest.raises(NotPolynomial):
        expect(E(1 / form(x, S, x)))
    with pytest.raises(ValueError, match="more than 0"):
        student("x", d, 0)


@pytest.mark.parametrize(
    ("statement", "letters", "sentence"),
    [
        ("E[x^4] = 3", "x ~ Student(4, 1)", "needs more than 4 degrees of freedom, and it has 4"),
        ("E[x x'] = Sigma", "x: d ~ Student(nu, Sigma); nu > 1", "exists for nu > 2 only"),
        ("E[exp(x)] = 1", "x ~ Student(9, 1)", "falls like a power only"),
        ("E[x] = 0", "x ~ Student(0, 1)", "at least one, not 0"),
        ("E[had(x, x)] = ones(d)", "x: d ~ Student(nu, I); nu > 1", "exists for nu > 2 only"),
    ],
)
def test_what_does_not_exist_is_refused_in_a_sentence(statement, letters, sentence):
    with pytest.raises(BadInput, match=sentence):
        check(statement, letters)


def test_the_scale_taken_for_the_covariance_is_refuted_and_corrected():
    found = check("E[x*x.T] == Sigma", "x: d ~ Student(nu, Sigma)")
    assert found.status == "refuted" and found.derived == "(nu/(nu - 2))*Sigma" and "nu > 2" in found.where
