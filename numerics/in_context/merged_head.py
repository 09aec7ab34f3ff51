"""A head with a value and merged weights: the measurements behind `derivations/in_context/merged_head.py`."""

import torch
from scipy.integrate import solve_ivp
from torch.func import grad, hessian, jvp

from numerics.in_context.descents import PRECISE, Loss, pieces
from numerics.in_context.layers import prediction, predictions, prompt
from workbench.evidence import experiment, function_of_means, witness

STEPS, BATCH = 200, 1_000  # of a training run


def error(Lambda, sigma, N, v, U, draw):
    """Squared error on one prompt with an isotropic task."""
    x, y, query, w = prompt(Lambda, torch.eye(len(Lambda)), sigma, N, draw)
    return (w @ query - prediction(v * U, x, y, query)) ** 2


def weights_gradient(Lambda, sigma, N, v, U, *, draw):
    """Autograd in the merged weights."""
    return grad(lambda weights: error(Lambda, sigma, N, v, weights, draw))(U)


def value_gradient(Lambda, sigma, N, v, U, *, draw):
    """Autograd in the value."""
    return grad(lambda value: error(Lambda, sigma, N, value, U, draw))(torch.as_tensor(v))


@function_of_means(lambda bent: torch.linalg.eigvalsh(-bent / 2)[[0, -1]])
def escape_rates(Lambda, sigma, N, *, draw):
    """Autograd's Hessian in value and merged weights at rest: the two rates that are not zero."""
    d = len(Lambda)
    return hessian(lambda both: error(Lambda, sigma, N, both[0], both[1:].reshape(d, d), draw))(torch.zeros(d * d + 1))


def growth(d, sigma, N, g, *, draw):
    """How vU, seen along the identity, changes as value and weights move downhill at rate one half."""
    v = torch.as_tensor(g * d**0.5).sqrt()
    U = v / d**0.5 * torch.eye(d)
    downhill = [-slope / 2 for slope in slopes(d, sigma, N, v, U, draw)]
    return jvp(lambda value, weights: value * torch.trace(weights) / d, (v, U), tuple(downhill))[1]


def slopes(d, sigma, N, v, U, draw):
    """Autograd in value and merged weights, on one white prompt."""
    return grad(lambda *both: error(torch.eye(d), sigma, N, *both, draw), argnums=(0, 1))(v, U)


def speed(g, *means):
    """How fast the predictor of a balanced head grows along the identity."""
    loss = Loss(*means)
    d = len(loss.Lambda)
    return -torch.trace(loss.gradient(g * torch.eye(d))) * g / d**0.5


def rests(*means):
    """Where the speed vanishes: searched by Newton's method from either side."""
    found = []
    for place in (torch.tensor(1.5), torch.tensor(-0.1)):
        for _ in range(60):
            place = place - speed(place, *means) / grad(speed)(place, *means)
        found.append(place)
    return torch.stack(found)


@function_of_means(rests)
def resting_points(d, sigma, N, *, draw):
    """The loss on a white prompt."""
    return pieces(torch.eye(d), sigma, N, draw)


@function_of_means(lambda *means: grad(speed)(rests(*means)[0], *means))
def return_rate(d, sigma, N, *, draw):
    """The loss on a white prompt."""
    return pieces(torch.eye(d), sigma, N, draw)


def after(time, w, *means):
    """The predictor, seen along the identity, when value and weights have followed the average loss downhill."""
    loss = Loss(*means)
    d = len(loss.Lambda)

    def downhill(_, place):
        v, U = place[0], torch.from_numpy(place[1:]).reshape(d, d)
        slope = loss.gradient(v * U)
        return -torch.cat([torch.sum(slope * U)[None], v * slope.reshape(-1)]).numpy() / 2

    begin = torch.cat([w[None], w / d**0.5 * torch.eye(d).reshape(-1)]).numpy()
    end = torch.from_numpy(solve_ivp(downhill, (0, float(time)), begin, **PRECISE).y[:, -1])
    return end[0] * torch.trace(end[1:].reshape(d, d)) / d


@function_of_means(after)
def course(d, sigma, N, time, w, *, draw):
    """How long the layer is trained, from where, and in which loss."""
    return torch.as_tensor(time), torch.as_tensor(w), *pieces(torch.eye(d), sigma, N, draw)


@witness(course)
@experiment(runs=8)
def trained_course(d, sigma, N, time, w, *, draw):
    """The same for a layer trained by gradient descent in small steps on sampled prompts."""
    x, task, query = draw.normal("tokens", BATCH, N, d), draw.normal("task", BATCH, d), draw.normal("query", BATCH, d)
    y = torch.einsum("bnd,bd->bn", x, task) + sigma * draw.normal("noise", BATCH, N)
    v = torch.tensor(w, requires_grad=True)
    U = (w / d**0.5 * torch.eye(d)).requires_grad_()
    optimiser = torch.optim.SGD([v, U], lr=time / STEPS / 2)
    for _ in range(STEPS):
        optimiser.zero_grad()
        torch.mean(((task * query).sum(-1) - predictions(v * U, x, y, query)) ** 2).backward()
        optimiser.step()
    return (v * torch.trace(U) / d).detach()
