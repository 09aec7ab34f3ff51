"""Neatness: a line with exponentials, roots and inverse functions, written as a person would write it.

What comes out of a rule is right and not always short: √(exp(t²)) for exp(t²/2), asin(g²/(1/2 + g²)), two terms
that differ by a factor under a root. A neat line is one more line of a page, and is checked like any other.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from workbench.language.laws import MatrixMean, ScalarMean

LONGEST = 2000  # characters of a line beyond which it stays as it is


def neat(line: Any) -> Any:
    """The same line, shorter where a shorter form was found; a matrix of numbers entry by entry."""
    if isinstance(line, sp.MatrixBase):
        return sp.ImmutableMatrix(line.applyfunc(neat))
    if getattr(line, "is_Matrix", False) or not any(map(crooked, sp.preorder_traversal(line))):
        return line
    if line.has(ScalarMean, MatrixMean) or len(str(line)) > LONGEST:
        return line
    names = {node: sp.Dummy(f"t{place}", real=True) for place, node in enumerate(sorted(line.atoms(sp.Trace), key=str))}
    merged = inside_first(line.xreplace(names))
    found = by_outer_letters(merged).xreplace({dummy: node for node, dummy in names.items()})
    return min(found, line, key=length)


def length(form: Any) -> int:
    """How long a form reads: its characters, a fraction that stands in a sum as eight more."""
    sums = (node for node in sp.preorder_traversal(form) if isinstance(node, sp.Add))
    fractions = sum(part.is_Rational and not part.is_Integer for node in sums for part in node.args)
    return len(str(form)) + 8 * fractions


def crooked(node: Any) -> bool:
    """Whether a node is no sum, product or whole power: a function, or a root."""
    return isinstance(node, sp.Function) or (isinstance(node, sp.Pow) and not node.exp.is_Integer)


def inside_first(line: Any) -> Any:
    """Exponentials merged, and what stands under functions and roots on one level."""
    merged = sp.powsimp(sp.powdenest(line, force=True), deep=True)
    return merged.replace(
        lambda node: crooked(node) and not isinstance(node, sp.exp), lambda node: node.func(*map(sp.factor, node.args))
    )


def by_outer_letters(line: Any) -> Any:
    """The line as a polynomial in the letters that stand under no function, each coefficient simplified."""
    inner = {letter for node in sp.preorder_traversal(line) if crooked(node) for letter in node.free_symbols}
    outer = sorted(line.free_symbols - inner, key=str)
    parts = sp.collect(sp.expand(line, deep=False), outer, evaluate=False) if outer else {sp.S.One: line}
    return sp.Add(*(power * sp.simplify(coefficient) for power, coefficient in parts.items()))
