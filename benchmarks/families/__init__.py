"""Families of typed statements whose truth is known by construction: what the judge is attacked with.

A family is a generator of statements and a row of the table of error rates. A wrong statement is a right one with
something added that is zero where a careless judge looks, or a formula that holds for special letters only. Right
ones are identities of the literature, written in several ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random


@dataclass(frozen=True)
class Statement:
    """A line as it is typed: an equation, or a formula in place of the closed form of a claim; and its truth."""

    text: str
    where: str = ""
    right: bool = False
    family: str = ""
    claim: str = ""  # the claim for which the formula is conjectured; none for an equation

    def __str__(self) -> str:
        typed = f"{self.claim} := {self.text}" if self.claim else self.text
        return f"{typed}   where {self.where}" if self.where else typed


@dataclass(frozen=True)
class Identity:
    """A right equation, what its letters are, and something of its shape that is not zero."""

    left: str
    right: str
    where: str = ""
    unit: str = "1"

    @property
    def text(self) -> str:
        return f"{self.left} == {self.right}"

    def plus(self, term: str, where: str = "") -> Statement:
        """With a term added on the right."""
        return Statement(f"{self.left} == {self.right} + ({term})*{self.unit}", joined(self.where, where))

    def instead(self, right: str, where: str = "") -> Statement:
        """With another right side."""
        return Statement(f"{self.left} == {right}", joined(self.where, where))


Makes = Callable[[], Iterator[Statement]]
FAMILIES: dict[str, Makes] = {}


def joined(*declarations: str) -> str:
    return "; ".join(filter(None, declarations))


def family(name: str, right: bool = False) -> Callable[[Makes], Makes]:
    """Enter a generator of statements in the table: all it yields are of one family, and right or wrong."""

    def enter(makes: Makes) -> Makes:
        def named() -> Iterator[Statement]:
            return (replace(statement, family=name, right=right) for statement in makes())

        FAMILIES[name] = named
        return named

    return enter


def statements(most: int | None = None, seed: int = 0) -> list[Statement]:
    """Every statement of every family, each once; or at most so many of each, drawn by a seed."""
    from families import (  # noqa: F401  (they enter themselves)
        conjectures,
        edges,
        means,
        neighbours,
        newcomers,
        papers,
        right,
        special,
        wrong,
    )

    found: list[Statement] = []
    known: set[Statement] = set()
    for name, makes in FAMILIES.items():
        fresh = {replace(one, family=""): one for one in makes() if replace(one, family="") not in known}
        known |= fresh.keys()
        every = list(fresh.values())
        found += every if most is None or len(every) <= most else Random(f"{seed}/{name}").sample(every, most)
    return found
