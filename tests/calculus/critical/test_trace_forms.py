"""Stationary covariances: Lyapunov equations, and those that hold the unknown in a trace."""

import pytest
from sympy import Identity

from workbench.calculus import rules
from workbench.calculus.agreement import Refuted
from workbench.calculus.errors import NoClosedForm, NotAffine
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import evaluate
from workbench.language.laws import gaussian, second_moments
from workbench.language.letters import matrix, positive, size, spd, tr, vector

d = size("d")
eta, sigma, c = positive("eta"), positive("sigma"), positive("c")
e, B = vector("e", d), matrix("B", d, d)
A, C, S = spd("A", d), spd("C", d), spd("S", d)
x, xi = gaussian("x", d, cov=A), gaussian("xi", 1)


def settled(update, line=None):
    """The second moment of the state that a step does not change."""
    after = rules.recursion(e * e.T, update=update, means={S: e * e.T})
    return after - S, rules.stationary_point(after - S, wrt=S)


def residual(line, found):
    point = draw(letters_of(line, found), "settled", {"d": 3})
    return evaluate(line, {**point, S: evaluate(found, point)})


@pytest.mark.parametrize(
    "update",
    [
        {e: e - eta * x * (x.T * e + sigma * xi)},
        {e: e - eta * A * e - eta * second_moments("g", d, cov=sigma**2 * A)},
        {e: e - eta * c * e - eta * second_moments("g", d, cov=C)},
    ],
    ids=["least squares", "noise like the curvature", "one curvature, any noise"],
)
def test_descent_with_noise_settles(update):
    line, found = settled(update)
    assert not found.has(S) and (residual(line, found) == 0).all()


def test_small_steps_leave_half_of_the_noise_where_it_is_like_the_curvature():
    # A S + S A = η σ² A
    line = A * S + S * A - eta * sigma**2 * A
    assert rules.stationary_point(line, wrt=S) == eta * sigma**2 / 2 * Identity(d)


def test_two_traces_are_solved_for_together():
    line = S + tr(A * S) * A + c * tr(S) * Identity(d) - A
    found = rules.stationary_point(line, wrt=S)
    assert (residual(line, found) == 0).all()


def test_a_wrong_plateau_is_refuted():
    line, found = settled({e: e - eta * x * (x.T * e + sigma * xi)})
    point = draw(letters_of(line, found), "wrong", {"d": 2})
    with pytest.raises(Refuted):
        rules.check_line(rules.stationary_point, line, eta * sigma**2 / 2 * Identity(d), point, {"wrt": S})


def test_products_of_the_unknown_are_refused():
    with pytest.raises(NotAffine, match="only linear equations"):
        rules.stationary_point(tr(A * S) ** 2 * A - S, wrt=S)
    with pytest.raises(NotAffine, match="only linear equations"):
        rules.stationary_point(tr(A * S) * S - A, wrt=S)


def test_noise_that_does_not_commute_with_the_curvature_has_no_closed_form():
    with pytest.raises(NoClosedForm):
        rules.stationary_point(A * S + S * A - eta * C, wrt=S)
