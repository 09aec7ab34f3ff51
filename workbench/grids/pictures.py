"""Pictures: what a sweep found, the closed form as lines or colours and the measurements as dots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from workbench.errors import BadInput
from workbench.grids.tables import Row, column

MOST_CURVES = 8  # beyond, two letters make a diagram


def draw(rows: list[Row], axes: dict[str, list[Any]], label: str, target: Path) -> None:
    """Draw a table over its one or two axes that have more than one value. Raises BadInput where they are others."""
    long = sorted((name for name, values in axes.items() if len(values) > 1), key=lambda name: -len(axes[name]))
    figure = Figure(figsize=(6, 4), layout="constrained")
    board = figure.add_subplot()
    if len(long) == 2 and len(axes[long[1]]) > MOST_CURVES:
        diagram(figure, board, rows, axes, [name for name in axes if name in long], label)
    else:
        curves(board, rows, axes, long, label)
    try:
        figure.savefig(target)
    except (OSError, ValueError) as problem:
        raise BadInput(f"{target} cannot be drawn ({problem}); name a file that ends in .svg, .png or .pdf") from None


def check(axes: dict[str, list[Any]]) -> None:
    """Raises BadInput where there is nothing to draw along, or too much."""
    long = [name for name, values in axes.items() if len(values) > 1]
    if not 1 <= len(long) <= 2:
        which = f"{', '.join(long)} have" if long else "no letter has"
        raise BadInput(f"--plot draws over one or two letters; here {which} more than one value")
    for name in long:
        if any(not isinstance(value, int | float) for value in axes[name]):
            raise BadInput(f"--plot draws over numbers; {name} is none")


def curves(board: Any, rows: list[Row], axes: dict[str, list[Any]], long: list[str], label: str) -> None:
    """A curve over the longer axis for each value of the other, with the measured dots and their bars."""
    along, other = long[0], long[1] if len(long) > 1 else None
    for place, value in enumerate(axes[other] if other else [None]):
        here = sorted((row for row in rows if other is None or row[other] == value), key=lambda row: row[along])
        at = [row[along] for row in here]
        derived, measured, error = (numbers(here, axes, name) for name in ("derived", "measured", "error"))
        colour = f"C{place}"
        board.plot(at, derived, color=colour, label=f"{other} = {value:g}" if other else None)
        board.errorbar(at, measured, yerr=error, fmt="o", color=colour, markersize=3)
    board.set(xlabel=along, ylabel=label)
    if other:
        board.legend(fontsize="small")


def diagram(figure: Any, board: Any, rows: list[Row], axes: dict[str, list[Any]], two: list[str], label: str) -> None:
    """The closed form as colours over both axes, what was measured as dots in the same colours."""
    down, along = two
    shape = len(axes[down]), len(axes[along])
    derived, measured = (numbers(rows, axes, name).reshape(shape) for name in ("derived", "measured"))
    seen = np.concatenate([derived[np.isfinite(derived)], measured[np.isfinite(measured)]])
    scale = mpl.colors.Normalize(seen.min(), seen.max()) if seen.size else None
    sheet = board.pcolormesh(axes[along], axes[down], derived, norm=scale, shading="nearest")
    x, y = np.meshgrid(axes[along], axes[down])
    board.scatter(x, y, c=measured, norm=scale, s=12, edgecolors="white", linewidths=0.4)
    board.set(xlabel=along, ylabel=down)
    figure.colorbar(sheet, label=f"{label} (dots: measured)")


def numbers(rows: list[Row], axes: dict[str, list[Any]], name: str) -> np.ndarray:
    """A column as numbers; a gap where there is none."""
    found = [row[column(name, axes)] for row in rows]
    return np.array([np.nan if value is None else value for value in found], dtype=float)
