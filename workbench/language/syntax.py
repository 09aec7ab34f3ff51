"""Syntax: typed text as a tree of Python's, before anybody asks what its letters mean.

What no letters could make a statement is refused here, without SymPy: an answer to a slip of the pen comes at once.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from keyword import iskeyword
from typing import Any

from workbench.errors import BadInput
from workbench.language.clauses import stated
from workbench.language.latex import is_latex
from workbench.language.spelling import spelled

MAX_LENGTH, MAX_NODES, MAX_DEPTH = 200_000, 60_000, 60
MAX_FACTORS = 200  # of a product, which is read one factor after the other
MAX_TERMS = 2000  # beyond which Python's own reader of long sums gives up


class AnyName(Collection[str]):
    """Every name, as if each had been declared as a letter."""

    def __contains__(self, name: object) -> bool:
        return not iskeyword(str(name))

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def refuse_what_is_no_statement(text: str) -> None:
    """Raises BadInput for text that is no statement whatever is declared. LaTeX is read when its words are known."""
    if len(text) > MAX_LENGTH:
        raise too_long(text)
    if not is_latex(text):
        links_in(tree_of(stated(text)[0], (), AnyName()), text)


SIGNS = {ast.Eq: "==", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}  # between the sides of a statement


def links_in(tree: ast.expr, text: str) -> list[ast.Compare]:
    """The links of A == B <= C, one with two sides each; text: what was typed. Raises BadInput for what has none."""
    if not isinstance(tree, ast.Compare) or not all(type(sign) in SIGNS for sign in tree.ops):
        raise BadInput(f"{shortened(text)!r} is no statement; write LEFT == RIGHT, e.g. E[X*X.T] == N*Sigma")
    sides = [tree.left, *tree.comparators]
    return [ast.Compare(one, [sign], [other]) for one, sign, other in zip(sides, tree.ops, sides[1:])]


def equation_in(tree: ast.expr, text: str) -> ast.Compare:
    """The tree of LEFT == RIGHT; text: what was typed. Raises BadInput for any other."""
    link, *more = links_in(tree, text)
    if more or not isinstance(link.ops[0], ast.Eq):
        raise BadInput(f"{shortened(text)!r} is not one equality LEFT == RIGHT, and nothing else is read here")
    return link


def tree_of(text: str, functions: Collection[str], known: Collection[str] = ()) -> ast.expr:
    """The syntax tree of one expression, when it keeps the bounds; known: names that are letters already.

    Raises BadInput otherwise.
    """
    if len(text) > MAX_LENGTH:
        raise too_long(text)
    if not text.strip():
        raise BadInput('the formula is empty; type one, e.g. "tr(Lambda) / N"')
    text = spelled(text, functions, known)
    if not text.isascii():
        odd = next(c for c in text if not c.isascii())
        if odd in "≈≃≅∝≲≳→⇒":
            raise BadInput(f"{odd} is no equality; write =, or lim(…) = … for what holds in the limit")
        raise BadInput(f"the character {odd!r} is not understood; write letters in ASCII (Lambda, sigma, .T)")
    if "#" in text:
        raise BadInput("the character '#' is not understood; a formula has no comments")
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadInput(f'{shortened(text)!r} is not a formula; write e.g. "2*tr(A*Sigma) - d/N"') from None
    check_budget(tree)
    return tree.body


def too_long(text: str) -> BadInput:
    return BadInput(f"the formula has {len(text)} characters; at most {MAX_LENGTH} are read")


def shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


def check_budget(tree: ast.AST) -> None:
    """Bounds on what a formula may contain, so that reading it always ends at once."""
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        raise BadInput(f"the formula has {len(nodes)} parts; at most {MAX_NODES} are read")
    levels = list(descent(tree))
    if any(len(parts(node)) > MAX_TERMS for level in levels for node in level if is_sum(node)):
        raise BadInput(f"the formula has a sum of more than {MAX_TERMS} terms; write it shorter")
    if any(len(parts(node)) > MAX_FACTORS for level in levels for node in level if is_product(node)):
        raise BadInput(f"the formula has a product of more than {MAX_FACTORS} factors; write it shorter")
    if len(levels) > MAX_DEPTH:
        raise BadInput(f"the formula is nested deeper than {MAX_DEPTH} levels; write it flatter")


def descent(tree: ast.AST) -> Iterator[list[ast.AST]]:
    """A syntax tree level by level; the terms of a sum stand beside each other, and the factors of a product do."""
    level = [tree]
    while level:
        yield level
        level = [child for parent in level for child in parts(parent)]


def parts(node: ast.AST) -> list[ast.AST]:
    if is_sum(node):
        return [term for _, term in terms(node)]
    return factors(node) if is_product(node) else list(ast.iter_child_nodes(node))


def is_sum(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)


def is_product(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)


def is_unsigned(node: ast.AST) -> bool:
    """Whether a factor was typed without a sign before it, after a fraction."""
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd)


def factors(node: Any) -> list[ast.AST]:
    """The factors of a product that is written without brackets, in order."""
    found = []
    while is_product(node):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def terms(node: Any) -> list[tuple[bool, ast.expr]]:
    """The terms of a sum, each with whether it is added or taken away."""
    found = []
    while is_sum(node):
        found.append((isinstance(node.op, ast.Add), node.right))
        node = node.left
    return [(True, node), *reversed(found)]
