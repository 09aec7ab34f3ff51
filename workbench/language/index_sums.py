"""Sums over an index: sum_k x_k x_kᵀ = X Xᵀ over the columns of X, and sum_k x_k² = xᵀx over the entries of x.

With e the column of the identity at place k, x_k is X e, and Σ_k e eᵀ = I: a term with two of them is contracted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import sympy as sp

from workbench.errors import NotUnderstood
from workbench.language.laws import E, MatrixMean, ScalarMean

MEANS = (ScalarMean, MatrixMean)
ASK = "a sum over an index is read where its terms are sum_k x_k*x_k.T, of columns, or sum_k x_k**2, of entries"


def index_of(node: ast.AST) -> str:
    """The index that a call sums over, k of sum(x_k*x_k.T, k); empty for any other node."""
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sum"
    if not named or len(node.args) not in (2, 4) or not isinstance(node.args[1], ast.Name):
        return ""
    index = node.args[1].id
    return index if any(indexed(node.args[0], index)) else ""


def indexed(tree: ast.AST, index: str) -> Iterator[str]:
    """The names with that index, x of x_k, once for each time that they occur."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id.endswith(f"_{index}"):
            yield node.id.removesuffix(f"_{index}")


def summed_letter(body: ast.AST, name: str, index: str) -> str:
    """The letter whose columns, X, or entries, x, a sum takes. Raises NotUnderstood where it could be either."""
    calls = {node.func.id for node in ast.walk(body) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    columns = bool(calls & {"norm", "norm2", "inner"})
    if columns or any(isinstance(node, ast.Attribute | ast.MatMult) for node in ast.walk(body)):
        return name.upper()
    if sum(1 for _ in indexed(body, index)) == 1 and not any(isinstance(node, ast.Pow) for node in ast.walk(body)):
        raise NotUnderstood(f"is {name}_{index} a column of {name.upper()}, or an entry of {name}? write "
                            f"{name.upper()}*ones(N) for the sum of the columns, and sum({name}) for that of the "
                            f"entries")  # fmt: skip
    return name


def letters_of_sum(node: ast.Call, index: str) -> list[str]:
    """The letters that a sum over an index takes, those with the index by what they are columns or entries of."""
    names = dict.fromkeys(indexed(node.args[0], index))
    return [summed_letter(node.args[0], name, index) for name in names]


def contracted(term: Any, place: Any) -> Any:
    """The sum over all places of a number or a matrix, in which the column `place` marks one of them."""
    if isinstance(term, MEANS):
        return E(contracted(term.args[0], place))
    spread = sp.expand(term.doit())
    parts = spread.args if isinstance(spread, sp.Add | sp.MatAdd) else (spread,)
    total = [of_product(as_number(part), place) for part in parts]
    if any(part.has(place) for part in total):
        raise NotUnderstood(ASK)
    return sum(total[1:], total[0])


def as_number(term: Any) -> Any:
    """A 1×1 product as the number that it holds."""
    if not term.is_Matrix or tuple(term.shape) != (1, 1):
        return term
    coefficient, product = term.as_coeff_mmul() if isinstance(term, sp.MatMul) else (sp.S.One, term)
    return coefficient * sp.Trace(product)


def of_product(term: Any, place: Any) -> Any:
    """The sum over all places of one product of numbers and matrices."""
    scalar, matrices = term.as_coeff_matrices() if isinstance(term, sp.MatMul) else (term, [])
    if term.is_Matrix and not matrices:
        scalar, matrices = sp.S.One, [term]
    numbers, matrices = apart(list(matrices))
    factors = [*copies(scalar), *(part for number in numbers for part in copies(number))]
    free = sp.Mul(*(each for each in factors if not each.has(place)))
    marked = [along(each, place) for each in factors if each.has(place)]
    here = [k for k, each in enumerate(matrices) if each.has(place)]
    if not marked and not here:
        return free * place.shape[0] * joined(matrices)
    if not here:
        return free * of_numbers(marked)
    if not marked and len(here) == 2 and here[1] == here[0] + 1 and matrices[here[0]] == place:
        left, right = matrices[: here[0]], matrices[here[1] + 1 :]
        return free * (joined([*left, *right]) if left or right else sp.Identity(place.shape[0]))
    if len(marked) <= 1 and len(here) == 1:
        column = marked[0] if marked else sp.OneMatrix(place.shape[0], 1)
        if isinstance(column, sp.MatrixExpr) and column.shape[1] == 1:
            whole = column if matrices[here[0]] == place else column.T
            return free * joined([*matrices[: here[0]], whole, *matrices[here[0] + 1 :]])
    raise NotUnderstood(ASK)


def of_numbers(marked: list[Any]) -> Any:
    """The sum over all places of a product of numbers vᵀe, or of one eᵀM e."""
    if len(marked) == 1:
        form = marked[0]
        return sp.Trace(form) if form.shape[0] == form.shape[1] else sp.Trace(form.T * sp.OneMatrix(*form.shape))
    if all(each.shape[1] == 1 for each in marked):
        rest = sp.HadamardProduct(*marked[1:]) if len(marked) > 2 else marked[1]
        return sp.Trace(marked[0].T * rest)
    raise NotUnderstood(ASK)


def apart(matrices: list[Any]) -> tuple[list[Any], list[Any]]:
    """The 1×1 products inside a product of matrices, as numbers, and the product without them."""
    parts = [[]]
    for factor in matrices:
        parts[-1].append(factor)
        if factor.shape[1] == 1:
            parts.append([])
    parts = [part for part in parts if part]
    inner = [part for part in parts if part[0].shape[0] == 1 and part[-1].shape[1] == 1]
    return [sp.Trace(joined(part)) for part in inner], [each for part in parts if part not in inner for each in part]


def along(number: Any, place: Any) -> Any:
    """The column v of a number vᵀe, or the matrix M of a number eᵀM e."""
    word = list(number.arg.args) if isinstance(number, sp.Trace) and isinstance(number.arg, sp.MatMul) else []
    here = [k for k, each in enumerate(word) if each.has(place)]
    if not here or not all(word[k] in (place, place.T) for k in here) or len(here) > 2:
        raise NotUnderstood(ASK)
    turned = word[here[0] + 1 :] + word[: here[0]]
    if len(here) == 1:
        return joined(turned).T.doit() if word[here[0]] == place else joined(turned).doit()
    first, last = word[here[0]], word[here[1]]
    if first == last:
        raise NotUnderstood(ASK)
    inner, outer = word[here[0] + 1 : here[1]], word[here[1] + 1 :] + word[: here[0]]
    middle, rest = (inner, outer) if first == place.T else (outer, inner)
    if rest:
        raise NotUnderstood(ASK)
    return joined(middle) if middle else sp.Identity(place.shape[0])


def copies(scalar: Any) -> Iterator[Any]:
    """The factors of a number, its whole powers written out."""
    for factor in sp.Mul.make_args(scalar):
        base, power = factor.as_base_exp()
        if isinstance(base, sp.Trace) and isinstance(base.arg, sp.MatMul) and power.is_Integer and power > 0:
            yield from turned(base) * int(power)
        else:
            yield from [base] * int(power) if power.is_Integer and power > 1 else [factor]


def turned(trace: Any) -> list[Any]:
    """A trace as the numbers that it is a product of, where a column ends in it."""
    word = list(trace.arg.args)
    last = next((k for k, each in enumerate(word) if each.shape[1] == 1), None)
    return [trace] if last is None else apart(word[last + 1 :] + word[: last + 1])[0]


def joined(matrices: list[Any]) -> Any:
    return sp.MatMul(*matrices) if len(matrices) > 1 else matrices[0] if matrices else sp.S.One
