"""Words and trace polynomials: canonical necklaces, cancelling neighbours, numbers inside words."""

from itertools import product as choices

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Identity, Integer, OneMatrix, Rational, Trace, symbols

from workbench.calculus.algebra.alphabets import ALPHABET, ONE
from workbench.calculus.algebra.equality import cleared, same
from workbench.calculus.algebra.polynomials import number
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.algebra.words import closed, necklace, opened, reduced, transpose
from workbench.calculus.errors import ShapeMismatch
from workbench.language.letters import dot, matrix, orthogonal, size, symmetric, tr, unit_vector, vector

d, n = size("d"), size("n")
A, B, C = matrix("A", d, d), matrix("B", d, d), matrix("C", d, d)
S, R, Q = symmetric("S", d), symmetric("R", d), orthogonal("Q", d)
F = matrix("F", d, n)
a, b, u = vector("a", d), vector("b", d), unit_vector("u", d)
SQUARE = [ALPHABET.token(letter) + flipped for letter in (A, B, C) for flipped in (0, 1)]
SQUARE += [ALPHABET.token(letter) for letter in (S, R)]

words = st.lists(st.sampled_from(SQUARE), min_size=1, max_size=9).map(tuple)
polynomials = st.lists(
    st.tuples(words, st.lists(words, max_size=2), st.fractions(max_denominator=5)), min_size=1, max_size=3
).map(lambda parts: sum((term(*part) for part in parts[1:]), term(*parts[0])))


def term(word, traces, value):
    """coefficient × traces × word as a polynomial."""
    result = matrix_of(word) * number(Rational(value.numerator, value.denominator))
    for trace in traces:
        result = result * matrix_of(trace).trace
    return result


def matrix_of(word):
    """A word as a polynomial, one letter at a time."""
    result = polynomial(Identity(d))
    for token in word:
        symbol = ALPHABET.symbols[token // 2]
        result = result * polynomial(symbol.T if token % 2 else symbol)
    return result


@given(words, st.integers(0, 8))
def test_a_rotated_trace_is_the_same_trace(word, by):
    by %= len(word)
    assert necklace(word[by:] + word[:by]) == necklace(word)


@given(words)
def test_a_transposed_trace_is_the_same_trace(word):
    assert necklace(transpose(word)) == necklace(word)


@given(words)
def test_transposing_twice_is_nothing(word):
    assert transpose(transpose(word)) == word


@given(words)
def test_a_necklace_is_its_own_necklace(word):
    assert necklace(necklace(word)) == necklace(word)


def test_necklaces_over_one_matrix_are_counted_by_burnside():
    """A reflection exchanges A and Aᵀ too, so one that keeps a place where it is fixes no word."""
    token = ALPHABET.token(A)
    for k in range(1, 9):
        found = {necklace(word) for word in choices((token, token + 1), repeat=k)}
        assert len(found) == burnside(k)


def burnside(k):
    """Orbits of {A, Aᵀ}^k under rotation and reversal-with-transposition, by counting fixed words."""
    fixed = 0
    for by in range(k):
        turn = [(i + by) % k for i in range(k)]
        mirror = [(by - i) % k for i in range(k)]
        fixed += 2 ** cycles(turn)
        fixed += 0 if any(mirror[i] == i for i in range(k)) else 2 ** cycles(mirror)
    return Rational(fixed, 2 * k)


def cycles(places):
    """The number of cycles of a permutation."""
    seen, found = set(), 0
    for start in range(len(places)):
        found += start not in seen
        while start not in seen:
            seen.add(start)
            start = places[start]
    return found


def test_words_that_are_not_the_same_trace_stay_apart():
    assert tr(A * B) != tr(A * B.T)
    assert not same(polynomial(tr(A * B * C)), polynomial(tr(A * C * B)))
    assert same(polynomial(tr(S * R * S * A)), polynomial(tr(S * R * S * A.T)))
    assert not same(polynomial(tr(S * R * A)), polynomial(tr(R * S * A)))


@settings(max_examples=30, deadline=None)
@given(polynomials, polynomials, polynomials)
def test_trace_polynomials_form_a_ring(p, q, r):
    assert (p * (q + r)).key == (p * q + p * r).key
    assert ((p * q) * r).key == (p * (q * r)).key
    assert (p + q).key == (q + p).key
    assert not (p - p)


@settings(max_examples=30, deadline=None)
@given(polynomials, polynomials)
def test_transposition_reverses_products_and_traces_forget_the_order(p, q):
    assert (p * q).T.key == (q.T * p.T).key
    assert (p * q).trace.key == (q * p).trace.key
    assert p.T.trace.key == p.trace.key


def test_inverse_neighbours_cancel_also_around_a_trace():
    inverse = ALPHABET.token(A.inv()) if ALPHABET.known(A.inv()) else None
    assert polynomial(A.inv() * A * B).key == polynomial(B).key
    assert polynomial(A.T * A.inv().T).key == polynomial(Identity(d)).key
    assert polynomial(tr(A * B * A.inv())).key == polynomial(tr(B)).key
    assert polynomial(tr(S * A * B * (S * A * B).inv())).key == polynomial(d).key
    assert inverse is None or reduced((inverse, ALPHABET.token(A))) == ()


def test_orthogonal_letters_cancel_with_their_transpose():
    assert polynomial(Q * Q.T).key == polynomial(Identity(d)).key
    assert polynomial(tr(Q * A * Q.T * Q * B * Q.T)).key == polynomial(tr(A * B)).key
    assert polynomial(Q.inv()).key == polynomial(Q.T).key
    assert polynomial(tr(Q * Q)).key != polynomial(d).key


def test_a_word_through_two_vectors_falls_apart_into_numbers():
    assert polynomial(a * b.T * A * a * b.T).key == polynomial(dot(b, A * a) * a * b.T).key
    assert polynomial(tr(a * b.T * A * b * a.T * B)).key == polynomial(dot(b, A * b) * dot(a, B * a)).key
    token = ALPHABET.token(a)
    assert opened((token + 1, token))[2] == ()
    assert closed((token, token + 1)) == ((necklace((token + 1, token)),), ())


def test_vectors_of_known_length_are_measured():
    ones = OneMatrix(d, 1)
    assert polynomial(dot(u, u) * u).key == polynomial(u).key
    assert polynomial(tr(ones.T * ones)).key == polynomial(d).key
    assert polynomial(OneMatrix(d, n) * OneMatrix(n, d)).key == polynomial(n * OneMatrix(d, d)).key


def test_equality_multiplies_denominators_out():
    N = symbols("N", positive=True)
    assert same(polynomial(1 / (N - d) - 1 / (N + d)), polynomial(2 * d / (N**2 - d**2)))
    assert same(polynomial((N - d) ** 2 * A / (N - d)), polynomial(N * A - d * A))
    assert not same(polynomial(1 / (N - d)), polynomial(1 / (N - d - 1)))
    assert same(polynomial(tr(A) / (1 + tr(A)) + 1 / (1 + tr(A))), polynomial(1))
    assert not cleared(polynomial(1 / (1 + 1 / N) - N / (N + 1)))


def test_roots_are_not_taken_apart_where_signs_matter():
    s, t = symbols("s t", real=True)
    assert not same(polynomial((s * t) ** Rational(1, 2)), polynomial(s ** Rational(1, 2) * t ** Rational(1, 2)))
    assert same(polynomial((1 + s) ** Rational(3, 2)), polynomial((1 + s) * (1 + s) ** Rational(1, 2)))
    assert same(polynomial(Integer(8) ** Rational(1, 2)), polynomial(2 * Integer(2) ** Rational(1, 2)))


@pytest.mark.parametrize("left, right", [(F, A), (F, F), (a, A)])
def test_products_of_sizes_that_do_not_fit_are_refused(left, right):
    product = polynomial(left)
    with pytest.raises(ShapeMismatch, match="inner sizes differ"):
        product * polynomial(right)


def test_sums_of_different_shapes_are_refused():
    with pytest.raises(ShapeMismatch, match="only equal shapes add"):
        polynomial(A) + polynomial(F)
    with pytest.raises(ShapeMismatch, match="only square"):
        _ = polynomial(F).trace


def test_the_size_one_has_the_number_zero():
    assert ALPHABET.dimension(1) == ONE and ALPHABET.rows[ALPHABET.token(a) + 1] == ONE
    assert Trace(a.T * a) is not None and polynomial(a.T * a).is_scalar
    assert fmpq(1) in polynomial(a.T * a).terms.values()
