"""Tables: one row for each point of a grid, in the order of the grid, as CSV or Parquet."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workbench.errors import BadInput

FOUND = ("derived", "measured", "error", "how", "problem")
Row = dict[str, Any]


def row_of(point: Mapping[str, Any], found: Mapping[str, Any]) -> Row:
    """A point and what was found there; a matrix is text. Letters come first, whatever they are called."""
    letters = {name: json.dumps(value) if isinstance(value, list) else value for name, value in point.items()}
    return {**letters, **{column(name, point): found[name] for name in FOUND}}


def column(name: str, point: Mapping[str, Any]) -> str:
    """The name of a column beside those of the letters."""
    return f"{name}_" if name in point else name


def write(rows: list[Row], target: Path) -> None:
    """Write a table, whole or not at all. Raises BadInput where it cannot be written."""
    form: Callable[[list[Row]], bytes] = as_parquet if target.suffix == ".parquet" else as_csv
    content, beside = form(rows), target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    except OSError as problem:
        raise BadInput(f"{target} cannot be written ({problem.strerror}); the points are kept, so try again") from None


def as_csv(rows: list[Row]) -> bytes:
    """Numbers in as many digits as they have; nothing where there is no number."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_parquet(rows: list[Row]) -> bytes:
    parquet, table = arrow()
    content = io.BytesIO()
    parquet.write_table(table.from_pydict({name: [row[name] for row in rows] for name in rows[0]}), content)
    return content.getvalue()


def arrow() -> tuple[Any, Any]:
    """The library that writes Parquet. Raises BadInput where it is not installed."""
    try:
        from pyarrow import Table, parquet  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise BadInput(
            "a table in Parquet needs pyarrow: pip install pyarrow, or name a file that ends in .csv"
        ) from None
    return parquet, Table
