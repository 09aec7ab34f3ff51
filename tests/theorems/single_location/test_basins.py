"""Hand cases for single_location.basins: what one can do on paper."""

from sympy import S, limit, pi, simplify, sqrt

from derivations.single_location import basins as theorem
from derivations.single_location.attention_risk import gamma, lam, s


def test_a_layer_that_hardly_feels_the_key_divides_starts_where_the_overlaps_cancel():
    # c → 0: the flow κ̇ ∝ ν, ν̇ ∝ κ of a saddle with equal arms
    assert limit(theorem.dividing_line.formula, lam, 0) == -1


def test_at_c_equal_to_three_quarters_of_the_root_of_pi_the_line_is_minus_a_half():
    # 3/4 − √(1 + 9/16) = −1/2, and m² − (3/2) m − 1 vanishes there and at 2
    point = {lam: 1, gamma: 1 / sqrt(S(2)), s: S(3) / 4 * sqrt(pi) * sqrt(2) * sqrt(3)}
    assert simplify(theorem.dividing_line.formula.subs(point)) == -S.Half


def test_almost_every_start_ends_with_both_overlaps_of_length_one():
    assert theorem.almost_every_start.formula == 1
