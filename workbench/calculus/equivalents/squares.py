"""Completing the square: a random letter beside a signal, X Xᵀ + X Bᵀ + B Xᵀ, is (X + B)(X + B)ᵀ less what holds no X.

An inverse comes here multiplied out; its pencil is small again when the letter stands in one product.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Inverse, MatAdd, MatMul, Pow, S, Transpose, sqrt

from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.language.laws import random_letters


def squared(matrix: Any) -> Any:
    """A matrix with the square completed inside every inverse in which a random letter stands beside a signal."""
    return matrix.replace(Inverse, lambda arg, *_: Inverse(completed(arg)))


def completed(sum_: Any) -> Any:
    """A sum with one of its random letters, or its transpose, in one product only; as it is where that fails."""
    for letter in sorted(random_letters(sum_), key=str):
        for side in (letter, letter.T):
            if (square := square_of(sum_, side)) is not None:
                rest = expression_of(polynomial(sum_) - polynomial(square))
                if not rest.has(letter):
                    return MatAdd(square, rest)
    return sum_


def square_of(sum_: Any, letter: Any) -> Any:
    """c (X + Bᵀ/c)(X + Bᵀ/c)ᵀ for terms c X Xᵀ + X B of a sum; None where there is no such c, or no B.

    √c stands in the factors where that leaves no root beside B: X/√N + B, and not X + √N B.
    """
    terms = [parted(term) for term in (sum_.args if isinstance(sum_, MatAdd) else (sum_,))]
    scale = sum((number for number, factors in terms if factors == [letter, letter.T]), S.Zero)
    found = [(number, factors[1:]) for number, factors in terms if factors[0] == letter != factors[-1].T]
    if not scale or not found:
        return None
    root = sqrt(scale) if any(has_root(number) for number, _ in found) else S.One
    beside = [Transpose(MatMul(number * root / scale, *factors)).doit() for number, factors in found]
    side = MatAdd(root * letter, *beside)
    return MatMul(scale / root**2, side, side.T).doit(deep=False)


def has_root(number: Expr) -> bool:
    return any(not power.exp.is_Integer for power in number.atoms(Pow))


def parted(term: Any) -> tuple[Expr, list[Any]]:
    """A number and the matrices of a product."""
    number, factors = term.as_coeff_matrices() if isinstance(term, MatMul) else (S.One, [term])
    return number, list(factors)
