"""Directions: means over the unit sphere of what is no polynomial, against integrals over angles done by hand."""

import pytest
import sympy as sp
from flint import arb, fmpq

from workbench.exact.directions import mean_over_a_direction
from workbench.exact.instances import as_point
from workbench.exact.quadrature import NotEnclosed
from workbench.exact.values import enclosed
from workbench.language.laws import E, sphere
from workbench.language.letters import size, vector
from workbench.sessions.answers import check

d = size("d")
a, b, u = vector("a", d), vector("b", d), sphere("u", d)
PROJECTION = sp.Trace(a.T * u)


def mean(inside, *entries):
    point = as_point(inside, d=len(entries), a=[[entry] for entry in entries])
    return mean_over_a_direction(inside, u, point)


def close(one, other):
    return one.overlaps(arb(other)) and one.rad() < arb(2) ** -40


@pytest.mark.parametrize(
    ("entries", "value"),
    [((-3,), arb(3)), ((3, 4), 10 / arb.pi()), ((3, 0, 4), arb(fmpq(5, 2))), ((1, 1, 1, 1), 8 / (3 * arb.pi()))],
)
def test_the_mean_distance_from_a_plane_through_the_origin(entries, value):
    assert close(mean(abs(PROJECTION), *entries), value)


def test_a_cap_of_the_sphere_in_three_dimensions_weighs_what_its_height_is():
    above = sp.Heaviside(PROJECTION - sp.Rational(1, 4), sp.Rational(1, 2))
    assert close(mean(above, 3, 0, 4), arb(fmpq(19, 40)))
    assert close(mean(above, 1), arb(fmpq(1, 2)))
    assert close(mean(above, sp.Rational(1, 8), 0), arb(0))


def test_exponentials_of_a_projection_are_hyperbolic_and_bessel_functions():
    assert close(mean(sp.exp(PROJECTION), 1), arb(1).cosh())
    assert close(mean(sp.exp(PROJECTION), 0, 0, 2), arb(2).sinh() / 2)
    assert close(mean(sp.exp(PROJECTION), 0, 2), arb(2).bessel_i(0))


def test_a_function_of_two_projections_is_not_enclosed():
    inside = abs(PROJECTION) * abs(sp.Trace(b.T * u))
    with pytest.raises(NotEnclosed):
        mean_over_a_direction(inside, u, as_point(inside, d=2, a=[[1], [2]], b=[[2], [1]]))


def test_the_oracle_takes_it_where_the_integrand_is_no_polynomial():
    inside = E(abs(PROJECTION), u)
    assert close(enclosed(inside, as_point(inside, d=2, a=[[3], [4]])), 10 / arb.pi())


@pytest.mark.parametrize(("factor", "status"), [("1", "supported"), ("(1 + 10**(-9))", "refuted")])
def test_a_typed_mean_over_the_sphere_is_compared_exactly(factor, status):
    closed = f"{factor}*norm(a)*gamma(d/2)/(sqrt(pi)*gamma((d + 1)/2))"
    answer = check(f"E[abs(a.T*u)] == {closed}", "u: d ~ Sphere")
    assert answer.status == status and "derived formula" in answer.compared
