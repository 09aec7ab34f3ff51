"""The catalogue: which claims exist, read from the source without running it.

A chapter is a folder, a theorem a file in it, a claim a function decorated with `@claim`. Reading
the syntax tree keeps `workbench list` instant: neither SymPy nor torch is imported.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from inspect import cleandoc
from pathlib import Path
from types import ModuleType
from typing import Any

from workbench.errors import BadInput

HOME = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Entry:
    """One claim of the catalogue: its permanent id and what its source says about it."""

    id: str
    kind: str
    title: str
    source: str
    root: Path
    line: int

    @property
    def parts(self) -> tuple[str, str, str]:
        chapter, theorem, name = self.id.split(".")
        return chapter, theorem, name

    @property
    def derivation(self) -> Path:
        chapter, theorem, _ = self.parts
        return self.root / "derivations" / chapter / f"{theorem}.py"

    @property
    def twin(self) -> Path:
        chapter, theorem, _ = self.parts
        return self.root / "numerics" / chapter / f"{theorem}.py"

    def record(self) -> dict[str, str]:
        return {"id": self.id, "kind": self.kind, "title": self.title, "source": self.source}


@dataclass(frozen=True)
class Catalogue:
    """The claims found under one or several roots (folders that hold `derivations/` and `numerics/`)."""

    roots: tuple[Path, ...]

    @cached_property
    def entries(self) -> list[Entry]:
        found = [entry for root in self.roots for entry in read_root(root)]
        names = [entry.id for entry in found]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise BadInput(f"the claim {twice[0]} exists twice; rename one of the two theorem files")
        return found

    def select(self, names: Iterable[str]) -> list[Entry]:
        """The claims that the names mean (chapter, theorem or claim); all of them for no name."""
        names = list(names)
        if not names:
            return self.entries
        chosen: dict[str, Entry] = {}
        for name in names:
            matching = [e for e in self.entries if e.id == name or e.id.startswith(f"{name}.")]
            if not matching:
                raise BadInput(f"no chapter, theorem or claim is called {name!r}; {self._nearest(name)}")
            chosen |= {entry.id: entry for entry in matching}
        return list(chosen.values())

    def claim(self, name: str) -> Entry:
        """The one claim of that id."""
        for entry in self.entries:
            if entry.id == name:
                return entry
        raise BadInput(f"no claim is called {name!r}; {self._nearest(name)}")

    def _nearest(self, name: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(name, [entry.id for entry in self.entries], cutoff=0.5)
        return f"did you mean {near[0]}?" if near else "`workbench list` shows all names"


def builtin() -> Catalogue:
    """The workbench's own theorems."""
    return Catalogue((HOME,))


def known_here() -> Catalogue:
    """The workbench's own theorems and those of the current folder, if it has any."""
    here = Path.cwd().resolve()
    own = here != HOME and (here / "derivations").is_dir() and (here / "numerics").is_dir()
    return Catalogue((HOME, here) if own else (HOME,))


def catalogue_for(names: Iterable[str]) -> tuple[Catalogue, list[str]]:
    """The catalogue that names and paths ask for: folders become roots, files of theorems and the rest names."""
    names = list(names)
    places = [located(Path(name)) for name in names if looks_like_path(name)]
    rest = [name for name in names if not looks_like_path(name)]
    if not places:
        return known_here(), rest
    roots = [*(known_here().roots if rest else ()), *(root for root, _ in places)]
    return Catalogue(tuple(dict.fromkeys(roots))), [*rest, *(name for _, name in places if name)]


def looks_like_path(name: str) -> bool:
    return name in (".", "..") or "/" in name or "\\" in name or (Path(name) / "derivations").is_dir()


def located(path: Path) -> tuple[Path, str]:
    """The folder of theorems that a path means, and the chapter or theorem in it, if the path goes that deep."""
    path = path.resolve()
    for folder in (path, *path.parents):
        if folder.name in ("derivations", "numerics") and path != folder and path.exists():
            return checked_root(folder.parent), ".".join(path.relative_to(folder).with_suffix("").parts)
    return checked_root(path), ""


def checked_root(path: Path) -> Path:
    """A folder with derivations/ and numerics/ in it."""
    if not (path / "derivations").is_dir() or not (path / "numerics").is_dir():
        raise BadInput(f"{path} has no derivations/ and numerics/ in it; `workbench new CHAPTER.THEOREM` makes them")
    return path


def read_root(root: Path) -> list[Entry]:
    """Every claim under a root, in the order of files and lines."""
    entries = []
    for path in sorted((root / "derivations").glob("*/*.py")):
        if path.name != "__init__.py":
            entries += read_theorem(root, path)
    return entries


def read_theorem(root: Path, path: Path) -> list[Entry]:
    """The claims of one theorem file."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not valid Python ({error}); mend it or move it out of derivations/") from None
    source = source_of(ast.get_docstring(tree) or "")
    entries = []
    for node in tree.body:
        call = isinstance(node, ast.FunctionDef) and claim_call(node)
        if isinstance(node, ast.FunctionDef) and call:
            statement = cleandoc(ast.get_docstring(node) or "")
            title = statement.split("\n")[0] or node.name
            name = f"{path.parent.name}.{path.stem}.{node.name}"
            entries.append(Entry(name, kind_of(call, path), title, source_of(statement) or source, root, node.lineno))
    return entries


def claim_call(node: ast.FunctionDef) -> ast.Call | None:
    """The `@claim(…)` that decorates a function, if any."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", None) == "claim":
            return decorator
    return None


def kind_of(call: ast.Call, path: Path) -> str:
    if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        return call.args[0].value
    raise BadInput(
        f'{path}:{call.lineno} writes the kind of a claim as an expression; write it as text: @claim("risk", …)'
    )


def source_of(docstring: str) -> str:
    """What follows 'Source:' in a docstring, up to the next blank line."""
    _, found, rest = docstring.partition("Source:")
    return " ".join(rest.split("\n\n")[0].split()) if found else ""


def package_of(root: Path) -> str:
    """The import prefix of a root: none for the workbench's own, a private one for a user's folder."""
    if root == HOME:
        return ""
    name = f"_theorems_{sha256(str(root).encode()).hexdigest()[:12]}"
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(root)]
        sys.modules[name] = package
    return f"{name}."


def load(entry: Entry, wing: str) -> ModuleType:
    """Import the derivation or the twin of a claim. Raises BadInput when it does not import."""
    chapter, theorem, _ = entry.parts
    path = entry.derivation if wing == "derivations" else entry.twin
    if not path.is_file():
        raise BadInput(f"{entry.id} has no twin: write {path} with a function `{entry.parts[2]}` that measures it")
    try:
        return importlib.import_module(f"{package_of(entry.root)}{wing}.{chapter}.{theorem}")
    except Exception as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"{path} does not import: {type(error).__name__}: {error}") from error


def member(entry: Entry, wing: str) -> Any:
    """The claim (derivations) or the twin function (numerics) of an entry."""
    module = load(entry, wing)
    found = getattr(module, entry.parts[2], None)
    if found is None:
        raise BadInput(f"{module.__file__} has no function `{entry.parts[2]}`: the twin of {entry.id} is missing")
    return found
