"""Files: several new ones written together, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from workbench.errors import BadInput


def write_new(texts: Mapping[Path, str]) -> list[Path]:
    """Write files that are not there yet. Raises BadInput where one is, or cannot be written; nothing is left then."""
    begun: list[Path] = []
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                begun.append(path)
                file.write(text)
        except (OSError, UnicodeEncodeError) as problem:
            for each in begun:
                with suppress(OSError):
                    each.unlink()
            if isinstance(problem, FileExistsError) and path.exists():
                raise BadInput(f"{path} exists already; choose another name or edit that file") from None
            said = problem.strerror if isinstance(problem, OSError) else problem
            raise BadInput(f"{path} cannot be written ({said}); nothing was") from None
    return begun
