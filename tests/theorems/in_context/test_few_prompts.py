"""Hand cases for in_context.few_prompts: one prompt of each task in few dimensions."""

from pathlib import Path

import torch
from flint import fmpq

from numerics.in_context.few_prompts import error, least_norm
from workbench.catalogue import Catalogue, member
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HERE = Catalogue((Path(__file__).resolve().parents[3],))


def value(name, **letters):
    formula = member(HERE.claim(f"in_context.few_prompts.{name}"), "derivations").formula
    return evaluate(formula, as_point(formula, **letters))


def test_one_prompt_in_four_dimensions_shows_a_quarter_and_learns_half_of_its_noise():
    # E 1/|x|² = 1/(d − 2) for one input x ~ N(0, I)
    assert value("noise_of_few", d=4, n=1, sigma=1) == fmpq(1, 2)
    assert value("risk_of_few", d=4, n=1, sigma=1) == fmpq(3, 4) + fmpq(1, 2)


def test_on_a_line_many_prompts_average_their_noise():
    # E 1/χ²_n = 1/(n − 2)
    assert value("risk_of_many", d=1, n=6, sigma=2) == 1


def test_weights_of_least_norm_fit_few_labels_and_lie_among_their_inputs():
    inputs = torch.tensor([[3.0, 4.0, 0.0]], dtype=torch.float64)
    learned = least_norm(inputs, torch.tensor([[10.0]], dtype=torch.float64))
    assert torch.linalg.norm(learned - torch.tensor([[1.2], [1.6], [0.0]], dtype=torch.float64)) < 2**-40


def test_without_noise_what_was_not_shown_is_missed():
    inputs = torch.tensor([[1.0, 0.0], [2.0, 0.0]], dtype=torch.float64)
    assert abs(float(error(inputs, 0.0, torch.tensor([0.6, 0.8], dtype=torch.float64))) - 0.64) < 2**-40
