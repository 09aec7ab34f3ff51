"""Models of some heads, trained for some time: the measurements behind `derivations/emergence/budgets.py`."""

import torch
from torch import Tensor
from torch.func import grad

from workbench.evidence import limit

RANKS = 2**16  # skills that are summed one by one
LENGTHS = (16, 32, 64, 128, 256)  # ranks r that training has just reached
STEPS = (32, 64, 128, 256, 512)  # of descent in the same time


def loss(strength, p, R, f, *, draw):
    """Half the squared error on a sentence of each skill, weighted by frequency; the weights of others are zero."""
    weights = torch.cat([R, torch.zeros(len(f))])
    x = draw.normal("token")
    return torch.cat([p, f]) @ (strength * x - weights * x) ** 2 / 2


@limit()
def learned(strength, share, t, *, draw):
    """Gradient descent on the average loss of one skill, in ever smaller steps."""
    slope = grad(lambda gain: share * (strength - gain) ** 2 / 2)
    outcomes = []
    for steps in STEPS:
        gain = torch.zeros(())
        for _ in range(steps):
            gain = gain - t / steps * slope(gain)
        outcomes.append(gain)
    return torch.stack(outcomes)


def left(alpha: float, r: Tensor) -> Tensor:
    """Σ p_k (1 − R_k)² over all skills when 2 p_r t = 1; skills beyond RANKS are hardly begun."""
    sigma, last = 1 + alpha, RANKS + 0.5
    p = torch.arange(1, RANKS + 1, dtype=torch.float64) ** (-sigma)
    time = r**sigma / 2
    gains = -torch.expm1(-p * time)
    rest = 0.0
    for power, sign in enumerate((1, -1, 1 / 2, -1 / 6, 1 / 24), start=1):  # of 2 p t, in p e^{−2pt}
        tau = power * sigma
        rest = rest + sign * (2 * time) ** (power - 1) * last ** (1 - tau) / (tau - 1) * (
            1 - tau * (tau - 1) / (24 * last**2)
        )
    return torch.sum(p * (1 - gains) ** 2) + rest


@limit()
def unlearned(alpha, *, draw):
    """What is left to learn, times r^α, after ever longer trainings."""
    return torch.stack([r**alpha * left(alpha, torch.tensor(float(r))) for r in LENGTHS])


@limit(lambda shared, whole: shared / whole)
def time_share(alpha, more, *, draw):
    """What is left to learn after a share of the time, and after all of it."""
    whole = [torch.tensor(float(r)) for r in LENGTHS]
    shared = [r * more ** (-1 / (1 + alpha)) for r in whole]
    return tuple(torch.stack([left(alpha, r) for r in ranks]) for ranks in (shared, whole))
