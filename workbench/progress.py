"""Progress: one line per finished claim, and on a terminal a bar with the time left."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from workbench.runs import Outcome

MARK = {"supported": "[green]✓[/]", "refuted": "[red]✗[/]", "undecided": "[yellow]?[/]", "": "[red]![/]"}


class Board:
    """What a run shows while it runs."""

    def __init__(self, total: int):
        self.console = Console(soft_wrap=True, highlight=False)
        self.bar = Progress(
            TextColumn("verifying"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("· left"), TimeRemainingColumn(), console=self.console, transient=True,
            disable=not self.console.is_terminal,
        )  # fmt: skip
        self.task = self.bar.add_task("verifying", total=total)

    def __enter__(self) -> Board:
        self.bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.bar.stop()

    def done(self, outcome: Outcome) -> None:
        """Show one finished claim."""
        self.console.print(line(outcome))
        self.bar.advance(self.task)


def line(outcome: Outcome) -> str:
    """One finished claim in one line."""
    verdict = outcome.verdict
    if verdict is None:
        return f"{MARK['']} {outcome.entry.id}  {escape(outcome.problem)}"
    parts = [f"{MARK[verdict.status]} {verdict.claim}", verdict.status]
    if verdict.resolution is not None:
        parts.append(f"would have caught {verdict.resolution:.1e}")
    if verdict.mutants["total"]:
        parts.append(f"{verdict.mutants['refuted']}/{verdict.mutants['total']} mutants refuted")
    parts.append(", ".join(verdict.rungs))
    parts.append("from the record" if outcome.remembered else f"{verdict.seconds:.1f} s")
    return "  ".join(parts) + (f"  — {escape(verdict.reason)}" if verdict.reason else "")
