"""Updates: what a session needs to follow the means of a random update of a state, and to run it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import sympy as sp

from workbench.calculus.errors import NotClosed
from workbench.errors import BadInput
from workbench.language.laws import E, random_letters
from workbench.language.letters import Matrix, Scalar, Symmetric
from workbench.lowering.steps import twin_of_steps
from workbench.sessions.quantities import Quantity

LONGEST = 4  # a run is measured over fewer steps than this: every step has noise of its own


def followed(line: Any, update: Mapping[Any, Any], taken: set[str]) -> dict[Any, Any]:
    """Letters for the means that a line needs, its own first. Raises NotClosed, and BadInput for a sum of several.

    A matrix is followed by itself alone.
    """
    from workbench.calculus.recursions.closing import closed, next_means
    from workbench.calculus.recursions.functionals import said

    names = fresh(taken)
    alone = {letter_for(next(names), line): line}
    try:
        next_means(line, update, alone)
        return alone
    except NotClosed:
        if next(iter(alone)).is_Matrix:
            raise
        functionals = [*map(said, closed(line, update)[0])]
    if line not in functionals:
        raise BadInput("the line is a sum of several means; start from one of them, or say what is followed: means={…}")
    others = [each for each in functionals if each != line]
    return alone | {Scalar(name): each for name, each in zip(names, others)}


def letter_for(name: str, line: Any) -> Any:
    """A letter for the mean of a line, a symmetric one where the line is symmetric."""
    from workbench.calculus.algebra.translation import polynomial

    if not getattr(line, "is_Matrix", False):
        return Scalar(name)
    symmetric = line.shape[0] == line.shape[1] and not (polynomial(line) - polynomial(line.T)).terms
    return (Symmetric if symmetric else Matrix)(name, *line.shape)


def fresh(taken: set[str]) -> Iterator[str]:
    """Names for means that nothing on the page has."""
    return (name for k in count() if (name := f"mean_{k + 1}") not in taken)


def one_step(line: Any, update: Mapping[Any, Any], means: Mapping[Any, Any]) -> Quantity:
    """The means after one step by definition: a number, or a column of them."""
    moved = [functional.xreplace(dict(update)) for functional in means.values()]
    averaged = [E(each) if random_letters(each) else each for each in moved]
    return Quantity(averaged[0] if len(averaged) == 1 else sp.ImmutableMatrix(averaged))


def growth(line: Any, update: Mapping[Any, Any]) -> Any:
    """By how much a number is larger after one step, on average."""
    moved = line.xreplace(dict(update)) - line
    return E(moved) if random_letters(moved) else moved


@dataclass(frozen=True)
class Run(Quantity):
    """A number at the state after so many steps of an update; `expression` is that after one, for its letters."""

    line: Any = None
    update: tuple[tuple[Any, Any], ...] = ()
    times: Any = None

    @property
    def plain(self) -> bool:
        return False

    @property
    def regime(self) -> tuple[Any, ...]:
        return (self.times < LONGEST,)

    def twin(self) -> Callable[..., Any]:
        return twin_of_steps(self.line, dict(self.update), self.times, "left_side")

    def moved(self, *_: Any) -> None:
        """What comes of a run is not measured further."""

    root = roots = sign_change = substituted = moved  # type: ignore[assignment]


def run_of(line: Any, update: Mapping[Any, Any], times: Any) -> Run:
    """A number after so many steps of an update, as it is measured."""
    moved = line.xreplace(dict(update))
    expression = E(moved) if random_letters(moved) else moved
    return Run(expression, line=line, update=tuple(update.items()), times=times)
