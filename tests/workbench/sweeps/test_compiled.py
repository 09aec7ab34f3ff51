"""A compiled closed form is the claim's, at once for many points, and has derivatives."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from derivations.in_context import one_layer
from derivations.pca import principal_axes, spikes
from derivations.single_location import readouts, reduced_flow
from workbench.errors import BadInput

ROUNDING = 1e-13  # of some dozens of operations on numbers of size one
C, LAMBDA = np.array([[1, 0.3], [0.3, 2]]), np.array([[1, 0.2], [0.2, 2]])


@given(theta=some.floats(1, 9), d=some.integers(1, 30), n=some.integers(31, 90))
@settings(max_examples=30)
def test_it_is_worth_what_the_claim_is(theta, d, n):
    fast, exact = spikes.outlier.compiled()(theta=theta, d=d, n=n), spikes.outlier(theta=theta, d=d, n=n)
    assert abs(float(fast) - exact) <= ROUNDING * exact


def test_matrices_vectors_and_sizes_are_taken_in_the_shapes_declared():
    prompt = {"N": 5, "sigma": 0.5, "C": C, "Lambda": LAMBDA}
    fast, exact = one_layer.context_moment.compiled()(**prompt), one_layer.context_moment(**prompt)
    assert abs(fast.numpy() - exact).max() <= ROUNDING * abs(exact).max()


def test_arrays_of_numbers_give_arrays_and_functions_like_erf_are_torchs():
    kappas = np.linspace(-0.9, 0.9, 500)
    letters = {"lam": 0.7, "gamma": 1.3, "s": 0.9}
    fast = reduced_flow.waiting_key.compiled()(kappa=kappas, **letters)
    assert fast.shape == (500,)
    assert abs(float(fast[17]) - reduced_flow.waiting_key(kappa=kappas[17], **letters)) <= ROUNDING


def test_its_derivatives_are_those_of_the_theorem():
    gamma = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(readouts.linear_readout.compiled()(gamma=gamma, L=4), gamma)
    assert abs(float(slope) - 2 * 1.5 * 3 / (1.5**2 + 3) ** 2) <= ROUNDING


def test_a_missing_letter_and_an_unknown_one_are_named():
    with pytest.raises(BadInput, match="needs a value of n, given by name: n="):
        spikes.outlier.compiled()(theta=2, d=10)
    with pytest.raises(BadInput, match="has no letter nu"):
        principal_axes.critical_step.compiled()(nu=1)
