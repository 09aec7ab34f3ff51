"""One layer of linear attention on sentences of a skill: the measurements behind `derivations/emergence/losses.py`."""

import torch
from torch.func import grad, hessian

from numerics.emergence.sentences import attention, correlated, spoken
from workbench.evidence import at, experiment, root, trained, witness


def error(lamda, s, R, d, B, W, draw):
    """Squared error on one sentence whose tokens are embedded by B."""
    x = correlated(lamda, R, d, draw)
    y, query, answer = spoken(x, lamda, draw)
    return (s * answer - attention(W, x @ B.T, y, B @ query)) ** 2


def skill_loss(lamda, s, R, B, W, *, draw):
    """Squared error of the layer on one sentence."""
    return error(lamda, s, R, B.shape[1], B, W, draw)


def skill_gradient(lamda, s, R, B, W, *, draw):
    """Autograd through the layer."""
    return grad(lambda weights: skill_loss(lamda, s, R, B, weights, draw=draw))(W)


def language_loss(lamda, rules, p, N, V, *, draw):
    """Squared error on one sentence of each skill, weighted by frequency; skills are basis vectors."""
    axes = torch.eye(len(p))
    errors = [error(lamda, s, torch.eye(N), 1, axis[:, None], V, draw) for s, axis in zip(rules, axes)]
    return torch.dot(p, torch.stack(errors))


@root("G")
def trained_block(lamda, s, R, G, *, draw):
    """The block at which the average gradient vanishes."""
    return skill_gradient(lamda, s, R, torch.eye(len(G)), G, draw=draw)


@witness(trained_block)
@experiment(runs=8)
def block_trained_on_samples(lamda, s, R, G, *, draw):
    """The block of a layer trained by L-BFGS on one data set of sampled sentences."""
    size, d, roots = 4_000, len(G), torch.linalg.cholesky(R)
    x = lamda**0.5 * torch.einsum("nm,bmd->bnd", roots, draw.normal("tokens", size, len(R), d))
    w, query = draw.normal("meanings", size, d), lamda**0.5 * draw.normal("queries", size, d)
    y, answers = torch.einsum("bnd,bd->bn", x, w), s * (w * query).sum(-1)

    def loss(weights):
        return torch.mean((answers - torch.vmap(attention, in_dims=(None, 0, 0, 0))(weights, x, y, query)) ** 2)

    return trained(loss, torch.zeros(d, d))


def skill_curvature(lamda, R, B, W, H, *, draw):
    """Autograd's second derivative of the squared error along H."""
    return hessian(lambda step: skill_loss(lamda, 1.0, R, B, W + step * H, draw=draw))(torch.zeros(()))


@at(G=trained_block)
def floor(lamda, s, R, G, *, draw):
    """Squared error of the layer at the block that training found."""
    return skill_loss(lamda, s, R, torch.eye(len(G)), G, draw=draw)
