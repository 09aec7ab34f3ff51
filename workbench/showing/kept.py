"""Kept: what `show` said of a claim, read again while nothing that it was made from has changed.

It stands beside the record, in the `.workbench/` of the current folder, and only where there is one. Neither SymPy
nor torch is loaded for it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from workbench.catalogue import HOME, HOUSE, Entry

PLACE = Path(".workbench") / "shown"
WINGS = ("derivations", "numerics")


class Kept:
    """Texts about claims in one form, under the digest of all that they may be made from."""

    def __init__(self, entries: list[Entry], form: str):
        self.form, self.roots = form, list(dict.fromkeys((HOME, *(entry.root for entry in entries))))
        self.there = PLACE.parent.is_dir()
        self.digest = made_from(self.roots) if self.there else ""

    def find(self, entry: Entry) -> str | None:
        """What was said of a claim, where the same would be said again; None where nobody knows."""
        try:
            known = json.loads(self.place(entry).read_text(encoding="utf-8")) if self.there else {}
            said = known["said"]
            return said if known["seal"] == self.sealed(entry, said) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def keep(self, texts: dict[Entry, str]) -> None:
        """Keep what a process said that was begun for it: one that is older may have loaded other files.

        Nothing is kept where a file changed meanwhile, or cannot be written.
        """
        with suppress(OSError):
            if self.there and made_from(self.roots) == self.digest:
                PLACE.mkdir(exist_ok=True)
                for entry, said in texts.items():
                    beside = PLACE / f"{os.getpid()}"
                    beside.write_text(json.dumps({"said": said, "seal": self.sealed(entry, said)}), encoding="utf-8")
                    beside.replace(self.place(entry))

    def place(self, entry: Entry) -> Path:
        return PLACE / f"{entry.id}.{self.form}.json"

    def sealed(self, entry: Entry, said: str) -> str:
        """It tells damage and change, not forgery."""
        return sha256(repr((entry, self.form, self.digest, said)).encode(errors="surrogatepass")).hexdigest()


def made_from(roots: list[Path]) -> str:
    """The digest of the workbench, of every theorem in some folders, and of the versions of all libraries."""
    digest = sha256(repr((sys.version, *libraries())).encode())
    for folder in (HOUSE, *(root / wing for root in roots for wing in WINGS)):
        for path in files(folder):
            digest.update(f"\n{path} ".encode(errors="surrogateescape"))
            digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__")))
        yield from (Path(place, name) for name in sorted(names) if Path(place, name).is_file())


def libraries() -> list[str]:
    """What is installed, with its version, as the names of folders say it."""
    found: set[str] = set()
    for place in sys.path:
        with suppress(OSError):
            found |= {name for name in os.listdir(place or ".") if name.endswith((".dist-info", ".egg-info", ".pth"))}
    return sorted(found)
