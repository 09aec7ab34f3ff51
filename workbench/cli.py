"""The command line. Its words are a contract; `--help` is the manual."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from workbench import __version__
from workbench.catalogue import catalogue_for, known_here
from workbench.errors import BadInput, about
from workbench.options import BAD_INPUT, CODES, EXIT, INTERRUPTED, SEED, STANDARD, SUPPORTED, VOID
from workbench.sessions.commands import check
from workbench.showing.commands import export


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=CODES)
@click.version_option(__version__, prog_name="workbench")
def cli() -> None:
    """Derive theorems about attention in SymPy, measure them in torch, and judge the equals sign.

    Every claim has a derivation (a proof that a rule or an exact check backs line by line) and a
    twin that measures the same quantity from its definition. A verdict is supported, refuted or
    undecided, and says how small an error it would have caught.

    \b
    workbench list                                    what there is
    workbench show in_context.one_layer.risk          a proof, line by line
    workbench verify in_context --report report       a chapter, with a report to read
    workbench conjecture in_context.one_layer.fixed_point "inv(Lambda)"
    workbench check "E[X*X.T] == N*Sigma"             a statement of your own, on one line
    workbench export pca.spikes spikes.tex            its proofs, as an article
    workbench new pca.rank_one                        a theorem of your own
    """


@cli.command("list", short_help="What claims there are.")
@click.argument("names", nargs=-1, metavar="[NAME|PATH]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON record per claim: id, kind, title, source.")
def list_claims(names: tuple[str, ...], as_json: bool) -> None:
    """List the claims of the catalogue, or of some chapters, theorems or folders."""
    catalogue, rest = catalogue_for(names)
    entries = catalogue.select(rest)
    if as_json:
        click.echo(json.dumps([entry.record() for entry in entries], indent=2, ensure_ascii=False))
        return
    width = max((len(entry.id) for entry in entries), default=0)
    for entry in entries:
        click.echo(f"{entry.id:<{width}}  {entry.kind:<14}  {entry.title}")


@cli.command(short_help="One claim: statement, proof, rivals, what it assumes.")
@click.argument("name")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "latex", "markdown", "json"]),
    default="text",
    show_default=True,
)
def show(name: str, form: str) -> None:
    """Show a claim: statement, proof with rules, closed form, rivals and what it assumes.

    NAME is a claim id, or a chapter or theorem (all its claims are shown).
    """
    from workbench.showing.describing import describe

    for entry in known_here().select([name]):
        click.echo(describe(entry, form))


@cli.command(epilog=CODES, short_help="Check the proofs, measure, judge.")
@click.argument("names", nargs=-1, metavar="[NAME|PATH]...")
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
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write a JUnit XML file.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what the run found: counts, median resolution, CPU seconds, one record per verdict.",
)
@click.option("--fresh", is_flag=True, help="Ignore the record of earlier verdicts and measure everything anew.")
def verify(
    names: tuple[str, ...], standard: str, seed: int, jobs: int, executor: str | None, report: Path | None,
    junit: Path | None, json_file: Path | None, fresh: bool,
) -> None:  # fmt: skip
    """Verify claims: re-check their proofs, measure them, judge them and their rivals.

    NAME is a chapter, theorem or claim; PATH is the file of a theorem, or a folder with
    derivations/ and numerics/ in it. With neither, the whole catalogue is verified, and the
    current folder's theorems if it has any. What has not changed since an earlier run is taken
    from the record in .workbench/; an interrupted or killed run goes on from there when the
    same command is given again.
    """
    from workbench.running.progress import Board
    from workbench.running.record import Record
    from workbench.running.runs import entries_of, run
    from workbench.running.tallies import Tally
    from workbench.running.workers import executor_called

    catalogue, rest = catalogue_for(names)
    entries = entries_of(catalogue, rest)
    lent = executor_called(executor) if executor else None
    record, tally, interrupted = Record(), Tally(standard, seed), False
    tell(record.troubles)
    board = Board([entry.id for entry in entries], record.seconds(standard), jobs)
    how = {"standard": standard, "seed": seed, "jobs": jobs, "executor": lent, "record": record, "fresh": fresh}
    try:
        with board:
            for outcome in run(entries, **how, begun=board.begun):
                tally.add(outcome)
                board.done(outcome)
    except KeyboardInterrupt:
        interrupted = True
    unwritten = write_files(tally, report, junit, json_file)
    summary(tally, [*tally.problems, *unwritten])
    tell(record.troubles)
    if interrupted:
        tell(["interrupted; the verdicts above are kept and the next run goes on from them"])
        sys.exit(INTERRUPTED)
    if tally.void:
        sys.exit(VOID)
    sys.exit(BAD_INPUT if tally.problems or unwritten else worst([v.status for v in tally.verdicts]))


def tell(sentences: list[str]) -> None:
    """Say what the user should know, once."""
    while sentences:
        click.echo(f"workbench: {sentences.pop(0)}", err=True)


def worst(statuses: list[str]) -> int:
    """The exit code of a run: refuted before undecided before supported."""
    return next((EXIT[status] for status in ("refuted", "undecided") if status in statuses), SUPPORTED)


def write_files(tally: Any, report: Path | None, junit: Path | None, json_file: Path | None) -> list[str]:
    """Write what was asked for; what could not be written, in words (the verdicts are kept in any case)."""
    problems = []
    for target, write in ((json_file, write_json), (junit, write_junit_file), (report, write_report_page)):
        try:
            if target:
                write(tally, target)
        except OSError as problem:
            problems.append(f"{target} cannot be written: {problem.strerror}")
    return problems


def write_json(tally: Any, target: Path) -> None:
    from workbench.report.calibration import rates

    record = tally.record() | {"error_rates": rates()}
    target.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_junit_file(tally: Any, target: Path) -> None:
    from workbench.running.junit import write_junit

    write_junit(tally.verdicts, target)


def write_report_page(tally: Any, target: Path) -> None:
    from workbench.report import write_report

    write_report(tally.verdicts, target)


def summary(tally: Any, problems: list[str]) -> None:
    """The last lines: how many of each, how sharp and how dear, and for every refutation the witness."""
    for verdict in tally.verdicts:
        if verdict.status == "refuted":
            click.echo(refutation(verdict))
    click.echo("  ".join([*(f"{count} {status}" for status, count in tally.counts.items()), *tally.canaries]))
    click.echo(tally.cost)
    for problem in problems:
        click.echo(problem, err=True)


def refutation(verdict: Any) -> str:
    """A refuted claim with its smallest witness and the command that replays it."""
    from workbench.judging.verdicts import numbers_of

    lines = [f"{verdict.claim} = {verdict.formula}: REFUTED" + (f" — {verdict.reason}" if verdict.reason else "")]
    if verdict.witness:
        lines.append(f"  fails at {verdict.witness['instance']}")
        lines.append(f"  {numbers_of(verdict.witness)}")
    confirmed = [name for name, status in verdict.rivals.items() if status == "supported"]
    lines += [f"  the evidence supports the rival “{name}”" for name in confirmed]
    if verdict.correction:
        from workbench.diagnosis.corrections import sentence

        lines.append(f"  {sentence(verdict.correction)}")
    lines.append(f"  replay: {verdict.replay}")
    return "\n".join(lines)


@cli.command(epilog=CODES, short_help="Judge a formula typed in place of a claim's.")
@click.argument("claim")
@click.argument("formula")
@STANDARD
@SEED
def conjecture(claim: str, formula: str, standard: str, seed: int) -> None:
    """Judge a FORMULA typed in place of a CLAIM's closed form.

    \b
    workbench conjecture in_context.one_layer.fixed_point "inv(Lambda)"

    The formula is parsed (letters of the theorem, tr, inv, det, exp, …, + - * / ** .T), never evaluated.
    A refuted one is answered by its smallest witness and, where one is found, by a correction that
    evidence of its own supports.
    """
    from workbench.judging.canaries import flock
    from workbench.judging.verification import conjecture as judge_conjecture

    with about(f"{claim} could not be judged"):
        verdict = judge_conjecture(claim, formula, standard=standard, seed=seed)
    if flock().void:
        click.echo(f"workbench: {flock().reason}", err=True)
        sys.exit(VOID)
    if verdict.status == "refuted":
        click.echo(refutation(verdict))
    else:
        caught = (
            f"an error above {verdict.resolution:.2g} would have been caught" if verdict.resolution else "not measured"
        )
        reason = f" — {verdict.reason}" if verdict.reason else ""
        click.echo(
            f"{claim} = {verdict.formula}: {verdict.status.upper()}{reason}\n"
            f"  {verdict.compared}\n  {caught} ({', '.join(verdict.rungs)})"
        )
    sys.exit(EXIT[verdict.status])


cli.add_command(check)
cli.add_command(export)


@cli.command(short_help="Scaffold a new theorem in the current folder.")
@click.argument("name", metavar="CHAPTER.THEOREM")
def new(name: str) -> None:
    """Scaffold the files of a new theorem in the current folder.

    Writes a derivation, its twin and a test that can be run at once; no existing file is touched.
    """
    from workbench.scaffolds import scaffold

    for path in scaffold(name, Path.cwd()):
        click.echo(f"wrote {path}")
    click.echo(f"fill them in, then: workbench verify . && workbench show {name}")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a problem a user can mend becomes one sentence and exit code 3."""
    for stream in (sys.stdout, sys.stderr):  # a terminal without Greek still gets an answer
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    guarded(lambda: cli.main(arguments, prog_name="workbench", standalone_mode=False))


def guarded(command: Callable[[], Any]) -> None:
    try:
        command()
    except BadInput as problem:
        click.echo(f"workbench: {problem}", err=True)
        sys.exit(BAD_INPUT)
    except click.ClickException as problem:
        click.echo(f"workbench: {problem.format_message()} — see `workbench --help`", err=True)
        sys.exit(BAD_INPUT)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(SUPPORTED)
