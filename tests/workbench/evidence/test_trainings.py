"""Trainings: an optimiser says where it came to rest, or that it did not."""

import pytest
import torch

from workbench.evidence import trained
from workbench.evidence.protocols import NotFound


def test_a_loss_with_one_minimum_is_trained_to_it():
    A = torch.tensor([[2.0, 1.0], [1.0, 3.0]], dtype=torch.float64)
    b = torch.tensor([1.0, -2.0], dtype=torch.float64)
    start = torch.zeros(2, dtype=torch.float64)
    found = trained(lambda w: w @ A @ w / 2 - b @ w, start)
    assert (found - torch.linalg.solve(A, b)).abs().max() < 1e-6
    assert not found.requires_grad and torch.equal(start, torch.zeros(2, dtype=torch.float64))


@pytest.mark.parametrize("loss", [lambda w: torch.exp(-w).sum(), lambda w: (w**4).sum()])
def test_a_training_that_is_still_on_its_way_says_nothing(loss):
    with pytest.raises(NotFound, match="has not come to rest after 5 steps"):
        trained(loss, torch.ones(2, dtype=torch.float64), steps=5, change=0)
