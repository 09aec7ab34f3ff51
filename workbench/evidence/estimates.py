"""Estimates: a measured value with an error bar for every component."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

UNSEEN = 1e4  # roundoffs that the sums inside a twin may lose, and below which a term of a degree is nothing


@dataclass(frozen=True)
class Estimate:
    """What a measurement found.

    value: the quantity; error: standard error of each component (0 when deterministic);
    bound: a bound on what is not chance (roundoff, truncation); freedom: degrees of freedom of
    the error; magnitude: mean absolute size of one sample (the scale of a claim of zero);
    tail: Pareto index of the heaviest component (above ½ the error bar itself is doubtful);
    rows: of columns in no order, how many entries each has (0 where the order means something).
    """

    value: np.ndarray
    error: np.ndarray
    bound: np.ndarray
    freedom: float
    samples: int
    rung: str
    magnitude: float
    tail: float = -inf
    rows: int = 0


def from_replicates(
    pooled: np.ndarray, replicates: np.ndarray, *, samples: int, rung: str, magnitude: float, tail: float
) -> Estimate:
    """An estimate whose error is the spread of independent replicates (rows of `replicates`)."""
    count = len(replicates)
    error = replicates.std(axis=0, ddof=1) / np.sqrt(count)
    roundoff = 200 * np.finfo(float).eps * np.maximum(magnitude, np.abs(pooled))
    return Estimate(pooled, error, roundoff, count - 1, samples, rung, magnitude, tail)


def from_rotations(replicates: np.ndarray, *, absolute: np.ndarray, samples: int, rung: str) -> Estimate:
    """An estimate from rules that are all exact: their disagreement is roundoff, and bounds it.

    absolute: Σ|w f| of each component, the size of what was summed.
    """
    value = replicates.mean(axis=0)
    spread = 8 * np.abs(replicates - value).max(axis=0)
    bound = spread + UNSEEN * np.finfo(float).eps * np.maximum(absolute, np.abs(value))
    return Estimate(value, np.zeros_like(value), bound, inf, samples, rung, float(absolute.max()))


def pareto_index(values: np.ndarray) -> float:
    """The tail index of a sample: moments of order 1/k and above do not exist.

    Generalised Pareto fit to the largest excesses (Zhang & Stephens 2009), as in Pareto-smoothed
    importance sampling; both tails of every column, the worst one is returned.
    """
    centred = np.abs(values - values.mean(axis=0))
    kept = int(min(0.2 * len(centred), 3 * np.sqrt(len(centred))))
    if kept < 20:
        return -inf
    top = np.sort(np.partition(centred, -kept - 1, axis=0)[-kept - 1 :], axis=0)
    return max(_pareto_fit(column[1:] - column[0], UNSEEN * np.finfo(float).eps * column[-1]) for column in top.T)


def _pareto_fit(excess: np.ndarray, roundoff: float) -> float:
    """Posterior-mean estimate of the shape of a generalised Pareto law; excesses sorted, ascending."""
    excess = excess[excess > roundoff]
    n = len(excess)
    if n < 5 or excess[-1] - excess[0] <= roundoff:  # what is rare and always the same, a coin's heads, has no tail
        return -inf
    grid = 30 + int(np.sqrt(n))
    theta = 1 / excess[-1] + (1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))) / (3 * excess[n // 4])
    shape = np.array([np.log1p(-t * excess).mean() for t in theta])
    if not shape.all():  # values that are equal up to roundoff have no tail
        return -inf
    profile = n * (np.log(-theta / shape) - shape - 1)
    with np.errstate(over="ignore"):  # a shape that is infinitely less likely has weight zero
        weights = 1 / np.array([np.exp(profile - p).sum() for p in profile])
    best = (theta * weights).sum() / weights.sum()
    fitted = np.log1p(-best * excess).mean()
    return float(fitted * n / (n + 10) + 5 / (n + 10))
