"""How fast the risk of a head falls wherever it is: the measurements behind `derivations/in_context/convergence.py`."""

import numpy as np
import torch
from scipy.optimize import minimize
from torch import Tensor
from torch.func import grad

from numerics.in_context.descents import Loss, pieces
from workbench.evidence import function_of_means

SEARCHES = 2  # for the weights at which the risk falls most slowly


def slopes(v: Tensor, U: Tensor, loss: Loss) -> tuple[Tensor, Tensor]:
    """Autograd's gradient of the average loss in value and weights."""
    return grad(lambda head: loss.value(head[0] * head[1]))((v, U))


def turned(v: Tensor, U: Tensor, *means: Tensor) -> Tensor:
    """How the difference of the squares moves as value and weights go downhill at rate one half."""
    of_value, of_weights = slopes(v, U, Loss(*means))
    square, squares = grad(lambda head: head[0] ** 2 - torch.sum(head[1] ** 2))((v, U))
    return -(square * of_value + torch.sum(squares * of_weights)) / 2


@function_of_means(turned)
def kept(Lambda, sigma, N, v, U, *, draw):
    """A head, and the loss on a prompt."""
    return torch.as_tensor(v), U, *pieces(Lambda, sigma, N, draw)


def least_speed(v: Tensor, *means: Tensor) -> Tensor:
    """How fast the risk falls at rate one half, over squared value and excess, where a search finds it slowest."""
    loss = Loss(*means)
    trained = torch.linalg.tensorsolve(loss.bowl, -loss.slope)
    ground, unit = loss.value(trained), torch.linalg.norm(trained) / v

    def speed(flat: Tensor) -> Tensor:
        U = unit * flat.reshape(trained.shape)
        of_value, of_weights = slopes(v, U, loss)
        return (of_value**2 + torch.sum(of_weights**2)) / (2 * v**2 * (loss.value(v * U) - ground))

    def both(place: np.ndarray) -> tuple[float, np.ndarray]:
        flat = torch.from_numpy(np.array(place))
        return float(speed(flat)), grad(speed)(flat).numpy()

    places = np.random.default_rng(0).standard_normal((SEARCHES, trained.numel()))
    ends = [float(minimize(both, place, jac=True, method="BFGS", tol=1e-9).fun) for place in places]
    return torch.tensor(min(ends), dtype=torch.float64)


@function_of_means(least_speed)
def speed(P, sigma, N, v, *, draw):
    """The value of a head, and the loss on a prompt."""
    return torch.as_tensor(v), *pieces(torch.linalg.inv(P), sigma, N, draw)
