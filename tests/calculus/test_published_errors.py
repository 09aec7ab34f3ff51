"""Three errors that other packages publish: the calculus does not make them, and the re-check catches them."""

import pytest
from sympy import S, true

from workbench.calculus import expect, inverse_moment_exists, polynomial, same
from workbench.calculus.agreement import Refuted
from workbench.calculus.errors import NoSuchMoment
from workbench.calculus.rules import check_line, expectation
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Undefined
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, dot, form, size, spd, tr, vector

d, n = size("d"), count("n")
Sigma = spd("Sigma", d)
a, b, c, e = (vector(name, d) for name in "abce")
X = gaussian("X", d, n, cov=Sigma)
W = X * X.T
SQUARE = gaussian("G", d, d)
WIGNER = SQUARE + SQUARE.T
ANTISYMMETRIC = E(form(a, WIGNER, b) * form(e, WIGNER, c) - form(a, WIGNER, c) * form(e, WIGNER, b))


def grades(before, after):
    """What the re-check of an expectation says at two sizes."""
    sizes = ({"d": 2, "n": 2}, {"d": 3, "n": 2})
    points = [draw(letters_of(before, after), "published", each) for each in sizes]
    return [check_line(expectation, before, after, point, {}) for point in points]


def test_wishmom_loses_a_factor_n():
    """wishmom 1.1.0 prints E tr(W)² = 2 tr(S²) + n tr(S)², and the like for every k ≥ 2."""
    before, published = E(tr(W) ** 2), 2 * tr(Sigma**2) + n * tr(Sigma) ** 2
    assert same(polynomial(expect(before)), polynomial(n * published))
    assert grades(before, n * published) == ["proved", "proved"]
    with pytest.raises(Refuted):
        grades(before, published)


def test_wishmom_says_not_a_number_where_the_inverse_moment_exists():
    """iwishmom(5, diag(2), 1) asks for n − d − 1 > 2k; the condition is n − d + 1 > 2k."""
    mean = E(tr((gaussian("Y", 2, 5) * gaussian("Y", 2, 5).T).I))
    assert inverse_moment_exists(mean) == true
    assert expect(mean) == 1
    assert check_line(expectation, mean, S.One, {}, {}) == "proved"
    with pytest.raises(Refuted):
        check_line(expectation, mean, S.Half, {}, {})


def test_the_condition_of_existence_is_sharp():
    below = gaussian("Y", 2, 3)
    mean = E(tr((below * below.T).I))
    with pytest.raises(NoSuchMoment, match="take more columns"):
        expect(mean)
    with pytest.raises(Undefined):
        check_line(expectation, mean, S.One, {}, {})


def test_tensorgrad_forces_a_symmetry_on_a_general_covariance():
    """tensorgrad 0.3.0 returns 0 for E[G_ab G_ec − G_ac G_eb]; for G = Z + Zᵀ it is not."""
    after = 2 * dot(a, c) * dot(b, e) - 2 * dot(a, b) * dot(c, e)
    assert same(polynomial(expect(ANTISYMMETRIC)), polynomial(after))
    assert grades(ANTISYMMETRIC, after) == ["proved", "proved"]
    with pytest.raises(Refuted):
        grades(ANTISYMMETRIC, S.Zero)
