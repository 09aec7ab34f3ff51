"""Many skills in one head: the measurements behind `derivations/emergence/capacities.py`."""

import numpy as np
import torch

from numerics.acquisition.directions import divisions, share
from workbench.evidence import crossing


def rules_held(D, *, draw):
    """The rank of the gains of many random skills, as linear functions of the weights of a head."""
    e = np.random.default_rng(D).standard_normal((4 * D * D, D))
    return torch.linalg.matrix_rank(torch.from_numpy(gains(e))).double()


def gains(e):
    """The gain eᵀWe of each skill (a row of e) as a linear function of the D² weights."""
    return np.einsum("ki,kj->kij", e, e).reshape(len(e), -1)


@crossing("K", 2, 14, whole=True)
def signs_held(K, D, *, draw):
    """The logarithm of twice the share of signs that some head gives K skills: all, where gains are independent."""
    K, skills = int(K), np.random.default_rng([int(K), int(D)]).standard_normal((int(K), int(D)))
    functions = gains(skills)
    rank = np.linalg.matrix_rank(functions)
    if rank == K:
        return torch.log(torch.tensor(2.0))
    coordinates = np.linalg.svd(functions, full_matrices=False)[0][:, :rank]
    return torch.log(2 * share(divisions(coordinates), K))
