"""Enumeration: masks and places are summed over, outcome by outcome, so no chance is left in them.

A uniform number that is only compared with thresholds matters by the interval between two of them in which it
lies: the middles of the intervals stand for all outcomes, and their lengths are the probabilities.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.evidence.averages import Twin
from workbench.evidence.randomness import Layout, recording

MOST, BESIDE = 4096, 256  # outcomes that are enumerated; beside Gaussian noise, which is integrated for each
RUNS = (0, 1, 2)  # thresholds that other noise moves differ between runs
Thresholds = dict[str, list[np.ndarray] | None]  # by block: each number's thresholds; None where it is used as it is


def outcomes(twin: Twin, layout: Layout, **override: Any) -> tuple[Tensor, Tensor] | None:
    """Rows of the twin's uniform numbers, one for each outcome, and their probabilities.

    None where one of them is used as a number, where its thresholds are random, or where there are too many outcomes.
    """
    if not layout.uniforms:
        return torch.zeros(1, 0, dtype=torch.float64), torch.ones(1, dtype=torch.float64)
    if (found := settled(twin, **override)) is None:
        return None
    ends = [np.unique([0.0, *at, 1.0]) for name in layout.uniforms for at in found[name] or ()]
    if prod(len(each) - 1 for each in ends) > (BESIDE if layout.normals else MOST):
        return None
    middles, lengths = [(each[1:] + each[:-1]) / 2 for each in ends], [np.diff(each) for each in ends]
    rows, weights = (np.stack(np.meshgrid(*parts, indexing="ij"), axis=-1) for parts in (middles, lengths))
    return torch.from_numpy(rows.reshape(-1, len(ends))), torch.from_numpy(weights.reshape(-1, len(ends)).prod(axis=1))


def settled(twin: Twin, **override: Any) -> Thresholds | None:
    """The thresholds of all blocks where every run has the same; None elsewhere."""
    try:
        first, *others = (thresholds(twin, seed, **override) for seed in RUNS)
    except RuntimeError:  # a threshold with a derivative is followed, and has no value of its own
        return None
    if None in first.values() or any(other.keys() != first.keys() for other in others):
        return None
    pairs = ((mine, its) for other in others for n in first for mine, its in zip(first[n] or (), other[n] or ()))
    return first if all(np.array_equal(mine, its) for mine, its in pairs) else None


def thresholds(twin: Twin, seed: int, **override: Any) -> Thresholds:
    """What a run of the twin compares its uniform numbers with."""
    found: Thresholds = {}

    def note(name: str, shape: tuple[int, ...], at: Any) -> None:
        before = found.get(name, [np.zeros(0)] * prod(shape))
        found[name] = None if at is None or before is None else list(map(np.append, before, spread(at, shape)))

    draw = recording(Layout(), np.random.default_rng(seed), note)
    twin.function(**(twin.letters | override), draw=draw)
    return found


def spread(at: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Thresholds (…, k) for each of the numbers in a block."""
    at = at.detach().numpy() if isinstance(at, Tensor) else np.asarray(at)
    return np.broadcast_to(at, (*shape, at.shape[-1])).reshape(prod(shape), -1)


def given_outcomes(function: Callable[[Tensor], Tensor], cells: Tensor) -> Callable[[Tensor], Tensor]:
    """A function of rows of noise, as one of its Gaussian part alone with the values for all outcomes side by side."""

    def values(rows: Tensor) -> Tensor:
        return function(beside(rows, cells)).reshape(len(rows), -1)

    return values


def beside(rows: Tensor, cells: Tensor) -> Tensor:
    """Every row with every outcome behind it."""
    return torch.cat([rows.repeat_interleave(len(cells), dim=0), cells.repeat(len(rows), 1)], dim=1)
