"""Many skills in one head: the measurement behind `derivations/emergence/capacities.py`."""

import numpy as np
import torch


def rules_held(D, *, draw):
    """The rank of the gains of many random skills, as linear functions of the weights of a head."""
    e = torch.from_numpy(np.random.default_rng(D).standard_normal((4 * D * D, D)))
    return torch.linalg.matrix_rank(torch.einsum("ki,kj->kij", e, e).flatten(1)).double()
