"""The catalogue: which claims exist, read from the source without running it.

A chapter is a folder, a theorem a file in it, a claim a function decorated with `@claim`. Reading
the syntax tree keeps `workbench list` instant: neither SymPy nor torch is imported.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from workbench.accounts import book_of, unlisted
from workbench.errors import BadInput, about
from workbench.theorem_files import Fault, Source, read, sources

HOUSE = Path(__file__).resolve().parent  # the workbench itself
INSTALLED = HOUSE / "theorems"  # where a wheel puts the wings, since their names are other people's too
GROUP = "workbench.theorems"  # the entry points by which packages register folders
HOME = INSTALLED if INSTALLED.is_dir() else HOUSE.parent  # its theorems


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
    ranks: tuple[Path, ...] = ()  # the same roots, those first whose claim counts where a name exists in several
    troubles: tuple[str, ...] = ()  # sentences about folders that cannot be read

    @cached_property
    def sources(self) -> list[tuple[Path, Source]]:
        return [(root, source) for root in self.roots for source in sources(root)]

    @cached_property
    def entries(self) -> list[Entry]:
        return self.entries_of(self.sources)

    def entries_of(self, sources: list[tuple[Path, Source]]) -> list[Entry]:
        """The claims in some of the files."""
        found = [
            Entry(f"{source.id}.{each.name}", each.kind, each.title, each.source, root, each.line)
            for root, source in sources
            for each in source.claims
        ]
        if self.ranks:
            nearest = {e.id: e.root for e in sorted(found, key=lambda e: -self.ranks.index(e.root))}
            found = [entry for entry in found if nearest[entry.id] == entry.root]
        names = [entry.id for entry in found]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise BadInput(f"the claim {twice[0]} exists twice; rename one of the two theorem files")
        return found

    def narrowed(self, names: Iterable[str]) -> list[tuple[Path, Source]]:
        """The files that names may mean; no other is read for them."""
        names = list(names)
        if not names or "sources" in self.__dict__:
            return self.sources
        return [(root, source) for root in self.roots for source in sources(root, names)]

    def select(self, names: Iterable[str]) -> list[Entry]:
        """The claims that the names mean (chapter, theorem or claim); all of them for no name."""
        names = list(names)
        if not names:
            return self.entries
        known, chosen = self.entries_of(self.narrowed(names)), dict[str, Entry]()
        for name in names:
            matching = [e for e in known if e.id == name or e.id.startswith(f"{name}.")]
            if not matching and not self.faults([name]):
                raise BadInput(f"no chapter, theorem or claim is called {name!r}; {self._nearest(name)}")
            chosen |= {entry.id: entry for entry in matching}
        return list(chosen.values())

    def claim(self, name: str) -> Entry:
        """The one claim of that id."""
        for entry in self.entries_of(self.narrowed([name])):
            if entry.id == name:
                return entry
        for fault in self.faults([name]):
            raise BadInput(fault)
        raise BadInput(f"no claim is called {name!r}; {self._nearest(name)}")

    def faults(self, names: Iterable[str] = ()) -> list[str]:
        """What the catalogue cannot list and the names mean (everywhere, for no name), each in a sentence."""
        names = list(names)
        every: list[Fault] = [fault for _, source in self.narrowed(names) for fault in source.faults]
        told = [f.sentence for f in every if not names or any(map(f.concerns, names))]
        return told if names else [*self.troubles, *told]

    def unseen(self, names: Iterable[str]) -> list[str]:
        """What files make that show no claim, each claim in a sentence; they are imported to know."""
        names, found = list(names), []
        for root, source in self.sources:
            place = Fault(source.id, "")
            if source.opaque and (not names or any(map(place.concerns, names))):
                try:
                    imported(root, "derivations", source.id, source.path)
                except BadInput as problem:
                    found.append(str(problem))
                found += hidden(root)
        return list(dict.fromkeys(found))

    def _nearest(self, name: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(name, [entry.id for entry in self.entries], cutoff=0.5)
        return f"did you mean {near[0]}?" if near else "`workbench list` shows all names"


def builtin() -> Catalogue:
    """The workbench's own theorems."""
    return Catalogue((HOME,))


def known_here() -> Catalogue:
    """The workbench's own theorems, those of the current folder, if it has any, and those that packages register.

    Where a name exists twice, as in a clone of the workbench, the current folder's counts, then the workbench's own.
    """
    here = Path.cwd().resolve()
    own = here != HOME and (here / "derivations").is_dir() and (here / "numerics").is_dir()
    near = (here,) if own else ()
    others, troubles = registered()
    far = tuple(root for root in dict.fromkeys(others.values()) if root not in (HOME, *near))
    return Catalogue((HOME, *near, *far), (*near, HOME, *far), troubles)


def registered() -> tuple[dict[str, Path], tuple[str, ...]]:
    """The folders of theorems that installed packages register, by name, and a sentence for each that is none."""
    from importlib.metadata import entry_points

    found, troubles = {}, []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            folders = namespace_or_package(point.value)
            found[point.name] = checked_root(Path(folders[0]).resolve())
        except (BadInput, IndexError) as problem:
            why = str(problem) if isinstance(problem, BadInput) else f"there is no package {point.value}"
            troubles.append(f"the theorems that are registered as {point.name!r} cannot be read: {why}")
    return found, tuple(troubles)


def namespace_or_package(name: str) -> list[str]:
    """The folders of a package, found without running it."""
    top, *rest = name.split(".")
    try:
        found = find_spec(top)
    except (ImportError, ValueError):
        return []
    folders = list((found and found.submodule_search_locations) or ())
    return [str(Path(folder, *rest)) for folder in folders]


def catalogue_for(names: Iterable[str]) -> tuple[Catalogue, list[str]]:
    """The catalogue that names and paths ask for: folders become roots, files of theorems and the rest names.

    A name under which a package registers its folder means all of it, unless a chapter here is called so.
    """
    names = list(names)
    others = registered()[0] if names else {}
    names = [str(others[name]) if name in others and not is_chapter(name) else name for name in names]
    places = [located(Path(name)) for name in names if looks_like_path(name)]
    rest = [name for name in names if not looks_like_path(name)]
    known = known_here() if rest or not places else Catalogue(())
    roots = tuple(dict.fromkeys([*known.roots, *(root for root, _ in places)]))
    catalogue = known if roots == known.roots else Catalogue(roots)
    return catalogue, [*rest, *(name for _, name in places if name)]


def is_chapter(name: str) -> bool:
    return any((root / "derivations" / name).is_dir() for root in (HOME, Path.cwd()))


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
    return imported(entry.root, wing, f"{chapter}.{theorem}", path)


def imported(root: Path, wing: str, name: str, path: Path) -> ModuleType:
    """A module of a wing; what its code raises, or its wish to end the program, becomes a sentence."""
    keep_wings()
    with about(f"{path} does not import"), book_of(root):
        return importlib.import_module(f"{package_of(root)}{wing}.{name}")


def keep_wings() -> None:
    """What is called derivations or numerics is the workbench's own first, whatever stands in the current folder."""
    for wing in ("derivations", "numerics"):
        ours, known = str(HOME / wing), sys.modules.get(wing)
        path = namespace(wing) if known is None else list(getattr(known, "__path__", ()))
        if known is None or ours not in path:
            sys.modules[wing] = ModuleType(wing)
        if known is None or path[:1] != [ours]:
            sys.modules[wing].__path__ = [ours, *(each for each in path if each != ours)]


def namespace(name: str) -> list[str]:
    """The folders that Python would take together under a name; none where a file of that name hides them."""
    try:
        found = find_spec(name)
    except (ImportError, ValueError):
        return []
    return [] if found is None or found.origin else list(found.submodule_search_locations or ())


def hidden(root: Path) -> list[str]:
    """What code of a folder has made in this process and no catalogue lists, each claim in a sentence."""
    listed = {}
    for place in dict.fromkeys((root, HOME)):
        prefix = f"{package_of(place)}derivations."
        for module in [name for name in sys.modules if name.startswith(prefix)]:
            wing, path = place / "derivations", Path(getattr(sys.modules[module], "__file__", None) or "")
            if path.is_relative_to(wing) and path.is_file():
                listed[module] = [each.name for each in read(path, path.relative_to(wing)).claims]
    return unlisted(root, listed)


def member(entry: Entry, wing: str) -> Any:
    """The claim (derivations) or the twin function (numerics) of an entry."""
    module, name = load(entry, wing), entry.parts[2]
    found = getattr(module, name, None)
    if wing == "derivations" and getattr(found, "id", "") != entry.id:
        raise BadInput(
            f"{module.__file__}:{entry.line}: {entry.id} is stated there, but the file does not make it when it runs "
            f"(`{name}` is {'something else' if found is not None else 'nothing'} in the end); make it, or take it out"
        )
    if found is None:
        raise BadInput(f"{module.__file__} has no function `{name}`: the twin of {entry.id} is missing")
    return found
