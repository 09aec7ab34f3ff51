"""Complex Wishart matrices: the rules against brute force, against real pairs by hand, and their refusals."""

import numpy as np
import pytest
from sympy import Rational, expand

from workbench.calculus import expect
from workbench.calculus.errors import DegreeTooHigh, NoSuchMoment, NotPolynomial, UnknownLaw
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import NotRational, Undefined
from workbench.exact.values import evaluate
from workbench.language.complex_gaussians import complex_gaussian
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, matrix, size, spd, tr

d, N = size("d"), count("N")
S, T, A, B = spd("S", d), spd("T", N), matrix("A", d, d), matrix("B", N, N)
X, Z, G = gaussian("X", d, N, cov=S), complex_gaussian("Z", d, N, cov=S), complex_gaussian("G", d, d)
Y = complex_gaussian("Y", d, N, cov=S, token_cov=T)
W = Z * Z.H

POLYNOMIALS = {
    "ZZᴴ": W, "ZZᵀ": Z * Z.T, "ZZᴴAZZᴴ": W * A * W, "conjugates": tr(Z * Z.T * A * Z.H.T * Z.H),
    "both covariances": Y * B * Y.H * A * Y * Y.H, "transposes": tr(A * Y * Y.H) * Y.T * A * Y.H.T,
    "two letters": Z * Y.H * A * Y * Z.H, "one real letter": X * Z.H * A * Z * X.T,
    "two traces": tr(A * Z * B * Y.H) * tr(Z.H * A.T * Y), "Hermitian": tr((G + G.H) ** 4),
}  # fmt: skip
INVERSES = {"first": (W.I, 3), "trace": (tr(W.I) * W.I, 4), "interleaved": (W.I * A * W.I, 4),
            "case": (tr(W.I) * tr(W.I**2) * W.I, 6)}  # fmt: skip


@pytest.mark.parametrize("name", POLYNOMIALS)
@pytest.mark.parametrize("sizes", [{"d": 2, "N": 2}, {"d": 1, "N": 2}], ids=str)
def test_a_polynomial_has_the_mean_over_z_and_its_conjugate(name, sizes):
    node = E(POLYNOMIALS[name])
    point = draw(letters_of(node), name, sizes)
    assert np.all(evaluate(expect(node), point) == evaluate(node, point))


@pytest.mark.parametrize("name", INVERSES)
def test_an_inverse_has_the_mean_over_triangular_factors(name):
    inside, columns = INVERSES[name]
    point = draw(letters_of(E(inside)), name, {"d": 2, "N": columns})
    assert np.all(evaluate(expect(E(inside)), point) == evaluate(E(inside), point))


def test_a_pair_of_real_matrices_has_the_same_fourth_moment():
    # Z = (A + iB)/√2: the real part of tr (Z Z.H)² is tr P² − tr Q², P = (AAᵀ + BBᵀ)/2, Q = (BAᵀ − ABᵀ)/2.
    re, im = gaussian("R", d, N, cov=S), gaussian("I", d, N, cov=S)
    P, Q = (re * re.T + im * im.T) / 2, (im * re.T - re * im.T) / 2
    assert expand(expect(E(tr(P**2) - tr(Q * Q))) - expect(E(tr(W**2)))) == 0
    assert expand(expect(E(tr(P**2))) - expect(E(tr(W**2)))) != 0


def test_the_square_of_a_trace_is_not_the_real_one():
    complex_mean, real_mean = expect(E(tr(W) ** 2)), expect(E(tr(X * X.T) ** 2))
    assert expand(complex_mean - (N**2 * tr(S) ** 2 + N * tr(S**2))) == 0
    assert expand(real_mean - complex_mean - N * tr(S**2)) == 0


def test_a_complex_and_a_real_letter_are_averaged_together():
    assert expect(E(tr(X * X.T * W))) == expand(N**2 * tr(S**2))


@pytest.mark.parametrize(("columns", "exists"), [(2, False), (3, False), (4, True)])
def test_second_inverse_moments_need_two_columns_more(columns, exists):
    U = complex_gaussian("U", 2, columns)
    node = E(tr((U * U.H).I ** 2))
    if exists:
        assert expect(node) == evaluate(node, {}) == Rational(4, 3)
    else:
        with pytest.raises(NoSuchMoment):
            expect(node)
        with pytest.raises(Undefined if columns > 2 else NotRational):
            evaluate(node, {})


def test_what_has_no_rule_is_refused():
    with pytest.raises(NotPolynomial, match="outside the inverse"):
        expect(E(W.I * Z * Z.T * W))
    with pytest.raises(UnknownLaw, match="independent columns"):
        expect(E((Y * Y.H).I))
    with pytest.raises(DegreeTooHigh, match="order 7"):
        expect(E(tr(W.I) ** 7))
    with pytest.raises(NotPolynomial, match="only inverse whose mean is known"):
        expect(E((A * W).I))
