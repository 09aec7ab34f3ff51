"""Progress: one line per finished claim, and on a terminal what runs, what is done and the time left."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from statistics import median
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from workbench.catalogue import Entry
from workbench.running.runs import Outcome
from workbench.showing.telling import MARKS

COLOURS = {"supported": "green", "refuted": "red", "undecided": "yellow"}
MARK = {status: f"[{COLOURS[status]}]{mark}[/]" for status, mark in MARKS.items()} | {"": "[red]![/]"}


class Paper(Console):
    """What a run writes on; when its reader leaves, the run ends as if it were interrupted."""

    def on_broken_pipe(self) -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise KeyboardInterrupt


class Remaining:
    """How long a run still takes, from how long its claims took the last time."""

    def __init__(self, took: Mapping[str, float], jobs: int):
        self.took, self.jobs = dict(took), max(jobs, 1)
        self.waiting: set[str] = set()
        self.running: dict[str, float] = {}

    def expected(self, name: str) -> float:
        """The last time of a claim; of a new one, what is usual here."""
        return self.took.get(name) or median(self.took.values() or [0.0])

    def seconds(self, now: float) -> float | None:
        """None while nothing is known about any claim."""
        if not self.took:
            return None
        running = [max(self.expected(name) - (now - since), 0.0) for name, since in self.running.items()]
        waiting = [self.expected(name) for name in self.waiting]
        return max([sum(running + waiting) / self.jobs, *running])


class Board:
    """What a run shows while it runs."""

    def __init__(self, names: list[str], took: Mapping[str, float] | None = None, jobs: int = 1, quiet: bool = False):
        self.quiet = quiet
        self.console = Paper(soft_wrap=True, highlight=False)
        self.remaining = Remaining({n: s for n, s in (took or {}).items() if n in names}, jobs)
        self.remaining.waiting = set(names)
        self.bar = Progress(
            TextColumn("verifying"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn(),
            Running(self.remaining), console=self.console, transient=True, disable=not self.console.is_terminal,
        )  # fmt: skip
        self.task = self.bar.add_task("verifying", total=len(names))

    def __enter__(self) -> Board:
        self.bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.bar.stop()

    def begun(self, entry: Entry) -> None:
        """A claim goes to work."""
        self.remaining.waiting.discard(entry.id)
        self.remaining.running[entry.id] = time.monotonic()

    def done(self, outcome: Outcome) -> None:
        """Show one finished claim."""
        name = outcome.entry.id
        self.remaining.waiting.discard(name)
        since = self.remaining.running.pop(name, None)
        if since is not None:
            self.remaining.took[name] = time.monotonic() - since
        if not self.quiet or outcome.verdict is None or outcome.verdict.status != "supported":
            self.console.print(line(outcome))
        self.bar.advance(self.task)


class Running(TextColumn):
    """The time left and the names of the claims at work."""

    def __init__(self, remaining: Remaining):
        super().__init__("")
        self.remaining = remaining

    def render(self, task):  # type: ignore[no-untyped-def]
        from rich.text import Text

        left, names = self.remaining.seconds(time.monotonic()), list(self.remaining.running)
        parts = ["" if left is None else f"about {spoken(left)} left", ", ".join(names[:3])]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return Text("".join(f"· {part} " for part in parts if part) + more, no_wrap=True, overflow="ellipsis")


def spoken(seconds: float) -> str:
    """A length of time as one says it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def line(outcome: Outcome) -> str:
    """One finished claim in one line."""
    verdict = outcome.verdict
    if verdict is None:
        return f"{MARK['']} {outcome.entry.id}  {escape(outcome.problem)}"
    parts = [f"{MARK[verdict.status]} {verdict.claim}", verdict.said]
    if verdict.resolution is not None:
        parts.append(f"would have caught {verdict.resolution:.1e}")
    if verdict.mutants["total"]:
        parts.append(f"{verdict.mutants['refuted']}/{verdict.mutants['total']} mutants refuted")
    parts.append(", ".join(verdict.rungs))
    parts.append("from the record" if outcome.remembered else f"{verdict.seconds:.1f} s")
    if outcome.stale:
        parts.append("not kept: its files changed meanwhile")
    return "  ".join(parts) + (f"  — {escape(verdict.reason)}" if verdict.reason else "")
