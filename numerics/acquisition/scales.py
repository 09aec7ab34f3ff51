"""Trainings and scales: how a model is trained, what is said of it beforehand, and what each run found beside it."""

from dataclasses import dataclass
from math import inf, sqrt
from typing import NamedTuple

from torch import Tensor

from numerics.acquisition.models import Seen
from numerics.acquisition.reduced import Reduced


@dataclass(frozen=True)
class Training:
    """How a model is trained: sentences in a batch, rate, how much faster values learn (None: V times), runs, and when
    a verb counts as known; how much two layers are bound at first; how well few sentences have to be learned; and how
    wide queries and keys are (0: one score for each verb and role).
    """

    rate: float = 0.25
    size: int = 4_096
    mu: float | None = None
    runs: int = 4
    level: float = 0.5
    most: int = 4_000
    seed: int = 0
    binding: float = 0.1
    enough: float = 0.9
    width: int = 0

    def __post_init__(self) -> None:
        numbers = (self.rate, self.size, self.runs, self.most, self.binding, 1 if self.mu is None else self.mu)
        if not all(0 < number < inf for number in numbers) or self.seed < 0:
            raise ValueError("rate, size, mu, runs, most and binding of a training are positive, its seed not negative")
        for level in (self.level, self.enough):
            if not 0 < level < 1:
                raise ValueError(f"a verb is known at a probability between 0 and 1, not at {level:g}")


class Scale(NamedTuple):
    """A critical scale: what is acquired, on which axis, what kind of scale, where, and its error bar for one run."""

    name: str
    axis: str
    kind: str
    predicted: float
    bar: float


class Prediction(NamedTuple):
    """All scales of a language, and the course of the reduced model behind them."""

    scales: list[Scale]
    states: Tensor
    reduced: Reduced


class Curves(NamedTuple):
    """What is seen of one training, step by step, and how its final model reads sentences of every length."""

    seen: Seen  # (steps, …)
    by_length: Tensor  # (K, lengths): the probability of the right answer at the end


class Verdict(NamedTuple):
    """A scale, what was measured (mean over runs), and how many predicted standard errors it is off."""

    scale: Scale
    measured: float
    error: float
    z: float

    @property
    def held(self) -> bool:
        """Within three standard errors."""
        return abs(self.z) < 3


def verdict(scale: Scale, found: Tensor) -> Verdict:
    """A scale beside what each run found."""
    error, mean = scale.bar / sqrt(len(found)), float(found.mean())
    return Verdict(scale, mean, error, (mean - scale.predicted) / error)


class Rung(NamedTuple):
    """Something predicted and measured on a model; `within` the hypotheses of the prediction, or beyond them."""

    model: str
    what: str
    predicted: float
    measured: float
    error: float
    within: bool
    fails_first: str

    @property
    def held(self) -> bool:
        """Within three standard errors; never, when it was not measured."""
        return abs(self.measured - self.predicted) < 3 * self.error
