"""The second look at a sampled twin is as large as the first one had to be, and of other samples."""

import numpy as np
import torch

from workbench.evidence.ladder import QUASI
from workbench.judging.confrontation import looks
from workbench.judging.judge import STANDARDS


def far_out(*, draw):
    """How far the largest of eight numbers stands out: too many kinks for a rung without chance."""
    return torch.relu(draw.normal("z", 8).max() - 2)


def test_the_second_look_takes_as_many_samples_as_the_first_and_others():
    (first,), (second,) = looks([far_out], {}, np.array([0.03]), STANDARDS["quick"], "two looks")
    fewest = STANDARDS["quick"].samples[0]
    assert first.rung == second.rung == QUASI and second.samples >= first.samples > fewest
    assert first.value != second.value
