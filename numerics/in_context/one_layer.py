"""One linear attention layer on sampled prompts: the measurements behind `derivations/in_context/one_layer.py`."""

import torch
from torch.func import grad, hessian

from numerics.in_context.layers import gain, prediction, predictions, prompt
from workbench.evidence import at, crossing, experiment, function_of_means, root, trained, witness


def context_moment(Lambda, C, sigma, N, *, draw):
    """The outer square of the context vector (1/N) Σ y_k x_k."""
    x, y, _, _ = prompt(Lambda, C, sigma, N, draw)
    beta = y @ x / N
    return torch.outer(beta, beta)


def risk(Lambda, C, sigma, N, U, *, draw):
    """Squared error of the layer on one prompt."""
    x, y, query, w = prompt(Lambda, C, sigma, N, draw)
    return (w @ query - prediction(U, x, y, query)) ** 2


def risk_gradient(Lambda, C, sigma, N, U, *, draw):
    """Autograd through the layer."""
    return grad(lambda weights: risk(Lambda, C, sigma, N, weights, draw=draw))(U)


@root("U")
def fixed_point(Lambda, C, sigma, N, U, *, draw):
    """The weights at which the average gradient vanishes."""
    return risk_gradient(Lambda, C, sigma, N, U, draw=draw)


@witness(fixed_point)
@experiment(runs=8)
def trained_layer(Lambda, C, sigma, N, U, *, draw):
    """Weights of a layer trained by a real optimiser (L-BFGS) on the prompts of one data set."""
    d, size = len(Lambda), 4_000
    noise = [draw.normal("tokens", size, N, d), draw.normal("task", size, d), draw.normal("noise", size, N)]
    x, w = noise[0] @ torch.linalg.cholesky(Lambda).T, noise[1] @ torch.linalg.cholesky(C).T
    y = torch.einsum("bnd,bd->bn", x, w) + sigma * noise[2]
    query = draw.normal("query", size, d) @ torch.linalg.cholesky(Lambda).T
    answers = (w * query).sum(-1)

    def loss(weights):
        return torch.mean((answers - predictions(weights, x, y, query)) ** 2)

    return trained(loss, torch.zeros(d, d))


@at(U=fixed_point)
def least_risk(Lambda, C, sigma, N, U, *, draw):
    """Squared error of the layer at the weights that were found by training."""
    return risk(Lambda, C, sigma, N, U, draw=draw)


@function_of_means(torch.linalg.eigvalsh)
def curvature(Lambda, sigma, N, U, *, draw):
    """Autograd's Hessian of the squared error on one prompt, isotropic tasks."""
    d = len(Lambda)

    def error(weights):
        return risk(Lambda, torch.eye(d), sigma, N, weights.reshape(d, d), draw=draw)

    return hessian(error)(U.reshape(-1))


@at(U=fixed_point)
def risk_at_length(Lambda, C, sigma, M, U, *, draw):
    """Squared error of the trained layer on one prompt of another length."""
    return risk(Lambda, C, sigma, M, U, draw=draw)


@root("U")
def white_fixed_point(d, N, U, *, draw):
    """The average gradient on white, noiseless prompts of the training length."""
    return risk_gradient(torch.eye(d), torch.eye(d), 0.0, N, U, draw=draw)


@at(U=white_fixed_point)
@crossing("M", 1, 9, whole=True)
def critical_length(d, M, N, U, *, draw):
    """How much worse than predicting zero the trained layer is on one prompt of length M."""
    return gain(torch.eye(d), torch.eye(d), 0.0, M, U, draw=draw)
