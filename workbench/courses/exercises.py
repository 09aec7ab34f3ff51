"""Exercises: a closed form is asked for; a try is judged, a hint given, and the answer is the last hint.

A try is judged as any conjecture is, with a witness where it is wrong. What the judge knows beyond that (the derived
formula, a correction) stays unsaid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from workbench.catalogue import known_here, member
from workbench.claims import Claim
from workbench.courses.hints import hints_on
from workbench.errors import BadInput
from workbench.judging.verdicts import Verdict
from workbench.judging.verification import conjecture, formula_in_place_of
from workbench.language.laws import MatrixMean, ScalarMean
from workbench.sessions.answers import check
from workbench.sessions.derivations import derivation_of
from workbench.sessions.equations import read_equation
from workbench.showing.telling import MARKS
from workbench.stating import saying

SAYS = {"supported": "right", "refuted": "wrong", "undecided": "undecided"}


@dataclass(frozen=True)
class Try:
    """What was answered, and what the evidence says of it: right, wrong or undecided, with a witness where wrong."""

    typed: str
    status: str
    witness: str = ""

    @property
    def right(self) -> bool:
        return self.status == "supported"

    def __repr__(self) -> str:
        told = f": {self.witness}" if self.witness else ""
        return f"{MARKS[self.status]} {self.typed}  {SAYS[self.status]}{told}"


@dataclass
class Exercise:
    """A question about one quantity."""

    asked: str
    claim: Claim
    judge: Callable[[str], Verdict]
    read: Callable[[str], Any]
    tries: list[Try] = field(default_factory=list)
    hinted: int = 0

    def try_(self, formula: str) -> Try:
        """Judge an answer. Raises BadInput when it cannot be read."""
        verdict = self.judge(formula)
        self.tries.append(Try(formula, verdict.status, differing(verdict.witness)))
        return self.tries[-1]

    def hint(self) -> Hint:
        """The next hint; the last one is the answer, and stays."""
        last = next((attempt.typed for attempt in reversed(self.tries) if not attempt.right), "")
        hints = hints_on(self.claim, self.read(last) if last else None)
        self.hinted = min(self.hinted + 1, len(hints))
        return Hint(f"hint {self.hinted} of {len(hints)}: {hints[self.hinted - 1]()}")

    def __repr__(self) -> str:
        return f'{self.asked}\nanswer with .try_("…"), ask for a .hint()'


class Hint(str):
    """A sentence that a notebook shows as it is."""

    def __repr__(self) -> str:
        return str(self)


def differing(witness: dict[str, Any] | None) -> str:
    """Where an answer fails: the instance and its own number, not the right one."""
    if not witness:
        return ""
    return f"at {witness['instance']} it gives {witness['claimed']:.6g}, and the quantity is {witness['measured']:.6g}"


def exercise(name: str, where: str | Iterable[str] = ()) -> Exercise:
    """An exercise on a claim of the catalogue, exercise("pca.spikes.outlier"), or on a mean, exercise("E[X*X.T]").

    where: what the letters of a typed mean are. Raises BadInput when there is no such claim or the mean has no rule.
    """
    if name.isidentifier() or all(part.isidentifier() for part in name.split(".")):
        return on_claim(name)
    return on_mean(name, (where,) if isinstance(where, str) else tuple(where))


def on_claim(name: str) -> Exercise:
    """The closed form of a claim is asked for."""
    entry = known_here().claim(name)
    claim = member(entry, "derivations")
    said = saying(entry, claim)
    letters = "\n".join(f"  {letter}: {words}" for letter, words in said["letters"].items())
    conditions = ", ".join([*said["hypotheses"], said["condition"]]).strip(", ")
    where = f"\nwhere {conditions}" if conditions else ""
    asked = f"{said['left']} = ?   {said['measured'].get('says', entry.title)}\n{letters}{where}"
    return Exercise(asked, claim, partial(conjecture, name), partial(formula_in_place_of, entry))


def on_mean(typed: str, where: tuple[str, ...]) -> Exercise:
    """The value of a typed mean is asked for."""
    equation = read_equation(f"{typed} == 0", where)
    claim = derivation_of(equation.left, equation.hypotheses)
    if claim is None or claim.formula.has(ScalarMean, MatrixMean):
        raise BadInput(f"no rule derives {typed}, so that there is no exercise on it")
    asked = f"{typed} = ?\n  {equation.where}"
    return Exercise(
        asked, claim, lambda answer: check(f"{typed} == {answer}", where),
        lambda answer: read_equation(f"{typed} == {answer}", where).right,
    )  # fmt: skip
