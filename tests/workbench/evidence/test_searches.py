"""Searches: worst cases, minimisers and onsets, on examples with known answers."""

import numpy as np
import pytest
import torch

from workbench.evidence import bracket, crossing, descent, largest, measure, root, smallest
from workbench.evidence.ladder import EXACT, QUASI, REPEATED
from workbench.evidence.protocols import NotFound

SIGMA = torch.tensor([[2.0, 0.5], [0.5, 1.0]], dtype=torch.float64)
X = torch.tensor([0.3, -0.8], dtype=torch.float64)


def near(estimate, truth):
    return bool((np.abs(estimate.value - truth) <= 6 * estimate.error + estimate.bound).all())


def quotient(Sigma, x, draw):
    """The squared projection of a Gaussian vector on the direction of x."""
    z = torch.linalg.cholesky(Sigma) @ draw.normal("z", len(x))
    return (z @ x) ** 2 / (x @ x)


def test_the_worst_case_of_a_quadratic_form_is_its_largest_eigenvalue():
    @largest("x")
    def above(Sigma, x, *, draw):
        return quotient(Sigma, x, draw)

    @smallest("x")
    def below(Sigma, x, *, draw):
        return quotient(Sigma, x, draw)

    low, high = np.linalg.eigvalsh(SIGMA.numpy())
    upper, lower = (measure(twin, {"Sigma": SIGMA, "x": X}) for twin in (above, below))
    assert upper.rung == EXACT and near(upper, high) and near(lower, low)
    assert max(upper.bound.max(), lower.bound.max()) < 1e-8
    assert not near(upper, high * (1 + 1e-6)) and not near(upper, high * (1 - 1e-6))


def test_many_starts_find_the_higher_of_two_hills():
    @largest("t")
    def hills(t, *, draw):
        t = torch.as_tensor(t)
        return draw.normal("z") ** 2 * (torch.exp(-((t - 2) ** 2)) + 2 * torch.exp(-((t + 2) ** 2)))

    assert 2 < measure(hills, {"t": 2.1}).value < 2.1


def test_a_worst_case_that_does_not_exist_is_not_found():
    @largest("t")
    def unbounded(t, *, draw):
        return t**2 * draw.normal("z") ** 2

    with pytest.raises(NotFound, match="no descent in t came to an end"):
        measure(unbounded, {"t": 0.3})


def test_an_extreme_of_samples_has_an_error_bar():
    @smallest("t")
    def distance(t, *, draw):
        return (draw.uniform("u").exp() - t) ** 2

    # the variance of exp(u): (e² − 1)/2 − (e − 1)²
    estimate = measure(distance, {"t": 0.0}, samples=2**12)
    assert estimate.rung == QUASI and near(estimate, (np.e**2 - 1) / 2 - (np.e - 1) ** 2) and estimate.error > 0


def test_descent_ends_where_the_gradient_vanishes():
    def loss(Sigma, x, draw):
        z = torch.linalg.cholesky(Sigma) @ draw.normal("z", 2)
        return (1 - x @ z * z[0]) ** 2 + (z[1] - x @ z) ** 2

    @descent("x")
    def by_descent(Sigma, x, *, draw):
        return loss(Sigma, x, draw)

    @root("x")
    def by_newton(Sigma, x, *, draw):
        return torch.func.grad(lambda x: loss(Sigma, x, draw))(x)

    down, level = (measure(twin, {"Sigma": SIGMA, "x": X}) for twin in (by_descent, by_newton))
    assert down.rung == EXACT and near(down, level.value) and down.bound.max() < 1e-9


def test_descent_into_two_equal_valleys_is_not_called_one():
    @descent("t")
    def valleys(t, *, draw):
        return (t**2 - 1) ** 2 * draw.normal("z") ** 2

    with pytest.raises(NotFound, match="several places"):
        measure(valleys, {"t": 0.4})


def test_descent_along_a_flat_valley_is_not_called_a_point():
    @descent("x")
    def flat(x, *, draw):
        return (x.sum() - draw.normal("z")) ** 2

    with pytest.raises(NotFound, match=r"several places|not isolated"):
        measure(flat, {"x": X})


def test_an_eigenvalue_of_a_mean_crosses_zero():
    @crossing("t", 0.1, 5, of=lambda matrix: torch.linalg.eigvalsh(matrix)[0])
    def pencil(Sigma, t, *, draw):
        z = torch.linalg.cholesky(Sigma) @ draw.normal("z", 2)
        return torch.outer(z, z) - t * torch.eye(2)

    assert near(measure(pencil, {"Sigma": SIGMA, "t": 1.0}), np.linalg.eigvalsh(SIGMA.numpy())[0])


def test_a_root_of_a_function_of_means():
    @root("t", of=lambda square, mean: square - mean**2)
    def spread(t, *, draw):
        z = draw.normal("z") + 3
        return z**2, z + t  # 10 − (3 + t)²

    assert near(measure(spread, {"t": 0.5}), np.sqrt(10) - 3)


def test_a_whole_crossing_of_a_curve_that_is_no_cubic_is_doubted():
    @crossing("M", 1, 40, whole=True)
    def curve(c, M, *, draw):
        return draw.normal("z") ** 2 * np.exp(-M / 3) - c

    truth = -3 * np.log(0.2)
    estimate = measure(curve, {"c": 0.2, "M": 4})
    assert near(estimate, truth) and 1e-6 < estimate.bound.max() < 0.5


def test_an_onset_is_bracketed_by_runs():
    @bracket("eta", 0.1, 4, runs=5)
    def growth(h, eta, *, draw):
        error = draw.normal("start")
        for _ in range(200):
            error = error * (1 - eta * h)
        return error.abs() - draw.normal("start").abs()

    # descent on a parabola of curvature h diverges beyond 2/h
    estimate = measure(growth, {"h": 0.8, "eta": 1.0})
    assert estimate.rung == REPEATED and estimate.samples == 5
    assert near(estimate, 2.5) and 3.9 / 2**14 < estimate.bound < 3.9 / 2**12


def test_runs_that_never_change_sign_have_no_onset():
    @bracket("eta", 0.1, 1)
    def calm(eta, *, draw):
        return -eta - draw.uniform("u")

    with pytest.raises(NotFound, match="no run changes sign for eta"):
        measure(calm, {"eta": 0.5})
