"""Doors: the public names of a package, loaded when they are first used, and real to type checkers.

A door names each room once, as imports under `if TYPE_CHECKING:`. A type checker follows them; at run time
they are read from the source, so that importing the package stays cheap.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def behind(source: str | bytes) -> dict[str, str]:
    """Every name that a package imports for type checkers only, and the module that it comes from."""
    blocks = [node for node in ast.parse(source).body if isinstance(node, ast.If) and is_for_checkers(node)]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name: str(node.module) for node in imports for alias in node.names}


def is_for_checkers(node: ast.If) -> bool:
    """Whether a block is never run, but read by type checkers."""
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def door(package: str, file: str, beside: Callable[[str], None] = lambda room: None) -> Callable[[str], Any]:
    """The `__getattr__` of a package; beside: what else is to be done when a room is first entered."""
    rooms = behind(Path(file).read_bytes())

    def enter(name: str) -> Any:
        if name not in rooms:
            raise AttributeError(f"{package} has no {name!r}; it has {', '.join(sorted(rooms))}")
        beside(rooms[name])
        return getattr(import_module(rooms[name]), name)

    return enter
