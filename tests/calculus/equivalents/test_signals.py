"""Equivalents of signals in noise and of inverses without a ridge: published laws come out of the same rule."""

import pytest
import sympy as sp
from sympy import Identity

from tests.calculus.equivalents.test_lines import worth
from workbench.calculus.equivalents.lines import limit_of
from workbench.calculus.errors import CalculusError, NotTranslatable
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, form, matrix, positive, size, spd, tr, unit_vector

d, n, g, theta = size("d"), count("n"), positive("g"), positive("theta")
X, Sigma, B = gaussian("X", d, n), spd("Sigma", d), matrix("B", d, n)
u, v = unit_vector("u", d), unit_vector("v", n)
noisy = X / sp.sqrt(n) + B
POINT = {"d": 2, "n": 3, "g": sp.Rational(1, 2), "Sigma": [[2, 1], [1, 3]], "B": [[1, 0, 2], [-1, 1, 1]]}


def test_a_signal_in_noise_has_the_law_of_dozier_and_silverstein():
    """m = tr(BBᵀ/(1 + cm) + (1 + cm)g + 1 − c)⁻¹/d, with c = d/n."""
    m = limit_of(E(tr((noisy * noisy.T + g * Identity(d)).inv())) / d)
    felt = 1 + d * m / n
    law = tr((B * B.T / felt + (felt * g + 1 - d / n) * Identity(d)).inv()) / d
    assert (worth(m, POINT) - worth(law, POINT)).contains(0)


def test_a_signal_is_felt_alike_when_it_is_multiplied_out():
    one = (noisy * noisy.T + g * Identity(d)).inv()
    other = (X * X.T / n + X * B.T / sp.sqrt(n) + B * X.T / sp.sqrt(n) + B * B.T + g * Identity(d)).inv()
    assert (worth(limit_of(E(tr(one))), POINT) - worth(limit_of(E(tr(other))), POINT)).contains(0)


def test_a_direction_of_a_signal_is_found_from_the_published_threshold_on():
    """Benaych-Georges & Nadakuditi 2012: |⟨u, û⟩|² is the residue at 0 < g → −eigenvalue, and 0 at θ⁴ = c."""
    spiked = X / sp.sqrt(n) + theta * u * v.T
    found = limit_of(E(form(u, (spiked * spiked.T + g * Identity(d)).inv(), u)))
    there = {d: 1, n: 2, theta: 2, g: -(1 + theta**2) * (d / n + theta**2) / theta**2}
    below = sp.denom(sp.together(found))
    outlier = below.subs(g, there[g]).subs({d: 1, n: 2, theta: 2})
    assert sp.simplify(outlier) == 0


@pytest.mark.parametrize(
    ("line", "law"),
    [
        (tr((X * X.T).inv()) * n / d, n / (n - d)),
        (tr((X * X.T).inv() ** 2) * n**2 / d, n**3 / (n - d) ** 3),
    ],
    ids=["first", "second"],
)
def test_an_inverse_without_a_ridge_has_the_moments_of_the_inverse_wishart(line, law):
    assert sp.simplify(limit_of(E(line)) - law) == 0


def test_a_covariance_leaves_an_inverse_without_a_ridge_as_it_leaves_the_mean():
    Y = gaussian("Y", d, n, cov=Sigma)
    found, law = limit_of(E(tr((Y * Y.T).inv()))), tr(Sigma.inv()) / (n - d)
    assert (worth(found, {**POINT, "n": 4}) - worth(law, {**POINT, "n": 4})).contains(0)


def test_a_root_that_stays_is_refused_in_one_sentence():
    with pytest.raises(NotTranslatable, match="a root stays"):
        limit_of(E(tr((X * X.T + sp.sqrt(n) * g * Identity(d)).inv())))


def test_the_inverse_of_a_mean_that_vanishes_is_refused():
    with pytest.raises(CalculusError):
        limit_of(E(tr((X * B.T + B * X.T).inv())))
