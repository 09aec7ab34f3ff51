"""Entries: x_1, x[0] and Sigma_12 as numbers, products with columns of the identity.

An index below a letter counts from one, as on paper, and one in square brackets from zero, as in Python. The
calculus knows of a column of the identity that it has length one and is orthogonal to the others.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from typing import Any

import sympy as sp

from workbench.errors import BadInput, NotUnderstood
from workbench.language.arithmetic import is_matrix
from workbench.language.letters import Coordinate, coordinate

MOST = 32  # the largest index that is read
BELOW = re.compile(r"([A-Za-z]+)_(\d+)(?:_(\d+))?")  # x_1, Sigma_12, Sigma_10_2
LETTERED = re.compile(r"([A-Za-z]+)_(?:([ijklmn]{2}|dd|NN)|[ijklmn]|d|N)")  # x_i, Sigma_ij


def entry(value: Any, *places: int) -> Any:
    """The entry of a vector, or of a matrix, at places counted from zero. Raises BadInput where there is none."""
    if len(places) == 1 and value.shape[1] == 1:
        places = (*places, 0)
    if len(places) != 2:
        raise BadInput(f"{value} is a {value.shape[0]}×{value.shape[1]} matrix; its entries have two indices, [0, 1], "
                       f"and a column of it is {value}[:, 0]")  # fmt: skip
    row, line = (column_of_identity(place, size) for place, size in zip(places, value.shape))
    return sp.Trace(row.T * value if line == 1 else row.T * value * line)


def column_of_identity(place: int, size: Any) -> Any:
    """The column with its 1 at that place; 1 where there is one place alone."""
    if not 0 <= place <= MOST:
        raise NotUnderstood(f"an index lies between 0 and {MOST} here, and {place} does not")
    if size.is_Integer and place >= size:
        raise BadInput(f"there are {size} rows or columns, counted from 0, so there is none at {place}")
    return sp.S.One if size == 1 else coordinate(place, size)


def column(value: Any, place: int) -> Any:
    """A column of a matrix, counted from zero."""
    return value * column_of_identity(place, value.shape[1])


def split_name(name: str) -> tuple[str, list[str]]:
    """A name and the indices below it: Sigma_12 is (Sigma, 1 and 2); none where it has none."""
    found = BELOW.fullmatch(name)
    if not found:
        return name, []
    base, first, second = found.groups()
    return base, [first] if second is None else [first, second]


def below(base: str, value: Any, indices: list[str]) -> Any:
    """The entry that indices below a letter mean, counted from one.

    Raises NotUnderstood where they have two readings, or none.
    """
    name = "_".join([base, *indices])
    if not is_matrix(value):
        raise NotUnderstood(f"what is {name}? {base} is a number; declare {name} as a letter of its own")
    vector = value.shape[1] == 1
    if len(indices) == 1 and not vector and len(indices[0]) == 2:
        indices = list(indices[0])
    if len(indices) != 2 - vector or (vector and len(indices[0]) > 1):
        shape = "one index" if vector else "two"
        ask = f"{base}[{', '.join(['0'] * (2 - vector))}]"
        raise NotUnderstood(f"{name} has more than one reading: {base} has {shape}; write an entry as {ask}, counted "
                            f"from zero, or declare {name} as a letter of its own")  # fmt: skip
    if "0" in indices:
        raise NotUnderstood(f"an index below a letter counts from one, so {name} is no entry; from zero is {base}[0]")
    return entry(value, *(int(index) - 1 for index in indices))


def whole(node: ast.expr) -> int | None:
    """The number that an index is; None for any other expression."""
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def at(value: Any, inside: list[ast.expr], said: str) -> Any:
    """What square brackets behind a vector or a matrix mean: an entry, or a column [:, 0].

    Raises BadInput with one sentence.
    """
    places = [whole(part) for part in inside]
    if not is_matrix(value):
        raise BadInput(f"{said} has an index, and what stands before it is a number")
    if len(inside) == 2 and ast.unparse(inside[0]) == ":" and places[1] is not None:
        return column(value, places[1])
    if None in places or not 1 <= len(places) <= 2:
        raise NotUnderstood(f"{said} is not understood; an entry is written x[0] or A[0, 1], and a column X[:, 0], "
                            f"with whole numbers counted from zero")  # fmt: skip
    return entry(value, *(place for place in places if place is not None))


def both_ways(names: Collection[str], tree: ast.AST) -> None:
    """Raises NotUnderstood where a letter has indices below it, from one, and in brackets, from zero."""
    bracketed = {
        node.value.id for node in ast.walk(tree) if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)
    }
    for name in names:
        base, indices = split_name(name)
        if indices and base in bracketed:
            raise NotUnderstood(f"{name} counts from one and {base}[…] from zero; write all entries of {base} in "
                                f"one way")  # fmt: skip


def room(*sides: Any) -> list[Any]:
    """What sizes need so that every entry of some expressions is there."""
    found = {letter for side in sides for letter in side.atoms(Coordinate)}
    return sorted({letter.rows > letter.place for letter in found} - {sp.true}, key=str)


def entry_of(product: Any) -> tuple[Any, list[int]] | None:
    """The matrix and the places, from zero, of a product that is an entry; None for any other."""
    factors = list(product.args) if isinstance(product, sp.MatMul) else []
    if len(factors) < 2 or factors[0].is_Matrix is not True:
        return None
    first, last = factors[0], factors[-1]
    if isinstance(first, sp.Transpose) and isinstance(first.arg, Coordinate):
        inner = factors[1:-1] if isinstance(last, Coordinate) and len(factors) > 2 else factors[1:]
        places = [first.arg.place, *([last.place] if inner != factors[1:] else [])]
        rest = sp.MatMul(*inner) if len(inner) > 1 else inner[0]
        return (rest, places) if len(places) == 2 or not isinstance(rest, Coordinate) else None
    if isinstance(last, Coordinate):  # wᵀA e is the entry of Aᵀw
        rest = sp.MatMul(*[factor.T for factor in reversed(factors[:-1])]) if len(factors) > 2 else first.T
        return rest, [last.place]
    return None
