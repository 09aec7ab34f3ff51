"""Turning points: kinks, steps and bumps of a formula are found where they are."""

import numpy as np
import pytest
import sympy as sp
from flint import fmpq

from workbench.exact.turning_points import SCALES, beside, interpolated, turning_points
from workbench.exact.values import floats, value
from workbench.language import letters as L

t, s, g = L.scalar("t"), L.scalar("s"), L.positive("g")
N, d, rho = L.count("N"), L.size("d"), L.overlap("rho")
Sigma, A = L.spd("Sigma", d), L.matrix("A", d, d)
THIRD, SEVENTH = sp.Rational(1, 3), sp.Rational(3, 7)


@pytest.mark.parametrize(
    "bump",
    [
        sp.Max(1 - 1000 * sp.Abs(t - THIRD), 0),
        sp.exp(-(10**6) * (t - SEVENTH) ** 2),
        sp.Heaviside(sp.Rational(1, 4000) - sp.Abs(t - THIRD)),
        sp.Max(t - 50, 0),
        sp.Max(-t - 1000, 0),
        sp.Heaviside(t - 2000),
        sp.Abs(t - 31) + sp.Abs(t - 33) - 2 * sp.Abs(t - 32),
        sp.Max((t - 20) * (21 - t), 0),
        sp.Max(t - s - 9, 0),
    ],
)
def test_some_turning_point_meets_the_bump(bump):
    point = {t: fmpq(1, 8), s: fmpq(3, 4)}
    assert any(abs(value_of(bump, {**point, t: place})) > 0.01 for place in turning_points(t, point, bump))


def value_of(expression, point):
    return float(floats(value(expression, point)))


def test_a_letter_keeps_to_what_it_may_be():
    kinked = sp.Max(sp.Abs(g + 3) - sp.Abs(g - 5), 0)
    assert turning_points(g, {}, kinked) and all(place > 0 for place in turning_points(g, {}, kinked))
    assert all(-1 < place < 1 for place in turning_points(rho, {}, sp.Max(rho - sp.Rational(99, 100), 0)))
    assert fmpq(99, 100) in turning_points(rho, {}, sp.Max(rho - sp.Rational(99, 100), 0))


def test_sizes_are_whole_and_beyond_the_cap():
    assert {fmpq(99), fmpq(100), fmpq(101)} <= set(turning_points(N, {}, sp.Min(N, 100) * Sigma))
    assert fmpq(13) in turning_points(N, {d: fmpq(2)}, sp.Min(N, d**2 + 8))
    assert all(place >= 1 and place.q == 1 for place in turning_points(N, {}, sp.Max(N - sp.Rational(3, 2), 0)))


def test_what_names_unknown_letters_is_passed_over_and_what_never_turns_has_no_turning_points():
    assert turning_points(t, {}, sp.Max(t - s, 0)) == []
    assert turning_points(t, {s: fmpq(1)}, sp.exp(s) * 2) == []


def test_a_point_moves_one_number_at_a_time_and_no_size():
    point = {t: fmpq(1), g: fmpq(2), N: fmpq(3)}
    moved = list(beside(point, sp.Max(t - 50, 0) + sp.Min(g, 100) + sp.Min(N, 64)))
    changed = [{letter for letter in point if other[letter] != point[letter]} for other in moved]
    assert {frozenset(letters) for letters in changed} == {frozenset({t}), frozenset({g})}


def test_a_matrix_is_scaled_to_where_its_trace_turns_and_an_spd_one_never_below_zero():
    point = {d: fmpq(1), A: np.array([[fmpq(3)]], dtype=object), Sigma: np.array([[fmpq(2)]], dtype=object)}
    traces = [other[A][0, 0] for other in beside(point, sp.Max(sp.Trace(A), 5), sp.Trace(A) > sp.Rational(9, 2))]
    assert {fmpq(5), fmpq(9, 2), fmpq(19, 4)} <= set(traces)
    assert all(other[Sigma][0, 0] > 0 for other in beside(point, sp.Abs(sp.Trace(Sigma) + 1)))


def test_a_polynomial_in_the_scale_is_read_from_its_values_and_anything_else_refused():
    assert interpolated([2 * scale**3 - scale + 5 for scale in SCALES]) == [2, 0, -1, 5]
    with pytest.raises(ValueError, match="low degree"):
        interpolated([1 / (scale + 1) for scale in SCALES])
