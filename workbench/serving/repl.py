"""The command `repl`: statements and commands, one a line, answered by one warm process."""

from __future__ import annotations

import cmd
import shlex
import sys
from collections.abc import Callable

import click

from workbench.errors import BadInput, Exceeded
from workbench.limits import STATEMENT, Limits
from workbench.options import MEMORY_LIMIT, TIME_LIMIT
from workbench.serving.children import ask, warmed

LIMITED, OTHERS = ("check", "conjecture"), ("show", "list")  # commands of the command line that a line may be
HELP = """A line is a statement, as `workbench check` takes it:
  E[x.T*A*x] == tr(A*Sigma)                  E[Y*Y.T] == L*Sigma where Y: d×L ~ N(0, Sigma)
or one of the commands, with the options that they have in a shell:
  check "LEFT == RIGHT" --where "…"          conjecture CLAIM "FORMULA"
  show NAME                                  list [NAME]
  help                                       quit (or Ctrl-D)"""


class Repl(cmd.Cmd):
    """Reads lines and has each worked on in a child. main: the command line."""

    def __init__(self, main: Callable[[list[str]], None], limits: Limits):
        super().__init__()
        self.main, self.limits = main, limits
        self.prompt = "workbench> " if sys.stdin.isatty() else ""

    def onecmd(self, line: str) -> bool:
        first = line.split(maxsplit=1)[0] if line.strip() else ""
        if first in ("quit", "exit", "EOF"):
            return True
        if first == "help":
            click.echo(HELP)
        elif first:
            self.answer(line, first)
        return False

    def answer(self, line: str, first: str) -> None:
        """Work on a line; whatever comes of it, the next one is read."""
        try:
            ask(said_by, self.main, self.arguments(line, first), limits=self.limits)
        except BadInput as problem:
            click.echo(f"workbench: {problem}", err=True)
        except Exceeded as end:
            click.echo(f"UNDECIDED — {end}")
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)

    def arguments(self, line: str, first: str) -> list[str]:
        """A line as the command line takes it. Raises BadInput where a quotation mark is not closed."""
        limits = ["--time-limit", str(self.limits.seconds), "--memory-limit", str(self.limits.gigabytes)]
        if first not in LIMITED + OTHERS:
            return ["check", *limits, "--", line.strip()]
        try:
            command, *rest = shlex.split(line)
        except ValueError as problem:
            raise BadInput(f"{first}: {problem}; put a formula between two quotation marks") from None
        return [command, *(limits if first in LIMITED else ()), *rest]


def said_by(main: Callable[[list[str]], None], arguments: list[str]) -> None:
    """A command of the command line; its words go to the terminal, and its exit code to nobody."""
    try:
        main(arguments)
    except SystemExit:
        pass
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


@click.command(short_help="Statements and commands, one a line, answered by one warm process.")
@TIME_LIMIT
@MEMORY_LIMIT
@click.pass_context
def repl(context: click.Context, time_limit: float | None, memory_limit: float | None) -> None:
    """Read lines and answer each at once: statements as `check` takes them, and commands.

    \b
    $ workbench repl
    workbench> E[x.T*A*x] == tr(A*Sigma)
    workbench> conjecture in_context.one_layer.fixed_point "inv(Lambda)"
    workbench> show pca.spikes

    Libraries are loaded and canaries judged once, while the first line is typed. Limits hold for every line.
    `help` says what a line may be; Ctrl-C ends a line, Ctrl-D or `quit` the whole.
    """
    main = context.find_root().obj["main"]
    warmed(main.__module__)
    if sys.stdin.isatty():
        click.echo("A statement, or a command; help says more, Ctrl-D ends.")
    Repl(main, STATEMENT.changed(time_limit, memory_limit)).cmdloop()
    if sys.stdin.isatty():
        click.echo()
