"""Uniform directions: what a Haar matrix does to one column, against Euler angles and moments of the sphere."""

import numpy as np
import pytest
from sympy import Integer, factor, true

from workbench.calculus.errors import DegreeTooHigh
from workbench.calculus.means.pairings import haar as pairings_of_haar
from workbench.calculus.means.pairings.haar import expect_haar, haar_condition
from workbench.exact.instances import draw, letters_of
from workbench.exact.means import exact_mean
from workbench.exact.values import evaluate
from workbench.language.laws import E, haar
from workbench.language.letters import matrix, size, tr, unit_vector, vector

d, r = size("d"), size("r")
A, B = matrix("A", d, d), matrix("B", d, d)
a, b, c, g = vector("a", d), vector("b", d), vector("c", d), vector("g", r)
e, f = unit_vector("e", d), unit_vector("f", d)
H, G = haar("H", d), haar("G", d, r)

WORDS = {
    "(aᵀHb)⁴": tr(a.T * H * b) ** 4, "Hb bᵀHᵀ": H * b * b.T * H.T, "aᵀHb·Hb": tr(a.T * H * b) * H * b,
    "bᵀHᵀAHb": tr(b.T * H.T * A * H * b) ** 2, "HᵀAH between b": tr(H.T * A * H * b * b.T) ** 3,
    "one row": tr(a.T * H * b) * tr(a.T * H * c) * H.T * a * a.T * H,
    "Gg": tr(A * G * g * g.T * G.T) * G * g * g.T * G.T,
    "traced": tr(G * g * a.T) ** 2 * tr(A * B),
}  # fmt: skip


@pytest.mark.parametrize("word", WORDS, ids=str)
@pytest.mark.parametrize(("dimension", "rank"), [(2, 1), (3, 2)])
def test_a_turned_column_has_the_means_over_euler_angles(word, dimension, rank, monkeypatch):
    def weighed(counts, order, *_):
        raise AssertionError(f"pairs of pairings of order {order} were weighed for {word}")

    monkeypatch.setattr(pairings_of_haar, "weighted", weighed)
    node = E(WORDS[word])
    (letter,) = node.args[1:]
    point = draw(letters_of(node), "turned", {"d": dimension, "r": rank})
    assert np.all(evaluate(expect_haar(node), point) == exact_mean(node, letter, point))


def test_one_entry_has_the_moments_of_a_coordinate_of_the_sphere():
    # E h₁^20 = 19!!/(d(d + 2)…(d + 18)): the twentieth moment that pairings would need 654,729,075² terms for.
    expected = Integer(654729075)
    for j in range(10):
        expected /= d + 2 * j
    assert factor(expect_haar(tr(e.T * H * f) ** 20) - expected) == 0
    assert expect_haar(tr(e.T * H * f) ** 21) == 0


def test_one_direction_needs_no_condition_on_the_dimension():
    assert haar_condition(E(tr(e.T * H * f) ** 20)) == true
    assert haar_condition(E(tr(H * A * H.T * B) ** 2)) != true


def test_two_directions_at_once_are_left_to_the_pairings():
    node = E(tr(a.T * H * b) ** 2 * tr(c.T * H * c) ** 2)
    point = draw(letters_of(node), "two", {"d": 3})
    assert evaluate(expect_haar(node), point) == exact_mean(node, H, point)
    with pytest.raises(DegreeTooHigh):
        expect_haar(tr(a.T * H * b) ** 10 * tr(c.T * H * c) ** 10)


def test_degrees_beyond_those_of_gaussian_moments_are_refused():
    with pytest.raises(DegreeTooHigh, match="66"):
        expect_haar(tr(e.T * H * f) ** 66)
