"""Slips undone: every formula that is one slip of the pen away from a wrong one.

Mutation run backwards: besides what `workbench.diagnosis.mutants` does to a right formula, a factor may have been
forgotten (½, 2, a letter), a letter be another of its kind, or the same slip be made wherever
a sub-expression stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, islice
from typing import Any

import sympy as sp

from workbench.diagnosis import mutants
from workbench.diagnosis.mutants import well_formed
from workbench.language.letters import Matrix, Scalar, Size

HALF = sp.Rational(1, 2)
SWAPS: dict[type, type] = {sp.asin: sp.acos, sp.acos: sp.asin, sp.sin: sp.cos, sp.cos: sp.sin}
SECOND = 4000  # formulas two slips away that are tried at most


def undone(formula: Any, letters: Iterable[Any]) -> Iterator[Any]:
    """All formulas one slip away, each once, plain ones first."""
    known = sorted(letters, key=lambda letter: letter.name)
    seen, fitting = {formula}, dict[Any, bool]()

    def here(node: Any) -> Iterator[tuple[str, Any]]:
        yield from mutants.here(node)
        yield from forgotten(node, known)

    everything = (new for _, new in mutants.everywhere(formula, here))
    found = [*everything, *whole(formula, known), *made_throughout(formula, known)]
    for new in sorted(found, key=sp.count_ops):
        if new not in seen and well_formed(new, formula, fitting):
            seen.add(new)
            yield new


def twice_undone(formula: Any, letters: Iterable[Any]) -> Iterator[Any]:
    """Formulas two slips away, as many as one can afford."""
    letters = list(letters)
    first = [new for _, new in mutants.everywhere(formula, mutants.here)] + list(made_throughout(formula, letters))
    fitting: dict[Any, bool] = {}
    first = [new for new in dict.fromkeys(first) if well_formed(new, formula, fitting)]
    seen = {formula, *first}
    tried = (again for new in first for again in undone(new, letters))
    for new in islice(tried, SECOND):
        if new not in seen:
            seen.add(new)
            yield new


def whole(formula: Any, letters: list[Any]) -> Iterator[Any]:
    """The whole formula with a factor too few, or the other sign."""
    for factor in (2, HALF, -1, *(letter for letter in letters if isinstance(letter, Scalar))):
        yield scaled(formula, factor)


def scaled(node: Any, factor: Any) -> Any:
    return sp.MatMul(factor, node).doit(deep=False) if getattr(node, "is_Matrix", False) else factor * node


def forgotten(node: Any, letters: list[Any]) -> Iterator[tuple[str, Any]]:
    """What may have been forgotten or mistaken at a node."""
    scalars = [letter for letter in letters if isinstance(letter, Scalar)]
    if isinstance(node, sp.MatMul):
        yield from transposed_pieces(node)
    if isinstance(node, sp.Add | sp.MatAdd):
        for count in range(1, min(len(node.args), 5)):
            for some in combinations(node.args, count):
                rest = node.func(*[a for a in node.args if a not in some])
                for factor in (2, HALF, *scalars) if count == 1 else scalars:
                    yield "factor forgotten", node.func(rest, *[scaled(a, factor) for a in some])
        if not node.is_Matrix:
            yield from (("one too few", node + one) for one in (1, -1))
    elif isinstance(node, sp.Function | sp.exp):
        if type(node) in SWAPS:
            yield "another function", SWAPS[type(node)](*node.args)
        for factor in (2, HALF, -1, *scalars):
            yield "factor forgotten", node.func(factor * node.args[0])
    elif isinstance(node, sp.Pow):
        yield from (("factor forgotten", factor * node) for factor in (2, HALF))
        yield from (("exponent", node.base**exponent) for exponent in (node.exp * 2, node.exp / 2))
    elif isinstance(node, sp.Rational) and node not in (1, -1):
        yield from (("another number", other) for other in (node + 1, node - 1, 2 * node, node / 2))
    else:
        yield from of_letter(node, letters)


def transposed_pieces(node: Any) -> Iterator[tuple[str, Any]]:
    """A product with a square piece of it transposed."""
    numbers = [factor for factor in node.args if not factor.is_Matrix]
    matrices = [factor for factor in node.args if factor.is_Matrix]
    for start, stop in combinations(range(len(matrices) + 1), 2):
        piece = matrices[start:stop]
        if stop - start > 1 and piece[0].shape[0] == piece[-1].shape[1]:
            flipped = [factor.T for factor in reversed(piece)]
            yield "product transposed", sp.MatMul(*numbers, *matrices[:start], *flipped, *matrices[stop:])


def of_letter(node: Any, letters: list[Any]) -> Iterator[tuple[str, Any]]:
    """A letter that should be another of its kind, its square, or one more."""
    if isinstance(node, Matrix):
        others = [o for o in letters if isinstance(o, Matrix) and o.shape == node.shape and o != node]
        yield from (("another letter", other) for other in others)
        if node.shape[0] == node.shape[1]:
            yield "factor forgotten", node * node
            yield "inverse forgotten", sp.Inverse(node)
    elif isinstance(node, Scalar):
        kind = Size if isinstance(node, Size) else Scalar
        yield from (("another letter", other) for other in letters if isinstance(other, kind) and other != node)
        if isinstance(node, Size):
            yield from (("one too few", node + one) for one in (1, -1))
        else:
            yield from (("power or factor forgotten", other) for other in (node**2, 2 * node, node / 2))


def made_throughout(formula: Any, letters: list[Any]) -> Iterator[Any]:
    """The same slip wherever a sub-expression stands."""
    changes: Callable[[Any], tuple[Any, ...]] = lambda part: (2 * part, part / 2, part + 1, part - 1)  # noqa: E731
    for part in sorted(formula.atoms(Scalar, sp.Pow), key=sp.default_sort_key):
        if part.is_Symbol or (part.base.is_Symbol and part.exp.is_Integer and part.exp > 0):
            yield from (formula.xreplace({part: new}) for new in changes(part))
    for letter in sorted(formula.atoms(Matrix), key=lambda letter: letter.name):
        others = [o for o in letters if isinstance(o, Matrix) and o.shape == letter.shape and o != letter]
        flipped = [letter.T] if letter.shape[0] == letter.shape[1] and letter.T != letter else []
        yield from (formula.xreplace({letter: other}).doit(deep=True) for other in [*flipped, *others])
