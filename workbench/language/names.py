"""Names: which names in typed text are letters, and which have a meaning of their own."""

from __future__ import annotations

import ast

from workbench.language.events import CHANCES, are_events, letters_below
from workbench.language.exchangeable_sums import indices
from workbench.language.functions import ALSO_LETTERS, CONSTANTS, FUNCTIONS, MEANS, SYNONYMS
from workbench.language.index_sums import index_of, indexed, letters_of_sum

SIZELESS = ("I", "ones")  # the identity and a column of ones, of whatever size is needed


def reserved(name: str) -> bool:
    """Whether a name has a meaning of its own; γ and Φ are letters where they are not called, I and ones sizeless."""
    return name not in (*SIZELESS, *ALSO_LETTERS) and (name in FUNCTIONS or name in CONSTANTS or name == "grad")


def averages(node: ast.Subscript) -> bool:
    """Whether square brackets hold what a mean is taken of, or events, and no index."""
    name = node.value.id if isinstance(node.value, ast.Name) else ""
    inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    name, _ = letters_below(name)
    return SYNONYMS.get(name, name) in MEANS or (name in CHANCES and are_events(inside))


def names_in(tree: ast.AST) -> list[str]:
    """The letters that a syntax tree names, those that are called or constants aside."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    called |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Subscript) and averages(node)}
    found = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(pair := indices(node)) == 2:
            indexed_names = {(name, each) for each in pair for name in indexed(node.args[0], each)}
            bound = {*pair, *(f"{name}_{each}" for name, each in indexed_names)}
            found = [name for name in found if name not in bound] + sorted({name.upper() for name, _ in indexed_names})
        elif isinstance(node, ast.Call) and (index := index_of(node)):
            bound = {index, *(f"{name}_{index}" for name in indexed(node.args[0], index))}
            found = [name for name in found if name not in bound] + letters_of_sum(node, index)
    return [name for name in dict.fromkeys(found) if not reserved(name)]
