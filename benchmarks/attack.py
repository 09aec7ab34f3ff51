"""The judge before statements whose truth is known by construction: how often it is wrong, family by family.

    python benchmarks/attack.py [--quick] [--seed 0] [--jobs 2] [--family TEXT] [--told]

Exits 1 when a wrong statement is supported, a right one refuted, or one ends in a traceback.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context

import click
import torch
from families import Statement, statements
from rich.console import Console
from rich.progress import track
from rich.table import Table

from workbench.errors import BadInput

FEW, ENOUGH = 6, 200  # statements of each family in the quick version, at least; of either truth in all
ANSWERED = ("corrected", "refuted", "undecided", "refused", "supported", "crashed")
MISTAKES = {True: ("refuted", "corrected", "crashed"), False: ("supported", "crashed")}


@dataclass(frozen=True)
class Fate:
    """What the judge said of a statement, why, and after how many seconds of CPU time."""

    statement: Statement
    said: str
    reason: str
    seconds: float

    @property
    def mistaken(self) -> bool:
        return self.said in MISTAKES[self.statement.right]

    def __str__(self) -> str:
        truth = "right" if self.statement.right else "wrong"
        return f"{truth}, {self.said} ({self.statement.family}): {self.statement}   [{self.reason}]"


def fate(statement: Statement) -> Fate:
    """The judge's answer to one statement; corrected means refuted with a witness and a correction."""
    from workbench import check, conjecture

    torch.set_num_threads(1)
    started = time.process_time()
    try:
        if statement.claim:
            verdict = conjecture(statement.claim, statement.text)
        else:
            verdict = check(statement.text, statement.where)
        corrected = verdict.status == "refuted" and verdict.witness and verdict.correction
        said, reason = "corrected" if corrected else verdict.status.split()[0], verdict.reason or verdict.compared
    except BadInput as problem:
        said, reason = "refused", str(problem)
    except Exception as error:  # a traceback is a fault of the judge, whatever the statement
        said, reason = "crashed", f"{type(error).__name__}: {error}"
    return Fate(statement, said, reason, time.process_time() - started)


def chosen(quick: bool, seed: int) -> list[Statement]:
    """As many statements of each family, drawn by a seed, as make enough of either truth; or all."""
    return [*fewest(False, seed), *fewest(True, seed)] if quick else statements(None, seed)


def fewest(right: bool, seed: int) -> list[Statement]:
    """Equally many statements of each family of one truth, as far as it has them: no more than are needed."""
    found: list[Statement] = []
    for most in count(FEW):
        before, found = found, [one for one in statements(most, seed) if one.right is right]
        if len(found) >= ENOUGH or len(found) == len(before):
            return found
    return found


def fates(asked: list[Statement], jobs: int) -> Iterator[Fate]:
    """Every statement judged, in order; the answers do not depend on the number of processes."""
    with ExitStack() as stack:
        workers = stack.enter_context(get_context("spawn").Pool(jobs)) if jobs > 1 else None
        found = workers.imap(fate, asked, chunksize=2) if workers else map(fate, asked)
        yield from track(found, total=len(asked), description="attacking", transient=True)


def shown(found: Iterable[Fate]) -> Table:
    """Families by what the judge said of them, wrong and right ones apart."""
    found = list(found)
    table = Table(title=f"{sums(found)} statements of known truth")
    for head in ("family", "statements", *ANSWERED, "s"):
        table.add_column(head, justify="left" if head == "family" else "right")
    for right in (False, True):
        rows = [one for one in found if one.statement.right is right]
        for name in dict.fromkeys(one.statement.family for one in rows):
            table.add_row(name, *cells([one for one in rows if one.statement.family == name]))
        table.add_section()
        table.add_row(f"ALL {'RIGHT' if right else 'WRONG'}", *cells(rows), end_section=True)
    return table


def cells(rows: list[Fate]) -> list[str]:
    said = Counter(one.said for one in rows)
    seconds = sum(one.seconds for one in rows)
    return [str(len(rows)), *(str(said[key] or "·") for key in ANSWERED), f"{seconds:.0f}"]


def sums(found: list[Fate]) -> str:
    right = sum(one.statement.right for one in found)
    return f"{len(found) - right} wrong, {right} right"


def mistakes(found: Iterable[Fate]) -> list[str]:
    return [str(one) for one in found if one.mistaken]


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help=f"{ENOUGH} or more of either truth, drawn by the seed; or all.")
@click.option("--seed", default=0, help="Which statements the quick version draws.")
@click.option("--jobs", default=2, help="Worker processes.")
@click.option("--family", "part", default="", help="Only the families whose name holds this text.")
@click.option("--told", is_flag=True, help="Every statement with what was said of it, not the mistakes alone.")
def main(quick: bool, seed: int, jobs: int, part: str, told: bool) -> None:
    console, found = Console(width=150), []
    for one in fates([one for one in chosen(quick, seed) if part in one.family], jobs):
        found.append(one)
        if told:
            click.echo(f"{one.seconds:5.1f} s  {one}")
    console.print(shown(found))
    wrong = mistakes(found)
    console.print("\n".join(["mistaken:", *wrong] if wrong else ["no mistake"]), markup=False, soft_wrap=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
