"""Copying against recalling: the measurements behind `derivations/emergence/races.py`.

The corpus of gradient flow asks for every class equally often; `trained` takes sampled sentences.
"""

from collections.abc import Callable
from math import exp, log

import numpy as np
import torch
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from torch import Tensor
from torch.func import jacrev

from numerics.emergence.memories import Layer, balanced, gains, speeds, velocity
from workbench.evidence import crossing, experiment, function_of_means, limit, root, witness

PRECISIONS = (1e-6, 1e-9)  # of gradient flow in each of its steps
REST = 1e-7  # of the answers are still wrong where it ends
LONG = 1e4  # in the time that a gain of one takes for an e-fold


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


def grown(layer: Layer, a: float, rho: float, there: Callable[[Tensor], float], precision: float) -> Tensor:
    """The gains at the point of gradient flow where `there` passes zero, by Dormand and Prince."""
    shapes = [part.numel() for part in layer]

    def factors(flat: np.ndarray) -> Layer:
        u, v, m, w = torch.from_numpy(flat).split(shapes)
        return u[0], v[0], m, w

    def moving(_: float, flat: np.ndarray) -> np.ndarray:
        return torch.cat([part.reshape(-1) for part in velocity(factors(flat), a, rho)]).numpy()

    def arrived(_: float, flat: np.ndarray) -> float:
        return there(gains(factors(flat), a, rho))

    arrived.terminal = True  # type: ignore[attr-defined]
    start = torch.cat([part.reshape(-1) for part in layer]).numpy()
    course = solve_ivp(moving, (0, LONG), start, "DOP853", events=arrived, rtol=precision, atol=precision / 100)
    return gains(factors(course.y_events[0][0]), a, rho)


@limit()
def head_start(g0, h0, a, rho, K, t, *, draw):
    """The gain of the entries where the copy's has grown by t e-folds."""
    start, aim = balanced(g0, h0, a, rho, K), g0 * exp(t)
    return torch.stack([grown(start, a, rho, lambda both: float(both[0]) - aim, some)[1] for some in PRECISIONS])


def at_rest(g0: float, h0: float, a: float, rho: float, K: int, precision: float) -> Tensor:
    """The gains where gradient flow leaves almost nothing of the answers wrong."""
    start = balanced(g0, h0, a, rho, K)
    return grown(start, a, rho, lambda both: float(both.sum()) - 1 + REST, precision)


@crossing("K", 1, 40, whole=True)
def critical_classes(g0, h0, a, rho, K, *, draw):
    """By how many e-folds the memory answers more than the copy where training on K classes ends."""
    copy, memory = at_rest(g0, h0, a, rho, K, PRECISIONS[1])
    return torch.log(memory / copy)


@limit()
def critical_start(h0, a, rho, K, *, draw):
    """The gain of the copy at first with which training ends half by copy and half by memory."""

    def ahead(folds: float, precision: float) -> float:
        copy, memory = at_rest(exp(-folds), h0, a, rho, K, precision)
        return float(copy - memory)

    return torch.tensor([exp(-brentq(ahead, log(2), 12, args=(some,), xtol=1e-12)) for some in PRECISIONS])  # type: ignore[operator]


CLASSES = torch.tensor([1, 2, 3, 4, 6, 9, 13, 19])  # of the layers in one run
BATCH, RATE, WRONG = 2048, 0.02, 0.003  # sentences in a batch, e-folds of the faster gain in a step, error at the end


@witness(critical_classes)
@experiment(runs=8)
def trained(g0, h0, a, rho, *, draw):
    """Layers for one, two, … classes trained by SGD on sampled sentences: where copy and memory end alike."""
    many, most = CLASSES[:, None], int(CLASSES[-1])
    u, v = (torch.full(many.shape, (g0 / a) ** 0.5, requires_grad=True) for _ in range(2))
    m, w = (torch.full((len(many), most), (h0 / rho) ** 0.5, requires_grad=True) for _ in range(2))
    rate, wrong, batches = RATE / (2 * max(a, rho)), 1.0, 0
    while wrong > WRONG:
        asked = (draw.uniform(f"asked {batches}", len(many), BATCH) * many).long()
        missed = 1 - a * u * v - rho * torch.gather(m * w, 1, asked)
        slopes = torch.autograd.grad(missed.square().mean(1).sum(), (u, v, m, w))
        with torch.no_grad():
            for factor, slope in zip((u, v, m, w), slopes):
                factor -= rate / 2 * slope
        wrong, batches = float(missed.detach().abs().max()), batches + 1
    recalled = torch.sum(rho * m * w * (torch.arange(most) < many), dim=1) / CLASSES
    return even(torch.log(recalled / (a * u * v)[:, 0]).detach().numpy())


def even(heights: np.ndarray) -> Tensor:
    """Where heights that fall from one number of classes to the next pass zero: a cubic through four of them."""
    first = min(max(int(np.argmax(heights < 0)) - 2, 0), len(heights) - 4)
    some = slice(first, first + 4)
    curve = np.polynomial.Polynomial.fit(heights[some], 1 / CLASSES.numpy()[some], 3)
    return torch.tensor(1 / curve(0.0))
