"""Layers of linear attention as an iteration: the measurements behind `derivations/imputation/depth.py`.

`critical_step` looks at the layer under every mask that hides an entry; `trained_step` trains it on sampled data
with holes.
"""

import torch
from torch.func import grad, jacrev

from numerics.imputation.imputers import masks, over_masks, sample, samples
from workbench.evidence import crossing, experiment, root, trained, witness


def layer(a, y, F, Sigma, eta):
    """One layer: the state moves by η times what the read-out misses of the data."""
    return a + eta * (y - F @ (Sigma @ (F.T @ a)))


def layers(y, F, Sigma, eta, L):
    """The state after L layers."""
    a = torch.zeros_like(y)
    for _ in range(L):
        a = layer(a, y, F, Sigma, eta)
    return a


def answer(y, F, Sigma, eta, L):
    """What L layers answer for every entry, seen or not."""
    return Sigma @ (F.T @ layers(y, F, Sigma, eta, L))


@root("a")
def fixed_point(Sigma, F, eta, y, a, *, draw):
    """What a layer adds to the state."""
    return layer(a, y, F, Sigma, eta) - a


def state(Sigma, F, eta, y, L, *, draw):
    """The layers, run."""
    return layers(y, F, Sigma, eta, L)


def excess(Sigma, F, eta, L, *, draw):
    """Squared distance of the network's answer from the conditional expectation."""
    y = F @ sample(Sigma, draw)
    bayes = Sigma @ F.T @ torch.linalg.solve(F @ Sigma @ F.T, y)
    return torch.sum((answer(y, F, Sigma, eta, L) - bayes) ** 2)


def contraction(C, eta, *, draw):
    """Autograd's Jacobian of a layer that sees every entry."""
    d = len(C)
    y = sample(C, draw)
    return torch.linalg.eigvalsh(jacrev(lambda a: layer(a, y, torch.eye(d), C, eta))(y))


def longest_stretch(Sigma, eta, some, draw):
    """By how much the worst of some masks stretches the worst error of a state."""
    y = sample(Sigma, draw)

    def stretch(o):
        jacobian = jacrev(lambda a: layer(a, o * y, torch.diag(o), Sigma, eta))(o * y)
        return torch.linalg.eigvalsh(o[:, None] * jacobian * o).abs().max()  # missing entries have no state

    return torch.vmap(stretch)(some).max()


def with_their_mean(C):
    """The covariance of entries with covariance C and, last, of their mean with unit noise."""
    share = C.mean(0)[:, None]
    return torch.cat([torch.cat([C, share], dim=1), torch.cat([share.T, share.mean() + torch.ones(1, 1)], dim=1)])


@crossing("eta", 0.01, 20)
def critical_step(C, eta, *, draw):
    """Over all masks that hide the last entry, how much longer than before the longest error is."""
    some = torch.nn.functional.pad(masks(len(C)), (0, 1))
    return longest_stretch(with_their_mean(C), eta, some, draw) - 1


@crossing("eta", 0.01, 20)
def critical_step_alike(d, rho, eta, *, draw):
    """Over all masks but the complete one, how much longer than before the longest error is."""
    some = masks(d)
    return longest_stretch(rho + (1 - rho) * torch.eye(d), eta, some[some.sum(-1) < d], draw) - 1


def completion(eta, C, z, o):
    """Squared error on the missing entries of one layer that knows the mask."""
    return torch.sum(((1 - o) * (z - answer(o * z, torch.diag(o), C, eta, 1))) ** 2)


@root("eta")
def best_step(C, p, eta, *, draw):
    """Autograd in the step, over all masks."""
    z = sample(C, draw)
    return grad(lambda step: over_masks(lambda o: completion(step, C, z, o), len(z), p))(torch.as_tensor(eta))


@witness(best_step)
@experiment(runs=8)
def trained_step(C, p, *, draw):
    """The step of a layer trained by a real optimiser (L-BFGS) on one data set with holes."""
    size = 10_000
    z, o = samples(C, size, draw), draw.bernoulli("observed", 1 - p, size, len(C))

    def loss(step):
        return torch.vmap(completion, in_dims=(None, None, 0, 0))(step, C, z, o).mean()

    return trained(loss, torch.zeros(()))
