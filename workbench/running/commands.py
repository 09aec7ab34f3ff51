"""The commands `verify` and `diff`: many claims judged, and what changed between two such runs."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from workbench.catalogue import HOME, Entry, catalogue_for
from workbench.choosing import choosing, chosen, completed
from workbench.errors import BadInput
from workbench.limits import CLAIM, alone
from workbench.options import CODES, INTERRUPTED, MEMORY_LIMIT, SEED, STANDARD, TIME_LIMIT
from workbench.running.endings import code_of, summary, tell, write_files

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog=CODES, short_help="Check the proofs, measure, judge.")
@click.argument("names", nargs=-1, metavar="[NAME|PATH]...", shell_complete=completed)
@choosing
@click.option("--failed", is_flag=True, help="Only claims whose last verdict in the record is not supported.")
@click.option("--changed", is_flag=True, help="Only claims that have changed since, or have no verdict yet.")
@click.option("-x", "--stop", is_flag=True, help="Stop after the first claim that is not supported.")
@STANDARD
@SEED
@click.option(
    "--jobs",
    default=1,
    show_default=True,
    type=click.IntRange(min=1),
    help="Worker processes; verdicts do not depend on it.",
)
@click.option(
    "--executor",
    metavar="MODULE:FACTORY|dask",
    help="Work elsewhere: a function that returns a concurrent.futures.Executor, or the dask cluster of this shell.",
)
@click.option(
    "--report",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write DIR/index.html: proofs, figures, what builds on what, all critical scales; it needs no network.",
)
@click.option("--junit", type=FILE, help="Write a JUnit XML file.")
@click.option(
    "--json",
    "json_file",
    type=FILE,
    help="Write what the run found: counts, median resolution, CPU seconds, one record per verdict.",
)
@click.option("--markdown", type=FILE, help="Add a summary in Markdown to a file, as steps of a CI show it.")
@TIME_LIMIT
@MEMORY_LIMIT
@click.option("-q", "--quiet", is_flag=True, help="No line for a claim that is supported.")
@click.option(
    "--fresh", is_flag=True,
    help="Believe no record of earlier verdicts (its seals find damage, not forgery): measure anew.",
)  # fmt: skip
def verify(
    names: tuple[str, ...], words: str | None, kinds: tuple[str, ...], failed: bool, changed: bool, stop: bool,
    standard: str, seed: int, jobs: int, executor: str | None, report: Path | None, junit: Path | None,
    json_file: Path | None, markdown: Path | None, time_limit: float | None, memory_limit: float | None, quiet: bool,
    fresh: bool,
) -> None:  # fmt: skip
    """Verify claims: re-check their proofs, measure them, judge them and their rivals.

    NAME is a chapter, theorem or claim; PATH is the file of a theorem, or a folder with
    derivations/ and numerics/ in it. With neither, the whole catalogue is verified, and the
    current folder's theorems if it has any. What has not changed since an earlier run is taken
    from the record in .workbench/; an interrupted or killed run goes on from there when the
    same command is given again.
    """
    from workbench.running.progress import Board
    from workbench.running.record import PLACE, Record
    from workbench.running.runs import entries_of, run
    from workbench.running.tallies import Tally
    from workbench.running.workers import executor_called

    catalogue, rest = catalogue_for(names)
    known = entries_of(catalogue, rest)
    entries = chosen(known, words, kinds)
    if known and not entries:
        raise BadInput("no claim is chosen by these names and options; `workbench list` shows all")
    asked = {"json": json_file, "junit": junit, "report": report, "markdown": markdown}
    targets = {form: path.absolute() for form, path in asked.items() if path}
    heed_terminations()
    if not PLACE.exists():
        warn_once(catalogue.roots)
    lent = executor_called(executor) if executor else None
    record, tally, interrupted = Record(), Tally(standard, seed, unlisted=catalogue.faults(rest)), False
    tell(record.troubles)
    entries = since(record, entries, standard, seed, failed, changed)
    board = Board([entry.id for entry in entries], record.seconds(standard), jobs, quiet)
    how = {
        "standard": standard, "seed": seed, "jobs": jobs, "executor": lent, "record": record, "fresh": fresh,
        "limits": CLAIM.changed(time_limit, memory_limit), "apart": alone(),
    }  # fmt: skip
    try:
        with board:
            for outcome in run(entries, **how, begun=board.begun):
                tally.add(outcome)
                board.done(outcome)
                if stop and not tally.sound:
                    break
        tally.unlisted += [*catalogue.unseen(rest), *([] if stop else tally.missing(entries))]
    except KeyboardInterrupt:
        interrupted = True
    unwritten = write_files(tally, targets)
    summary(tally, [*tally.problems, *unwritten])
    tell(record.troubles)
    if interrupted:
        tell(["interrupted; the verdicts above are kept and the next run goes on from them"])
    elif stop and tally.missing(entries):
        tell([f"stopped at the first claim that is not supported; {len(tally.missing(entries))} were not verified"])
    sys.exit(INTERRUPTED if interrupted else code_of(tally, unwritten))


def since(record: Any, entries: list[Entry], standard: str, seed: int, failed: bool, changed: bool) -> list[Entry]:
    """The claims whose last verdict is not supported, or that have changed since; where there are none, that is all."""
    wanted = entries
    if failed:
        last = record.statuses(standard)
        wanted = [entry for entry in wanted if last.get(entry.id, "supported") != "supported"]
    if changed:
        from workbench.running.fingerprints import key_of

        keys = {entry.id: key_of(entry, standard, seed) for entry in wanted}
        known = record.find_all(keys.values())
        wanted = [entry for entry in wanted if keys[entry.id] not in known]
    if entries and not wanted:
        which = "has changed since it was verified" if changed else "failed when it was last verified"
        click.echo(f"no claim {which}")
        sys.exit(0)
    return wanted


def heed_terminations() -> None:
    """A run that is told to end (a shutdown, a batch system) ends as if it were interrupted: with its summary."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def warn_once(roots: tuple[Path, ...]) -> None:
    """Before the first run in a folder, what verifying somebody's theorems means."""
    for root in roots:
        if root != HOME:
            click.echo(f"verifying runs the Python code in {root}; do so with code that you trust (this is said once)")


@click.command(epilog=CODES, short_help="What changed between two runs.")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
def diff(old: Path, new: Path) -> None:
    """Compare two runs, each a file that `workbench verify --json FILE` wrote.

    Says which claims are new or gone, whose status, formula or sizes changed, and whose resolution became more than
    ten times blunter. It ends with 0 where no claim lost its support, else as the worst that one became.
    """
    from workbench.running.differences import compared, read_run

    found = compared(read_run(old), read_run(new))
    for line in found.lines:
        click.echo(line)
    sys.exit(found.code)
