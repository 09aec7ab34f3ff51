"""Copying against recalling: the measurements behind `derivations/emergence/races.py`.

The corpus of gradient flow asks for every class equally often; `trained` takes sampled sentences.
"""

from collections.abc import Callable
from math import exp, log

import torch
from scipy.optimize import brentq
from torch import Tensor
from torch.func import jacrev

from numerics.emergence.memories import Layer, balanced, gains, speeds, squares, velocity
from workbench.evidence import Draw, experiment, function_of_means, limit, root, witness

STEPS = (4, 8)  # of gradient flow, in every e-fold of the faster gain
MISSING = 1e-6  # of an answer, where what is still to come is shared as the speeds are


@function_of_means(lambda memory, copy: memory - copy)
def kept(g, h, a, rho, K, *, draw):
    """The speeds of (K/ρ) ln h and of (1/a) ln g."""
    copy, memory = speeds(balanced(g, h, a, rho, K), a, rho)
    return K / rho * memory / h, copy / g / a


@root("h")
def rest(g, h, a, rho, K, *, draw):
    """The speed of the entries in e-folds."""
    return speeds(balanced(g, h, a, rho, K), a, rho)[1] / h


def returns(slopes: Tensor) -> Tensor:
    """The eigenvalues of the Jacobian, the one nearest to zero first."""
    middle, product = torch.trace(slopes) / 2, torch.linalg.det(slopes)
    spread = (middle**2 - product).sqrt()
    return torch.stack([middle + spread, middle - spread])


@function_of_means(returns)
def stability(g, a, rho, K, *, draw):
    """The Jacobian of the speeds of both gains, where they answer everything."""
    return jacrev(lambda both: speeds(balanced(both[0], both[1], a, rho, K), a, rho))(torch.tensor([g, 1 - g]))


def step(layer: Layer, a: float, rho: float, time: float) -> Layer:
    """Gradient flow for a short time (Runge and Kutta)."""

    def moved(by: Layer, during: float) -> Layer:
        return tuple(part + during * change for part, change in zip(layer, by))  # type: ignore[return-value]

    first = velocity(layer, a, rho)
    second = velocity(moved(first, time / 2), a, rho)
    third = velocity(moved(second, time / 2), a, rho)
    fourth = velocity(moved(third, time), a, rho)
    return moved(tuple((p + 2 * q + 2 * r + s) / 6 for p, q, r, s in zip(first, second, third, fourth)), time)


def grown(layer: Layer, a: float, rho: float, there: Callable[[Tensor], float], steps: int) -> Layer:
    """The layer where `there` passes zero, in so many steps of gradient flow an e-fold; they go back if negative."""
    size = 1 / (steps * 2 * max(a, rho / len(layer[2])))
    while there(gains(later := step(layer, a, rho, size), a, rho)) < 0:
        layer = later
    last = brentq(lambda time: there(gains(step(layer, a, rho, time), a, rho)), 0, size, xtol=1e-14)
    return step(layer, a, rho, float(last))  # type: ignore[arg-type]


@limit(order=4)
def head_start(g0, h0, a, rho, K, t, *, draw):
    """The gain of the entries where the copy's has grown by t e-folds."""
    start, aim = balanced(g0, h0, a, rho, K), g0 * exp(t)
    ends = (grown(start, a, rho, lambda both: float(both[0]) - aim, some) for some in STEPS)
    return torch.stack([gains(end, a, rho)[1] for end in ends])


BATCH, RATE = 64, 0.04  # sentences in a batch, e-folds of the faster gain in a step


@witness(head_start)
@experiment(runs=8)
def trained(g0, h0, a, rho, K, t, *, draw):
    """The same by SGD on sampled sentences, in steps of two sizes, whose errors are in proportion to them."""
    coarse, fine = (by_steps(balanced(g0, h0, a, rho, K), g0 * exp(t), a, rho, RATE / parts, draw) for parts in (1, 2))
    return 2 * fine - coarse


def by_steps(layer: Layer, aim: float, a: float, rho: float, rate: float, draw: Draw) -> Tensor:
    """The mean gain of the entries where that of the copy passes its aim, on the straight line between two steps."""
    factors, number = [part.clone().requires_grad_() for part in layer], 0
    before = now = torch.log(gains(layer, a, rho))
    while now[0] < log(aim):
        asked = draw.index(f"asked {rate} {number}", len(layer[2]), BATCH)
        slopes = torch.autograd.grad(squares(tuple(factors), a, rho)[asked].mean(), factors)
        with torch.no_grad():
            for factor, slope in zip(factors, slopes):
                factor -= rate / (2 * max(a, rho)) / 2 * slope
            before, now, number = now, torch.log(gains(tuple(factors), a, rho)), number + 1
    return torch.exp(now[1] - (now[1] - before[1]) * (now[0] - log(aim)) / (now[0] - before[0]))


@limit(order=4)
def critical_start(h0, a, rho, K, *, draw):
    """Gradient flow that ends with half by copy and half by memory, followed backwards until the memory is at h0."""
    pace = speeds(balanced(0.5 - MISSING, 0.5 - MISSING, a, rho, K), a, rho)
    last = balanced(*(0.5 - MISSING * pace / pace.sum()), a, rho, K)
    begins = (grown(last, a, rho, lambda both: h0 - float(both[1]), -steps) for steps in STEPS)
    return torch.stack([gains(begin, a, rho)[0] for begin in begins])
