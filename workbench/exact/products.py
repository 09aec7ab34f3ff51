"""Products: chains of matrices, multiplied in the order that takes the fewest operations.

Entries of any ring commute, so a trace may begin at any factor; numbers are multiplied as they come.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

LONG = 12  # factors, above which the best order is not sought: there are too many


def product(matrices: list[np.ndarray]) -> np.ndarray:
    """M₁ M₂ … Mₙ."""
    if len(matrices) == 1:
        return matrices[0]
    lengths = lengths_of(matrices)
    split = cheapest(lengths)[1] if len(matrices) <= LONG else narrowest(lengths)
    return product(matrices[:split]) @ product(matrices[split:])


def trace_of_product(matrices: list[np.ndarray]) -> Any:
    """tr(M₁ M₂ … Mₙ): from the factor where it costs least, and no entry off the diagonal at the end."""
    if len(matrices) == 1:
        return np.trace(matrices[0])
    lengths = lengths_of(matrices)[:-1]
    _, turn, split = cheapest_round(lengths) if len(matrices) <= LONG else narrowest_round(lengths)
    turned = [*matrices[turn:], *matrices[:turn]]
    left, right = product(turned[:split]), product(turned[split:])
    if left.shape != right.T.shape:  # one row would be repeated in silence
        raise ValueError(f"a product of {left.shape} and {right.shape} has no trace")
    return np.sum(left * right.T)


def lengths_of(matrices: list[np.ndarray]) -> tuple[int, ...]:
    """Rows of the first matrix, then the columns of each."""
    return (len(matrices[0]), *(matrix.shape[1] for matrix in matrices))


@lru_cache(maxsize=4096)
def cheapest(lengths: tuple[int, ...]) -> tuple[int, int]:
    """Multiplications that a chain takes at least, and how many of its matrices are multiplied first."""
    if len(lengths) == 2:
        return 0, 0
    rows, columns = lengths[0], lengths[-1]
    cost, minus_split = min(
        (cheapest(lengths[: k + 1])[0] + cheapest(lengths[k:])[0] + rows * lengths[k] * columns, -k)
        for k in range(1, len(lengths) - 1)
    )
    return cost, -minus_split


@lru_cache(maxsize=4096)
def cheapest_round(lengths: tuple[int, ...]) -> tuple[int, int, int]:
    """The same for the trace of a chain: multiplications, the factor it begins at, and where its two halves meet."""
    turned = [(*lengths[turn:], *lengths[: turn + 1]) for turn in range(len(lengths))]
    return min(
        (cheapest(chain[: k + 1])[0] + cheapest(chain[k:])[0] + chain[0] * chain[k], turn, k)
        for turn, chain in enumerate(turned)
        for k in range(1, len(lengths))
    )


def narrowest(lengths: tuple[int, ...]) -> int:
    """How many matrices of a long chain are multiplied first: up to where it is narrowest, near its middle."""
    return min(range(1, len(lengths) - 1), key=lambda k: (lengths[k], abs(2 * k - len(lengths) + 1)))


def narrowest_round(lengths: tuple[int, ...]) -> tuple[int, int, int]:
    """The same for the trace of a long chain, which begins where it is narrowest; the number is not counted."""
    turn = lengths.index(min(lengths))
    return 0, turn, narrowest((*lengths[turn:], *lengths[: turn + 1]))
