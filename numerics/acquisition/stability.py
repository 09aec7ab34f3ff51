"""The course of a training that is predicted, and the rates at which there is none."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.func import vmap

from numerics.acquisition.fluctuations import Fluctuations
from numerics.acquisition.reduced import Overshoot, Reduced
from numerics.acquisition.scales import Training

HALVINGS = 7  # to find the largest stable rate to a hundredth


class Course(NamedTuple):
    """The mean states of a training, their covariances, and the fluctuations of all other weights."""

    states: Tensor
    covariances: Tensor
    fluctuations: Fluctuations

    def right(self) -> Tensor:
        """What fluctuations add to the right answers, by step and verb."""
        reduced = self.fluctuations.reduced
        return self.fluctuations.along(self.states, reduced.g) @ reduced.lengths

    def inside(self) -> Tensor:
        """What they add to the belief in nouns of the sentence."""
        reduced = self.fluctuations.reduced
        return reduced.often @ self.fluctuations.along(self.states, reduced.g, within=True) @ reduced.lengths

    def at_the_end(self, g: Tensor) -> Tensor:
        """What they add to right answers at the end, by verb and number of genitives."""
        last = len(self.states) - 1
        return self.fluctuations.along(self.states[last:], g, first=last)[0]


def foreseen(reduced: Reduced, training: Training, verbs: slice = slice(None)) -> Course:
    """The mean course of a training until these verbs are known.

    Raises ValueError for a rate at which it is unstable, and names the largest one at which it is not.
    """

    def attempt(rate: float) -> None:
        states = reduced.until_known(rate, training.level, training.most, verbs)
        reduced.spreads(states, rate, training.size)
        if float(torch.linalg.eigvals(vmap(Fluctuations(reduced, rate, 1).turn)(states)).real.min()) < -1:
            raise Overshoot(f"rate {rate:g}: steps overshoot")

    try:
        attempt(training.rate)
    except Overshoot as problem:
        limit = stable_rate(attempt, training.rate)
        said = f"{problem}, training is unstable above the rate {limit:.3g}; take one well below it"
        raise ValueError(said) from None
    fluctuations = Fluctuations(reduced, training.rate, training.size)
    states = reduced.until_known(training.rate, training.level, training.most, verbs, fluctuations.pull)
    return Course(states, reduced.spreads(states, training.rate, training.size), fluctuations)


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
