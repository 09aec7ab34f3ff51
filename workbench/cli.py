"""The command line. Its words are a contract; `--help` is the manual."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click

from workbench import __version__, glossary
from workbench.catalogue import Entry, catalogue_for, known_here
from workbench.choosing import choosing, chosen, completed
from workbench.errors import BadInput, about, fault
from workbench.grids.commands import sweep
from workbench.limits import CLAIM, alone, heed_interrupts, told
from workbench.options import (
    BAD_INPUT,
    CODES,
    EXIT,
    FAULT,
    INTERRUPTED,
    MEMORY_LIMIT,
    SEED,
    STANDARD,
    TIME_LIMIT,
    VOID,
)  # fmt: skip
from workbench.papers.commands import check
from workbench.running.commands import diff, verify
from workbench.running.endings import tell_and_leave
from workbench.serving.mcp import mcp
from workbench.serving.repl import repl
from workbench.showing.commands import export
from workbench.showing.kept import Kept


def words(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    """Show the glossary and end."""
    if wanted:
        click.echo(glossary.as_text())
        ctx.exit()


class Left(Exception):
    """The reader of the answer has gone; click itself would end with 1, which means refuted here."""


class Commands(click.Group):
    """The commands; a reader who leaves is nobody's verdict."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise Left from None


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=CODES
)
@click.version_option(__version__, prog_name="workbench")
@click.option("--words", is_flag=True, is_eager=True, expose_value=False, callback=words, help="What the words mean.")
def cli() -> None:
    """Derive theorems about attention in SymPy, measure them in torch, and judge the equals sign.

    Every claim has a derivation (a proof that a rule or an exact check backs line by line) and a
    twin that measures the same quantity from its definition. A verdict is supported, refuted or
    undecided, and says how small an error it would have caught.

    \b
    workbench list                                    what there is
    workbench show in_context.one_layer.risk          a proof, line by line
    workbench verify in_context --report report       a chapter, with a report to read
    workbench diff old.json new.json                  what changed between two runs
    workbench conjecture in_context.one_layer.fixed_point "inv(Lambda)"
    workbench check "E[X*X.T] == N*Sigma"             a statement of your own, on one line
    workbench repl                                    the same, line after line, in one warm process
    workbench check paper.tex                         the statements that a paper marks
    workbench sweep pca.spikes.outlier --over "theta=2:4:5, d=4, n=9"            a table over a grid
    workbench export pca.spikes spikes.tex            its proofs, as an article
    workbench new pca.rank_one                        a theorem of your own
    workbench --words                                 what twin, rival, rung, resolution … mean
    """


@cli.command("list", short_help="What claims there are.")
@click.argument("names", nargs=-1, metavar="[NAME|PATH]...", shell_complete=completed)
@choosing
@click.option("--json", "as_json", is_flag=True, help="One JSON record per claim: id, kind, title, source.")
@click.option("--sizes", is_flag=True, help="The proof lines that are compared at some sizes only, with these sizes.")
@click.option("--new", is_flag=True, help="Only claims of theorems that are derived here for the first time.")
@click.option("--errata", is_flag=True, help="The formulas in print that claims refute, each beside the right one.")
def list_claims(
    names: tuple[str, ...],
    words: str | None,
    kinds: tuple[str, ...],
    as_json: bool,
    sizes: bool,
    new: bool,
    errata: bool,
) -> None:
    """List the claims of the catalogue, or of some chapters, theorems or folders."""
    catalogue, rest = catalogue_for(names)
    entries, faults = chosen(catalogue.select(rest), words, kinds), catalogue.faults(rest)
    if new:
        entries = [entry for entry in entries if entry.source.startswith("derived here")]
    if errata:
        from workbench.showing.errata import formulas_in_print

        for text in formulas_in_print(entries):
            click.echo(text)
    elif sizes:
        from workbench.showing.quantifiers import lines_at_some_sizes

        for text in lines_at_some_sizes(entries):
            click.echo(text)
    elif as_json:
        click.echo(json.dumps([entry.record() for entry in entries], indent=2, ensure_ascii=False))
    else:
        for row in rows(entries, get_terminal_size().columns if sys.stdout.isatty() else None):
            click.echo(row)
    tell_and_leave(faults)


def rows(entries: list[Entry], width: int | None) -> Iterator[str]:
    """A claim on each line; on a terminal of some width chapters stand apart and no line is longer than it."""
    longest = max((len(entry.id) for entry in entries), default=0)
    for before, entry in zip([None, *entries], entries):
        if width and before and before.parts[0] != entry.parts[0]:
            yield ""
        row = f"{entry.id:<{longest}}  {entry.kind:<14}  {entry.title}"
        yield row if width is None or len(row) <= width else f"{row[: width - 1]}…"


@cli.command(short_help="One claim: statement, proof, rivals, what it assumes.")
@click.argument("name", shell_complete=completed)
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
    catalogue = known_here()
    entries, faults = catalogue.select([name]), catalogue.faults([name])
    earlier = Kept(entries, form)
    known = {entry: earlier.find(entry) for entry in entries}
    if None in known.values():
        with told(CLAIM, "workbench.showing.describing"):
            shown(known, form)
            if alone():
                earlier.keep(known)
    else:
        click.echo("\n".join(map(str, known.values())))
    tell_and_leave(faults)


def shown(known: dict[Entry, Any], form: str) -> None:
    """Show claims, and note down what was said of those that nobody knew."""
    from workbench.showing.describing import describe

    for entry, said in known.items():
        known[entry] = describe(entry, form) if said is None else said
        click.echo(known[entry])


@cli.command(epilog=CODES, short_help="Judge a formula typed in place of a claim's.")
@click.argument("claim", shell_complete=completed)
@click.argument("formula")
@STANDARD
@SEED
@TIME_LIMIT
@MEMORY_LIMIT
def conjecture(
    claim: str, formula: str, standard: str, seed: int, time_limit: float | None, memory_limit: float | None
) -> None:
    """Judge a FORMULA typed in place of a CLAIM's closed form.

    \b
    workbench conjecture in_context.one_layer.fixed_point "inv(Lambda)"

    The formula is parsed (letters of the theorem, tr, inv, det, exp, …, + - * / ** .T), never evaluated.
    A refuted one is answered by its smallest witness and, where one is found, by a correction that
    evidence of its own supports.
    """
    with told(CLAIM.changed(time_limit, memory_limit), "workbench.judging.verification"):
        words, code = judged(claim, formula, standard, seed)
    click.echo(words, err=code == VOID)
    sys.exit(code)


def judged(claim: str, formula: str, standard: str, seed: int) -> tuple[str, int]:
    """What was found of a conjecture, in words, and the exit code that says the same."""
    from workbench.judging.canaries import flock
    from workbench.judging.verification import conjecture as judge_conjecture
    from workbench.showing.telling import caught, refutation

    with about(f"{claim} could not be judged"):
        verdict = judge_conjecture(claim, formula, standard=standard, seed=seed)
    if flock().void:
        return f"workbench: {flock().reason}", VOID
    if verdict.status == "refuted":
        return refutation(verdict), EXIT[verdict.status]
    first, found = f"{claim} = {verdict.formula}: {verdict.headline}", caught(verdict.resolution, verdict.rungs)
    return f"{first}\n  {verdict.compared}\n  {found}", EXIT[verdict.status]


for command in (verify, diff, check, repl, sweep, mcp, export):
    cli.add_command(command)


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
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called: the exit code still says what was found
            setattr(sys, name, open(os.devnull, "w"))
    for stream in (sys.stdout, sys.stderr):  # a terminal without Greek still gets an answer
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if arguments is None:
        heed_interrupts()
    own = {"alone": arguments is None, "main": main}  # alone: it may begin processes and end with them
    guarded(lambda: cli.main(arguments, prog_name="workbench", standalone_mode=False, obj=own))


def refuse_nowhere() -> None:
    """Raises BadInput where the current folder was removed."""
    try:
        os.getcwd()
    except OSError as problem:
        raise BadInput(f"the current folder cannot be used ({problem.strerror}); go to one that exists") from None


def guarded(command: Callable[[], Any]) -> None:
    try:
        refuse_nowhere()
        command()
    except BadInput as problem:
        click.echo(f"workbench: {problem}", err=True)
        sys.exit(BAD_INPUT)
    except click.ClickException as problem:
        click.echo(f"workbench: {problem.format_message()} — see `workbench --help`", err=True)
        sys.exit(BAD_INPUT)
    except (KeyboardInterrupt, click.Abort):
        click.echo("workbench: interrupted", err=True)
        sys.exit(INTERRUPTED)
    except (BrokenPipeError, Left):
        with suppress(OSError):  # what is still to be written goes nowhere, and says nothing at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(INTERRUPTED)  # nobody heard the answer, so it is not that all is well
    except Exception as problem:
        if isinstance(problem, OSError) and not heard():
            click.echo(f"workbench: the answer cannot be written: {problem.strerror}", err=True)
            sys.exit(BAD_INPUT)
        click.echo(f"workbench: {fault(problem)}", err=True)
        sys.exit(FAULT)


def heard() -> bool:
    """Whether the standard output takes anything more, an empty line; what has no file behind it does."""
    try:
        os.write(sys.stdout.fileno(), b"\n")
    except io.UnsupportedOperation:
        return True
    except OSError:
        return False
    return True
