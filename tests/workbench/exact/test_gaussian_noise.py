"""Gaussian letters in noise are made once for each mean and covariance, and never for another one."""

import numpy as np
import pytest
from flint import fmpq, fmpq_mpoly_ctx
from sympy import Identity

from workbench import E, dot, gaussian, matrix, size, spd, tr
from workbench.exact.gaussians import gaussian_entries, in_noise
from workbench.exact.instances import as_point
from workbench.exact.noise import PLAIN, Noise
from workbench.exact.values import evaluate

d, N = size("d"), size("N")
M, Sigma, C = matrix("M", d, N), spd("Sigma", d), spd("C", N)
X = gaussian("X", d, N, mean=M, cov=Sigma, token_cov=C)
SECOND = E(tr(X * X.T), X)
USUAL = {"d": 1, "N": 1, "M": [[3]], "Sigma": [[2]], "C": [[5]]}


@pytest.mark.parametrize(
    ("letter", "value", "found"), [("M", 4, 26), ("Sigma", 3, 24), ("C", 6, 21)], ids=["mean", "rows", "columns"]
)
def test_a_letter_with_another_mean_or_covariance_is_made_anew(letter, value, found):
    assert evaluate(SECOND, as_point(SECOND, **USUAL)) == 19  # 3² + 2·5
    assert evaluate(SECOND, as_point(SECOND, **{**USUAL, letter: [[value]]})) == found


def test_two_letters_of_one_law_are_independent():
    x, y = (gaussian(name, d, cov=Sigma) for name in "xy")
    inside = E(dot(x, y) ** 2, x, y)
    assert evaluate(inside, as_point(inside, d=1, Sigma=[[2]])) == 4  # not 3 · 4, as if they were one


def test_whoever_changes_the_entries_changes_them_for_nobody_else():
    x = gaussian("x", d, cov=Identity(d))
    context = fmpq_mpoly_ctx.get(("z0",), "degrevlex")
    first, again = (gaussian_entries(x, np.array([[0]]), [None], context, {d: fmpq(1)}) for _ in range(2))
    first[0, 0] = Noise({})
    assert again[0, 0].terms == {PLAIN: context.gens()[0]}
    assert gaussian_entries(x, np.array([[0]]), [None], context, {d: fmpq(1)})[0, 0].terms == again[0, 0].terms


def test_the_variances_are_noted_at_the_places_of_the_letter():
    x, y = gaussian("x", d, cov=Sigma), gaussian("y", d, cov=3 * Sigma)
    point = as_point(E(dot(x, y), x, y), d=1, Sigma=[[2]])
    assert in_noise([x, y], point)[1] == [2, 6] and in_noise([y, x], point)[1] == [6, 2]
