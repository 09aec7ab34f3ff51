"""Letters: a symbol whose class is its hypothesis."""

import pytest
import sympy as sp

from workbench.calculus.algebra.equality import same
from workbench.calculus.algebra.terms import tidy
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.rules import expectation
from workbench.judging.statement import family_of
from workbench.language import letters as L
from workbench.language.laws import E, gaussian, number, random_letters

d, n = L.size("d"), L.count("n")
Sigma, Q = L.spd("Sigma", d), L.orthogonal("Q", d)
a, b = L.vector("a", d), L.vector("b", d)


def test_a_symmetric_letter_is_its_own_transpose():
    assert Sigma.T == Sigma
    assert L.symmetric("S", d).T == L.symmetric("S", d)
    assert L.matrix("A", d, d).T != L.matrix("A", d, d)
    assert Q.T != Q


def test_scalars_know_their_sign():
    assert L.scalar("t").is_real and L.scalar("t").is_positive is None
    assert L.positive("s").is_positive and L.probability("p").is_positive
    assert d.is_integer and d.is_positive and n.is_integer


def test_letters_of_one_name_and_different_hypotheses_are_different():
    assert L.spd("A", d) != L.matrix("A", d, d)
    assert L.positive("s") != L.scalar("s")
    assert L.size("d") != L.count("d")
    assert L.size("d") == d and hash(L.size("d")) == hash(d)


def test_an_eigenvalue_belongs_to_its_letter():
    one, other = L.eigenvalue("alpha", Sigma), L.eigenvalue("alpha", L.spd("C", d))
    assert one != other
    assert one == L.eigenvalue("alpha", Sigma)
    assert one.of == Sigma and one.is_positive


def test_an_eigenvalue_keeps_its_letter_through_sympy():
    alpha = L.eigenvalue("alpha", Sigma)
    (found,) = sp.expand((alpha + 1) ** 2).free_symbols
    assert found.of == Sigma


def test_a_claim_holds_for_each_eigenvalue_but_there_is_only_one_top():
    alpha, top = L.eigenvalue("alpha", Sigma), L.top_eigenvalue("top", Sigma)
    assert top.of == Sigma and top.is_positive and top != L.eigenvalue("top", Sigma)
    assert family_of(top - alpha) == (alpha,)


def test_the_scalar_product_is_a_number():
    assert not L.dot(a, b).is_Matrix and not L.form(a, Sigma, b).is_Matrix and not L.tr(Sigma).is_Matrix
    assert L.dot(a, b) == sp.Trace(a.T * b)
    assert number(a.T * b) == L.dot(a, b)
    assert number(d) == d


def test_letters_tell_themselves_from_other_symbols():
    assert all(L.is_letter(letter) for letter in (d, n, Sigma, Q, a, L.probability("p"), gaussian("x", d)))
    assert not L.is_letter(sp.Symbol("d"))
    assert not L.is_letter(sp.MatrixSymbol("A", d, d))


def test_a_gaussian_carries_its_law_through_a_substitution():
    x = gaussian("x", d, n, cov=Sigma)
    C = L.spd("C", d)
    moved = (x * x.T).xreplace({Sigma: C})
    (letter,) = random_letters(moved)
    assert letter.cov == C
    assert letter.mean == sp.ZeroMatrix(d, n) and letter.token_cov == sp.Identity(n)


def test_a_mean_runs_over_the_letters_it_names():
    x, y = gaussian("x", d), gaussian("y", d)
    assert E(x * y.T).args[1:] == (x, y)
    assert E(x * y.T, y).args[1:] == (y,)
    assert E(x * y.T).is_Matrix and not E(L.dot(x, y)).is_Matrix


@pytest.mark.parametrize(
    "law",
    [{"mean": Sigma}, {"cov": sp.Identity(n)}, {"token_cov": Sigma}, {"cov": L.matrix("F", d, n)}],
)
def test_a_law_of_the_wrong_shape_is_refused_with_its_shape(law):
    with pytest.raises(ValueError, match=r"gaussian 'x': .* has shape .*; a .* letter needs"):
        gaussian("x", d, n, **law)


def test_orthogonal_unit_vectors_have_scalar_product_zero_in_every_room():
    m = L.unit_vector("m", d)
    n = L.unit_vector("n", d, orthogonal_to=[m])
    k = L.unit_vector("k", d, orthogonal_to=[m, n])
    plane = m * m.T + n * n.T
    assert same(polynomial(L.tr(plane * plane)), polynomial(sp.Integer(2)))
    assert not polynomial(plane * k) and polynomial(plane * a)
    assert tidy(L.dot(n, m)) == 0 == tidy(L.dot(m, k)) and tidy(L.dot(m, m)) == 1
    assert expectation(E(L.form(m, gaussian("X", d, cov=Sigma) * n.T, n))) == 0


def test_a_vector_is_orthogonal_only_to_vectors_that_are_orthogonal_to_each_other():
    m, n = L.unit_vector("m", d), L.unit_vector("n", d)
    with pytest.raises(ValueError, match="orthogonal_to"):
        L.unit_vector("k", d, orthogonal_to=[m, n])
    with pytest.raises(ValueError, match="not declared"):
        L.unit_vector("k", d, orthogonal_to=[a])
