"""One head for all skills: the measurements behind `derivations/emergence/shared_heads.py`."""

import torch
from torch.func import grad

from numerics.emergence.losses import error


def shared_loss(lamda, rules, p, N, v, u, *, draw):
    """Squared error on one sentence of each skill, weighted by frequency: the head is v diag(u)."""
    axes = torch.eye(len(p))
    head = v * torch.diag(u)
    errors = [error(lamda, rho, torch.eye(N), 1, axis[:, None], head, draw) for rho, axis in zip(rules, axes)]
    return torch.dot(p, torch.stack(errors))


def read_out_gradient(lamda, rules, p, N, v, u, *, draw):
    """Autograd in the read-out."""
    return grad(lambda read_out: shared_loss(lamda, rules, p, N, read_out, u, draw=draw))(torch.as_tensor(v))


def key_gradient(lamda, rules, p, N, v, u, *, draw):
    """Autograd in the key–query weights."""
    return grad(lambda keys: shared_loss(lamda, rules, p, N, v, keys, draw=draw))(u)
