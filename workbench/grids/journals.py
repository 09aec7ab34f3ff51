"""Journals: what a sweep has finished, appended point by point, so that whatever ends it loses nothing.

A journal is named by a digest of all that its numbers depend on; a line is a point and what was found there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from workbench.catalogue import HOUSE, Entry
from workbench.errors import BadInput
from workbench.grids.axes import Point
from workbench.running.fingerprints import SEEN, key_of

PLACE = Path(".workbench") / "sweeps"


def digest_of(entry: Entry, seed: int, samples: int) -> str:
    """The digest of a claim, of the way in which it is measured, and of the code that does so."""
    code = SEEN.of_wing(HOUSE.parent, HOUSE / "grids" / "measuring.py")
    return sha256(f"{key_of(entry, f'{samples} samples', seed)}{code}".encode()).hexdigest()


def name_of(point: Point) -> str:
    """A point as text, whatever the order in which its letters were given."""
    return json.dumps(point, sort_keys=True)


class Journal:
    """The finished points of one claim, measured in one way."""

    def __init__(self, digest: str, place: Path = PLACE):
        self.path = place.absolute() / f"{digest}.jsonl"
        self.rows: dict[str, Any] = {}
        self.read()

    def read(self) -> None:
        """What was finished earlier; a line that a kill cut short is none, and the next begins after it."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.file = self.path.open("a+b")
            self.file.seek(0)
            text = self.file.read()
        except OSError as problem:
            raise BadInput(f"{self.path} cannot be written ({problem.strerror}); sweep in a folder of yours") from None
        for line in text.splitlines():
            with suppress(ValueError, KeyError, TypeError):
                known = json.loads(line)
                self.rows[known["point"]] = known["found"]
        if text and not text.endswith(b"\n"):
            self.file.write(b"\n")

    def keep(self, found: Mapping[str, Any]) -> None:
        """Append finished points, by name; they are durable when this returns."""
        self.rows |= found
        self.file.write(b"".join(line_of(name, each) for name, each in found.items()))
        self.file.flush()
        with suppress(OSError):  # a file system that does not know it
            os.fsync(self.file.fileno())

    def close(self) -> None:
        self.file.close()


def line_of(name: str, found: Any) -> bytes:
    return json.dumps({"point": name, "found": found}).encode() + b"\n"
