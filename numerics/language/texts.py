"""Texts of Zipf-distributed words: sampling, counting, and sums over an unlimited vocabulary."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

LISTED = 2**17  # ranks in a table; those beyond are drawn from the continuous law, half a rank off at most


@lru_cache(maxsize=8)
def cumulative(sigma: float) -> tuple[np.ndarray, float]:
    """The weights k^−σ summed up to each listed rank, and the sum over all that follow (midpoints)."""
    weights = np.arange(1, LISTED + 1, dtype=float) ** -sigma
    return np.cumsum(weights), (LISTED + 0.5) ** (1 - sigma) / (sigma - 1)


def zipf_ranks(uniforms: np.ndarray, sigma: float) -> np.ndarray:
    """Ranks k ≥ 1 with frequencies k^−σ/ζ(σ), one for each uniform number."""
    sums, beyond = cumulative(sigma)
    heights = uniforms * (sums[-1] + beyond)
    ranks = np.searchsorted(sums, heights, side="right").astype(float) + 1
    left = np.maximum((sums[-1] + beyond - heights) / beyond, 1e-300)  # share of the tail that is left
    tail = np.rint((LISTED + 0.5) * left ** (-1 / (sigma - 1)))
    return np.where(ranks <= LISTED, ranks, np.minimum(tail, 2.0**62)).astype(np.int64)
