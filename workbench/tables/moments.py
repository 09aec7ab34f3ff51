"""Moments of tables with holes: means, scales, covariances, and conditional means given what each row shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from workbench.errors import BadInput

SMALLEST = 1e-9  # the least eigenvalue of a covariance, in units of the largest
TOGETHER = 2**22  # numbers that conditional means hold in memory at once
Covariance = Literal["pairwise", "complete"]


def standardised(values: np.ndarray) -> np.ndarray:
    """Columns less their mean and over their scale, both of the entries that are seen; shape and holes stay."""
    return (values - np.nanmean(values, 0)) / np.nanstd(values, 0)


def covariance(values: np.ndarray, how: Covariance = "pairwise") -> np.ndarray:
    """The positive definite covariance (columns × columns) of centred rows that may have holes.

    pairwise: every two columns over the rows that show both; complete: over the rows without a hole. Pairwise
    covariances need not be those of any vector, so eigenvalues that are not positive are raised until they are.
    Raises BadInput where no row, or no row for some two columns, is left.
    """
    seen = (~np.isnan(values)).astype(float)
    if how == "complete":
        seen *= seen.all(1, keepdims=True)
    together = seen.T @ seen
    if together.min() == 0:
        what = "no row is complete" if how == "complete" else "two columns are never seen together"
        raise BadInput(f"{what}, so their covariance is unknown; drop a column, or fill in with GaussianImputer first")
    filled = np.where(seen > 0, np.nan_to_num(values), 0)
    return made_positive(filled.T @ filled / together)


def made_positive(matrix: np.ndarray) -> np.ndarray:
    """A symmetric matrix whose eigenvalues are at least a trifle; its diagonal is kept."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    least = SMALLEST * values.max()
    if values.min() >= least:
        return (matrix + matrix.T) / 2
    raised = vectors * np.maximum(values, least) @ vectors.T
    scale = np.sqrt(np.diag(matrix) / np.diag(raised))
    return scale[:, None] * (raised + raised.T) / 2 * scale


def regressions(cov: np.ndarray, seen: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """For each row, the matrix that takes what is seen (zero elsewhere) to the conditional mean of every entry.

    cov: (d, d); seen: (n, d) of zeros and ones. Yields parts of the rows with their matrices, (rows, d, d).
    """
    d = len(cov)
    step = max(1, TOGETHER // d**2)
    for first in range(0, len(seen), step):
        part = slice(first, first + step)
        o = seen[part].astype(float)
        # Rows and columns of what is missing are those of the identity, so that all rows are solved at once.
        shown = o[:, :, None] * cov * o[:, None, :] + np.eye(d) * (1 - o)[:, None, :]
        yield part, np.swapaxes(np.linalg.solve(shown, o[:, :, None] * cov), 1, 2)


def conditional_means(values: np.ndarray, mean: np.ndarray, cov: np.ndarray) -> np.ndarray:
    """Rows with every hole filled by its mean given what the row shows; shape of values."""
    seen = ~np.isnan(values)
    shown = np.where(seen, values - mean, 0)
    filled = values.copy()
    for part, maps in regressions(cov, seen):
        guess = mean + np.einsum("nij,nj->ni", maps, shown[part])
        filled[part] = np.where(seen[part], values[part], guess)
    return filled


def likeliest(values: np.ndarray, most: int, tol: float) -> tuple[np.ndarray, np.ndarray, int]:
    """Mean (d,) and covariance (d, d) of the likeliest Gaussian, by expectation and maximisation, and the steps taken.

    It stops where no number of either moves by more than tol times its column's scale.
    """
    seen = ~np.isnan(values)
    mean, scale = np.nanmean(values, 0), np.nanstd(values, 0)
    scale = np.where(scale > 0, scale, 1)
    cov = np.diag(scale**2)
    for step in range(1, most + 1):
        before = mean, cov
        mean, cov = improved(values, seen, mean, cov + SMALLEST * np.diag(scale**2))
        moved = max(np.abs((mean - before[0]) / scale).max(), np.abs((cov - before[1]) / np.outer(scale, scale)).max())
        if moved <= tol:
            return mean, cov, step
    return mean, cov, most


def improved(values: np.ndarray, seen: np.ndarray, mean: np.ndarray, cov: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One step of expectation and maximisation."""
    filled, unsure = values.copy(), np.zeros_like(cov)
    shown = np.where(seen, values - mean, 0)
    for part, maps in regressions(cov, seen):
        guess = mean + np.einsum("nij,nj->ni", maps, shown[part])
        filled[part] = np.where(seen[part], values[part], guess)
        hidden = (~seen[part]).astype(float)
        unsure += np.einsum("ni,nij,nj->ij", hidden, cov - maps @ cov, hidden, optimize=True)
    centred = filled - filled.mean(0)
    return filled.mean(0), (centred.T @ centred + unsure) / len(values)
