"""Curves: a claim's closed form over a range of one letter, with its rivals and what is measured there."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from textwrap import fill
from typing import Any

import numpy as np

from workbench.errors import BadInput
from workbench.language.letters import Size
from workbench.sweeps.numbers import letters_known, measured, number

POINTS, DOTS, MOST, WIDTH = 121, 5, 8, 70  # of a curve; that are measured; curves of one quantity; of a title


def plot(
    claim: Any, /, *, dots: int = DOTS, rivals: bool = True, marks: Any = (), axes: Any = None, **given: Any
) -> Any:
    """Draw a claim over the letter that is given its two ends, p=(0, 1), and return matplotlib's axes.

    The line is the closed form, dots with bars are measured from the definition (`dots` of them), faint lines are
    the rivals; `marks` are claims of critical scales in that letter, drawn as dashed lines. Where the quantity is a
    vector or a matrix every component has its colour. Raises BadInput when no letter, or more than one, has two ends.
    """
    name, ends, others = swept(claim, given)
    at = range_of(claim, name, ends, POINTS)
    board: Any = axes or new_axes()
    drawn = values(claim, claim.formula, name, at, others)
    if drawn.shape[1] > MOST:
        raise BadInput(
            f"{claim.id} has {drawn.shape[1]} components, and at most {MOST} curves are drawn; call the claim instead"
        )
    colours = [f"C{place}" for place in range(drawn.shape[1])]
    for column, colour in zip(drawn.T, colours):
        board.plot(at, column, color=colour)
    ends_shown = board.get_ylim()
    for (wrong, formula), style in zip((claim.rivals if rivals else {}).items(), cycle(("--", "-.", ":"))):
        for place, column in enumerate(values(claim, formula, name, at, others).T):
            board.plot(at, column, style, color="0.7", zorder=0, label=None if place else f"not: {wrong}")
    board.set_ylim(ends_shown)  # a rival may go far away
    for where in dots_at(claim, name, ends, dots):
        found = measured(claim, **others, **{name: where})
        for value, error, colour in zip(np.ravel(found.value), np.ravel(found.error), colours):
            board.errorbar(where, value, yerr=error, fmt="o", color=colour, markersize=4)
    for mark in marks if isinstance(marks, (list, tuple)) else (marks,):
        board.axvline(number(mark, **known_to(mark, others)), color="0.4", linestyle="--", label=mark.symbol)
    board.set(xlabel=name, ylabel=claim.symbol or claim.name, title=fill(claim.statement.split("\n")[0], WIDTH))
    board.title.set_fontsize("medium")
    if board.get_legend_handles_labels()[1]:
        board.legend(fontsize="small")
    return board


def explore(claim: Any, /, **given: Any) -> Any:
    """The plot of a claim with a slider for every letter but the first that is given its two ends (ipywidgets)."""
    try:
        from ipywidgets import FloatSlider, IntSlider, interactive
    except ImportError:
        raise BadInput("explore needs ipywidgets: pip install ipywidgets") from None
    ranged = [name for name, value in given.items() if is_range(value)]
    if not ranged:
        raise BadInput(f"{claim.id}: give at least one letter its two ends, e.g. {next(iter(given), 'p')}=(0, 1)")
    rest = ranged[1:]
    known = letters_known(claim)
    sliders = {}
    for name in rest:
        low, high = given[name]
        whole = isinstance(known.get(name), Size)
        kind, middle = (IntSlider, (low + high) // 2) if whole else (FloatSlider, (low + high) / 2)
        sliders[name] = kind(value=middle, min=low, max=high, step=1 if whole else (high - low) / 50, description=name)
    fixed = {name: value for name, value in given.items() if name not in rest}

    def draw(**moved: Any) -> None:
        plot(claim, dots=0, **fixed, **moved)

    return interactive(draw, **sliders)


def swept(claim: Any, given: Mapping[str, Any]) -> tuple[str, tuple[float, float], dict[str, Any]]:
    """The letter with two ends, its ends, and the values of the others."""
    ranged = [name for name, value in given.items() if is_range(value)]
    if len(ranged) != 1:
        what = f"{' and '.join(ranged)} have two ends" if ranged else "no letter has two ends"
        raise BadInput(
            f"{claim.id}: {what}; give exactly one letter its ends, e.g. {ranged[0] if ranged else 'p'}=(0.1, 2)"
        )
    return ranged[0], given[ranged[0]], {name: value for name, value in given.items() if name != ranged[0]}


def is_range(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(end, int | float) for end in value)


def range_of(claim: Any, name: str, ends: tuple[float, float], points: int) -> np.ndarray:
    """Values of a letter between two ends; whole ones where it is a size."""
    low, high = ends
    if isinstance(letters_known(claim).get(name), Size):
        return np.unique(np.linspace(low, high, points).round().astype(int))
    return np.linspace(low, high, points)


def dots_at(claim: Any, name: str, ends: tuple[float, float], dots: int) -> list[float]:
    """Where is measured: inside the range, whose ends are often the borders of what a letter may be."""
    low, high = ends
    inset = (high - low) / (2 * dots) if dots else 0
    return range_of(claim, name, (low + inset, high - inset), dots).tolist() if dots else []


def values(claim: Any, formula: Any, name: str, at: np.ndarray, others: Mapping[str, Any]) -> np.ndarray:
    """A formula along a letter, a column for each component; a gap where it has no value."""
    return np.reshape(number(claim, formula, **{**others, name: at}), (len(at), -1))


def known_to(claim: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the letters that a claim's theorem has."""
    known = letters_known(claim)
    return {name: value for name, value in given.items() if name in known}


def new_axes() -> Any:
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(6, 3.5), layout="constrained")[1]
