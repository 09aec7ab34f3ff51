"""Line records: the lines of a proof as the data that verdicts, pages and reports keep; nothing here was measured."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from math import isfinite
from typing import Any

from workbench.calculus.rules import crossing, fixed_points, solved_by, stationary_point
from workbench.calculus.rules.making import LIMITS
from workbench.claims import Line, Step
from workbench.judging.proofs import CheckedLine
from workbench.language import printing

SOLVING = (stationary_point, solved_by, fixed_points, crossing)  # rules that take the line before as an equation


def is_limit(line: Line) -> bool:
    """Whether the line before only tends to this line."""
    return line.step.rule is not None and line.step.rule.check in LIMITS


def rule_in_words(step: Step) -> str:
    """The rule of a line; where its author typed the answer and the rule only checks it, that is said."""
    if step.rule is None:
        return ""
    typed = step.rule in (solved_by, crossing) and step.arguments.get("value") is not None
    return f"{step.rule.name} of a typed value" if typed else step.rule.name


def line_records(lines: Sequence[CheckedLine]) -> list[dict[str, Any]]:
    """The lines of a proof, each with what it says: an expression, what one tends to, or that one is zero."""
    return [line_record(one, following) for one, following in zip_longest(lines, lines[1:])]


def line_record(checked: CheckedLine, following: CheckedLine | None = None) -> dict[str, Any]:
    step, expression = checked.line.step, checked.line.expression
    arrow = is_limit(checked.line)
    zero = " = 0" if following is not None and following.line.step.rule in SOLVING else ""
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
        "text": ("→ " if arrow else "") + printing.text(expression) + zero,
        "latex": (r"\longrightarrow " if arrow else "") + printing.latex(expression) + zero,
    }


def finite(number: float) -> float | None:
    return number if isfinite(number) else None
