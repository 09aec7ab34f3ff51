"""Hand cases for imputation.random_subspaces: what one can do on paper."""

from pathlib import Path

import pytest
import torch
from sympy import Rational

from numerics.imputation.random_subspaces import directions, left, subspaces
from workbench.catalogue import Catalogue, member
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HERE = Catalogue((Path(__file__).resolve().parents[3],))


def value(name, **letters):
    formula = member(HERE.claim(f"imputation.random_subspaces.{name}"), "derivations").formula
    return evaluate(formula, as_point(formula, **letters))


def test_in_the_whole_space_entries_tell_nothing_of_each_other():
    assert value("endless_risk", d=4, r=4, p=Rational(1, 4)) == 1


def test_on_a_line_in_the_plane_two_moments_of_an_angle_are_needed():
    # With P₁₂ = cos φ sin φ an answer shares E P₁₂² = 1/8 with the missing entry, and its square is E P₁₂² P₂₂ = 1/16.
    # Each of both entries is missing while the other is seen with chance p(1 − p).
    p = Rational(1, 4)
    assert value("endless_risk", d=2, r=1, p=p) == p - p * (1 - p) * Rational(1, 4) ** 2 / Rational(1, 8)


def test_bayes_needs_as_many_entries_as_dimensions():
    assert [value("bayes_risk", r=3, s=s) for s in (1, 2, 3)] == [2, 1, 0]
    assert value("critical_holes", d=5, r=3) == 2


def test_points_of_the_sphere_have_its_moments():
    u, weights = directions(3)
    assert abs(float(weights @ u[:, 1] ** 6) * 7 - 1) < 2**-40


def test_two_dimensions_of_four_are_not_averaged_over():
    with pytest.raises(ValueError, match="not 2 of 4"):
        subspaces(4, 2)


def test_a_plane_in_space_is_known_from_two_entries():
    H = torch.linalg.qr(torch.tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0]], dtype=torch.float64)).Q
    assert float(left(H, 2)) < 2**-40 < 0.9 < float(left(H, 1))
