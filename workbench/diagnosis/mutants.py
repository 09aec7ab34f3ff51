"""Mutants: the closed form with one slip of the pen, generated.

Every mutant differs from the formula in one place: a term dropped or its sign changed, a
coefficient off by an eighth, N for N ± 1, one letter for another of its kind, a transpose, a trace or
another factor forgotten, two factors exchanged, an exponent off by one. Evidence that cannot refute
them is not evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise, permutations
from typing import Any

import sympy as sp

from workbench.language.letters import Count, Matrix, Scalar, Size, Symmetric

Slips = Callable[[Any], Iterator[tuple[str, Any]]]  # node → (what slipped, what it leaves)
COEFFICIENTS = (("an eighth too large", sp.Rational(9, 8)), ("an eighth too small", sp.Rational(7, 8)))
UNREAL = (sp.nan, sp.zoo, sp.I)
SUMS, PRODUCTS = (sp.Add, sp.MatAdd), (sp.Mul, sp.MatMul)


@dataclass(frozen=True)
class Mutant:
    """One slip: what it was, and the formula it leaves."""

    slip: str
    formula: Any


def mutants(formula: Any) -> list[Mutant]:
    """All first-order mutants of a formula, each once."""
    found: dict[Any, Mutant | None] = {formula: None}
    known: dict[Any, bool] = {}
    for slip, mutated in chain(overall(formula), everywhere(formula), exchanged(formula)):
        if mutated not in found:
            found[mutated] = Mutant(slip, mutated) if well_formed(mutated, formula, known) else None
    return [mutant for mutant in found.values() if mutant]


def overall(formula: Any) -> Iterator[tuple[str, Any]]:
    """The whole formula with the other sign, or an eighth too large or too small."""
    for slip, factor in (("sign changed", -1), *COEFFICIENTS):
        yield slip, sp.MatMul(factor, formula).doit(deep=False) if is_matrix(formula) else factor * formula


def exchanged(formula: Any) -> Iterator[tuple[str, Any]]:
    """One letter for another of its kind, wherever it stands."""
    letters = sorted(formula.atoms(Matrix, Scalar), key=lambda letter: letter.name)
    kept = {letter: letter for letter in letters}  # other letters may name this one: a size, an orthogonal vector
    for letter, other in permutations(letters, 2):
        if same_kind(letter, other):
            yield f"{other.name} for {letter.name}", formula.xreplace({**kept, letter: other})


def same_kind(one: Any, other: Any) -> bool:
    """Whether one letter could be mistaken for the other: matrices of one shape, counts, other numbers."""
    if is_matrix(one) or is_matrix(other):
        return getattr(one, "shape", None) == getattr(other, "shape", None)
    sizes = {isinstance(letter, Size) and not isinstance(letter, Count) for letter in (one, other)}
    return sizes == {False} and isinstance(one, Count) == isinstance(other, Count)


def is_matrix(node: Any) -> bool:
    return bool(getattr(node, "is_Matrix", False))


def well_formed(mutated: Any, formula: Any, known: dict[Any, bool]) -> bool:
    """Whether a slip left a formula of the same shape that can be read."""
    same_shape = getattr(mutated, "shape", None) == getattr(formula, "shape", None)
    return same_shape and sound(mutated, known)


def sound(node: Any, known: dict[Any, bool]) -> bool:
    """Whether a slip left a real expression in which all products and sums still fit; known parts are not asked."""
    if node not in known:
        known[node] = node not in UNREAL and fits(node) and all(sound(part, known) for part in node.args)
    return known[node]


def fits(node: Any) -> bool:
    """Whether the shapes under a product, sum, trace or inverse fit (SymPy lets symbolic misfits pass)."""
    shapes = [factor.shape for factor in node.args if getattr(factor, "is_Matrix", False)]
    if isinstance(node, sp.MatMul):
        return all(left[1] == right[0] for left, right in pairwise(shapes))
    if isinstance(node, sp.MatAdd):
        return len(set(shapes)) == 1
    return all(rows == columns for rows, columns in shapes) if isinstance(node, sp.Trace | sp.MatPow) else True


def everywhere(node: Any, slips: Slips | None = None) -> Iterator[tuple[str, Any]]:
    """A slip at this node, or somewhere below it."""
    slips = slips or here
    yield from slips(node)
    for place, argument in enumerate(node.args):
        if not isinstance(argument, sp.Basic) or isinstance(node, sp.MatrixSymbol):
            continue
        for slip, mutated in everywhere(argument, slips):
            rebuilt = rebuild(node, place, mutated)
            if rebuilt is not None:
                yield slip, rebuilt


def rebuild(node: Any, place: int, argument: Any) -> Any:
    """The node with one argument replaced; None where SymPy refuses the result."""
    try:
        return node.func(*node.args[:place], argument, *node.args[place + 1 :])
    except (TypeError, ValueError, AttributeError, ZeroDivisionError):
        return None


def here(node: Any) -> Iterator[tuple[str, Any]]:
    """The slips one can make at this very node."""
    if isinstance(node, SUMS):
        yield from in_sum(node)
    elif isinstance(node, PRODUCTS):
        yield from in_product(node)
    elif isinstance(node, sp.Transpose):
        yield "transpose forgotten", node.arg
    elif isinstance(node, sp.Pow | sp.MatPow) and node.exp.is_Integer:
        yield "exponent off by one", node.func(node.base, node.exp + 1)
        yield "exponent off by one", node.func(node.base, node.exp - 1)
    elif isinstance(node, Count):
        yield f"{node.name} + 1 for {node.name}", node + 1
        yield f"{node.name} − 1 for {node.name}", node - 1
    elif isinstance(node, Matrix) and not isinstance(node, Symmetric) and node.shape[0] == node.shape[1]:
        yield f"{node.name} transposed", node.T


def in_sum(node: Any) -> Iterator[tuple[str, Any]]:
    """A term of a sum dropped, negated, or an eighth too large or too small."""
    for place, term in enumerate(node.args):
        rest = node.args[:place] + node.args[place + 1 :]
        others = node.func(*rest) if len(rest) > 1 else rest[0]
        yield "term dropped", others
        yield "sign changed", others - term
        yield from ((slip, others + factor * term) for slip, factor in COEFFICIENTS)


def in_product(node: Any) -> Iterator[tuple[str, Any]]:
    """A scalar or square factor forgotten, or two neighbouring matrices exchanged."""
    for place, factor in enumerate(node.args):
        rest = node.args[:place] + node.args[place + 1 :]
        if is_matrix(factor):
            if factor.shape[0] == factor.shape[1] and any(map(is_matrix, rest)):
                yield "matrix forgotten", node.func(*rest).doit(deep=False)
        elif factor != -1:
            yield "factor forgotten", node.func(*rest).doit(deep=False) if rest else sp.S.One
    for place, (left, right) in enumerate(pairwise(node.args)):
        square = is_matrix(left) and left.shape == right.shape and left.shape[0] == left.shape[1]
        if square and left != right:
            yield "factors exchanged", node.func(*node.args[:place], right, left, *node.args[place + 2 :])
