"""Gradient flow by Runge and Kutta: where it is after a time, and when it first passes a height."""

from collections.abc import Callable

import torch
from scipy.optimize import brentq
from torch import Tensor

STEPS = (8, 16)  # fewer and more of them, to see what their length does

Velocity = Callable[[Tensor], Tensor]
Height = Callable[[Tensor], float]


def step(velocity: Velocity, x: Tensor, h: float) -> Tensor:
    """The flow for a short time h."""
    first = velocity(x)
    second = velocity(x + h / 2 * first)
    third = velocity(x + h / 2 * second)
    fourth = velocity(x + h * third)
    return x + h / 6 * (first + 2 * second + 2 * third + fourth)


def after(velocity: Velocity, x: Tensor, time: float, steps: int) -> Tensor:
    """The flow after a time, in so many steps."""
    for _ in range(steps):
        x = step(velocity, x, time / steps)
    return x


def reached(velocity: Velocity, x: Tensor, height: Height, h: float) -> float:
    """When the flow first makes the height positive, in steps of h."""
    passed = 0.0
    while height(later := step(velocity, x, h)) < 0:
        x, passed = later, passed + h
    return passed + brentq(lambda rest: height(step(velocity, x, rest)), 0, h, xtol=1e-14)


def passage(velocity: Velocity, x: Tensor, height: Height, first: float, steps: tuple[int, ...] = STEPS) -> Tensor:
    """The same in equal steps that end there, so many in each of the times `first` that it takes, or a little less."""
    rough = reached(velocity, x, height, first)
    return torch.tensor([reached(velocity, x, height, rough / (n * max(1, round(rough / first)))) for n in steps])
