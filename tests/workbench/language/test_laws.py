"""The laws that letters carry: what they refuse, and that they travel."""

import pytest
from sympy import Rational, ZeroMatrix

from workbench.language.laws import E, Mixture, gaussian, haar, index, mask, mixture, random_letters, sphere
from workbench.language.letters import count, matrix, probability, size, spd, vector

d, r, N, L = size("d"), size("r"), count("N"), count("L")
q, p = probability("q"), probability("p")
Sigma, m = spd("Sigma", d), vector("m", d)

LETTERS = [
    mask("o", d, q),
    index("e", L),
    mixture("x", d, [(q, m, Sigma), (1 - q, -m, None)], N),
    haar("H", d, r),
]


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: type(letter).__name__)
def test_a_random_letter_is_rebuilt_from_its_own_arguments(letter):
    assert letter.func(*letter.args) == letter
    assert random_letters(letter * letter.T) == {letter}
    assert E(letter * letter.T).args[1:] == (letter,)


def test_a_law_travels_through_a_substitution_of_its_parameters():
    k = vector("k", d)
    assert mask("o", d, q).subs(q, p).rate == p
    moved = LETTERS[2].subs(m, k)
    assert isinstance(moved, Mixture)
    assert moved.means == (k, -k)
    assert index("e", L).subs(L, 3).shape == (3, 1)
    assert haar("H", d, r).subs({d: 4, r: 2}).shape == (4, 2)


def test_letters_with_different_laws_are_different_letters():
    assert mask("o", d, q) != mask("o", d, p)
    assert mixture("x", d, [(1, m, Sigma)]) != mixture("x", d, [(1, -m, Sigma)])


def test_a_component_without_mean_or_covariance_is_centred_or_a_point():
    x = mixture("x", d, [(q, None, Sigma), (1 - q, m, None)])
    assert x.means[0] == ZeroMatrix(d, 1)
    assert x.covs[1] == ZeroMatrix(d, d)


@pytest.mark.parametrize("rate", [-1, 2, Rational(3, 2)])
def test_a_mask_refuses_a_rate_that_is_no_probability(rate):
    with pytest.raises(ValueError, match="not a probability"):
        mask("o", d, rate)


@pytest.mark.parametrize(
    ("components", "complaint"),
    [
        ([(q, m, Sigma)], "sum to q"),
        ([(Rational(3, 2), m, Sigma), (Rational(-1, 2), m, Sigma)], "negative"),
        ([(1, m.T, Sigma)], "mean 1×d"),
        ([(1, m, matrix("A", d, N))], "covariance d×N"),
        ([], "sum to 0"),
    ],
)
def test_a_mixture_refuses_components_that_make_no_law(components, complaint):
    with pytest.raises(ValueError, match=complaint):
        mixture("x", d, components)


def test_a_haar_letter_refuses_more_columns_than_dimensions():
    with pytest.raises(ValueError, match="do not fit"):
        haar("H", 2, 3)
    assert haar("H", d).shape == (d, d)


def test_a_point_of_the_sphere_is_one_column_in_a_dimension():
    assert sphere("u", d) == haar("u", d, 1)
    for wrong in (0, -2, Rational(1, 2)):
        with pytest.raises(ValueError, match="no dimension"):
            sphere("u", wrong)


def test_a_gaussian_still_refuses_a_covariance_of_another_shape():
    with pytest.raises(ValueError, match="cov has shape"):
        gaussian("X", d, N, cov=spd("Omega", N))
