"""Hand cases for pca.infinite_prompt: what one can do on paper, compared exactly."""

import torch
from flint import fmpq

from derivations.pca import infinite_prompt as theorem
from numerics.pca.heads import endless_prompt, linear_head, softmax_head, softmax_risk
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

PLANE = {"d": 2, "Sigma": [[2, 0], [0, 1]]}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    found = evaluate(claim.formula, as_point(claim.formula, **letters))
    return found.tolist() if hasattr(found, "tolist") else found


def test_on_a_line_the_head_multiplies_by_strength_variance_and_the_square_of_its_vector():
    for claim in (theorem.output, theorem.linear_output):
        assert worth(claim, d=1, Sigma=[[3]], lamda=2, mu=[[5]], x=[[7]]) == [[2 * 3 * 25 * 7]]


def test_on_a_line_the_risk_is_the_variance_times_the_square_of_what_is_missing():
    # E (x − λσ²μ² x)² = σ² (1 − λσ²μ²)² = 3 (1 − 3/4)²
    assert worth(theorem.risk, d=1, Sigma=[[3]], lamda=1, mu=[[fmpq(1, 2)]]) == fmpq(3, 16)


def test_at_rest_nothing_is_returned_and_the_whole_variance_is_missing():
    assert worth(theorem.risk, **PLANE, lamda=1, mu=[[0], [0]]) == 3
    assert worth(theorem.risk_gradient, **PLANE, lamda=1, mu=[[0], [0]]) == [[0], [0]]


def test_in_the_plane_the_gradient_is_the_one_done_by_hand():
    # a = 3, b = 5: −4 (4, 1) + 2 (3 (4, 1) + 5 (2, 1)) = (28, 12)
    assert worth(theorem.risk_gradient, **PLANE, lamda=1, mu=[[1], [1]]) == [[28], [12]]


def test_white_tokens_make_the_autoencoder_lose_what_a_unit_projection_leaves():
    for d in (1, 2, 5):
        letters = {"d": d, "S": [[int(i == j) for j in range(d)] for i in range(d)], "lamda": 4}
        assert worth(theorem.autoencoder, **letters, mu=[[fmpq(1, 2)]] + [[0]] * (d - 1)) == d - 1


def test_the_head_harms_above_twice_the_strength_that_is_best_for_it():
    assert worth(theorem.critical_strength, **PLANE, mu=[[1], [1]]) == fmpq(2, 3)
    assert worth(theorem.risk, **PLANE, lamda=fmpq(2, 3), mu=[[1], [1]]) == 3


def test_two_tokens_through_the_torch_heads_are_weighed_as_on_paper():
    tokens, mu = torch.tensor([[1.0, 2.0], [3.0, -1.0]]), torch.tensor([1.0, 1.0])
    # scores 3·3 and 3·2: 9 (1, 2) + 6 (3, −1)
    assert torch.equal(linear_head(mu, 1.0, tokens[0], tokens), torch.tensor([27.0, 12.0]))
    assert torch.equal(softmax_head(mu, 0.0, tokens[0], tokens), torch.tensor([2.0, 0.5]))


def test_the_frequencies_of_an_endless_prompt_are_those_of_its_law():
    tokens, logs = endless_prompt(torch.diag(torch.tensor([4.0, 1.0], dtype=torch.float64)))
    mass = torch.exp(logs)
    assert len(tokens) == 900 and abs(float(mass.sum()) - 1) < 1e-12
    assert abs(float(mass @ tokens[:, 0] ** 2) - 4) < 1e-12 and abs(float(mass @ tokens[:, 1] ** 4) - 3) < 1e-12


def test_on_a_grid_of_tokens_a_silent_head_leaves_the_trace_and_a_quiet_one_less():
    torch.set_default_dtype(torch.float64)
    Sigma = torch.diag(torch.tensor([4.0, 1.0]))
    assert abs(float(softmax_risk(torch.zeros(2), 1.0, Sigma)) - 5) < 1e-12
    quiet = torch.tensor([0.25, 0.0])  # 5 − 2·1 + (1/4)·1
    assert abs(float(softmax_risk(quiet, 1.0, Sigma)) - 3.25) < 1e-12
