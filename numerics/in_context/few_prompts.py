"""Layers that were pretrained on few prompts: the measurements behind `derivations/in_context/few_prompts.py`.

Tasks are orthogonal and have prompts of their own, so that one of them stands for all; `trained_layer` has them all.
Label noise enters every error to the second power: it is averaged by a cubature rule. Inputs are sampled.
"""

import torch
from torch import Tensor

from workbench.evidence import experiment, trained, witness
from workbench.evidence.cubature import rule


def noises(n: int) -> tuple[Tensor, Tensor]:
    """Standard noise of n labels, one draw in each column, with the weights of the draws."""
    nodes, weights = rule(n, 2) or (None, None)
    return torch.from_numpy(nodes).T, torch.from_numpy(weights)


def least_norm(inputs: Tensor, labels: Tensor) -> Tensor:
    """Where gradient flow from zero ends: the shortest of the weights that fit the labels best."""
    return torch.linalg.pinv(inputs) @ labels


def error(inputs: Tensor, sigma, task: Tensor) -> Tensor:
    """Squared distance of the weights of one task from the task, averaged over the noise of its labels."""
    noise, weights = noises(len(inputs))
    learned = least_norm(inputs, (inputs @ task)[:, None] + sigma * noise)
    return weights @ torch.sum((learned - task[:, None]) ** 2, dim=0)


def noise_of_few(d, n, sigma, *, draw):
    """The error of a task that is zero."""
    return error(draw.normal("inputs", n, d), sigma, torch.zeros(d))


def axis(d: int) -> Tensor:
    """A task of length one."""
    return torch.eye(d)[0]


def risk_of_few(d, n, sigma, *, draw):
    """The error of one task."""
    return error(draw.normal("inputs", n, d), sigma, axis(d))


LAYERS = 32  # in one run


@witness(risk_of_few)
@experiment(runs=8)
def trained_layers(d, n, sigma, *, draw):
    """Layers trained by L-BFGS from zero, on prompts of all tasks at once, and asked for new ones."""
    tasks = torch.linalg.qr(draw.normal("tasks", d, d)).Q.repeat_interleave(n, dim=0)
    inputs = draw.normal("inputs", LAYERS, len(tasks), d)
    labels = torch.sum(tasks * inputs, dim=-1) + sigma * draw.normal("noise", LAYERS, len(tasks))

    def loss(U):
        return torch.sum((torch.einsum("pi,lij,lpj->lp", tasks, U, inputs) - labels) ** 2)

    U = trained(loss, torch.zeros(LAYERS, d, d))
    return torch.sum((U - torch.eye(d)) ** 2) / (d * LAYERS)


def risk_of_many(d, n, sigma, *, draw):
    """The error of one task."""
    return error(draw.normal("inputs", n, d), sigma, axis(d))
