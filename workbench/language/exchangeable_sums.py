"""Sums over columns under a mean: E Σ_i f(x_i) = N E f(x_i), and N(N − 1) E f(x_i, x_j) over the pairs i ≠ j.

It holds where the columns of X are independent with one law, whatever f is, for sums that a mean is linear in.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sympy as sp

from workbench.errors import BadInput, NotUnderstood
from workbench.language.index_sums import indexed, summed_letter
from workbench.language.laws import Gaussian, gaussian, random_letters

PAIRS = (ast.NotEq, ast.Lt)
NO_MEAN = "a sum over pairs i != j or i < j is read under a mean, of independent columns: E[sum(f(x_i, x_j), i != j)]"


def indices(node: ast.Call) -> list[str]:
    """The indices of sum(f(x_i), i), or of sum(f(x_i, x_j), i != j); none of any other call."""
    over = node.args[1] if isinstance(node.func, ast.Name) and node.func.id == "sum" and len(node.args) > 1 else None
    if isinstance(over, ast.Name):
        return [over.id]
    pair = isinstance(over, ast.Compare) and len(over.ops) == 1 and isinstance(over.ops[0], PAIRS)
    sides = [over.left, *over.comparators] if isinstance(over, ast.Compare) and pair else []
    names = [side.id for side in sides if isinstance(side, ast.Name)]
    return names if len({*names}) == 2 else []


def linear(tree: ast.AST, is_random: Callable[[ast.AST], bool]) -> Iterator[ast.Call]:
    """The sums over an index in which an expression is linear, as far as its letters are random."""
    if isinstance(tree, ast.Call) and indices(tree):
        yield tree
    elif isinstance(tree, ast.UnaryOp):
        yield from linear(tree.operand, is_random)
    elif isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add | ast.Sub):
        yield from (*linear(tree.left, is_random), *linear(tree.right, is_random))
    elif isinstance(tree, ast.BinOp) and not is_random(tree.right):
        yield from linear(tree.left, is_random) if isinstance(tree.op, ast.Mult | ast.Div) else ()
    elif isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult) and not is_random(tree.left):
        yield from linear(tree.right, is_random)


def names_random(letters: Mapping[str, Any], tree: ast.AST) -> bool:
    """Whether a tree may name what is random; a name that is no letter is one with an index, and may."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}
    return any(name not in letters or random_letters(letters[name]) for name in names - {"pi", "I"})


def columns(node: ast.Call, letters: Mapping[str, Any]) -> dict[str, Any]:
    """The letters that stand for any columns that a sum runs over, by name: x_i and x_j, both of the law of X.

    Raises NotUnderstood where they are no independent columns with one law.
    """
    body, found = node.args[0], {}
    spoken = {part.id for part in ast.walk(body) if isinstance(part, ast.Name)}
    for index in indices(node):
        for name in dict.fromkeys(indexed(body, index)):
            whole = letters.get(summed_letter(body, name, index))
            if name in letters or name.upper() in spoken or not is_exchangeable(whole):
                raise NotUnderstood(f"the sum over {', '.join(indices(node))} of {name}_{index} is read where "
                                    f"{name.upper()} has independent columns N(0, Sigma) and does not stand in it "
                                    f"itself; declare {name.upper()}: d×N ~ N(0, Sigma)")  # fmt: skip
            found[f"{name}_{index}"] = gaussian(f"{name}_{index}", whole.shape[0], cov=whole.cov)
    return found


def is_exchangeable(letter: Any) -> bool:
    """Whether a letter is Gaussian of mean zero with independent columns."""
    independent = isinstance(letter, Gaussian) and isinstance(letter.token_cov, sp.Identity)
    return independent and isinstance(letter.mean, sp.ZeroMatrix)


def terms_of(node: ast.Call, letters: Mapping[str, Any], limits: list[Any]) -> Any:
    """How many terms a sum over columns has. Raises BadInput where its letters have other numbers of columns."""
    pairs = [(name, index) for index in indices(node) for name in indexed(node.args[0], index)]
    sizes = {letters[name.upper()].shape[1] for name, _ in pairs}
    if len(sizes) != 1 or (limits and limits != [sp.S.One, *sizes]):
        raise BadInput(f"the sum over {', '.join(indices(node))} has letters with other numbers of columns")
    size = sizes.pop()
    if len(indices(node)) == 1:
        return size
    half = isinstance(node.args[1], ast.Compare) and isinstance(node.args[1].ops[0], ast.Lt)
    return size * (size - 1) / (2 if half else 1)
