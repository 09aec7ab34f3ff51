"""Line records: the lines of a proof as the data that verdicts, pages and reports keep; nothing here was measured."""

from __future__ import annotations

from math import isfinite
from typing import Any

from workbench.calculus.rules import crossing, solved_by
from workbench.calculus.rules.making import LIMITS
from workbench.claims import Line, Step
from workbench.judging.proofs import CheckedLine
from workbench.language import printing


def is_limit(line: Line) -> bool:
    """Whether the line before only tends to this line."""
    return line.step.rule is not None and line.step.rule.check in LIMITS


def rule_in_words(step: Step) -> str:
    """The rule of a line; where its author typed the answer and the rule only checks it, that is said."""
    if step.rule is None:
        return ""
    typed = step.rule in (solved_by, crossing) and step.arguments.get("value") is not None
    return f"{step.rule.name} of a typed value" if typed else step.rule.name


def line_record(checked: CheckedLine) -> dict[str, Any]:
    step = checked.line.step
    return {
        "how": step.how,
        "why": step.why,
        "rule": rule_in_words(step),
        "reference": step.source if step.how == "assumed" else "",
        "recalls": step.source.id if step.how == "recalled" else "",
        "grade": checked.grade,
        "reason": checked.reason,
        "certainty": checked.certainty,
        "log2_chance": None if checked.chance is None else finite(checked.chance),
        "radius": checked.radius,
        "sizes": list(checked.sizes),
        "every_size": checked.every,
        "text": ("→ " if is_limit(checked.line) else "") + printing.text(checked.line.expression),
        "latex": (r"\longrightarrow " if is_limit(checked.line) else "") + printing.latex(checked.line.expression),
    }


def finite(number: float) -> float | None:
    return number if isfinite(number) else None
