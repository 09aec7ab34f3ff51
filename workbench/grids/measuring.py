"""Measuring: one point of a grid, the closed form beside what is measured from the definition."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp
import torch

from workbench.catalogue import Entry, member
from workbench.errors import BadInput, Exceeded, about
from workbench.grids.axes import Point, Range, Value
from workbench.grids.journals import digest_of, name_of
from workbench.judging.statement import twins_of
from workbench.judging.well_formed import letters_asked
from workbench.language.letters import Size
from workbench.limits import Limits, within
from workbench.running.workers import one_thread
from workbench.sweeps.numbers import letters_known, measured_by, needed, number, with_sizes
from workbench.sweeps.points import array_of, sizes_of


@dataclass(frozen=True)
class Sweep:
    """What is measured, and how: the same for all points."""

    entry: Entry
    seed: int
    samples: int
    limits: Limits
    digest: str


@dataclass(frozen=True)
class Found:
    """What one point gave: two numbers with an error bar, or a sentence saying why there are none.

    kept: whether it is so for good; a limit may be another one next time.
    """

    derived: float | None = None
    measured: float | None = None
    error: float | None = None
    how: str = ""
    problem: str = ""
    kept: bool = True

    def record(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "kept"}


def work(sweep: Sweep, point: Point) -> Found:
    """Measure one point; its random samples belong to its letters, whoever works on it and when."""
    one_thread()
    torch.set_num_threads(1)
    if digest_here(sweep.entry, sweep.seed, sweep.samples) != sweep.digest:
        return Found(problem="a worker has other files or versions than this sweep; restart the workers", kept=False)
    loaded(sweep.entry)
    try:
        with within(sweep.limits), about(f"{sweep.entry.id} could not be measured"):
            return found_at(sweep, point)
    except BadInput as problem:
        return Found(problem=str(problem))
    except Exceeded as end:
        return Found(problem=str(end), kept=False)


def found_at(sweep: Sweep, point: Point) -> Found:
    claim, twin = loaded(sweep.entry)
    here = filled(claim, point)
    value = number(claim, **here)
    seen = measured_by(twin, claim, f"{sweep.seed}/{name_of(point)}", sweep.samples, here)
    if np.ndim(value) or np.ndim(seen.value):
        raise BadInput(f"{claim.id} is no number there")
    return Found(value, seen.value, seen.error, seen.how)


@lru_cache(maxsize=1)
def loaded(entry: Entry) -> tuple[Any, Any]:
    """The claim and the function that measures it. Raises BadInput where its files cannot be used."""
    return member(entry, "derivations"), twins_of(entry)[0]


@lru_cache(maxsize=1)
def digest_here(entry: Entry, seed: int, samples: int) -> str:
    """What this process would measure by."""
    return digest_of(entry, seed, samples)


def swept_claim(entry: Entry, letters: list[str]) -> Any:
    """The claim, if it is a number in these letters. Raises BadInput where it is none, or has no such letter."""
    claim, _ = loaded(entry)
    if claim.formula.is_Matrix:
        shape = " × ".join(map(str, claim.formula.shape))
        raise BadInput(f"{entry.id} is a matrix, {shape}; sweep a claim whose quantity is a number")
    known = letters_known(claim)
    for name in letters:
        if name not in known:
            raise BadInput(f"{entry.id} has no letter {name}; its theorem has {', '.join(sorted(known))}")
    return claim


def all_given(entry: Entry, axes: dict[str, list[Value]]) -> None:
    """Raises BadInput, before anything is measured, where letters have no axis: all of them in one sentence."""
    claim, twin = loaded(entry)
    known = letters_known(claim)
    taken = {*needed(claim.formula), *(known[name] for name in {*letters_asked(twin), *axes} & known.keys())}
    given = {*axes, *sizes_said(known, {name: values[0] for name, values in axes.items()})}
    if missing := [letter.name for letter in with_sizes(taken) if letter.name not in given]:
        raise BadInput(
            f"{entry.id} needs a value of {', '.join(missing)} as well; add an axis for each: {missing[0]}=…"
        )


def sizes_said(known: dict[str, Any], point: Point) -> dict[str, Any]:
    """The sizes that the matrices of a point have."""
    arrays = {name: array_of(known[name], value) for name, value in point.items() if value != "I"}
    return {name: int(size) for name, size in sizes_of(known, arrays).items()}


def whole(claim: Any, axes: dict[str, list[Value]]) -> dict[str, list[Value]]:
    """The axes with whole numbers where a range is one of a size."""
    known = letters_known(claim)
    sizes = {name for name, values in axes.items() if isinstance(values, Range) and isinstance(known[name], Size)}
    return {name: list(dict.fromkeys(map(round, values))) if name in sizes else values for name, values in axes.items()}


def filled(claim: Any, point: Point) -> dict[str, Any]:
    """A point with identity matrices of the size that its letters have there."""
    known = letters_known(claim)
    sizes = point | sizes_said(known, point)
    return {name: identity(known[name], sizes) if value == "I" else value for name, value in point.items()}


def identity(letter: Any, point: Point) -> Any:
    rows, columns = getattr(letter, "shape", (0, 0))
    sizes = [sp.sympify(side).subs({n: point[n.name] for n in sp.sympify(side).free_symbols if n.name in point})
             for side in (rows, columns)]  # fmt: skip
    if not all(size.is_Integer and size > 0 for size in sizes):
        raise BadInput(f"{letter.name} = I needs its size: give {rows} a value as well")
    return np.eye(*map(int, sizes))
