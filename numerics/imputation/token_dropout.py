"""Softmax over tokens of which some are missing: the measurements behind `derivations/imputation/token_dropout.py`.

Softmax over an endless context is the ratio of two means over one token. Whether it is missing is averaged exactly.
"""

import torch

from numerics.imputation.imputers import sample
from workbench.evidence import crossing, ratio


def attended(Sigma, w, p, draw):
    """Value and weight of one token of the context, and of the same token if none were missing."""
    x = sample(Sigma, draw)
    weight = torch.exp(w @ x)
    return (1 - p) * weight * x, p + (1 - p) * weight, weight * x, weight


@ratio
def answer(Sigma, w, p, *, draw):
    """Value and weight of one token that may be missing."""
    return attended(Sigma, w, p, draw)[:2]


@crossing("a", 0.02, 6, of=lambda value, mass, whole, all_seen: value / mass - whole / all_seen / 2)
def half_length(Sigma, f, p, a, *, draw):
    """The same and without holes, along the query."""
    value, mass, whole, all_seen = attended(Sigma, a * f, p, draw)
    return f @ value, mass, f @ whole, all_seen
