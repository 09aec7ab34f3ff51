"""A layer trained on entries hidden on purpose: the measurements behind `derivations/imputation/remasking.py`."""

import torch

from numerics.imputation.imputers import sample


def risk(Sigma, p, r, W, *, draw):
    """Squared error on what the second mask hides, for one vector and one draw of both masks."""
    x = sample(Sigma, draw)
    seen = draw.bernoulli("observed", 1 - p, len(x))
    kept = draw.bernoulli("kept", 1 - r, len(x))
    return torch.sum(seen * (1 - kept) * (x - W @ (seen * kept * x)) ** 2)
