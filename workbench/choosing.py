"""Choosing: which claims a command is about, by words of their names and titles, or by kind."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

import click

from workbench.catalogue import Entry, known_here
from workbench.errors import BadInput
from workbench.theorem_files import KINDS

EXAMPLE = '-k "imputation and (risk or gradient) and not masked"'


def completed(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Chapters, theorems and claims that a shell may complete a word to, one level at a time."""
    depth = begun.count(".") + 1
    names = (".".join(entry.parts[:depth]) for entry in known_here().entries)
    return [name for name in dict.fromkeys(names) if name.startswith(begun)]


CHOICES = (
    click.option("-k", "words", metavar="EXPR", help=f"Only claims with these words in name, kind or title: {EXAMPLE}"),
    click.option("--kind", "kinds", multiple=True, type=click.Choice(sorted(KINDS)), help="Only claims of this kind."),
)  # fmt: skip


def choosing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options -k and --kind to a command."""
    for option in reversed(CHOICES):
        command = option(command)
    return command


def chosen(entries: Iterable[Entry], words: str | None, kinds: Iterable[str]) -> list[Entry]:
    """The claims that have the words and are of one of the kinds. Raises BadInput for an expression without meaning."""
    kinds, asked = set(kinds), asked_of(words) if words else lambda text: True
    return [e for e in entries if (not kinds or e.kind in kinds) and asked(f"{e.id} {e.kind} {e.title}".lower())]


def asked_of(words: str) -> Callable[[str], bool]:
    """An expression of words, and, or, not and brackets, as a question about a text."""
    try:
        return question(ast.parse(words.strip().lower(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadInput(f"-k {words!r} is no expression of words, and, or, not and brackets; write {EXAMPLE}") from None


def question(tree: ast.expr) -> Callable[[str], bool]:
    if isinstance(tree, ast.BoolOp):
        parts, every = [question(value) for value in tree.values], isinstance(tree.op, ast.And)
        return lambda text: (all if every else any)(part(text) for part in parts)
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        denied = question(tree.operand)
        return lambda text: not denied(text)
    if isinstance(tree, ast.Name | ast.Attribute):
        word = ast.unparse(tree)
        return lambda text: word in text
    if isinstance(tree, ast.Constant):
        said = str(tree.value)
        return lambda text: said in text
    raise ValueError("neither a word nor a connective")
