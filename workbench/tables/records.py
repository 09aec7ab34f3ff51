"""Records: rows of short texts as a table whose columns stand under each other, and rows of numbers as a frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.errors import BadInput


def aligned(title: str, rows: Sequence[Sequence[str]]) -> str:
    """A title and the rows below it, the first of which are the heads of the columns."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join([title, *("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)])


def frame_of(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Rows as a pandas DataFrame. Raises BadInput where pandas is not installed."""
    try:
        import pandas
    except ImportError:
        raise BadInput("a frame needs pandas: pip install 'theorem-workbench[tables]'") from None
    return pandas.DataFrame(list(rows))
