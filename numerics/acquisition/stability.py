"""The course of a training that is predicted, and the rates at which there is none."""

from collections.abc import Callable

from torch import Tensor

from numerics.acquisition.reduced import Overshoot, Reduced
from numerics.acquisition.scales import Training

HALVINGS = 7  # to find the largest stable rate to a hundredth


def foreseen(reduced: Reduced, training: Training, verbs: slice = slice(None)) -> tuple[Tensor, Tensor]:
    """The states of a training until these verbs are known, and their covariances.

    Raises ValueError for a rate at which it is unstable, and names the largest one at which it is not.
    """

    def attempt(rate: float) -> tuple[Tensor, Tensor]:
        states = reduced.until_known(rate, training.level, training.most, verbs)
        return states, reduced.spreads(states, rate, training.size)

    try:
        return attempt(training.rate)
    except Overshoot as problem:
        limit = stable_rate(attempt, training.rate)
        said = f"{problem}, training is unstable above the rate {limit:.3g}; take one well below it"
        raise ValueError(said) from None


def stable_rate(attempt: Callable[[float], object], unstable: float) -> float:
    """The rate up to which a training does not overshoot, from one at which it does, by halving."""
    low = unstable
    while overshoots(attempt, low := low / 2):
        pass
    high = 2 * low
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if overshoots(attempt, middle) else (middle, high)
    return low


def overshoots(attempt: Callable[[float], object], rate: float) -> bool:
    """Whether a training does at this rate."""
    try:
        attempt(rate)
    except Overshoot:
        return True
    return False
