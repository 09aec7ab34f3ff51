"""Tilts: Gaussian means with an exponential, against brute-force expansion with enclosed line integrals."""

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import And, Determinant, Identity, Inverse, Q, exp, sin, sqrt

from workbench.calculus.algebra.terms import normal, tidy
from workbench.calculus.errors import CalculusError, DivergentMean, NotGaussianCalculus
from workbench.calculus.means.projections.tilts import existence, tilt
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Balls, NotRational
from workbench.exact.values import evaluate
from workbench.language.laws import E, Random, gaussian
from workbench.language.letters import count, dot, form, matrix, positive, scalar, size, spd, tr, vector

d, n = size("d"), count("n")
a, b, mu, q = vector("a", d), vector("b", d), vector("mu", d), vector("q", d)
Sigma = spd("Sigma", d)
A, B, C = matrix("A", d, d), matrix("B", d, d), matrix("C", d, n)
t, g = scalar("t"), positive("g")
x, X = gaussian("x", d, cov=Sigma), gaussian("X", d, mean=mu, cov=Sigma)
Y = gaussian("Y", d, n, cov=Sigma)
c = gaussian("c", d, mean=mu)
s, z, w = gaussian("s", d), gaussian("z", 1), gaussian("w", 1)
RADIUS = arb(2) ** -25


SEPARATE = {
    Sigma: np.diag([fmpq(3, 4), fmpq(5, 3)]),
    A: np.array([[fmpq(0), fmpq(1, 2)], [fmpq(2, 3), fmpq(0)]], dtype=object),
    a: np.array([[fmpq(2, 3)], [fmpq(0)]], dtype=object),
    b: np.array([[fmpq(0)], [fmpq(-3, 4)]], dtype=object),
}


def same_at(expression, result, seed="0", fixed=None):
    """Both sides at a drawn rational point are balls narrower than 2⁻²⁵ that overlap."""
    point = dict(draw(letters_of(expression, result), seed, {"d": 2, "n": 2})) | (fixed or {})
    left, right = (evaluate(side, point, Balls()) for side in (expression, result))
    pairs = zip(left.flat, right.flat) if hasattr(left, "flat") else [(left, right)]
    return all(p.overlaps(r) and arb(p).rad() < RADIUS and arb(r).rad() < RADIUS for p, r in pairs)


def test_softmax_averages_under_a_shifted_law():
    weight = exp(dot(a, X))
    assert tilt(E(X * weight) / E(weight)) == mu + Sigma * a
    attended = tilt(E(B * X * exp(dot(A * q, X))) / E(exp(dot(A * q, X))))
    assert attended == tidy(B * (mu + Sigma * A * q))


def test_the_tilted_second_moment_keeps_the_covariance():
    weight, shifted = exp(dot(a, X)), mu + Sigma * a
    assert tilt(E(X * X.T * weight) / E(weight)) == tidy(Sigma + shifted * shifted.T)


def test_the_finite_context_bias_is_minus_exp_of_the_variance_over_n():
    # Delta method: bias·n = (E[e]E[xe²]… ) = E[x e] E[e²]/E[e]³ − E[x e²]/E[e]² = −e^{aᵀΣa} Σa for mean zero.
    e = exp(dot(a, x))
    bias = E(x * e) * E(e**2) / E(e) ** 3 - E(x * e**2) / E(e) ** 2
    assert tilt(bias) == tidy(-exp(form(a, Sigma, a)) * Sigma * a)
    spread = tilt(E(x * x.T * e**2) / E(e) ** 2)
    assert spread == tidy(exp(form(a, Sigma, a)) * (Sigma + 4 * Sigma * a * a.T * Sigma))


def test_attention_by_distance_averages_under_a_sharper_law():
    near = q - A * X
    weight = exp(-tr(near.T * near))
    average = tilt(E(X * weight) / E(weight))
    sharper = Inverse(Inverse(Sigma) + 2 * A.T * A)
    assert average == tidy(sharper * (Inverse(Sigma) * mu + 2 * A.T * q))
    assert existence(E(weight)) == ()


def test_a_log_normal_mean():
    # moments.json nl-exp; sympy.stats times out on the bivariate case (sympy issue 20540).
    assert tilt(E(exp(dot(a, X)))) == exp(normal(dot(a, mu) + form(a, Sigma, a) / 2))


def test_a_tilted_second_moment_from_stein_twice():
    # moments.json nl-exp-xx
    expected = exp(form(a, Sigma, a) / 2) * (Sigma + Sigma * a * a.T * Sigma)
    assert tilt(E(exp(dot(a, x)) * x * x.T)) == tidy(expected)


def test_one_liners_ten_and_eleven():
    right = E(exp(dot(a, x)) * x)
    assert tilt(right) == tidy(exp(form(a, Sigma, a) / 2) * Sigma * a)
    assert tilt(right) != tidy(exp(form(a, Sigma, a)) * Sigma * a)
    assert not same_at(right, exp(form(a, Sigma, a)) * Sigma * a)


CLOSED = {
    "a word with a vector in the middle": E(A * X * X.T * B * exp(dot(a, X))),
    "a number of degree three": E(dot(a, X) * form(X, A, X) * exp(dot(b, X))),
    "a square of a projection": E(x * x.T * exp(-(dot(a, x) ** 2) / 2)),
    "two squares": E(dot(b, x) ** 2 * exp(-(dot(a, x) ** 2) - dot(b, x) ** 2 / 3)),
    "a full quadratic form": E(x * x.T * exp(-form(x, A.T * A, x))),
    "a quadratic form and a slope": E(X * exp(dot(a, X) - form(X, A.T * A, X) / 2)),
    "an isotropic form": E(s * s.T * exp(dot(a, s) - g * dot(s, s))),
    "an isotropic form around a mean": E(dot(c, c) * exp(dot(a, c) - g * dot(c, c))),
    "a matrix letter": E(Y * Y.T * exp(tr(C.T * Y))),
    "a matrix letter, transposed": E(Y.T * A * Y * exp(tr(Y * C.T))),
    "a matrix in a quadratic form": E(tr(Y * Y.T) * exp(-tr(Y.T * A.T * A * Y) / 2)),
    "a scalar letter": E(tr(z) ** 4 * exp(t * tr(z) - g * tr(z) ** 2)),
    "a difference of exponentials": E((exp(dot(a, x)) - exp(dot(b, x))) ** 2 * dot(a, x)),
}


@pytest.mark.parametrize("mean", CLOSED.values(), ids=CLOSED)
def test_closed_forms_agree_with_brute_force(mean):
    result = tilt(mean)
    assert not result.atoms(Random)
    try:
        assert same_at(mean, result)
    except NotRational:  # the brute force integrates quadratic exponents in separate variables only
        assert same_at(mean, result, fixed=SEPARATE)


@settings(max_examples=40, deadline=None)
@given(
    words=st.lists(st.sampled_from(["x", "aᵀx", "xᵀAx", "xᵀx", "bᵀx"]), min_size=1, max_size=3),
    slope=st.sampled_from([a, b, A * b, a + b]),
    seed=st.integers(0, 10**6),
)
def test_random_polynomials_under_a_linear_tilt_agree_with_brute_force(words, slope, seed):
    parts = {"x": None, "aᵀx": dot(a, X), "xᵀAx": form(X, A, X), "xᵀx": dot(X, X), "bᵀx": dot(b, X)}
    number = 1
    for word in words:
        number = number * (parts[word] if parts[word] is not None else 1)
    inside = number * exp(dot(slope, X))
    mean = E(inside * X) if "x" in words else E(inside)
    assert same_at(mean, tilt(mean), str(seed))


def test_a_letter_coupled_with_another_is_averaged_after_it():
    y = gaussian("y", d, cov=Sigma)
    inner = tilt(E(x * y.T * exp(t * dot(x, y))))
    precision = Inverse(Inverse(Sigma) - t**2 * Sigma)
    det = Determinant(Identity(d) - t**2 * Sigma**2)
    assert inner == tidy(t / sqrt(det) * Sigma * precision)
    u, v = tr(z), tr(w)
    assert tilt(E(u * v * exp(t * u * v))) == t / (1 - t**2) ** (sqrt(9) / 2)


def test_a_mean_over_one_letter_leaves_the_other_random():
    y = gaussian("y", d, cov=Sigma)
    assert tilt(E(x * exp(dot(x, y)), x)) == tidy(exp(form(y, Sigma, y) / 2) * Sigma * y)


def test_a_hierarchical_mean_is_averaged_from_the_top():
    y = gaussian("y", d, mean=A * x, cov=Sigma)
    result = tilt(E(exp(dot(a, y)), y, x))
    assert result == exp(normal(form(a, Sigma, a) / 2 + form(a, A * Sigma * A.T, a) / 2))


def test_the_conditions_of_existence_are_stated():
    assert existence(E(exp(t * dot(s, s)))) == (1 - 2 * t > 0,)
    assert existence(E(exp(-(dot(a, x) ** 2)))) == ()
    assert existence(E(exp(dot(a, x)))) == ()
    assert existence(E(exp(form(x, A, x)))) == (Q.positive_definite(tidy(Inverse(Sigma) - A - A.T)),)
    assert And(*existence(E(exp(-form(x, A.T * A, x))))) == And()


@pytest.mark.parametrize(
    ("integrand", "error", "says"),
    [
        (exp(dot(s, s)), DivergentMean, "or faster"),
        (exp(tr(z) ** 2 / 2), DivergentMean, "or faster"),
        (exp(form(x, Inverse(Sigma), x)), DivergentMean, "not positive definite"),
        (exp(dot(a, x) ** 3), NotGaussianCalculus, "degree 3"),
        (exp(sin(dot(a, x))), NotGaussianCalculus, "not a polynomial"),
        (exp(exp(tr(z))), NotGaussianCalculus, "exp"),
        (exp(dot(a, x)) / (1 + dot(a, x)), NotGaussianCalculus, "no rule averages"),
        (exp(tr(Inverse(Y * Y.T))), NotGaussianCalculus, "polynomial"),
        (exp(tr(A * Y * C.T) * tr(Y * C.T)), NotGaussianCalculus, r"tr\(XᵀBX\)"),
    ],
)
def test_hostile_exponents_raise_one_named_error(integrand, error, says):
    with pytest.raises(error, match=says) as caught:
        tilt(E(integrand))
    assert isinstance(caught.value, CalculusError)


def test_a_letter_that_is_not_gaussian_is_refused():
    coin = Random("c", d, 1)
    with pytest.raises(NotGaussianCalculus, match="gaussian"):
        tilt(E(exp(dot(a, coin)), coin))


def test_means_without_an_exponential_are_left_for_other_rules():
    assert tilt(E(x * x.T)) == E(x * x.T)
