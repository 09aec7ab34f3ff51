"""Stationary points against hand cases of in-context regression, masking and Lyapunov equations."""

from functools import reduce

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Identity, Inverse, MatrixSymbol, cancel

from workbench.calculus.critical.iterations import iterate
from workbench.calculus.critical.linear_maps import affine_map, expression_of, words
from workbench.calculus.critical.stationary import (
    along_eigenvectors,
    check_stationary_point,
    stationary_point,
)
from workbench.calculus.errors import CalculusError, NoClosedForm, NotAffine
from workbench.calculus.points import is_null, points
from workbench.exact.rings import identity
from workbench.exact.values import evaluate
from workbench.language.letters import count, dot, eigenvalue, matrix, positive, scalar, size, spd, tr, vector

d, N, sigma = size("d"), count("N"), scalar("sigma")
Lambda, C, Gamma = spd("Lambda", d), spd("C", d), spd("Gamma", d)
U, A, B, H = (matrix(name, d, d) for name in "UABH")
w, b = vector("w", d), vector("b", d)
alpha, beta = eigenvalue("alpha", Lambda), eigenvalue("beta", Lambda)
I = Identity(d)


def context_gradient(unknown):
    """∇R of one linear-attention layer, x ~ N(0, Λ), w ~ N(0, I) (Zhang, Frei, Bartlett 2024)."""
    return 2 * ((1 + 1 / N) * Lambda**2 + tr(Lambda) / N * Lambda) * unknown * Lambda - 2 * Lambda**2


def check_along_eigenvectors(action, direction, eigenvalues, factor, seeds=3):
    """Whether the action stretches a matrix unit by `factor` when the letters are diagonal over ℚ."""
    same = all(a == b for a, b in eigenvalues.values())
    for point in points([action, factor, *eigenvalues], "along", seeds):
        rows, columns = evaluate(direction, point).shape
        place = (0, 0 if same else columns - 1)
        unit = np.full((rows, columns), fmpq(0), dtype=object)
        unit[place] = fmpq(1)
        for index, (letter, pair) in enumerate(eigenvalues.items()):
            spectrum = [fmpq(3 + 2 * k + index * (k + 1), 7) for k in range(len(evaluate(letter, point)))]
            point[letter] = identity(len(spectrum)) * np.array(spectrum, dtype=object)
            point |= {value: spectrum[k] for value, k in zip(pair, place) if value.is_Symbol}
        point[direction] = unit
        if not is_null(evaluate(action, point) - evaluate(factor, point) * unit):
            return False
    return True


def equal(one, other):
    """Equality over ℚ at instances of several sizes."""
    return all((evaluate(one, p) == evaluate(other, p)).all() for p in points([one, other], "equal", 4))


def test_the_in_context_fixed_point_is_the_inverse_of_gamma():
    found = stationary_point(context_gradient(U), U)
    assert found == Inverse((1 + 1 / N) * Lambda + tr(Lambda) / N * I)


@pytest.mark.parametrize(
    "wrong",
    [
        Inverse((1 + 1 / N) * Lambda),
        Inverse((1 - 1 / N) * Lambda + tr(Lambda) / N * I),
        Inverse((1 + 1 / N) * Lambda + tr(Lambda) / N * I) * Lambda,
        Inverse(Lambda),
    ],
)
def test_a_careless_in_context_fixed_point_is_refused(wrong):
    assert not check_stationary_point(context_gradient(U), U, wrong)


def test_a_task_covariance_that_does_not_commute_gives_the_word_m_inverse_lambda_c():
    M = (1 + 1 / N) * Lambda * C * Lambda + (tr(Lambda * C) + sigma**2) / N * Lambda
    found = stationary_point(2 * (M * U * Lambda - Lambda * C * Lambda), U)
    assert equal(found, Inverse(M) * Lambda * C)
    assert equal(found, C * Lambda * Inverse(M))  # the push-through identity
    assert not equal(found, Inverse(M) * C * Lambda)


def test_a_transposed_unknown_gives_the_transposed_solution():
    found = stationary_point(A * U.T * Lambda - B, U)
    assert equal(found, (Inverse(A) * B * Inverse(Lambda)).T)


def test_a_masked_imputer_solves_its_normal_equations():
    """Minimiser W = Σ (qΣ + pD)⁻¹ of the all-entry loss."""
    q, p = scalar("q"), scalar("p")
    found = stationary_point(2 * q * (U * (q * Lambda + p * C) - Lambda), U)
    assert equal(found, Lambda * Inverse(q * Lambda + p * C))


def test_a_vector_unknown_and_its_scalar_product_are_read_as_one_product():
    assert equal(stationary_point(b * dot(w, b) + A * w - b, w), Inverse(A + b * b.T) * b)
    assert equal(stationary_point(2 * A * w - 3 * b, w), 3 * Inverse(2 * A) * b)


def test_a_lyapunov_equation_in_one_letter_is_solved_per_pair_of_eigenvalues():
    found = stationary_point(Lambda * U + U * Lambda + U - Lambda**3, U)
    assert equal(found, Inverse(2 * Lambda + I) * Lambda**3)


def test_an_inverse_in_the_gradient_is_an_ordinary_factor():
    found = stationary_point(Inverse(A) * U - B, U)
    assert equal(found, A * B)


def test_the_hessian_of_the_in_context_risk_is_two_lambda_tensor_m():
    """Hessian 2Λ⊗M: 2 m(α) β along e_α e_βᵀ."""
    action = context_gradient(H) + 2 * Lambda**2
    factor = along_eigenvectors(action, H, {Lambda: (alpha, beta)})
    assert cancel(factor - 2 * beta * ((1 + 1 / N) * alpha**2 + tr(Lambda) / N * alpha)) == 0
    assert check_along_eigenvectors(action, H, {Lambda: (alpha, beta)}, factor)
    swapped = factor.subs({alpha: beta, beta: alpha}, simultaneous=True)
    assert not check_along_eigenvectors(action, H, {Lambda: (alpha, beta)}, swapped)


def test_inverses_act_by_the_inverse_eigenvalue():
    factor = along_eigenvectors(Inverse(Lambda + I) * H * Lambda, H, {Lambda: (alpha, beta)})
    assert cancel(factor - beta / (1 + alpha)) == 0


def test_one_eigenvector_sees_the_transpose_as_itself():
    factor = along_eigenvectors(Lambda * H + Lambda * H.T, H, {Lambda: (alpha, alpha)})
    assert factor == 2 * alpha
    assert check_along_eigenvectors(Lambda * H + Lambda * H.T, H, {Lambda: (alpha, alpha)}, factor)


def test_commuting_letters_each_bring_their_eigenvalue():
    gamma, delta = eigenvalue("gamma", C), eigenvalue("delta", C)
    spectrum = {Lambda: (alpha, beta), C: (gamma, delta)}
    action = Lambda * C * H * Lambda + tr(C) * H * C
    factor = along_eigenvectors(action, H, spectrum)
    assert cancel(factor - alpha * gamma * beta - tr(C) * delta) == 0
    assert check_along_eigenvectors(action, H, spectrum, factor)


@pytest.mark.parametrize(
    ("gradient", "error"),
    [
        (Lambda * U + U * Lambda - B, NoClosedForm),
        (A * U + U.T * B - C, NoClosedForm),
        (U * U - B, NotAffine),
        (tr(U) * Lambda - B, NotAffine),
        (A - B, NotAffine),
        (tr(U * A), NotAffine),
        (A * U - A * U, NotAffine),
        (Lambda * U - U * Lambda - Lambda, NoClosedForm),
        (Lambda * U + U.T * Lambda - 2 * Lambda, NoClosedForm),
        (b * b.T * U - B, NoClosedForm),
        (Inverse(U) - B, NotAffine),
    ],
)
def test_a_gradient_without_closed_solution_is_refused_by_name(gradient, error):
    with pytest.raises(error):
        stationary_point(gradient, U)


def test_a_plain_matrix_symbol_is_refused_because_nothing_can_be_drawn_for_it():
    X = MatrixSymbol("X", d, d)
    with pytest.raises(CalculusError, match="declare it"):
        stationary_point(X * U - B, U)


@pytest.mark.parametrize(
    ("action", "eigenvalues"),
    [
        (A * H, {Lambda: (alpha, beta)}),
        (A * H, {A: (alpha, beta)}),
        (Lambda * H + Lambda, {Lambda: (alpha, beta)}),
        (Lambda * H.T, {Lambda: (alpha, beta)}),
        (H * H, {Lambda: (alpha, beta)}),
    ],
)
def test_an_action_without_eigen_directions_is_refused(action, eigenvalues):
    with pytest.raises(NotAffine):
        along_eigenvectors(action, H, eigenvalues)


coefficients = st.integers(-4, 4).filter(bool)
factor_lists = st.lists(st.sampled_from([A, Lambda, A.T, C]), max_size=3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(coefficients, factor_lists), min_size=1, max_size=3), factor_lists, factor_lists)
def test_whatever_factors_is_solved(left, right, target):
    def product(letters):
        return reduce(lambda x, y: x * y, letters, I)

    M = reduce(lambda x, y: x + y, (c * product(letters) for c, letters in left))
    if not words(M):
        return
    gradient = 3 * M * U * product(right) / 2 - B * product(target)
    try:
        found = stationary_point(gradient, U)
    except NoClosedForm as refusal:
        assert "exists at no instance" in str(refusal)  # M happens to be singular, for instance A − A + 0
        return
    assert check_stationary_point(gradient, U, found, seeds=2)
    assert not check_stationary_point(gradient, U, found + I, seeds=2)


def test_a_rectangular_letter_is_never_cancelled():
    # B FΛFᵀ = ΛFᵀ does not give B FΛ = Λ: Fᵀ has no inverse, and the best decoder is ΛFᵀ(FΛFᵀ)⁻¹.
    m = size("m")
    F, B = matrix("F", m, d), matrix("B", d, m)
    found = stationary_point(2 * B * F * Lambda * F.T - 2 * Lambda * F.T, B)
    assert found == Lambda * F.T * Inverse(F * Lambda * F.T)


def test_a_step_repeated_is_a_power_beside_the_fixed_point():
    # From zero, w ← w + (b − Λw)/2 is Λ⁻¹b − (I − Λ/2)ᴺ Λ⁻¹b after N steps.
    found = iterate(w + (b - Lambda * w) / 2, w, N, 0 * b)
    assert equal(found, Inverse(Lambda) * b - (I - Lambda / 2) ** N * Inverse(Lambda) * b)
    with pytest.raises(NotAffine, match="from the left only"):
        iterate(A * U * B + C, U, N, C)


def test_a_number_is_iterated_around_its_fixed_point():
    start, halved = positive("start"), positive("halved")
    found = iterate(halved / 2 + 1, halved, N, start)
    assert found.subs({start: 10, N: 3}) == 3  # 10 → 6 → 4 → 3
    with pytest.raises(NotAffine, match="is no step"):
        iterate(halved**2, halved, N, start)
    with pytest.raises(NotAffine, match="adds the same"):
        iterate(halved + 1, halved, N, start)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(coefficients, st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=4))
def test_every_eigen_direction_is_stretched_by_its_factor(terms):
    action = reduce(lambda x, y: x + y, (c * Lambda**i * H * Lambda**j for c, i, j in terms))
    if not affine_map(action, H).terms:
        return
    factor = along_eigenvectors(action, H, {Lambda: (alpha, beta)})
    assert check_along_eigenvectors(action, H, {Lambda: (alpha, beta)}, factor, seeds=1)
    assert not check_along_eigenvectors(action, H, {Lambda: (alpha, beta)}, factor + 1, seeds=1)


def test_words_are_read_and_written_without_loss():
    text = 2 * A * (Lambda + B.T) ** 2 * Inverse(A) - tr(A) * I
    assert equal(expression_of(words(text), d, d), text)
