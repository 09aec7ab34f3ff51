"""The record: every finished verdict, durable at once and addressed by its content.

One SQLite file (write-ahead log, safe for several processes and for a kill at any moment). The key
of a verdict is its fingerprint: change what it depends on and it is measured anew. Its seal finds damage, not
forgery: whoever can write the file can write a verdict, and `--fresh` believes none. A record that
cannot be used costs time, never a verdict: it says so in a sentence, and the run goes on.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from workbench.judging.verdicts import Verdict, from_record

PLACE = Path(".workbench") / "record.sqlite"
LAYOUT = 1  # of the tables; a larger number in the file means that a newer workbench wrote it
PATIENCE = 30.0  # seconds to wait for another process that is writing
DAMAGE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
CLOSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
TABLE = """
CREATE TABLE IF NOT EXISTS finished (
    key TEXT PRIMARY KEY, claim TEXT, standard TEXT, verdict TEXT, seal TEXT, seconds REAL,
    stamp TEXT DEFAULT CURRENT_TIMESTAMP)
"""
Answer = TypeVar("Answer")


class Newer(Exception):
    """The record was written by a newer workbench."""


class Record:
    """Verdicts kept between runs, in `.workbench/record.sqlite` of the current folder."""

    def __init__(self, path: Path = PLACE):
        self.path = path.absolute()  # whatever folder a program goes to meanwhile
        self.troubles: list[str] = []  # sentences for whoever runs this
        self._pending: dict[str, Verdict] = {}  # finished, but not written yet
        self._ask(lambda store: None, None, "be read")

    def find(self, key: str) -> Verdict | None:
        """The verdict under a key, if one was finished."""
        return self.find_all([key]).get(key)

    def find_all(self, keys: Iterable[str]) -> dict[str, Verdict]:
        """The verdicts under those keys that were finished."""
        keys = list(keys)

        def rows(store: sqlite3.Connection) -> list[tuple[str, str, str]]:
            query = "SELECT key, verdict, seal FROM finished WHERE key = ?"
            return [row for key in keys for row in store.execute(query, (key,))]

        found = {key: unsealed(text, seal) for key, text, seal in self._ask(rows, [], "be read")}
        return {key: verdict for key, verdict in found.items() if verdict is not None}

    def keep(self, key: str, verdict: Verdict) -> None:
        """Write a finished verdict; it survives whatever happens next.

        One that cannot be written now (a full disk, a lock) is tried again with the next.
        """
        self._pending[key] = verdict

        def write(store: sqlite3.Connection) -> bool:
            for name, finished in self._pending.items():
                text = json.dumps(finished.record())
                store.execute(
                    "INSERT OR REPLACE INTO finished (key, claim, standard, verdict, seal, seconds) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (name, finished.claim, finished.standard, text, seal_of(text), finished.seconds),
                )
            return True

        if self._ask(write, False, "be written now"):
            self._pending.clear()

    def seconds(self, standard: str) -> dict[str, float]:
        """How long each claim took when it was last measured, however it has changed since."""
        query = "SELECT claim, seconds FROM finished WHERE standard = ? ORDER BY rowid"
        return dict(self._ask(lambda store: store.execute(query, (standard,)).fetchall(), [], "be read"))

    def statuses(self, standard: str) -> dict[str, str]:
        """What each claim was when it was last measured, however it has changed since."""
        query = "SELECT claim, json_extract(verdict, '$.status') FROM finished WHERE standard = ? ORDER BY rowid"
        return dict(self._ask(lambda store: store.execute(query, (standard,)).fetchall(), [], "be read"))

    def _ask(self, question: Callable[[sqlite3.Connection], Answer], otherwise: Answer, what: str) -> Answer:
        """Put a question to the store: all of its answer is durable, or none of it.

        A damaged store is moved aside and a new one asked; one out of reach answers `otherwise`.
        """
        for _ in range(2):
            try:
                with closing(self._open()) as store:
                    store.execute("BEGIN IMMEDIATE" if what.startswith("be written") else "BEGIN")
                    answer = question(store)
                    store.execute("COMMIT")
                    return answer
            except Newer as problem:
                self._move_aside(str(problem))
            except sqlite3.Error as problem:
                if getattr(problem, "sqlite_errorcode", 0) & 0xFF not in DAMAGE:
                    self._say(f"the record {self.path} cannot {what} ({problem})")
                    return otherwise
                self._move_aside(f"was damaged ({problem})")
            except OSError as problem:
                self._say(f"the record {self.path} cannot {what} ({problem.strerror})")
                return otherwise
        return otherwise

    def _open(self) -> sqlite3.Connection:
        """A connection to the store, which is made when there is none."""
        with suppress(OSError):  # where a folder cannot be made there may still be one to read
            self.path.parent.mkdir(parents=True, exist_ok=True)
        patience = 0.5 if self._pending and self.troubles else PATIENCE
        store = sqlite3.connect(self.path, timeout=patience, isolation_level=None)
        try:
            (layout,) = store.execute("PRAGMA user_version").fetchone()
            if layout > LAYOUT:
                raise Newer(f"was written by a newer workbench (its layout is {layout}, this one reads {LAYOUT})")
            if layout < LAYOUT:
                prepare(store)
        except sqlite3.OperationalError as problem:
            store.close()
            if problem.sqlite_errorcode & 0xFF in CLOSED and self.path.is_file():
                readable = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
                return sqlite3.connect(readable, uri=True, isolation_level=None)
            raise
        except BaseException:
            store.close()
            raise
        return store

    def _move_aside(self, why: str) -> None:
        """Keep a store that cannot be used under another name, with its log, for whoever can read it."""
        aside = self.path.with_name(f"{self.path.name}.{time.time_ns()}.aside")
        try:
            for end in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{end}").rename(f"{aside}{end}")
            self._say(f"the record {self.path} {why}; it was moved to {aside} and a new one begun")
        except OSError as problem:
            self._say(f"the record {self.path} {why} and cannot be moved ({problem.strerror}): nothing is kept")

    def _say(self, sentence: str) -> None:
        if sentence not in self.troubles:
            self.troubles.append(sentence)


def prepare(store: sqlite3.Connection) -> None:
    """Make the tables of an empty store; two processes may do so at once."""
    store.execute("BEGIN IMMEDIATE")
    store.execute(TABLE)
    store.execute(f"PRAGMA user_version = {LAYOUT}")
    store.execute("COMMIT")
    with suppress(sqlite3.OperationalError):  # a busy store, or a disk without shared memory, keeps its journal
        store.execute("PRAGMA journal_mode = WAL")


def seal_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def unsealed(text: str, seal: str) -> Verdict | None:
    """A stored verdict; none when a bit of it has changed."""
    try:
        return from_record(json.loads(text)) if seal_of(text) == seal else None
    except (AttributeError, TypeError, ValueError):
        return None
