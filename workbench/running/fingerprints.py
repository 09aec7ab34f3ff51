"""Fingerprints: everything that a verdict depends on, in one digest.

The claim's derivation and twin with all that they import and the data beside them, all that the judge imports,
standard, seed and the versions of the libraries. What only shows verdicts is no part of it. Comments and layout
of the wings do not count: a file there is read as its syntax tree.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from workbench.catalogue import HOME, HOUSE, INSTALLED, Entry
from workbench.doors import behind, is_for_checkers
from workbench.judging.verdicts import SCHEMA, versions

OURS = ("workbench", "derivations", "numerics")
JUDGE = ("judging/verification.py", "judging/canaries.py")  # what a run calls
Asked = tuple[int, str, tuple[str, ...]]  # an import: dots in front, the module, and the names that are taken from it


@dataclass
class Reading:
    """Files as they were when they were first asked for; every file is read once."""

    sources: dict[Path, bytes | None] = field(default_factory=dict)
    digests: dict[Path, str] = field(default_factory=dict)
    judge: frozenset[Path] = frozenset()

    def source(self, file: Path) -> bytes | None:
        """A file of Python; None where there is none."""
        if file not in self.sources:
            self.sources[file] = file.read_bytes() if file.is_file() else None
        return self.sources[file]

    def digest(self, root: Path, files: Iterable[Path]) -> str:
        """The digest of files of a root, or of the workbench's own house."""
        named = {located(root, file): self.digest_of(file) for file in files}
        return sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()

    def digest_of(self, file: Path) -> str:
        """The digest of one file; of Python in the wings, the syntax tree counts, and not comments and layout."""
        if file not in self.digests:
            content = (self.source(file) or b"") if file.suffix == ".py" else file.read_bytes()
            as_tree = file.suffix == ".py" and not is_ours(file)
            self.digests[file] = digest_of_tree(content) if as_tree else sha256(content).hexdigest()
        return self.digests[file]

    def closure(self, root: Path, *paths: Path, beyond: Collection[Path] = ()) -> list[Path]:
        """Files, every file of ours that they import, directly or not, and the data beside them.

        beyond: files that are counted elsewhere, with all that they import.
        """
        found: dict[Path, None] = {}
        queue = list(paths)
        while queue:
            file = queue.pop()
            if file not in found and file not in beyond and (source := self.source(file)) is not None:
                found[file] = None
                queue += self.imported(source, root, file)
        folders = {file.parent for file in found} - {root, HOME, HOUSE.parent}
        return sorted({*found, *(data for folder in folders for data in data_in(folder))})

    def imported(self, source: bytes, root: Path, file: Path) -> Iterator[Path]:
        """The files that a file names in its imports, and the packages on the way to them."""
        for level, module, taken in asked(source):
            names = module.split(".") if module else []
            for base in [file.parents[level - 1]] if level else bases(root, names):
                package = base.joinpath(*names)
                yield from modules(base, names)
                for name in taken:
                    yield from (package / f"{name}.py", package / name / "__init__.py")
                offered = doors(self.source(package / "__init__.py") or b"")
                for name in offered if taken in ((), ("*",)) else offered.keys() & {*taken}:
                    yield from modules(HOUSE.parent, offered[name].split("."))

    def of_judge(self) -> frozenset[Path]:
        """The files of the judge, with all that they import."""
        if not self.judge:
            self.judge = frozenset(self.closure(HOUSE.parent, *(HOUSE / place for place in JUDGE)))
        return self.judge

    def of_wing(self, root: Path, path: Path) -> str:
        """The digest of a file of a wing with all that it imports; what the judge imports is counted there."""
        return self.digest(root, self.closure(root, path, beyond=self.of_judge()))


SEEN = Reading()  # what this process read first, and therefore what it imported


def key_of(entry: Entry, standard: str, seed: int, reading: Reading = SEEN) -> str:
    """The digest of everything a verdict depends on."""
    content = {
        "schema": SCHEMA,
        "claim": entry.id,
        "standard": standard,
        "seed": seed,
        "versions": installed(),
        "judge": reading.digest(HOUSE.parent, reading.of_judge()),
        "derivation": reading.of_wing(entry.root, entry.derivation),
        "twin": reading.of_wing(entry.root, entry.twin),
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def installed() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(versions().items()))


def located(root: Path, file: Path) -> str:
    """Where a file stands, without the part of the path that a move or another machine would change."""
    home = next((place for place in (root, HOME, HOUSE.parent) if file.is_relative_to(place)), file.parent)
    return file.relative_to(home).as_posix()


def is_ours(place: Path) -> bool:
    """Whether a file or folder is part of the instrument, and of no theorem."""
    return HOUSE in (place, *place.parents) and INSTALLED not in (place, *place.parents)


@lru_cache(maxsize=4096)
def digest_of_tree(source: bytes) -> str:
    """The digest of the syntax tree of a file; of the file itself where it has none."""
    try:
        source = ast.dump(ast.parse(source)).encode()
    except (SyntaxError, ValueError):
        pass
    return sha256(source).hexdigest()


@lru_cache(maxsize=4096)
def asked(source: bytes) -> tuple[Asked, ...]:
    """The imports of a file, but for those that only type checkers read."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ()
    found: dict[Asked, None] = {}
    queue: list[ast.AST] = [tree]
    while queue:
        node = queue.pop()
        if isinstance(node, ast.ImportFrom):
            found[node.level, node.module or "", tuple(alias.name for alias in node.names)] = None
        elif isinstance(node, ast.Import):
            found |= {(0, alias.name, ()): None for alias in node.names}
        elif isinstance(node, ast.If) and is_for_checkers(node):
            queue += node.orelse
        else:
            queue += ast.iter_child_nodes(node)
    return tuple(found)


@lru_cache(maxsize=256)
def doors(source: bytes) -> dict[str, str]:
    """The names that a package loads when they are first used, and where they stand."""
    try:
        return behind(source)
    except (SyntaxError, ValueError):
        return {}


def bases(root: Path, names: list[str]) -> list[Path]:
    """Where a module of that name may stand; everybody's libraries are beside an installed workbench."""
    if not names or names[0] not in OURS:
        return []
    return [HOUSE.parent] if names[0] == "workbench" else list(dict.fromkeys((root, HOME)))


def modules(base: Path, names: list[str]) -> Iterator[Path]:
    """What importing a dotted name may run: the packages on the way, then the module."""
    for depth in range(len(names) + 1):
        yield base.joinpath(*names[:depth], "__init__.py")
    if names:
        yield base.joinpath(*names).with_suffix(".py")


def data_in(folder: Path) -> list[Path]:
    """The data that code in a folder may read: every file that is neither Python nor somebody's leftover."""
    return [
        file
        for file in (folder.glob("*") if is_ours(folder) else folder.rglob("*"))
        if file.is_file()
        and file.suffix not in (".py", ".pyc")
        and not any(part.startswith((".", "__pycache__")) for part in file.relative_to(folder).parts)
        and not file.name.endswith("~")
    ]
