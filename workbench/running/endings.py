"""Endings: what a run says when it is over, the files that it writes, and its exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from workbench.options import BAD_INPUT, EXIT, SUPPORTED, VOID


def code_of(tally: Any, unwritten: list[str]) -> int:
    """The exit code of a run that came to its end."""
    if tally.void:
        return VOID
    return BAD_INPUT if tally.problems or unwritten else worst([verdict.status for verdict in tally.verdicts])


def worst(statuses: list[str]) -> int:
    """The exit code of a run: refuted before undecided before supported."""
    return next((EXIT[status] for status in ("refuted", "undecided") if status in statuses), SUPPORTED)


def tell(sentences: list[str]) -> None:
    """Say what the user should know, once."""
    while sentences:
        click.echo(f"workbench: {sentences.pop(0)}", err=True)


def tell_and_leave(faults: list[str]) -> None:
    """Where something could not be listed, say what, and do not end as if all were well."""
    if faults:
        tell(faults)
        sys.exit(BAD_INPUT)


def write_files(tally: Any, targets: Mapping[str, Path]) -> list[str]:
    """Write what was asked for; what could not be written, in words (the verdicts are kept in any case)."""
    problems = []
    for form, target in targets.items():
        try:
            WRITERS[form](tally, target)
        except OSError as problem:
            problems.append(f"{target} cannot be written: {problem.strerror}")
    return problems


def write_json(tally: Any, target: Path) -> None:
    from workbench.report.calibration import rates

    record = tally.record() | {"error_rates": rates()}
    target.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_junit_file(tally: Any, target: Path) -> None:
    from workbench.running.junit import write_junit

    write_junit(tally.verdicts, target, tally.places)


def write_report_page(tally: Any, target: Path) -> None:
    from workbench.report import write_report

    write_report(tally.verdicts, target)


def add_markdown(tally: Any, target: Path) -> None:
    from workbench.running.markdown import as_markdown

    with target.open("a", encoding="utf-8") as file:
        file.write(as_markdown(tally))


WRITERS: dict[str, Callable[[Any, Path], None]] = {
    "json": write_json, "junit": write_junit_file, "report": write_report_page, "markdown": add_markdown,
}  # fmt: skip


def summary(tally: Any, problems: list[str]) -> None:
    """The last lines: how many of each, how sharp and how dear, and for every refutation the witness."""
    refuted = [verdict for verdict in tally.verdicts if verdict.status == "refuted"]
    if refuted:
        from workbench.showing.telling import refutation

        for verdict in refuted:
            click.echo(refutation(verdict))
    click.echo("  ".join([*(f"{count} {status}" for status, count in tally.counts.items()), *tally.canaries]))
    if tally.quantified:
        click.echo(tally.quantified)
    click.echo(tally.cost)
    for problem in problems:
        click.echo(problem, err=True)
