"""Hand cases for pca.principal_axes: diagonal covariances, and a line."""

import torch
from flint import fmpq

from derivations.pca import principal_axes as theorem
from numerics.pca.heads import endless_prompt, softmax_answers, softmax_head, trained_softmax
from numerics.pca.landscapes import Landscape, heights, lattice, surveyed
from workbench.exact.instances import as_point
from workbench.exact.values import value

SIGMA = [[4, 0], [0, 1]]


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    found = value(claim.formula, as_point(claim.formula, **letters))
    return found.tolist() if hasattr(found, "tolist") else found


def test_variances_four_and_one_have_their_critical_points_at_a_half_and_at_one():
    found = worth(theorem.critical_points, first=4, second=1, lamda=1)
    half = fmpq(1, 2)
    assert sorted(zip(*found)) == [(-half, 0), (0, -1), (0, 0), (0, 1), (half, 0)]


def test_each_axis_leaves_the_variance_of_the_others():
    left = [worth(theorem.risk_on_axes, d=2, Sigma=SIGMA, alpha=value) for value in (4, 1)]
    assert left == [1, 4]


def test_a_head_trained_where_the_first_variance_is_four_is_half_as_long_as_where_it_is_one():
    assert worth(theorem.trained_length, d=2, Sigma=SIGMA, lamda=1, sigma_1=4) == fmpq(1, 2)
    assert worth(theorem.trained_length, d=1, Sigma=[[1]], lamda=1, sigma_1=1) == 1


def test_adam_turns_a_softmax_head_to_the_first_axis():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    head = trained_softmax(1.0, torch.diag(torch.tensor([1.0, 4.0])), torch.tensor([2.0, 0.1]), torch.randn(200, 32, 2))
    assert head[1].abs() > 20 * head[0].abs()


def test_rest_is_a_maximum_and_the_second_axis_a_saddle_with_one_way_down():
    letters = {"d": 2, "Sigma": SIGMA, "lamda": 1}
    assert [worth(theorem.curvature_at_rest, **letters, alpha=value) for value in (4, 1)] == [-64, -4]
    assert worth(theorem.transverse_curvature, **letters, alpha=4, beta=1) == 6  # 2·1·(4 − 1)
    assert worth(theorem.transverse_curvature, **letters, alpha=1, beta=4) == -24  # 2·4·(1 − 4)


def test_the_slowest_direction_can_be_the_smallest_variance_and_not_the_gap():
    letters = {"d": 3, "Sigma": [[4, 0, 0], [0, 3, 0], [0, 0, fmpq(1, 8)]], "lamda": 1, "alpha": 4}
    gap, tiny = (worth(theorem.transverse_curvature, **letters, beta=value) for value in (3, fmpq(1, 8)))
    assert gap == 6 and tiny == fmpq(31, 32) and tiny < gap


def test_along_an_axis_the_curvature_is_that_of_the_quartic_on_a_line():
    # R(r) = 1 − 2r² + r⁴ at r = 1: R'' = −4 + 12
    assert worth(theorem.radial_curvature, d=1, Sigma=[[1]], lamda=1, alpha=1) == 8
    assert worth(theorem.critical_step, d=1, Sigma=[[1]], lamda=1, sigma_1=1) == fmpq(1, 4)


def test_growth_starts_where_it_starts_and_a_head_on_its_critical_point_stays():
    letters = {"d": 1, "Sigma": [[1]], "lamda": 1, "alpha": 1}
    assert worth(theorem.growth, **letters, start=fmpq(1, 3), time=0) == fmpq(1, 3)
    assert abs(worth(theorem.growth, **letters, start=1, time=5) - 1).contains(0)  # the value is enclosed


def test_a_survey_finds_a_landscape_that_is_known():
    # on a line: R(r) = 1 − 2r² + r⁴, so H = −4 and F = 24
    found = surveyed(heights(lambda mu: 1 - 2 * (mu @ mu) + (mu @ mu) ** 2, 1), 1)
    expected = Landscape(torch.tensor(1.0), torch.tensor([[-4.0]]), torch.full((1, 1, 1, 1), 24.0))
    for part, known in zip(found, expected):
        assert float((part - known).abs().max()) < 1e-12
    assert abs(float(found.minimiser().abs()) - 1) < 1e-12 and lattice(1).tolist() == [[0], [1], [2]]


def test_a_batch_of_answers_is_what_the_head_answers_one_by_one():
    tokens, log_weights = endless_prompt(torch.tensor(SIGMA, dtype=torch.float64), 4)
    mu, x = torch.tensor([1.0, -0.5], dtype=torch.float64), tokens[:5] + 0.1
    singly = torch.stack([softmax_head(mu, 0.7, each, tokens, log_weights) for each in x])
    together = softmax_answers(mu, 0.7, x, tokens, log_weights)
    assert (together - singly).abs().max() < 1e3 * torch.finfo(torch.float64).eps
