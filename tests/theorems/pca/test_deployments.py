"""Hand cases for pca.deployments: prompts that are like the training, wider, or turned."""

import torch
from flint import fmpq

from derivations.pca import deployments as theorem
from numerics.pca.deployments import learned
from workbench.exact.instances import as_point
from workbench.exact.values import value

V = [[1], [0]]


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    found = value(claim.formula, as_point(claim.formula, d=2, v=V, **letters))
    return found.tolist() if hasattr(found, "tolist") else found


def test_on_its_own_prompts_the_head_returns_the_first_component_and_leaves_the_second():
    own = {"Omega": [[4, 0], [0, 1]], "sigma": 4}
    assert worth(theorem.returned, **own) == [[4, 0], [0, 0]]
    assert worth(theorem.risk, **own) == 1


def test_on_prompts_twice_as_wide_it_is_worth_nothing():
    # a = 8, b = 64: 10 − 2·64/4 + 8·64/16 = 10
    assert worth(theorem.risk, Omega=[[8, 0], [0, 2]], sigma=4) == 10
    assert worth(theorem.harmful_scale, Omega=[[4, 0], [0, 1]], sigma=4) == 2


def test_it_returns_what_correlates_with_its_axis():
    # Ωv = (2, 1), a = 2, σ = 1
    assert worth(theorem.returned, Omega=[[2, 1], [1, 3]], sigma=1) == [[8, 4], [4, 2]]
    assert worth(theorem.harmful_scale, Omega=[[2, 1], [1, 3]], sigma=fmpq(1, 2)) == fmpq(1, 2)


def test_the_head_learned_where_the_variance_is_four_is_a_half_long():
    torch.set_default_dtype(torch.float64)
    assert (learned(torch.tensor([1.0, 0.0]), 4.0)[:, 0] - torch.tensor([0.5, 0.0])).abs().max() < 1e-12
