"""Existence: what a typed mean needs to be finite, and means that are known to be infinite.

E[(XXᵀ)⁻ᵏ] needs 2k columns more than X has rows, less one; E[|x|⁻²ᵏ] needs more than 2k coordinates; one over a
Gaussian number has no mean at all. Deeper inside that range the samples of an inverse have light tails: there they
are drawn.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from workbench.errors import NotUnderstood
from workbench.laws import MatrixMean, Random, ScalarMean, random_letters
from workbench.letters import SPD, Count
from workbench.showing import printing

HIGHEST = 32  # random letters in a product, at most
LIGHT = 4  # how many moments a sample of an inverse has where it is drawn


def needs_of(left: Any) -> tuple[list[Any], list[Any]]:
    """What random inverses need to have a mean, and to be sampled. Raises BadInput for those that never have one."""
    needed, spare = [], []
    for mean in left.atoms(ScalarMean, MatrixMean):
        order = order_of(mean.inside)
        for inverse in inverses(mean.inside):
            if has_pole(inverse, mean.inside):
                what = printing.text(inverse.base)
                raise NotUnderstood(
                    f"{printing.text(mean)} does not exist: 1/{what} is too large where {what} is small"
                )
            for free, least in rooms(inverse):
                if (relation := free > least + 2 * order) == sp.false:
                    raise NotUnderstood(f"{printing.text(mean)} does not exist: it needs {free} > {least + 2 * order}")
                needed.append(relation)
                spare.append(free > least + 2 * LIGHT * order)
    return needed, spare


def inverses(inside: Any) -> list[Any]:
    """The random inverses in an integrand: of matrices, and of numbers."""
    powers = inside.atoms(sp.Inverse, sp.MatPow, sp.Pow)
    return [node for node in powers if node.exp.is_negative and random_letters(node.base)]


def order_of(node: Any) -> Any:
    """How many inverses are multiplied with each other in an integrand."""
    if not random_letters(node):
        return 0
    if isinstance(node, sp.Pow | sp.MatPow | sp.Inverse) and node.exp.is_number:
        return -node.exp if node.exp.is_negative else node.exp * order_of(node.base)
    orders = [order_of(part) for part in node.args]
    return sum(orders) if isinstance(node, sp.Mul | sp.MatMul | sp.HadamardProduct) else max(orders, default=0)


def degree_of(node: Any) -> Any:
    """How many random letters are multiplied with each other in an integrand."""
    if isinstance(node, Random) or not random_letters(node):
        return int(isinstance(node, Random))
    if isinstance(node, sp.Pow | sp.MatPow) and node.exp.is_number:
        return abs(node.exp) * degree_of(node.base)
    degrees = [degree_of(part) for part in node.args]
    return sum(degrees) if isinstance(node, sp.Mul | sp.MatMul | sp.HadamardProduct) else max(degrees, default=0)


def rooms(inverse: Any) -> list[tuple[Any, Any]]:
    """The sizes that have to exceed a bound, with the bound: of (XXᵀ)⁻¹ the columns, of 1/|x|² the coordinates."""
    letters = random_letters(inverse)
    if inverse.is_Matrix:
        shapes = (
            [] if inverse.has(sp.MatAdd) else [sorted(x.shape, key=lambda n: isinstance(n, Count)) for x in letters]
        )
        return [(long, short - 1) for short, long in shapes]
    return [(x.shape[0] * x.shape[1], 0) for x in letters if is_squared_length(inverse.base)]


def is_squared_length(base: Any) -> bool:
    """Whether a number is tr(x.T*A*x) with A positive definite: it vanishes where x does, and nowhere else."""
    if not isinstance(base, sp.Trace) or not isinstance(base.arg, sp.MatMul) or base.arg.T != base.arg:
        return False
    random = [part for part in base.arg.args if random_letters(part)]
    return len(random) == 2 and all(part in random or isinstance(part, SPD) for part in base.arg.args)


def has_pole(inverse: Any, inside: Any) -> bool:
    """Whether one over a Gaussian number stands beside nothing that vanishes with it."""
    if inverse.is_Matrix or inverse.exp > -1 or not is_affine(inverse.base):
        return False
    return not (inside / inverse).has(*random_letters(inverse.base)) if not inside.is_Matrix else False


def is_affine(base: Any) -> bool:
    """Whether a number is a Gaussian one: fixed numbers, and projections of random letters."""
    forms = [form for form in base.atoms(sp.Trace) if random_letters(form)]
    once = all(sum(isinstance(node, Random) for node in sp.preorder_traversal(form)) == 1 for form in forms)
    hidden = base.xreplace({form: sp.Dummy() for form in forms})
    return once and not random_letters(hidden) and all(sp.diff(hidden, a).is_number for a in hidden.atoms(sp.Dummy))
