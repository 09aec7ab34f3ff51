"""Complex letters: the adjoint of what is made of them, and of what is real."""

import pytest
import sympy as sp

from workbench.errors import BadInput
from workbench.language.complex_gaussians import Adjoint, adjoint, complex_gaussian
from workbench.language.laws import E
from workbench.language.letters import count, matrix, size, spd, tr

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
