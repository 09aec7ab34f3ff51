"""Lines of a session: a formula with its check, and the definition that measures it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from workbench.claims import Line
from workbench.judging.proofs import CheckedLine
from workbench.language import printing
from workbench.sessions.answers import Answer
from workbench.sessions.quantities import Quantity
from workbench.showing import display
from workbench.showing.telling import caught


@dataclass(frozen=True)
class SessionLine:
    """One line: how it was derived and checked, what it is by definition, and what the measurement says."""

    checked: CheckedLine
    quantity: Quantity | None  # what it is by definition; None where a line has no measurement of its own
    hypotheses: tuple[Any, ...]  # what it supposes besides what every line of the page does
    answer: Answer | None
    unmeasured: str = ""  # why there is no answer, where there could have been one
    stands: Mapping[Any, Any] = field(default_factory=dict)  # letters for means, with what those are the means of

    @property
    def line(self) -> Line:
        return self.checked.line

    @property
    def formula(self) -> Any:
        return self.line.expression

    @property
    def status(self) -> str:
        """What the measurement says: supported, refuted, undecided, or unmeasured (as definitions are)."""
        return "unmeasured" if self.answer is None else self.answer.status

    @property
    def grade(self) -> str:
        """What the exact check says, and what the measurement says."""
        exact = f"{self.checked.grade} {self.checked.certainty}".rstrip()
        if self.answer is None:
            why = f": {self.unmeasured}" if self.unmeasured else ""
            exact = "its error was seen to fall" if self.checked.grade == "measured" else exact
            return exact if self.checked.grade in ("stated", "recalled") else f"{exact}; not measured{why}"
        sharp = "" if self.answer.resolution is None else f", {caught(self.answer.resolution)}"
        reason = f" ({self.answer.reason})" if self.answer.reason else ""
        return f"{exact}; measured: {self.answer.status}{reason}{sharp}"

    def __repr__(self) -> str:
        return f"  {self.line.step.why}  [{self.grade}]\n      {printing.text(self.formula)}"

    def _repr_latex_(self) -> str:
        return f"$$ {printing.latex(self.formula)} $$"

    def _repr_html_(self) -> str:
        return display.framed(line_html(self), display.COLOURS.get(self.status, "grey"))


def line_html(line: SessionLine) -> str:
    """A line with its reason, its formula and what backs it."""
    return (
        f"{escape(line.line.step.why)}<br>{display.math(printing.latex(line.formula))}"
        f"<br><small>{escape(line.grade)}</small>"
    )
