"""The judge: supported, refuted or undecided, and what it would have caught.

For one component with measured value v, standard error e and bound b on what is not chance, a
claimed value c is *rejected* at level α when |c − v| > t(1−α/2)·e + b. A claim is refuted only when
two independent looks reject the same component on the same side, so the false-refutation
probability of a pair of looks is at most α²/2. Each of the two may end at any of L sample sizes,
so the pairs number L² in each component and instance, and α shares the budget among all of them.
The *resolution* is the relative change of the closed form that both looks would have rejected with
probability at least 1 − 2β at whatever size they end (β is shared by two looks of L sizes):

    resolution = (t(1−α/2)·e + t(1−β)·e + 2b) / scale.

A claim blurrier than its standard asks is undecided, never passed. (After tfp's
`statistical_testing`; Lakens' equivalence tests; α adds over tests, β does not.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import inf, sqrt
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import ndtri, stdtrit

if TYPE_CHECKING:
    from workbench.evidence.estimates import Estimate

Status = Literal["supported", "refuted", "undecided"]

RUN_LEVEL = 1e-4  # chance that any right claim is refuted in a run, and that any wrong one is supported
CLAIMS = 1000  # the budget is shared by this many claims and witnesses, whether or not they all exist
ZERO = 1e-9  # relative to the samples, below which a claim is one of zero
SHARE = 0.05  # of the size of the samples: the scale of a claim of zero
BLURRED = "blurred"  # how the reason begins where an error bar is too wide
HEAVY = 0.5  # Pareto index above which a standard error says nothing


@dataclass(frozen=True)
class Standard:
    """How sharp a verdict must be, and what it may cost."""

    name: str
    resolution: float
    instances: int
    samples: tuple[int, ...]  # looks of growing size; the first that is sharp enough decides
    widest: int = 3  # Gaussian variables in which panels are laid at most: more are dear


STANDARDS = {
    "quick": Standard("quick", 0.05, 2, (2**12, 2**14, 2**16, 2**18)),
    "strict": Standard("strict", 0.005, 3, (2**14, 2**16, 2**18, 2**20)),
}


@dataclass(frozen=True)
class Finding:
    """What one look says about one claimed array."""

    resolution: float
    z: float  # the worst component's distance in error bars
    rejected: frozenset[tuple[int, int]]  # (component, side)


def levels(standard: Standard, components: int) -> tuple[float, float]:
    """α of one look at one component, and β: the run's budget shared out."""
    sizes = len(standard.samples)
    alpha_pair = RUN_LEVEL / CLAIMS / (standard.instances * max(components, 1) * sizes**2)
    return sqrt(2 * alpha_pair), RUN_LEVEL / CLAIMS / (2 * sizes)


@lru_cache(maxsize=4096)
def quantile(level: float, freedom: float) -> float:
    """What a normal number, or Student's t of so many degrees of freedom, exceeds with the chance `level`."""
    return -float(ndtri(level) if freedom == inf else stdtrit(freedom, level))


def bars(estimate: Estimate, standard: Standard) -> np.ndarray:
    """How far from what was measured a claimed component must be to be rejected, one number for each."""
    error, bound = estimate.error.reshape(-1), estimate.bound.reshape(-1)
    alpha, _ = levels(standard, len(error))
    return quantile(alpha / 2, estimate.freedom) * error + bound


def look(claimed: np.ndarray, estimate: Estimate, standard: Standard) -> Finding:
    """Compare one claimed array with one estimate."""
    claimed, value = claimed.reshape(-1), estimate.value.reshape(-1)
    error, bound = estimate.error.reshape(-1), estimate.bound.reshape(-1)
    _, beta = levels(standard, len(value))
    width, miss = bars(estimate, standard), quantile(beta, estimate.freedom)
    # Samples may come in other units than what is made of their means: they scale a claim of zero alone.
    peak = float(np.abs(claimed).max())
    scale = max(peak if peak > ZERO * estimate.magnitude else SHARE * estimate.magnitude, 1e-300)
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is no number, and settles nothing
        distance = claimed - value
    sides = {(i, int(np.sign(distance[i]))) for i in np.flatnonzero(np.abs(distance) > width)}
    resolution = float((width + miss * error + bound).max()) / scale
    bar = np.where(error > 0, error, bound)
    z = float(np.max(np.maximum(np.abs(distance) - bound * (error > 0), 0) / np.where(bar > 0, bar, 1e-300)))
    finite = np.isfinite(claimed).all() and np.isfinite(value).all()
    return Finding(resolution if finite else inf, z, frozenset(sides))


def sharp_enough(claimed: np.ndarray, estimate: Estimate, standard: Standard) -> bool:
    """Whether the width of the error bar (never its position) allows a verdict."""
    return look(claimed, estimate, standard).resolution <= standard.resolution and estimate.tail <= HEAVY


def decide(first: Finding, second: Finding | None, standard: Standard, *, heavy: bool) -> tuple[Status, str]:
    """The status of one claimed array at one instance, and the reason when it is undecided."""
    if heavy:
        return "undecided", "heavy tail: the error bar of the measurement cannot be trusted"
    if second is not None and first.rejected & second.rejected:
        return "refuted", ""
    bluntest = max(first.resolution, second.resolution if second else 0.0)  # a refutation needs both looks
    if bluntest > standard.resolution:
        return "undecided", f"{BLURRED}: only an error above {bluntest:.2g} would have been caught"
    return "supported", ""


def combine(statuses: list[tuple[Status, str]]) -> tuple[Status, str]:
    """A claim is refuted when it fails anywhere, supported when it holds everywhere."""
    for wanted in ("refuted", "undecided"):
        for status, reason in statuses:
            if status == wanted:
                return status, reason
    return "supported", ""
