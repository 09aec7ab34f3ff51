"""Scaffolds: the files of a new theorem, runnable as they are and meant to be overwritten."""

from __future__ import annotations

import re
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path
from string import Template

from workbench.errors import BadInput
from workbench.files import write_new

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\.[a-z][a-z0-9_]{0,63}")
PLACES = {
    "derivation.template": "derivations/{chapter}/{theorem}.py",
    "twin.template": "numerics/{chapter}/{theorem}.py",
    "hand_cases.template": "tests/theorems/{chapter}/test_{theorem}.py",
}
ONCE = {"workflow.template": ".github/workflows/theorems.yml"}  # of a repository, whoever has written it


def scaffold(name: str, root: Path) -> list[Path]:
    """Write derivation, twin and hand cases of CHAPTER.THEOREM under a folder; returns what was written.

    The first time, that is also the file by which continuous integration verifies the folder.

    Raises BadInput for a name that is none, and when one of the files exists (nothing is written then).
    """
    if not NAME.fullmatch(name):
        raise BadInput(f"{name!r} is no name for a theorem; write CHAPTER.THEOREM in lower case, e.g. pca.rank_one")
    chapter, theorem = name.split(".")
    if word := next(filter(iskeyword, (chapter, theorem)), ""):
        raise BadInput(f"{word!r} is a word of Python's, so that no file of that name can be imported; choose another")
    targets = {part: root / place.format(chapter=chapter, theorem=theorem) for part, place in PLACES.items()}
    if taken := [path for path in targets.values() if path.exists()]:
        raise BadInput(f"{taken[0]} exists already; choose another name or edit that file")
    targets |= {part: root / place for part, place in ONCE.items() if not (root / place).exists()}
    texts = {path: files(__name__).joinpath(part).read_text(encoding="utf-8") for part, path in targets.items()}
    return write_new({p: Template(t).substitute(chapter=chapter, theorem=theorem) for p, t in texts.items()})
