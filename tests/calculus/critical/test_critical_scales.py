"""Critical scales by hand: context lengths, phase transitions, and the √3/2 of single-location regression."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, cancel, erf, exp, pi, prod, sqrt

from workbench.calculus.critical.critical_scales import (
    check_critical_scale,
    check_crossing,
    critical_scale,
    crossing,
    crossings,
)
from workbench.calculus.critical.zeros import nearest_rational, refuse_missing
from workbench.calculus.errors import NoCrossing
from workbench.language.letters import count, positive, probability, scalar, size

d, N, L = size("d"), count("N"), count("L")
M, q, lam, sigma = positive("M"), positive("q"), positive("lambda"), positive("sigma")
x = scalar("x")


def context_excess():
    """risk(M) − null per dimension: (1−u)² + u²(d+1)/M − 1, u = N/(N+d+1)."""
    u = N / (N + d + 1)
    return (1 - u) ** 2 + u**2 * (d + 1) / M - 1


def test_in_context_learning_hurts_below_the_critical_test_length():
    assert cancel(crossing(context_excess(), M) - (d + 1) * N / (N + 2 * (d + 1))) == 0


@pytest.mark.parametrize("wrong", [d + 1, (d + 1) * N / (N + d + 1), (d + 2) * N / (N + 2 * (d + 1)), N])
def test_a_careless_critical_length_is_refused(wrong):
    assert not check_crossing(context_excess(), M, wrong)
    assert check_crossing(context_excess(), M, (d + 1) * N / (N + 2 * (d + 1)))


def test_single_location_attention_is_transversally_stable_below_root_three_over_two():
    """P − (L−1)C², as λ√d → ∞."""
    P = (L - 1) * lam**2 * 8 / (pi * (1 + 2 * lam**2) * sqrt(1 + 4 * lam**2))
    C2 = 4 * lam**2 / (pi * (1 + 2 * lam**2))
    (found,) = critical_scale([P - (L - 1) * C2], lam)
    assert found.value == sqrt(3) / 2
    assert found.stable == "below"
    assert found.crossing.grade == "proved"


def clustering_hessian():
    """The Hessian spectrum at the Dirac centroids, with σ = 0."""
    return [(0, 1), (2 * lam / L * (L + 1 - lam * (L + 3)), 2 * (d - 2)), (4 * lam**2 * (L - 1) / L, 1)]


def test_dirac_centroids_are_stable_below_l_plus_one_over_l_plus_three():
    (found,) = critical_scale(clustering_hessian(), lam)
    assert cancel(found.value - (L + 1) / (L + 3)) == 0
    assert found.stable == "below"
    assert check_critical_scale(clustering_hessian(), lam, found.value, "below")
    assert not check_critical_scale(clustering_hessian(), lam, found.value, "above")
    assert not check_critical_scale(clustering_hessian(), lam, (L + 1) / (L + 2), "below")


def test_the_noisy_clustering_scale_keeps_all_its_finite_size_terms():
    """λ_c(L, d, σ), from A + w(B1 + 2B2 + D) = 0."""
    s = sigma**2
    w = 2 * lam / L
    A = -((L + 1) + (4 * L + 2 * d + 4) * s) / 2
    B1 = s / 4 * (L**2 + 9 * L + 6 + (6 * L**2 + 4 * L * d + 42 * L + 12 * d + 48) * s)
    B2 = (L * (L + 3) + (4 * L**2 + 2 * L * d + 16 * L + 2 * d + 12) * s) / 8
    (found,) = critical_scale([-2 * w * (A + w * (B1 + 2 * B2 + (L - 1) * s))], lam)
    top = L * ((L + 1) + (4 * L + 2 * d + 4) * s)
    linear = (5 * L**2 + 2 * L * d + 29 * L + 2 * d + 14) * s
    square = (6 * L**2 + 4 * L * d + 42 * L + 12 * d + 48) * s**2
    assert cancel(found.value - top / (L * (L + 3) + linear + square)) == 0


def test_the_worst_missing_rate_of_three_equicorrelated_variables():
    """q*: the root with the other sign is negative."""
    rho = probability("rho")
    found = crossing(2 + (rho - 3) * q - 2 * rho * q**2, q)
    assert cancel(found - (rho - 3 + sqrt(rho + 1) * sqrt(rho + 9)) / (4 * rho)) == 0


def test_context_shift_hurts_beyond_root_two():
    """Regret of an imputer trained at rate q_c and deployed at q."""
    trained = positive("q_c")
    assert crossing((q / trained) ** 4 - 2 * (q / trained) ** 2, q) == sqrt(2) * trained


def test_a_probability_is_never_crossed_at_zero_or_one():
    p = probability("p")
    assert crossing(p * (1 - p) * (3 * p - 1), p) == Rational(1, 3)
    assert len(crossings(q * (1 - q) * (3 * q - 1), q, positive=False)) == 3


def test_rank_one_imputation_leaves_the_pca_direction_at_the_critical_missing_rate():
    """p_c = s(τ−s)/(τ(s−1)), in its regime s < τ < s²."""
    p, s, tau = probability("p"), positive("s"), positive("tau")
    regime = [s > 1, tau > s, tau < s**2]
    gain = tau - s**2 / ((1 - p) * s + p)
    (found,) = crossings(gain, p, hypotheses=regime)
    assert cancel(found.value - s * (tau - s) / (tau * (s - 1))) == 0
    assert (found.below, found.above, found.always) == (1, -1, True)
    assert not all(c.always for c in crossings(gain, p))


def test_a_jacobian_is_stable_where_its_eigenvalues_are_negative():
    (found,) = critical_scale([lam - 1, -lam], lam, of="jacobian")
    assert (found.value, found.stable) == (1, "below")


def test_another_unstable_eigenvalue_leaves_no_stable_side():
    (found,) = critical_scale([lam - 1, -lam], lam)
    assert found.stable == "neither"


def test_a_side_that_depends_on_another_letter_is_said_to_depend():
    (found,) = critical_scale([x * (lam - 1)], lam)
    assert found.stable == "depends"


def test_a_double_root_is_listed_but_is_no_crossing():
    (found,) = crossings((x - 1) ** 2 * (x + 3) ** 2, x)
    assert (found.value, found.below, found.above) == (1, 1, 1)
    with pytest.raises(NoCrossing):
        crossing((x - 1) ** 2, x)


def test_a_touching_zero_or_a_pole_is_no_crossing():
    assert check_crossing(x - 1, x, Rational(1))
    assert not check_crossing((x - 1) ** 2, x, Rational(1))
    assert not check_crossing((x - 1) / (x - 2), x, Rational(2))
    assert not check_crossing(x - 1, x, Rational(3))


def test_a_zero_that_was_not_solved_for_is_noticed():
    with pytest.raises(NoCrossing, match="only 1"):
        refuse_missing((x - 1) * (x - 2), x, [Rational(1)], {}, True)


def test_a_pole_close_by_does_not_confuse_the_sides():
    near = Rational(1001, 1000)
    found = crossings((x - 1) / (x - near), x)[0]
    assert (found.below, found.above) == (1, -1)


def test_a_transcendental_condition_is_solved_or_refused():
    assert crossing(exp(lam) - 2, lam) == crossing(exp(lam) / 2 - 1, lam)
    with pytest.raises(NoCrossing):
        crossings(erf(lam) - lam / 2, lam)


@pytest.mark.parametrize(
    "expression", [d + 1, lam + 1, (lam - 1) * (lam - 2), x**5 - x - 1 + 0 * lam, lam**5 - lam - 1]
)
def test_no_value_or_several_are_refused(expression):
    with pytest.raises(NoCrossing):
        crossing(expression, lam)


def test_a_root_without_closed_form_is_not_passed_over_in_silence():
    with pytest.raises(NoCrossing, match="no closed"):
        crossings((lam - 1) * (lam**5 - lam - 1), lam)


def test_an_unknown_kind_of_spectrum_is_refused():
    with pytest.raises(NoCrossing, match="hessian"):
        critical_scale([lam - 1], lam, of="matrix")


def test_a_rational_close_to_a_number_is_the_number_itself_when_rational():
    assert nearest_rational(fmpq(3, 7)) == fmpq(3, 7)


fractions = st.fractions(min_value=-3, max_value=3, max_denominator=6)


@settings(max_examples=30, deadline=None)
@given(st.lists(fractions, min_size=1, max_size=4, unique=True))
def test_every_simple_root_is_found_with_alternating_signs(values):
    places = [Rational(v.numerator, v.denominator) for v in values]
    found = {c.value: (c.below, c.above) for c in crossings(prod(x - p for p in places), x, positive=False)}
    assert set(found) == set(places)
    for place in places:
        larger = sum(v > Fraction(place.p, place.q) for v in values)
        assert found[place] == ((-1) ** (larger + 1), (-1) ** larger)
