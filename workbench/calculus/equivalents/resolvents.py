"""The resolvent identity: an inverse next to a term of what it inverts is shorter without it, and exactly so.

With M = (XXᵀ + s)⁻¹, M XXᵀ = I − s M. It holds for every matrix, of any size; a pencil of what is left is smaller.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Identity, Inverse, MatAdd, MatMul, MatPow, S, Trace

from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.language.laws import random_letters


def resolved(expression: Expr) -> Expr:
    """Numbers times traces, with every inverse rid of the terms of its own argument, equal words collected."""
    return collected(collected(expression).replace(Trace, lambda arg: Add(*map(Trace, shortened(arg)))))


def collected(expression: Expr) -> Expr:
    return expression_of(polynomial(expression)).expand()


def shortened(matrix: Any) -> list[Any]:
    """A matrix as a sum of products in which no inverse stands next to a random term of its argument."""
    number, factors = matrix.as_coeff_matrices() if isinstance(matrix, MatMul) else (S.One, [matrix])
    factors = [single for factor in factors for single in singles(factor)]
    for place, factor in enumerate(factors):
        for weight, term in terms_of(factor):
            for start in (place + 1, place - len(term)):
                if start >= 0 and factors[start : start + len(term)] == term:
                    first, last = min(place, start), max(place + 1, start + len(term))
                    rest = [factor * other for other in factor.arg.args if other != MatMul(weight, *term).doit()]
                    instead = [Identity(factor.shape[0]), *(-1 * product for product in rest)]
                    products = [
                        MatMul(number / weight, *factors[:first], one, *factors[last:]).doit() for one in instead
                    ]
                    return [word for product in products for word in shortened(product)]
    return [matrix]


def singles(factor: Any) -> list[Any]:
    """A power of an inverse as inverses one after the other."""
    if isinstance(factor, MatPow) and factor.exp.is_Integer and factor.exp < 0:
        return [Inverse(factor.base)] * -int(factor.exp)
    return [factor]


def terms_of(factor: Any) -> list[tuple[Expr, list[Any]]]:
    """The first random product that stands in a sum under an inverse, with its number.

    It is written in the others; were each of two written in the other, there would be no end.
    """
    if not isinstance(factor, Inverse) or not isinstance(factor.arg, MatAdd):
        return []
    found = [term.as_coeff_matrices() for term in factor.arg.args if isinstance(term, MatMul) and random_letters(term)]
    return [(weight, list(matrices)) for weight, matrices in found[:1]]
