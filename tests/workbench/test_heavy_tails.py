"""Heavy tails: what cannot be averaged is left open or measured another way, and never confidently wrong."""

from collections import Counter
from math import exp, factorial

import numpy as np
import pytest
import torch

from workbench.evidence import measure
from workbench.evidence.ladder import QUASI
from workbench.judge import HEAVY, STANDARDS, decide, look

QUICK = STANDARDS["quick"]
SEEDS = 20


def eighth(*, draw):
    return draw.normal("z", 6).sum() ** 8


def fourth_of_many(*, draw):
    return (draw.normal("z", 6) ** 4).prod()


def lognormal(*, draw):
    return torch.exp(draw.normal("z", 6).sum())


EXAMPLES = [
    (eighth, 6**4 * factorial(8) / (2**4 * factorial(4))),
    (fourth_of_many, 3.0**6),
    (lognormal, exp(3)),
]


def verdict(claimed, twin, seed):
    """What two looks by sampling alone say of a number."""
    looks = [measure(twin, {}, seed=f"{seed}/{k}", samples=2**11, chance=True) for k in range(2)]
    assert looks[0].rung == QUASI
    found = [look(np.array([claimed]), one, QUICK) for one in looks]
    return decide(*found, QUICK, heavy=max(one.tail for one in looks) > HEAVY)[0]


@pytest.mark.parametrize(("twin", "truth"), EXAMPLES, ids=[twin.__name__ for twin, _ in EXAMPLES])
def test_sampling_alone_is_never_confidently_wrong(twin, truth):
    right = Counter(verdict(truth, twin, seed) for seed in range(SEEDS))
    wrong = Counter(verdict(1.2 * truth, twin, seed) for seed in range(SEEDS))
    assert right["refuted"] == 0 and wrong["supported"] == 0, (right, wrong)
