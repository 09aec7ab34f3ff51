"""Instances: drawn letters satisfy their hypotheses exactly, over the rationals."""

from random import Random as Generator

import numpy as np
import pytest
import sympy as sp
from flint import fmpq, fmpq_mat
from hypothesis import given
from hypothesis import strategies as st

from workbench.exact import instances
from workbench.exact.instances import (
    Vacuous,
    as_rational,
    cayley,
    draw,
    dyadic,
    entries,
    holds,
    known_eigenvalues,
    letters_of,
    positive_definite,
    stereographic,
)
from workbench.exact.rings import identity
from workbench.exact.values import floats
from workbench.language import letters as L
from workbench.language.laws import gaussian

sizes = st.integers(1, 6)
seeds = st.integers(0, 10**6).map(str)
d, n = L.size("d"), L.count("n")
Sigma, Q, A = L.spd("Sigma", d), L.orthogonal("Q", d), L.matrix("A", d, n)
u, t, p = L.unit_vector("u", d), L.scalar("t"), L.probability("p")


@given(size=sizes, seed=seeds)
def test_a_drawn_rotation_is_exactly_orthogonal(size, seed):
    matrix = cayley(size, Generator(seed))
    assert (matrix @ matrix.T == identity(size)).all()
    assert size == 1 or (matrix != identity(size)).any()


@given(size=sizes, seed=seeds)
def test_a_drawn_unit_vector_has_length_exactly_one(size, seed):
    vector = stereographic(size, Generator(seed))
    assert vector.shape == (size, 1)
    assert (vector.T @ vector)[0, 0] == 1


@given(size=sizes, seed=seeds)
def test_a_drawn_covariance_is_positive_definite_with_rational_eigenvalues(size, seed):
    matrix = positive_definite(size, Generator(seed))
    assert (matrix == matrix.T).all()
    eigenvalues = known_eigenvalues(matrix)
    assert len(set(eigenvalues)) == size, "equal eigenvalues hide reordered formulas"
    assert all(value > 0 for value in eigenvalues)
    minors = [fmpq_mat([list(row[:k]) for row in matrix[:k]]).det() for k in range(1, size + 1)]
    assert all(minor > 0 for minor in minors)


@given(seed=seeds)
def test_overlaps_are_cosines_and_large_letters_are_large(seed):
    point = draw([L.overlap("kappa"), L.large("s")], seed)
    assert -1 < point[L.overlap("kappa")] < 1 and point[L.large("s")] >= 8


def test_eigenvalues_that_are_not_rational_are_refused():
    with pytest.raises(ArithmeticError):
        known_eigenvalues(np.array([[fmpq(0), fmpq(1)], [fmpq(2), fmpq(0)]]))


@given(seed=seeds, low=st.integers(-8, -1), high=st.integers(1, 8))
def test_a_dyadic_number_is_not_zero_and_stands_exactly_in_a_float(seed, low, high):
    number = dyadic(Generator(seed), low, high)
    assert number != 0 and low <= number <= high
    assert fmpq(*float(floats(number)).as_integer_ratio()) == number


@given(seed=seeds)
def test_every_letter_gets_a_value_of_its_class(seed):
    alpha = L.eigenvalue("alpha", Sigma)
    point = draw([d, n, Sigma, Q, A, u, t, p, alpha, L.symmetric("S", d), L.positive("s")], seed)
    size, many = int(point[d].p), int(point[n].p)
    assert point[A].shape == (size, many) and point[u].shape == (size, 1)
    assert point[alpha] in known_eigenvalues(point[Sigma])
    top = draw([L.top_eigenvalue("top", Sigma)], seed)
    assert top[L.top_eigenvalue("top", Sigma)] == max(known_eigenvalues(top[Sigma]))
    assert 0 < point[p] < 1 and point[L.positive("s")] > 0
    symmetric = point[L.symmetric("S", d)]
    assert (symmetric == symmetric.T).all()
    assert (point[Q] @ point[Q].T == identity(size)).all()


def test_a_top_eigenvalue_is_the_largest_of_its_letter():
    Sigma = L.spd("Sigma", L.size("d"))
    for seed in "abc":
        point = draw([top := L.top_eigenvalue("top", Sigma)], seed, {"d": 3})
        assert point[top] == known_eigenvalues(point[Sigma])[-1]


def test_an_instance_belongs_to_its_seed_and_to_no_order():
    assert draw([t, p], "7") == draw([p, t], "7")
    assert draw([t], "7")[t] == draw([Sigma, p, t], "7")[t]
    assert len({str(draw([t], str(seed))[t]) for seed in range(20)}) > 5


def test_sizes_can_be_given_by_name():
    point = draw([A], sizes={"d": 5, "n": 7})
    assert point[A].shape == (5, 7) and point[d] == 5


def test_an_ordinary_symbol_cannot_be_drawn():
    with pytest.raises(TypeError, match="not a letter"):
        draw([sp.Symbol("z")])


@pytest.mark.parametrize("seed", range(10))
def test_hypotheses_hold_at_the_instance(seed):
    form = L.form(u, Sigma, u)
    hypotheses = (form < 1, t > sp.Rational(1, 2), t * t <= 3)
    point = draw([u, Sigma, t], str(seed), {"d": 2}, hypotheses)
    assert all(holds(relation, point) for relation in hypotheses)


@pytest.mark.parametrize(
    "hypotheses",
    [(t > 3, t < 2), (t > 1, t < 1), (p > 1,), (L.tr(Sigma) < 0,), (L.dot(u, u) > 1,), (L.dot(u, u) < 1,)],
    ids=str,
)
def test_hypotheses_that_nothing_satisfies_are_vacuous(hypotheses):
    with pytest.raises(Vacuous, match="no instance"):
        draw(letters_of(*hypotheses), hypotheses=hypotheses)


@pytest.mark.parametrize("seed", range(10))
def test_hypotheses_that_one_draw_in_two_hundred_satisfies_are_met(seed):
    a, b, c = (L.positive(name) for name in "abc")
    hypotheses = (a < sp.Rational(1, 2), b < sp.Rational(1, 2), c < sp.Rational(11, 16))  # 4/29 · 4/29 · 7/29
    point = draw([a, b, c, Sigma], f"rare {seed}", {"d": 2}, hypotheses)
    assert all(holds(relation, point) for relation in hypotheses) and point[Sigma].shape[0] == point[d]


def test_no_letter_is_drawn_for_an_attempt_that_a_condition_on_others_has_failed(monkeypatch):
    drawn = []
    monkeypatch.setattr(instances, "positive_definite", lambda size, *_: drawn.append(size) or identity(size))
    draw([Sigma, t], "3", {"d": 2}, [t > 1, t < sp.Rational(5, 4)])
    assert drawn == [2]


def test_counts_grow_where_hypotheses_ask_for_many():
    assert draw([d, n], sizes={"d": 3, "n": 4}, hypotheses=(n > d + 6,))[n] > 8


def test_hypotheses_may_name_letters_that_the_claim_does_not():
    assert draw([t], hypotheses=(p > t,))[p] is not None


def test_the_letters_of_a_random_letter_are_those_of_its_law():
    mu, T = L.vector("mu", d), L.spd("T", n)
    x = gaussian("x", d, n, mean=mu * L.vector("v", n).T, cov=Sigma, token_cov=T)
    assert {letter.name for letter in letters_of(L.tr(x * x.T))} == {"d", "n", "mu", "v", "Sigma", "T"}
    assert {letter.name for letter in letters_of(L.eigenvalue("alpha", Sigma))} == {"alpha", "Sigma", "d"}


@given(st.lists(st.lists(st.fractions(max_denominator=64), min_size=2, max_size=2), min_size=1, max_size=3))
def test_plain_numbers_become_the_same_rationals(rows):
    exact = as_rational([[sp.Rational(q.numerator, q.denominator) for q in row] for row in rows])
    assert [[(int(v.p), int(v.q)) for v in row] for row in exact] == [
        [(q.numerator, q.denominator) for q in row] for row in rows
    ]


def test_entries_are_generic():
    drawn = entries(6, 6, Generator(0))
    assert (drawn != 0).all() and len({str(v) for v in drawn.flat}) > 8


@given(seed=seeds)
def test_drawn_orthogonal_vectors_are_orthogonal_and_find_room(seed):
    first = L.unit_vector("first", d)
    second = L.unit_vector("second", d, orthogonal_to=[first])
    third = L.unit_vector("third", d, orthogonal_to=[first, second])
    point = draw([third], seed, {"d": 1})
    frame = np.concatenate([point[first], point[second], point[third]], axis=1)
    assert point[d] == 3
    assert (frame.T @ frame == identity(3)).all()


def test_spread_spectra_are_usual_nearly_of_rank_one_or_nearly_isotropic():
    Sigma = L.spd("Sigma", L.size("d"))
    spectra = [known_eigenvalues(draw([Sigma], str(seed), {"d": 3}, spread=10)[Sigma]) for seed in range(24)]
    assert all(0 < low < middle < high for low, middle, high in spectra)
    assert any(high > 2**9 * middle for _, middle, high in spectra)
    assert any(high < low * (1 + fmpq(1, 2**6)) for low, _, high in spectra)
    usual = known_eigenvalues(draw([Sigma], "0", {"d": 3})[Sigma])
    assert usual[2] <= 8 * usual[0]
