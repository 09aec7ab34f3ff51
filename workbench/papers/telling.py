"""Telling: the verdicts of a paper as a table, and what speaks against those that are not as they should be."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.papers.checking import Found
from workbench.sessions.telling import told
from workbench.showing.telling import MARKS, caught


def row(found: Found, width: int) -> str:
    """A line of the table: the mark, where, the name, the verdict and how sharp it is."""
    mark = "✓" if found.expected else MARKS.get(found.status, "!") if found.status != "supported" else "✗"
    sharp = f"  {caught(found.answer.resolution)}" if found.answer is not None and found.status == "supported" else ""
    return f"{mark} {found.place}  {found.name:<{width}}  {found.said}{sharp}".rstrip()


def detail(found: Found) -> str:
    """What is said of a statement that is not as its contract says; nothing of one that is."""
    if found.expected:
        return ""
    head = f"{found.place}: {found.name}".rstrip(" :")
    if found.answer is None:
        said = "UNDECIDED — " if found.status == "undecided" else ""
        return f"{head}: {said}{found.problem}"
    return "\n".join([f"{head}:", *(f"  {line}" for line in told(found.answer).splitlines())])


def counts(every: Iterable[Found]) -> str:
    """The last line: how many of each, and how many were expected to be refuted and are."""
    statuses, misprints = [found.status for found in every], [found for found in every if misprinted(found)]
    words = [f"{statuses.count(each)} {each}" for each in ("supported", "refuted", "undecided")]
    words[1] += f" ({len(misprints)} as expected)" if misprints else ""
    return "  ".join([*words, *([f"{n} unreadable"] if (n := statuses.count("unreadable")) else [])])


def misprinted(found: Found) -> bool:
    return found.expected and found.status == "refuted"
