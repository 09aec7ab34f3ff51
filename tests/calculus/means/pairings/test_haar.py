"""Haar means: identities that define them, known Weingarten values, and Euler angles."""

import numpy as np
import pytest
from flint import fmpq
from sympy import And, Ge, Identity, Integer, Symbol, ZeroMatrix, factor, factorial2, true

from workbench.calculus import expect
from workbench.calculus.algebra import terms
from workbench.calculus.errors import DegreeTooHigh, NotPolynomial, UnknownLaw
from workbench.calculus.means.pairings.haar import expect_haar, haar_condition
from workbench.calculus.means.pairings.weingarten import all_pairings, coset_type, weighted, weingarten_at
from workbench.exact.instances import draw, letters_of
from workbench.exact.means import exact_mean
from workbench.exact.values import evaluate
from workbench.language.laws import E, gaussian, haar
from workbench.language.letters import form, matrix, size, symmetric, tr, unit_vector, vector

d, r = size("d"), size("r")
A, B, C, M = matrix("A", d, d), matrix("B", d, d), matrix("C", r, r), symmetric("M", d)
e, f = unit_vector("e", d), vector("f", d)
H, G = haar("H", d), haar("G", d, r)
P = G * G.T


def scalars_equal(left, right):
    return factor(terms.normal(left) - terms.normal(right)) == 0


def test_the_weingarten_function_has_its_published_values():
    # Collins and Śniady 2006, section 4; Collins and Matsumoto 2009, section 3.
    z = Symbol("z")
    table = {
        (1,): 1 / z,
        (1, 1): (z + 1) / (z * (z - 1) * (z + 2)),
        (2,): -1 / (z * (z - 1) * (z + 2)),
        (1, 1, 1): (z**2 + 3 * z - 2) / (z * (z - 2) * (z - 1) * (z + 2) * (z + 4)),
        (2, 1): -1 / (z * (z - 2) * (z - 1) * (z + 4)),
        (3,): 2 / (z * (z - 2) * (z - 1) * (z + 2) * (z + 4)),
    }
    for kind, value in table.items():
        assert factor(weighted({kind: 1}, sum(kind), z) - value) == 0
        assert factor(weighted({kind: 1}, sum(kind), z, sign=-1) - value.subs(z, -z)) == 0


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("dimension", [1, 2, 3, 7])
def test_the_weingarten_function_inverts_the_loops(order, dimension):
    # G Wg G = G, also in the small dimensions where z^loops is singular.
    every, weights = all_pairings(order), weingarten_at(order, fmpq(dimension))
    some = every[: min(len(every), 7)]
    gram = np.array([[fmpq(dimension) ** len(coset_type(p, q)) for q in every] for p in every], dtype=object)
    inverse = np.array([[weights[coset_type(p, q)] for q in every] for p in every], dtype=object)
    rows = gram[: len(some)]
    assert np.all(rows @ inverse @ gram == rows)


def test_a_conjugated_matrix_averages_to_its_trace():
    assert expect_haar(H * A * H.T) == tr(A) / d * Identity(d)
    assert expect_haar(E(H.T * A * H)) == tr(A) / d * Identity(d)
    assert expect_haar(H * A * H * B) == A.T * B / d
    assert expect_haar(H) == ZeroMatrix(d, d)


def test_a_random_projector_is_idempotent_under_the_mean():
    # P² = P and tr P = r, although the reader sees them only through the mean.
    assert expect_haar(P * P * P) == expect_haar(P) == r / d * Identity(d)
    assert expect_haar(tr(P)) == r
    assert expect_haar(tr(P) ** 2) == r**2
    assert expect_haar(G.T * G) == Identity(r)
    # Idempotence with a matrix between that is then set to the identity.
    for body, plain in [(P * A * P, P), (P * A * P * A * P, P), (tr(P * A * P * A), tr(P))]:
        reduced = expect_haar(body, G).subs(A, Identity(d)).doit()
        expected = expect_haar(plain, G)
        if reduced.is_Matrix:
            reduced, expected = tr(reduced), tr(expected)
        assert scalars_equal(reduced, expected)


def test_the_whole_space_and_the_mean_over_a_complement_close():
    # r = d makes P the identity, and I − P is the projector of rank d − r.
    whole = terms.words(expect_haar(P * A * P, G).subs(r, d).doit())
    assert {word: factor(c) for word, c in whole.items()} == {((A, False),): Integer(1)}
    found = expect_haar(tr(P * A * P * B), G)
    other = terms.normal(tr((Identity(d) - P) * A * (Identity(d) - P) * B))
    complement = expect_haar(other, G)
    assert scalars_equal(found.subs(r, d - r), complement)


def test_a_diagonal_entry_of_a_projector_is_a_beta_variable():
    # P_ii ~ Beta(r/2, (d − r)/2).
    for order in range(1, 9):
        moment = Integer(1)
        for j in range(order):
            moment *= (r + 2 * j) / (d + 2 * j)
        assert factor(expect_haar(form(e, P, e) ** order) - moment) == 0


def test_two_entries_of_a_projector_have_the_known_conditional_moments():
    # E[P_ij² | P_jj = s] = (s − s²)/(d − 1) at i ≠ j, integrated over s with the Beta moments.
    u, v = vector("u", d), vector("v", d)
    joint = expect_haar(form(u, P, v) ** 2)
    values = {tr(u.T * u): 1, tr(v.T * v): 1, tr(u.T * v): 0}
    first, second = r / d, r * (r + 2) / (d * (d + 2))
    assert factor(joint.subs(values) - (first - second) / (d - 1)) == 0


def test_a_uniform_direction_is_a_normalised_gaussian():
    # h = g/|g| with |g| independent of h: E over h is E over g divided by E|g|^2k = d(d+2)…
    h, g = haar("h", d, 1), gaussian("g", d)
    for order, norm in [(1, d), (2, d * (d + 2)), (3, d * (d + 2) * (d + 4))]:
        derived = expect_haar(tr(h.T * A * h) ** order)
        assert scalars_equal(derived * norm, expect(E(form(g, A, g) ** order)))


WORDS = {
    "HAHᵀ": H * A * H.T, "HAHB": H * A * H * B, "tr(HAHᵀB)²": tr(H * A * H.T * B) ** 2,
    "HMHᵀAHᵀBH": H * M * H.T * A * H.T * B * H,
    "PAP": P * A * P, "(tr PA)²": tr(P * A) ** 2, "GCGᵀ": G * C * G.T,
    "GᵀAGCGᵀBG": G.T * A * G * C * G.T * B * G,
    "tr H tr HA": tr(H) * tr(H * A), "eᵀPf": form(e, P, f), "(tr H)⁴": tr(H) ** 4,
}  # fmt: skip


@pytest.mark.parametrize("word", WORDS, ids=str)
@pytest.mark.parametrize(("dimension", "rank"), [(2, 1), (2, 2), (3, 2)])
def test_haar_words_are_the_means_over_euler_angles(word, dimension, rank):
    body = WORDS[word]
    letter = H if body.has(H) else G
    node = E(body, letter)
    point = draw(letters_of(node), "euler", {"d": dimension, "r": rank})
    assert equal(evaluate(expect_haar(node), point), exact_mean(node, letter, point))


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_sixth_and_eighth_moments_hold_in_dimensions_where_the_general_formula_has_a_pole(dimension):
    T, a, b = haar("T", dimension), matrix("a", dimension, dimension), matrix("b", dimension, dimension)
    for body in [
        tr(T * a * T.T * b) ** 3,
        T * a * T * b * T.T * a * T.T * b * T * a * T,
        tr(T) ** 6,
        tr(T * a) ** 8,
    ]:
        if dimension == 3 and body.has(b) and body.is_Matrix:
            continue
        node = E(body, T)
        point = draw(letters_of(node), "small")
        assert equal(evaluate(expect_haar(node), point), exact_mean(node, T, point))


def equal(left, right):
    return bool(np.all(np.asarray(left, dtype=object) == np.asarray(right, dtype=object)))


def test_words_of_degree_ten_are_the_means_over_the_angles_of_the_plane():
    T, a, b = haar("T", 2), matrix("a", 2, 2), matrix("b", 2, 2)
    for body in [tr(T * a * T.T * b) ** 2 * tr((T * b) ** 6), (T * a * T.T * b) ** 5]:
        node = E(body, T)
        point = draw(letters_of(node), "plane")
        assert equal(evaluate(expect_haar(node), point), exact_mean(node, T, point))


@pytest.mark.parametrize("order", [1, 3, 5, 8])
def test_the_trace_has_the_moments_of_a_normal_number_until_the_dimension_shows(order):
    # Diaconis and Shahshahani 1994: E (tr H)^2k = (2k − 1)!! for k ≤ d.
    assert expect_haar(tr(H) ** (2 * order)) == factorial2(2 * order - 1)


def test_the_sixth_moment_at_symbolic_dimension_is_the_angle_mean_in_dimension_three():
    node = E(tr(G * G.T * A) * tr(P * A * P * B), G)
    point = draw(letters_of(node), "three", {"d": 3, "r": 2})
    assert evaluate(expect_haar(node), point) == exact_mean(node, G, point)


def test_the_dimension_under_which_the_formula_has_no_pole_is_stated():
    assert haar_condition(P * A * P) == Ge(d, 2)
    assert haar_condition(E(tr(P * A) ** 3)) == Ge(d, 3)
    assert haar_condition(P) == true
    assert isinstance(haar_condition(E(tr(P * A) ** 2) + E(tr(P * A) ** 3)), Ge | And)


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        (tr(A), UnknownLaw),
        (tr(H * A).func(H * A) ** -1, NotPolynomial),
        (tr((H + A).inv()), NotPolynomial),
        (tr(H * A) ** 18, DegreeTooHigh),
        (E(tr(gaussian("Y", d, d))), UnknownLaw),
    ],
)
def test_what_haar_means_cannot_read_is_refused_by_name(expression, error):
    with pytest.raises(error):
        expect_haar(expression)


def test_two_haar_letters_are_averaged_one_after_the_other():
    K = haar("K", d)
    assert expect_haar(tr(H * A * H.T * K * B * K.T)) == tr(A) * tr(B) / d


def test_words_with_too_many_different_products_are_refused_at_once():
    fixed = [matrix(f"A{i}", d, d) for i in range(10)]
    word = Identity(d)
    for i, letter in enumerate(fixed):
        word = word * (H.T if i % 2 else H) * letter
    with pytest.raises(DegreeTooHigh, match="lower the degree"):
        expect_haar(tr(word))
