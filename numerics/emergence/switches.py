"""When a head changes sides: the measurements behind `derivations/emergence/switches.py`."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import grad, hessian

from numerics.emergence.competitions import loss
from numerics.emergence.positions import errors_on
from workbench.evidence import at, bracket, crossing, function_of_means, gradient, witness
from workbench.evidence.cubature import rule

DEGREE = 6  # of the squared error in the tokens
SMALL, TINY = 0.1, 1e-6  # first weights along e, and along all axes, per typical final length
STEPS, ROUNDS = 10, 6  # of gradient descent: in each round the rate is fitted to the steepest bend


def landscape(M, Theta, d, A, epsilon, sigma, rho, omega, draw) -> tuple[Tensor, ...]:
    """Slopes and bends of the risk in both energies by autograd, and where they were taken."""

    def both(energies):
        return loss(energies, d, A, epsilon, sigma, rho, omega, draw)

    here = torch.tensor([M, Theta])
    return grad(both)(here), hessian(both)(here), here


def moved(slopes: Tensor, bends: Tensor, here: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
    """How much the risk changes from here to there, and the slopes there; bends that change would show as an error."""
    step = there - here
    return slopes @ step + step @ bends @ step / 2, slopes + bends @ step


def alone(slopes: Tensor, bends: Tensor, here: Tensor, axis: int) -> Tensor:
    """Where one energy rests while the other is zero (Newton's step)."""
    axes = torch.eye(2)
    _, at_zero = moved(slopes, bends, here, torch.zeros(2))
    return -at_zero[axis] / bends[axis, axis] * axes[axis]


def slope_of_meanings(*means: Tensor) -> Tensor:
    """The slope in Θ where positions rest alone."""
    return moved(*means, alone(*means, 0))[1][1]


def slope_of_places(*means: Tensor) -> Tensor:
    """The slope in M where meanings rest alone."""
    return moved(*means, alone(*means, 1))[1][0]


def lead(*means: Tensor) -> Tensor:
    """The risk where positions rest alone, less that where meanings do."""
    return moved(*means, alone(*means, 0))[0] - moved(*means, alone(*means, 1))[0]


@crossing("omega", 0, 1, of=slope_of_meanings)
def positional_threshold(M, Theta, d, A, epsilon, sigma, rho, omega, *, draw):
    """The landscape as the teacher's positional share grows."""
    return landscape(M, Theta, d, A, epsilon, sigma, rho, omega, draw)


def on_all_sentences(d, A, epsilon, sigma, rho, omega) -> Callable[[Tensor], Tensor]:
    """The risk of a layer by its weights, over all sentences; e and k are the first axes."""
    found = rule(d * len(A), DEGREE)
    assert found is not None
    nodes, shares = map(torch.from_numpy, found)
    sentences, (e, k) = sigma * nodes.reshape(-1, d, len(A)), torch.eye(d)[:2]

    def risk(w: Tensor) -> Tensor:
        each = torch.vmap(lambda x: errors_on(x, w, e, k, A, epsilon, sigma, rho, omega).mean())(sentences)
        return shares @ each

    return risk


def trained_on(risk: Callable[[Tensor], Tensor], w: Tensor) -> Tensor:
    """The weights after a round of gradient descent, its rate fitted to the steepest bend."""
    rate = 0.5 / torch.linalg.matrix_norm(hessian(risk)(w), ord=2)
    for _ in range(STEPS):
        w = w - rate * gradient(risk)(w)
    return w


@witness(positional_threshold)
@bracket("omega", 0, 1, runs=2, halvings=6)
def threshold_of_training(d, A, epsilon, sigma, rho, omega, *, draw):
    """The layer is trained on all sentences, from small weights that read positions: do meanings grow in the end?"""
    risk = on_all_sentences(d, A, epsilon, sigma, rho, omega)
    before = w = SMALL * torch.eye(d)[0] + TINY * draw.normal("start", d)
    for _ in range(ROUNDS):
        before, w = w, trained_on(risk, w)
    return (w[1] / before[1]).abs().log()


@crossing("omega", 0, 1, of=lead)
def global_switch(M, Theta, d, A, epsilon, sigma, rho, omega, *, draw):
    """The landscape as the teacher's positional share grows."""
    return landscape(M, Theta, d, A, epsilon, sigma, rho, omega, draw)


@crossing("omega", 0, 1, of=slope_of_places)
def semantic_threshold(M, Theta, d, A, epsilon, sigma, rho, omega, *, draw):
    """The landscape as the teacher's positional share grows."""
    return landscape(M, Theta, d, A, epsilon, sigma, rho, omega, draw)


@at(omega=positional_threshold)
@function_of_means(lambda scale, *means: -scale * slope_of_meanings(*means))
def escape(M, Theta, d, A, epsilon, sigma, rho, omega, delta, *, draw):
    """The landscape where the teacher is less positional than at the measured threshold, by a share δ."""
    below = (1 - delta) * omega
    return torch.as_tensor(sigma**2 / (omega - below)), *landscape(M, Theta, d, A, epsilon, sigma, rho, below, draw)
