"""Entries: a table of numbers with holes, read from whatever holds one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.errors import BadInput

FEWEST_ROWS = 3  # of which a column may be seen in; with fewer there is no regression on anything


@dataclass(frozen=True)
class Entries:
    """The numbers of a table, NaN where one is missing (shape (rows, columns)), and the names of its columns."""

    values: np.ndarray
    names: tuple[str, ...]

    @property
    def seen(self) -> np.ndarray:
        return ~np.isnan(self.values)

    @property
    def rates(self) -> np.ndarray:
        """The share of missing entries in each column."""
        return 1 - self.seen.mean(0)


def entries_of(table: Any) -> Entries:
    """The entries of a DataFrame or an array (shape (rows, columns)), every column of which varies.

    Raises BadInput where a column holds something else than numbers, is constant or is seen too rarely.
    """
    frame = hasattr(table, "columns") and hasattr(table, "to_numpy")
    raw = table.to_numpy(dtype=object) if frame else np.asarray(table, dtype=object)
    if raw.ndim != 2 or raw.shape[1] < 2:
        shape = " × ".join(map(str, raw.shape)) or "a single number"
        raise BadInput(f"a table has rows and at least two columns; this one is {shape}")
    names = tuple(map(str, table.columns if frame else range(raw.shape[1])))
    values = np.column_stack([numbers(column, name) for column, name in zip(raw.T, names)])
    for column, name in zip(values.T, names):
        check(column[~np.isnan(column)], name)
    return Entries(values, names)


def numbers(column: np.ndarray, name: str) -> np.ndarray:
    """A column as floats, NaN where an entry is missing. Raises BadInput where an entry is no finite number."""
    found = np.array([number(entry, name) for entry in column])
    if np.isinf(found).any():
        raise BadInput(f"column {name!r} holds an infinite number; leave NaN where nothing is known")
    return found


def number(entry: Any, name: str) -> float:
    """One entry; None and what pandas calls missing are NaN, text is refused."""
    if entry is None or type(entry).__name__ in ("NAType", "NaTType"):
        return np.nan
    try:
        if not isinstance(entry, str):
            return float(entry)
    except (TypeError, ValueError):
        pass
    raise BadInput(f"column {name!r} holds {entry!r}, which is no number; drop the column or code it in numbers")


def check(seen: np.ndarray, name: str) -> None:
    """Raises BadInput where a column tells too little."""
    if len(seen) == 0:
        raise BadInput(f"column {name!r} has no entry at all; drop it")
    if len(seen) < FEWEST_ROWS:
        raise BadInput(
            f"column {name!r} is seen in {len(seen)} rows, which tells nothing of others; give {FEWEST_ROWS} or more"
        )
    if np.ptp(seen) == 0:
        raise BadInput(f"column {name!r} is constant, so there is nothing to predict; drop it")
