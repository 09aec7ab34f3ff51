"""Complex letters: the adjoint of what is made of them, and of what is real."""

import pytest
import sympy as sp

from workbench.errors import BadInput
from workbench.language.complex_gaussians import Adjoint, adjoint, complex_gaussian
from workbench.language.laws import E
from workbench.language.letters import count, matrix, size, spd, tr
from workbench.language.printing import latex, text
from workbench.language.reading import meaning, parsed
from workbench.sessions.answers import check
from workbench.sessions.declarations import declared

d, N = size("d"), count("N")
A, S = matrix("A", d, d), spd("S", d)
Z = complex_gaussian("Z", d, N, cov=S)


def test_the_adjoint_goes_to_the_letters():
    assert adjoint(A * Z) == Z.H * A.T and adjoint(Z.H) == Z and Z.H.shape == (N, d)
    assert adjoint(Z * Z.H) == Z * Z.H and adjoint((Z * Z.H).I) == (Z * Z.H).I
    assert adjoint(Z.T) == sp.Transpose(Z.H) and adjoint(2 * Z + Z * Z.H * Z) == 2 * Z.H + Z.H * Z * Z.H


def test_numbers_are_conjugated():
    assert adjoint(tr(A * Z * Z.H)) == tr(Z * Z.H * A.T)
    assert adjoint(3 * tr(A * Z * Z.H) ** 2) == 3 * tr(Z * Z.H * A.T) ** 2


def test_what_is_real_is_transposed():
    assert adjoint(A) == A.T and adjoint(S) == S and adjoint(d) == d
    assert adjoint(E(Z * Z.T)) == E(Z * Z.T).T  # every mean is real


def test_a_letter_put_in_for_another_keeps_the_adjoint():
    other = complex_gaussian("Y", d, N)
    assert (Z * Z.H).xreplace({Z: A * other}).doit() == A * other * other.H * A.T
    assert isinstance(Z.H.xreplace({Z: other}), Adjoint)


def test_the_conjugate_of_a_function_is_refused():
    with pytest.raises(BadInput, match="the conjugate of exp"):
        adjoint(sp.exp(tr(A * Z * Z.H)))


def test_covariances_have_the_shapes_of_the_letter():
    with pytest.raises(ValueError, match="cov has shape"):
        complex_gaussian("Z", N, d, cov=S)


@pytest.mark.parametrize("typed", ["Z*Z.H", "Z Z^H", "Z Zᴴ", "Z Z†", "Z Z^{H}", r"Z Z^{\mathsf{H}}", r"Z Z^\dagger"])
def test_the_adjoint_is_read_as_it_is_written(typed):
    alphabet = declared(["Z: d×N ~ CN(0, Sigma)"])
    letter = alphabet["Z"]
    found = meaning(parsed(typed, alphabet.known()), {"Z": letter})
    assert found == letter * letter.H
    assert meaning(parsed(text(found), alphabet.known()), {"Z": letter}) == found
    assert latex(found) == r"Z Z^{\mathsf{H}}"


def test_lengths_and_products_of_complex_letters_are_conjugated():
    alphabet = declared(["z ~ CN(0, 1)", "w: d ~ CN(0, I)", "v: d ~ CN(0, I)"])
    z, w, v = (alphabet[name] for name in "zwv")
    letters = {"z": z, "w": w, "v": v}
    assert meaning(parsed("abs(z)**2", letters), letters) == z * adjoint(z)
    assert meaning(parsed("norm(w)**2", letters), letters) == tr(w.H * w)
    assert meaning(parsed("inner(w, v)", letters), letters) == tr(w.H * v)
    with pytest.raises(BadInput, match="has the mean 0"):
        declared(["w: d ~ CN(mu, I)"])["w"]


SUPPORTED = {
    "E[tr(Z*Z.H)^2] == N^2*tr(Sigma)^2 + N*tr(Sigma^2)": "Z ~ CN(0, Sigma)",
    "Var[z] == g": "z ~ CN(0, g)",
}
REFUTED = {
    "E[tr(Z*Z.H)^2] == N^2*tr(Sigma)^2 + 2*N*tr(Sigma^2)": "N**2*tr(Sigma)**2 + N*tr(Sigma**2)",
    "E[Z*Z.T] == N*Sigma": "0",
    "E[inv(Z*Z.H)] == inv(Sigma)/(N - d - 1)": "1/(N - d)*inv(Sigma)",
}


@pytest.mark.parametrize("statement", SUPPORTED)
def test_a_complex_mean_is_supported(statement):
    found = check(statement, SUPPORTED[statement])
    assert found.status == "supported", found.reason


@pytest.mark.parametrize("statement", REFUTED)
def test_a_real_formula_is_refuted_for_a_complex_letter_and_corrected(statement):
    found = check(statement, "Z ~ CN(0, Sigma)")
    assert found.status == "refuted"
    assert found.derived == REFUTED[statement]


def test_a_function_of_a_complex_number_is_refused_in_a_sentence():
    with pytest.raises(BadInput, match="of a complex number is not measured"):
        check("E[relu(z)] == 1", "z ~ CN(0, 1)")


@pytest.mark.parametrize("law", ["(u, v) ~ CN(0, [[1, 1/2], [1/2, 1]])", "x: d ~ q*CN(0, I) + (1 - q)*CN(0, I)"])
def test_a_joint_or_mixed_complex_law_is_not_taken_for_a_real_one(law):
    with pytest.raises(BadInput, match="is no normal law"):
        declared([law])
