"""Solutions counted in boxes: systems that are no polynomials, with as many solutions as one can see by hand."""

import pytest
from flint import fmpq
from sympy import ImmutableMatrix, Rational, cos, erf, exp, log, pi, tanh

from workbench.calculus.agreement import Refuted
from workbench.calculus.critical.critical_points import fixed_points
from workbench.calculus.critical.radicals import vanishes
from workbench.calculus.rules.solutions_compared import all_solutions
from workbench.exact.enclosed_roots import Field, contains, solution_count
from workbench.exact.real_roots import NotZeroDimensional
from workbench.exact.rings import Balls
from workbench.language.letters import overlap, positive, scalar

kappa, nu, beta, x = overlap("kappa"), overlap("nu"), positive("beta"), scalar("x")
FLOW = [exp(-(kappa**2)) * (1 - kappa**2) * (nu - erf(beta * kappa)), (1 - nu**2) * erf(beta * kappa)]
REST = ImmutableMatrix([[0, 1, 1, -1, -1], [0, 1, -1, 1, -1]])


@pytest.mark.parametrize(("inverse_temperature", "expected"), [(fmpq(1, 2), 1), (fmpq(2), 3)])
def test_a_magnet_has_one_state_when_hot_and_three_when_cold(inverse_temperature, expected):
    assert solution_count([tanh(beta * kappa) - kappa], [kappa], {beta: inverse_temperature}) == expected


def test_solutions_on_walls_between_boxes_are_counted_once():
    """sin(4πκ), as a cosine, vanishes at −1, −3/4, …, 1: nine walls that halving meets."""
    assert solution_count([cos(4 * pi * kappa - pi / 2)], [kappa], {}) == 9


def test_solutions_beyond_all_overlaps_are_not_counted():
    assert solution_count([exp(kappa) - exp(2)], [kappa], {}) == 0
    assert solution_count([(kappa - Rational(1, 2)) * exp(kappa)], [kappa], {}) == 1


def test_every_solution_is_enclosed():
    found = Field(FLOW, [kappa, nu], {beta: fmpq(3, 2)}).zeros()
    assert len(found) == 5
    assert sum(contains(box, [1, -1]) for box in found) == 1
    assert all(ball.rad() < 2**-40 for box in found for ball in box)


def test_what_touches_zero_cannot_be_counted():
    """1 − exp(−κ²) has a double zero: Newton's map does not contract around it."""
    with pytest.raises(NotZeroDimensional, match="not told apart"):
        solution_count([1 - exp(-(kappa**2))], [kappa], {})


def test_where_a_term_has_no_value_nothing_is_excluded():
    with pytest.raises(NotZeroDimensional, match="not told apart"):
        solution_count([log(kappa) + 2], [kappa], {})


def test_a_number_that_is_no_overlap_has_no_box():
    with pytest.raises(NotZeroDimensional, match="no independent count"):
        solution_count([erf(x) - x / 2], [x], {})


def test_a_flow_of_two_overlaps_is_solved_and_its_list_is_certified():
    found = fixed_points(FLOW, (kappa, nu))
    assert found.complete and found.counts == (5, 5, 5) and "Krawczyk" in found.how


def test_a_list_that_forgets_a_solution_is_refuted():
    before, point = ImmutableMatrix(FLOW), {beta: fmpq(3, 2)}
    all_solutions(before, REST, point, Balls(), unknowns=[kappa, nu])
    with pytest.raises(Refuted, match="4 solutions are listed and there are 5"):
        all_solutions(before, REST[:, :4], point, Balls(), unknowns=[kappa, nu])
    with pytest.raises(Refuted, match="at a solution"):
        all_solutions(before, REST / 2, point, Balls(), unknowns=[kappa, nu])


def test_a_root_that_also_stands_in_an_exponent_is_no_algebra_there():
    width = 1 + 2 * beta**2
    assert vanishes(exp(1 / width) * (1 / width ** Rational(1, 2) - width ** Rational(1, 2) / width))
    assert not vanishes(exp(1 / width) / width ** Rational(1, 2) - exp(2 / width) / width ** Rational(1, 2))
