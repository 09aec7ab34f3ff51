"""Fingerprints: everything that a verdict depends on, in one digest.

The claim's derivation and twin with all that they import from the wings and the data beside them,
the workbench itself, standard, seed and the versions of the libraries. Comments and layout do not
count: a wing file is read as its syntax tree.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from workbench.catalogue import HOME, Entry
from workbench.judging.verdicts import SCHEMA, versions

Page = tuple[str, tuple[Path, ...]]  # the digest of a file, and the files that it may import


@dataclass
class Reading:
    """Files as they were when they were first asked for; every file is read once."""

    pages: dict[Path, Page] = field(default_factory=dict)
    workbench: str = ""

    def page(self, root: Path, file: Path) -> Page:
        if file not in self.pages:
            self.pages[file] = read(root, file)
        return self.pages[file]

    def digest(self, root: Path, files: Iterable[Path]) -> str:
        """The digest of files of a root, or of the workbench's own house."""
        named = {located(root, file): self.page(root, file)[0] for file in files}
        return sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()

    def closure(self, root: Path, path: Path) -> list[Path]:
        """A file of a wing, every file of the wings that it imports, directly or not, and the data beside them."""
        found: dict[Path, None] = {}
        queue = [path]
        while queue:
            file = queue.pop()
            if file not in found and file.is_file():
                found[file] = None
                queue += self.page(root, file)[1]
        folders = {file.parent for file in found} - {root, HOME}
        return sorted({*found, *(data for folder in folders for data in data_in(folder))})

    def of_workbench(self) -> str:
        """The digest of the instrument; the page that shows a verdict, which nothing else imports, is no part of it."""
        if not self.workbench:
            here = HOME / "workbench"
            files = [file for file in (*here.rglob("*.py"), *data_in(here)) if here / "report" not in file.parents]
            self.workbench = self.digest(HOME, files)
        return self.workbench


SEEN = Reading()  # what this process read first, and therefore what it imported


def key_of(entry: Entry, standard: str, seed: int, reading: Reading = SEEN) -> str:
    """The digest of everything a verdict depends on."""
    content = {
        "schema": SCHEMA,
        "claim": entry.id,
        "standard": standard,
        "seed": seed,
        "versions": installed(),
        "workbench": reading.of_workbench(),
        "derivation": reading.digest(entry.root, reading.closure(entry.root, entry.derivation)),
        "twin": reading.digest(entry.root, reading.closure(entry.root, entry.twin)),
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def installed() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(versions().items()))


def located(root: Path, file: Path) -> str:
    """Where a file stands, without the part of the path that a move or another machine would change."""
    home = next((place for place in (root, HOME) if file.is_relative_to(place)), file.parent)
    return file.relative_to(home).as_posix()


def read(root: Path, file: Path) -> Page:
    """The digest of a file and what it may import; of Python in the wings, the syntax tree counts."""
    content = file.read_bytes()
    if file.suffix != ".py" or (HOME / "workbench") in file.parents:
        return sha256(content).hexdigest(), ()
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return sha256(content).hexdigest(), ()
    return sha256(ast.dump(tree).encode()).hexdigest(), tuple(dict.fromkeys(imported(tree, root, file)))


def imported(tree: ast.AST, root: Path, file: Path) -> Iterator[Path]:
    """The files that a file of the wings names in its imports, and the packages on the way to them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            bases = [file.parents[node.level - 1]] if node.level else [root, HOME]
            names = (node.module or "").split(".") if node.module else []
            for base in bases:
                yield from modules(base, names)
                yield from (base.joinpath(*names, f"{alias.name}.py") for alias in node.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                for base in (root, HOME):
                    yield from modules(base, alias.name.split("."))


def modules(base: Path, names: list[str]) -> Iterator[Path]:
    """What importing a dotted name may run: the packages on the way, then the module."""
    if names and names[0] == "workbench":
        return  # digested as a whole
    for depth in range(len(names) + 1):
        yield base.joinpath(*names[:depth], "__init__.py")
    if names:
        yield base.joinpath(*names).with_suffix(".py")


def data_in(folder: Path) -> list[Path]:
    """The data that code in a folder may read: every file that is neither Python nor somebody's leftover."""
    return [
        file
        for file in folder.rglob("*")
        if file.is_file()
        and file.suffix not in (".py", ".pyc")
        and not any(part.startswith((".", "__pycache__")) for part in file.relative_to(folder).parts)
        and not file.name.endswith("~")
    ]
