"""Functions that torch has not: quantiles of χ² against those of scipy."""

import numpy as np
import pytest
import torch
from scipy.stats import chi2

from workbench.evidence import chi_square


@pytest.mark.parametrize("freedom", [2, 3, 9.5, 40])
def test_a_quantile_of_chi_square_is_that_of_scipy(freedom):
    chance = torch.from_numpy(np.random.default_rng(0).random(10_000))
    expected = chi2(freedom).ppf(chance.numpy())
    found = torch.vmap(lambda each: chi_square(each, torch.tensor(freedom)))(chance)
    assert np.abs(found.numpy() / expected - 1).max() < 2.0**-28  # the accuracy of torch's incomplete Γ
