"""Records: rows of short texts, printed as a table whose columns stand under each other."""

from __future__ import annotations

from collections.abc import Sequence


def aligned(title: str, rows: Sequence[Sequence[str]]) -> str:
    """A title and the rows below it, the first of which are the heads of the columns."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join([title, *("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)])
