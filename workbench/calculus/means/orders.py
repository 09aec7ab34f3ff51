"""Orders of averages: by Fubini the letters of a mean may be averaged one law after the other, in any order
in which no law depends on a letter that is averaged already.

Which order a mean has a closed form in depends on what stands in it: ReLU of a masked token is averaged over the
token first, a mask beside an inverse is not. The search takes the usual order, then the others, then the
summands one by one; where none works, the refusal says what was tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sympy import Tuple

from workbench.calculus.errors import CalculusError, DivergentMean, NoSuchMoment
from workbench.language.laws import Random, random_letters

MOST = 12  # refusals after which a search ends
FACTS = (DivergentMean, NoSuchMoment)  # these are true in every order


@dataclass(frozen=True)
class Stage:
    """Letters that one rule averages together."""

    letters: tuple[Random, ...]
    rule: Callable[[Any], Any]

    def __str__(self) -> str:
        return ", ".join(letter.name for letter in self.letters)


Stages = Callable[[Any, frozenset[Random]], Iterable[Stage]]


@dataclass
class Search:
    """A search for an order; `stages` offers what may be averaged next, the usual choice first."""

    stages: Stages
    refused: dict[str, CalculusError] = field(default_factory=dict)

    def mean(self, inside: Any, letters: Iterable[Random]) -> Any:
        """The mean of an integrand over letters. Raises the CalculusError of what stood in the way."""
        remaining = frozenset(letters)
        value = self.ordered(inside, remaining)
        if value is None:
            raise self.refusal()
        return value

    def ordered(self, inside: Any, remaining: frozenset[Random], before: str = "") -> Any:
        """The mean in the first order that works, None where none does."""
        if not remaining:
            return inside
        for stage in self.stages(inside, free(remaining)):
            path = f"{before}{' then ' if before else ''}{stage}"
            if path in self.refused or len(self.refused) >= MOST:
                continue
            try:
                value = stage.rule(inside)
            except FACTS:
                raise
            except CalculusError as problem:
                self.refused[path] = problem
                continue
            value = self.ordered(value, remaining - frozenset(stage.letters), path)
            if value is not None:
                return value
        return None

    def anew(self) -> Search:
        """The same search with nothing tried yet."""
        return Search(self.stages)

    def refusal(self) -> CalculusError:
        """One sentence for all that was tried."""
        (first, *_), paths = self.refused.values(), list(self.refused)
        if len(paths) == 1:
            return first
        tried = "; ".join(f"over {path}: {reason(problem)}" for path, problem in self.refused.items())
        return type(first)(f"no order of averages works here — {tried}")


def reason(problem: CalculusError) -> str:
    """What a refusal says, without its advice."""
    return str(problem).split(";")[0]


def free(remaining: frozenset[Random]) -> frozenset[Random]:
    """The letters on which the law of no other letter depends; all of them where laws depend on each other."""
    used = {x for letter in remaining for x in random_letters(Tuple(*letter.args[3:])) if x != letter}
    return remaining - used or remaining
