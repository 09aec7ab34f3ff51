"""The record: every finished verdict, durable at once and addressed by its content.

One SQLite file (write-ahead log, safe for several processes). The key of a verdict is a digest of
everything it depends on: the claim's derivation and twin with all they import, the workbench
itself, standard, seed and library versions. Change one of them and the verdict is measured anew.
"""

from __future__ import annotations

import ast
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from workbench.catalogue import HOME, Entry
from workbench.verdicts import SCHEMA, Verdict, from_record, versions

PLACE = Path(".workbench") / "record.sqlite"


class Record:
    """Verdicts kept between runs, in `.workbench/record.sqlite` of the current folder."""

    def __init__(self, path: Path = PLACE):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        with closing(self._connect()) as store, store:
            store.execute("PRAGMA journal_mode=WAL")
            store.execute(
                "CREATE TABLE IF NOT EXISTS verdict "
                "(key TEXT PRIMARY KEY, claim TEXT, verdict TEXT, stamp TEXT DEFAULT CURRENT_TIMESTAMP)"
            )

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=30)

    def find(self, key: str) -> Verdict | None:
        """The verdict under a key, if one was finished."""
        with closing(self._connect()) as store:
            row = store.execute("SELECT verdict FROM verdict WHERE key = ?", (key,)).fetchone()
        return from_record(json.loads(row[0])) if row else None

    def keep(self, key: str, verdict: Verdict) -> None:
        """Write a finished verdict; it survives whatever happens next."""
        with closing(self._connect()) as store, store:
            store.execute(
                "INSERT OR REPLACE INTO verdict (key, claim, verdict) VALUES (?, ?, ?)",
                (key, verdict.claim, json.dumps(verdict.record())),
            )


def key_of(entry: Entry, standard: str, seed: int) -> str:
    """The digest of everything a verdict depends on."""
    content = {
        "schema": SCHEMA,
        "claim": entry.id,
        "standard": standard,
        "seed": seed,
        "versions": installed(),
        "workbench": digest(tuple(sorted((HOME / "workbench").rglob("*.py")))),
        "derivation": digest(tuple(closure(entry.root, entry.derivation))),
        "twin": digest(tuple(closure(entry.root, entry.twin))),
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def installed() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(versions().items()))


@lru_cache(maxsize=256)
def digest(paths: tuple[Path, ...]) -> str:
    """The digest of the contents of files, as they were when this process first asked."""
    whole = sha256()
    for path in paths:
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def closure(root: Path, path: Path) -> list[Path]:
    """A file of a wing and every file of the wings that it imports, directly or not."""
    found: dict[Path, None] = {}
    queue = [path]
    while queue:
        file = queue.pop()
        if file in found or not file.is_file():
            continue
        found[file] = None
        queue += imported(root, file)
    return sorted(found)


def imported(root: Path, file: Path) -> Iterator[Path]:
    """The wing files that one file names in its imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = file.parents[node.level - 1] if node.level else None
            names = (node.module or "").split(".") if node.module else []
            for place in [base] if base else [root, HOME]:
                stem = place.joinpath(*names)
                yield from (stem.with_suffix(".py"), *(stem / f"{alias.name}.py" for alias in node.names))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield root.joinpath(*alias.name.split(".")).with_suffix(".py")
