"""Tables: a TOML file with a table for each statement.

let = "d: size; N: count; Sigma: spd d; X ~ N(0, Sigma)"

["second moment"]
statement = "E[X*X.T] == N*Sigma"
where = "N > 2"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from workbench.errors import BadInput
from workbench.papers.marks import KEYS, Fault, Mark

FREE = ("title", "source")  # what a file may say of itself


def marks(text: str) -> Iterator[Mark | Fault]:
    """The marks of a TOML file. Raises BadInput where it is none."""
    try:
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise BadInput(f"this is no TOML: {problem}") from None
    lines = text.splitlines()
    for key, value in read.items():
        line = line_of(key, lines)
        if isinstance(value, dict):
            yield table(key, value, line)
        elif key == "let":
            yield (
                Mark(line, f"let {joined(value)}") if texts(value) else Fault(line, "let is a text, or a list of texts")
            )
        elif key not in FREE:
            yield Fault(
                line, f"{key[:40]!r} is not understood here; write let, {', '.join(FREE)}, or a table [{key[:40]}]"
            )


def table(name: str, fields: dict[str, Any], line: int) -> Mark | Fault:
    """The mark that a table is."""
    for key, value in fields.items():
        if key not in KEYS:
            return Fault(line, f"{key[:40]!r} is not understood in a table; write {', '.join(KEYS)}", name)
        if not texts(value):
            return Fault(line, f"{key} is a text", name)
    said = "\n".join(f"{key}: {joined(value)}" for key, value in fields.items())
    return Mark(line, f"{' '.join(name.split())}\n{said}")


def texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def joined(value: Any) -> str:
    return " ".join((value if isinstance(value, str) else "; ".join(value)).split())


def line_of(key: str, lines: list[str]) -> int:
    """Where a table or a key begins, counted from 1."""
    bare = re.escape(key)
    place = re.compile(rf"""\s*(?:\[\s*["']?{bare}["']?\s*[\].]|["']?{bare}["']?\s*[=.])""")
    return next((number for number, line in enumerate(lines, 1) if place.match(line)), 1)
