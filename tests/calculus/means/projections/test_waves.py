"""Cosines and sines of projections: hand cases, and the definition enclosed by quadrature."""

import pytest
from sympy import Rational, ZeroMatrix, cos, erf, exp, sin, tan

from tests.calculus.means.projections.reading import Sigma, U, V, Z, a, b, cuv, g, mean, mu, quu, qvv, t, x, y, zero
from workbench.calculus.algebra.terms import tidy
from workbench.calculus.errors import NotGaussianCalculus
from workbench.calculus.means.projections.projections import expect_projections
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate
from workbench.language.laws import E
from workbench.language.letters import dot

BY_HAND = [
    (cos(U), exp(-quu / 2)),
    (sin(U), 0 * quu),
    (sin(U) * V, cuv * exp(-quu / 2)),
    (cos(Z) ** 3 * Z**2, -2 * exp(-Rational(9, 2))),  # 4 cos³z = 3 cos z + cos 3z; E z² cos kz = (1 − k²) exp(−k²/2)
    (sin(dot(a, y)), exp(-quu / 2) * sin(dot(a, mu))),
    (exp(V) * sin(U), exp((qvv - quu) / 2) * sin(cuv)),
    (cos(U - V), exp(-(quu + qvv) / 2 + cuv)),
]
DEFINITIONS = [
    cos(U) * cos(V),
    sin(U) ** 2 * V**2,
    sin(U) * cos(V) * U,
    cos(U + t) * V,
    sin(dot(a, y)) * dot(b, y),
    exp(-(Z**2) / 2) * sin(g * Z) * Z,
]


@pytest.mark.parametrize(("integrand", "closed"), BY_HAND)
def test_means_by_hand(integrand, closed):
    assert zero(mean(integrand) - closed)


@pytest.mark.parametrize("integrand", DEFINITIONS)
def test_the_closed_form_lies_in_the_ball_of_the_definition(integrand):
    closed, definition = mean(integrand), E(integrand)
    point = draw(letters_of(definition, closed), "wave", {"d": 2}, bits=12)
    found, expected = evaluate(closed, point, Balls()), evaluate(definition, point, Balls())
    assert found.overlaps(expected) and float(expected.rad()) < 1e-12
    assert not expected.overlaps(found * 9 / 8)


def test_a_vector_beside_a_wave_is_averaged_with_it():
    found = expect_projections(E(sin(U) * x))
    assert tidy(found - exp(-quu / 2) * Sigma * a) == ZeroMatrix(*x.shape)


@pytest.mark.parametrize(
    ("integrand", "says"),
    [(cos(U) * erf(V), "beside a cosine"), (cos(U * V), "affine forms"), (tan(U), "no rule averages")],
)
def test_what_has_no_rule_is_refused_in_one_sentence(integrand, says):
    with pytest.raises(NotGaussianCalculus, match=says):
        expect_projections(E(integrand))
