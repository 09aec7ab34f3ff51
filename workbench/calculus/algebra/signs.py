"""Signs: traces that are never negative, whatever their letters are.

The trace of T V S Vᵀ with S and T positive semidefinite, or not there, is a sum of squares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from workbench.language.letters import SPD


def never_negative_trace(trace: Any) -> bool:
    """Whether a trace is that of a product that mirrors itself; a sum is not looked into."""
    return is_gram(list(word(trace.arg)))


def word(node: Any) -> Iterator[Any]:
    """The factors of a product of matrices, powers written out."""
    for part in node.args if isinstance(node, sp.MatMul) else (node,):
        whole = isinstance(part, sp.MatPow) and part.exp.is_Integer and part.exp.is_positive
        yield from [part.base] * int(part.exp) if whole else [part]


def is_gram(factors: list[Any]) -> bool:
    """Whether a trace is that of T V S Vᵀ in some rotation, S and T positive semidefinite or not there."""
    return any(mirrored(turn[skip:]) for turn in turns(factors) for skip in (0, 1)
               if not skip or is_nonnegative_definite(turn[0]))  # fmt: skip


def turns(factors: list[Any]) -> Iterator[list[Any]]:
    """All rotations of a product, which have one trace."""
    return (factors[k:] + factors[:k] for k in range(len(factors)))


def mirrored(factors: list[Any]) -> bool:
    """Whether a product reads V S Vᵀ or V Vᵀ."""
    if not all(factor.is_Matrix for factor in factors):
        return False
    half, odd = divmod(len(factors), 2)
    middle = not odd or is_nonnegative_definite(factors[half])
    return middle and factors[:half] == [factor.T for factor in reversed(factors[half + odd :])]


def is_nonnegative_definite(node: Any) -> bool:
    """Whether a matrix is seen to be symmetric and positive semidefinite; an inverse has a value where it is one."""
    if isinstance(node, SPD | sp.Identity | sp.ZeroMatrix):
        return True
    if isinstance(node, sp.MatAdd | sp.HadamardProduct):
        return all(map(is_nonnegative_definite, node.args))
    if isinstance(node, sp.Inverse):
        return is_nonnegative_definite(node.arg)
    if isinstance(node, sp.MatMul):
        scale, matrix = node.as_coeff_mmul()
        return bool(scale.is_nonnegative) and mirrored(list(word(matrix)))
    return False
