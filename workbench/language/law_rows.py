"""Law rows: a law, and all that the language knows of it in one row.

How it is typed, what it is called elsewhere, what `--help` and the sentence about an unknown law say of it, and the
function that makes its letters, by which it is written into theorem files. A new law is a new row, and a file in each
wing: how it is averaged exactly (`workbench.exact.means`), for every size (`workbench.calculus.means`), and sampled
(`workbench.lowering.walks`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LawRow:
    """One law.

    `read` makes a letter of an alphabet, the name, the shape that was declared and the syntax tree of the law; `kind`
    is the class of the letter, where it is one of its own, and `maker` the function that makes it.
    """

    name: str
    form: str  # as it is typed after ~, Wishart(N, Sigma)
    read: Callable[..., Any]
    says: tuple[str, ...] = ()  # lines of --help
    kind: type | None = None
    maker: Callable[..., Any] | None = None
    also: tuple[str, ...] = ()  # other names of the law


MIXTURE = "mixture"  # the row of a law that is a sum, q*N(mu, I) + …
LAW_ROWS: dict[str, LawRow] = {}


def law(
    name: str, form: str, *says: str, kind: type | None = None, maker: Callable[..., Any] | None = None,
    also: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
    """Enter the function below as the reader of a law."""

    def entered(read: Callable[..., Any]) -> Callable[..., Any]:
        add(LawRow(name, form, read, says, kind, maker, also))
        return read

    return entered


def add(row: LawRow) -> None:
    """Take in a law. Raises ValueError where one of its names is taken."""
    if taken := {row.name, *row.also} & {*READERS}:
        raise ValueError(f"there are two laws called {min(taken)}; give one of them another name")
    LAW_ROWS[row.name] = row


def row_of(kind: type) -> LawRow | None:
    """The row of a class of letters; None where there is none."""
    return next((row for row in LAW_ROWS.values() if row.kind is kind), None)


def forms() -> str:
    """The laws as they are typed, for a sentence."""
    *others, last = (row.form for row in LAW_ROWS.values())
    return f"{', '.join(others)}, or {last}"


def manual() -> list[str]:
    """What `--help` says of the laws."""
    return [line for row in LAW_ROWS.values() for line in row.says]


def makers() -> dict[str, str]:
    """The functions that make letters in theorem files, each with the package that offers it."""
    made = [row.maker for row in LAW_ROWS.values() if row.maker]
    houses = {each.__name__: each.__module__ for each in made}
    return {name: "workbench" if house.startswith("workbench.") else house for name, house in houses.items()}


class Readers(Mapping[str, Callable[..., Any]]):
    """What makes a letter, by every name of a law, rows that are added later included."""

    def __getitem__(self, name: str) -> Callable[..., Any]:
        return next(row.read for row in LAW_ROWS.values() if name in (row.name, *row.also))

    def __contains__(self, name: object) -> bool:
        return name in {*self}

    def __iter__(self) -> Iterator[str]:
        return (name for row in LAW_ROWS.values() for name in (row.name, *row.also))

    def __len__(self) -> int:
        return sum(1 for _ in self)


READERS = Readers()
