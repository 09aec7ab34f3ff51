"""Markdown: a run as the summary of a step in continuous integration."""

from __future__ import annotations

from typing import Any

from workbench.showing.telling import MARKS

ORDER = ("refuted", "undecided", "supported")


def as_markdown(tally: Any) -> str:
    """The counts, every claim that is not supported with its reason and its replay, and what went wrong."""
    counts = ", ".join(f"{count} {status}" for status, count in tally.counts.items())
    failed = sorted((v for v in tally.verdicts if v.status != "supported"), key=lambda v: ORDER.index(v.status))
    rows = [f"| {MARKS[v.status]} {v.status} | `{v.claim}` | {cell(v.reason)} | `{cell(v.replay)}` |" for v in failed]
    table = ["| | claim | why | replay |", "|---|---|---|---|", *rows, ""] if rows else []
    problems = [f"- {cell(problem)}" for problem in tally.problems]
    return "\n".join([f"### Theorem workbench: {counts}", "", *table, *problems, "", f"{tally.cost}", "", ""])


def cell(text: str) -> str:
    """Text that stays within a cell of a table and is no markup."""
    safe = text.translate({ord("|"): "\\|", ord("<"): "&lt;", ord("\n"): " ", ord("`"): "'"})
    return safe.strip() or "—"
