"""Linear pencils: a rational function of matrices is a block of the inverse of a matrix that is linear in its letters.

Each expression is read as uᵀ Q⁻¹ v, with Q square in blocks and u, v columns of fixed matrices. Sums stand side by
side, products are coupled by −v uᵀ, and an inverse borders −Q by u and v (Schur complement).

Source: the standard linearisation, Haagerup & Thorbjørnsen 2005; Belinschi, Mai & Speicher 2017, section 3
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from sympy import Expr, Inverse, MatAdd, MatMul, MatPow, S, Transpose, ZeroMatrix

from workbench.calculus.equivalents.families import Families
from workbench.calculus.errors import NotTranslatable
from workbench.language.laws import Gaussian, random_letters

Entry = tuple[Any, bool]  # a Gaussian letter, and whether it is transposed


@dataclass(frozen=True)
class Pencil:
    """uᵀ Q⁻¹ v: block sizes, fixed matrices in Q as functions of their eigenvalue, Gaussian letters in Q, u and v.

    A small number on the diagonal of Q at a place of `ridges` is added to what one of its inverses is taken of.
    """

    sizes: tuple[Any, ...]
    numbers: dict[tuple[int, int], Expr]
    letters: dict[tuple[int, int], tuple[Expr, Entry]]
    left: dict[int, Expr]
    right: dict[int, Expr]
    ridges: tuple[int, ...] = ()

    def moved(self, by: int) -> Pencil:
        """The same pencil with its blocks numbered from `by`."""

        def places(blocks: dict) -> dict:
            return {(i + by, j + by): value for (i, j), value in blocks.items()}

        def rows(column: dict) -> dict:
            return {i + by: value for i, value in column.items()}

        ridges = tuple(place + by for place in self.ridges)
        return Pencil(self.sizes, places(self.numbers), places(self.letters), rows(self.left), rows(self.right), ridges)


def pencil(expression: Any, families: Families) -> Pencil:
    """The pencil of sums, products, transposes, whole powers and inverses of Gaussian and fixed letters.

    Raises NotTranslatable when the expression holds another letter or function.
    """
    if not random_letters(expression):
        return Pencil((expression.shape[0],), {(0, 0): S.One}, {}, {0: families.read(expression)}, {0: S.One})
    for kind, read in READERS:
        if isinstance(expression, kind):
            return read(expression, families)
    raise NotTranslatable(
        f"{expression} has no pencil; use sums, products, transposes and inverses of Gaussian and fixed letters"
    )


def of_letter(expression: Any, families: Families) -> Pencil:
    """Q = [[I, −X], [0, I]], whose inverse has X in its corner."""
    transposed = isinstance(expression, Transpose)
    letter = expression.args[0] if transposed else expression
    if not isinstance(letter, Gaussian) or letter.mean != ZeroMatrix(*letter.shape):
        raise NotTranslatable(f"{letter} is no Gaussian letter of mean 0; equivalents are derived of such letters")
    corners = {(0, 0): S.One, (1, 1): S.One}
    return Pencil(expression.shape, corners, {(0, 1): (S.NegativeOne, (letter, transposed))}, {0: S.One}, {1: S.One})


def of_sum(expression: Any, families: Families) -> Pencil:
    return reduce(added, [pencil(part, families) for part in expression.args])


def of_product(expression: Any, families: Families) -> Pencil:
    number, matrices = expression.as_coeff_matrices()
    found = reduce(multiplied, [pencil(part, families) for part in matrices])
    if len(matrices) == len(found.letters) == 1:  # beside the letter a root of a size meets itself, and is none
        letters = {place: (number * one, entry) for place, (one, entry) in found.letters.items()}
        return replace(found, letters=letters)
    return replace(found, left={i: number * u for i, u in found.left.items()})


def of_power(expression: Any, families: Families) -> Pencil:
    base, power = expression.args
    if not power.is_Integer or power == 0:
        raise NotTranslatable(f"{expression} is not a whole power")
    factor = pencil(base, families) if power > 0 else inverted(pencil(base, families), base.shape[0])
    return reduce(multiplied, [factor] * abs(int(power)))


def added(first: Pencil, second: Pencil) -> Pencil:
    second = second.moved(len(first.sizes))
    return joined(first, second, {}, {**first.left, **second.left}, {**first.right, **second.right})


def multiplied(first: Pencil, second: Pencil) -> Pencil:
    second = second.moved(len(first.sizes))
    coupling = {(i, j): -v * u for i, v in first.right.items() for j, u in second.left.items()}
    return joined(first, second, coupling, first.left, second.right)


def joined(first: Pencil, second: Pencil, coupling: dict, left: dict, right: dict) -> Pencil:
    numbers = {**first.numbers, **second.numbers, **coupling}
    letters, ridges = {**first.letters, **second.letters}, first.ridges + second.ridges
    return Pencil(first.sizes + second.sizes, numbers, letters, left, right, ridges)


def inverted(inner: Pencil, size: Any) -> Pencil:
    """[[0, uᵀ], [v, −Q]]: the corner of its inverse is one over uᵀ Q⁻¹ v."""
    inner = inner.moved(1)
    numbers = {place: -value for place, value in inner.numbers.items()}
    numbers |= {(0, j): u for j, u in inner.left.items()} | {(i, 0): v for i, v in inner.right.items()}
    letters = {place: (-number, entry) for place, (number, entry) in inner.letters.items()}
    return Pencil((size, *inner.sizes), numbers, letters, {0: S.One}, {0: S.One}, (0, *inner.ridges))


READERS: tuple[tuple[Any, Callable[[Any, Families], Pencil]], ...] = (
    ((Gaussian, Transpose), of_letter),
    (MatAdd, of_sum),
    (MatMul, of_product),
    ((Inverse, MatPow), of_power),
)
