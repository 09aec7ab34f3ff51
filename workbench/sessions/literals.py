"""Literals: text of somebody's own as Python source, and a program read back before it is saved.

What a session was told (names, reasons, guesses) goes into a file that `workbench verify` will run. It is written
as literals only; and the file is parsed again, so that nothing but the program that was meant is ever saved.
"""

from __future__ import annotations

import ast
import keyword
from collections.abc import Iterable
from unicodedata import normalize

from workbench.errors import BadInput

PLAIN = ("float", "len", "range", "sum")  # what a program may use without importing it


def literal(text: object) -> str:
    """Text between double quotes, on one line."""
    return f'"{escaped(str(text), quotes=True)}"'


def docstring(text: object, margin: str = "") -> str:
    """Text between triple quotes, each of its lines behind a margin."""
    said = str(text)
    body = escaped(said, quotes='"""' in said or said.endswith('"'), lines=True)
    return f'"""{body}"""'.replace("\n", f"\n{margin}")


def escaped(text: str, *, quotes: bool, lines: bool = False) -> str:
    """Text as it stands in a literal; what does not print is spelled out."""
    return "".join(spelled(sign, quotes, lines) for sign in text)


def spelled(sign: str, quotes: bool, lines: bool) -> str:
    if sign == "\\" or (sign == '"' and quotes):
        return f"\\{sign}"
    if sign.isprintable() or (sign == "\n" and lines):
        return sign
    return sign.encode("unicode_escape").decode("ascii")


def identifier(name: str) -> str:
    """A name that stands bare in a program. Raises BadInput for one that cannot."""
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("__") or normalize("NFKC", name) != name:
        raise BadInput(f"{name[:40]!r} cannot be a name in a Python file; give the letter or line a plain word as name")
    return name


def read_back(program: str, modules: Iterable[str]) -> ast.Module:
    """The program as Python will read it. Raises BadInput where it is not the kind of program that is exported."""
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError, RecursionError) as problem:
        raise BadInput(f"what would be exported is no valid Python ({problem}); rename its letters and lines") from None
    allowed, bound = tuple(modules), bound_in(tree)
    for node in ast.walk(tree):
        if wrong := foreign(node, allowed, bound):
            raise BadInput(f"what would be exported holds {wrong!r}, which no exported program does; write it by hand")
    return tree


def bound_in(tree: ast.Module) -> set[str]:
    """Every name that a program gives a meaning to."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return names | {alias.asname or alias.name for node in found for alias in node.names}


def foreign(node: ast.AST, modules: tuple[str, ...], bound: set[str]) -> str:
    """What in a place of a program does not belong there; empty where all does."""
    if isinstance(node, ast.Import):
        return next((alias.name for alias in node.names if alias.name not in modules), "")
    if isinstance(node, ast.ImportFrom):
        return "" if node.module in modules and not node.level else str(node.module)
    if isinstance(node, ast.Attribute):
        return node.attr if node.attr.startswith("_") else ""
    if isinstance(node, ast.Name):
        return "" if node.id in bound or node.id in PLAIN else node.id
    return type(node).__name__ if isinstance(node, ast.ClassDef | ast.AsyncFunctionDef | ast.Global | ast.Await) else ""
