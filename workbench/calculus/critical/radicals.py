"""Numbers with radicals: an exact test that an expression in roots vanishes.

Each root y = b^(p/q) becomes a letter with the relation y^q = b; the numerator is reduced modulo
these relations, outermost first. A zero remainder proves the identity on every branch of the roots;
a nonzero one decides nothing, and balls take over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Dummy, Expr, Function, NumberSymbol, Pow, Rational, Symbol, cancel, factor, prem, together


def vanishes(expression: Expr) -> bool:
    """Whether an expression is provably 0: rational in letters, traces, roots and function values."""
    relations: list[tuple[Dummy, Expr, int]] = []
    current = together(_frozen(_normal(expression)))
    while current.has(Pow):
        root = _innermost(current)
        if root is None:
            break
        letter = Dummy()
        current = _replaced(current, root.base, root.exp.q, letter)
        relations.append((letter, root.base, root.exp.q))
    numerator = cancel(together(current)).as_numer_denom()[0].expand()
    for letter, base, degree in reversed(relations):
        above, below = cancel(together(base)).as_numer_denom()
        if numerator.has(letter):
            numerator = prem(numerator, (below * letter**degree - above).expand(), letter).expand()
    return numerator == 0


def _normal(expression: Expr) -> Any:
    """Every root over a factored base, so that the same root is written the same way."""

    def is_root(node: Expr) -> bool:
        return isinstance(node, Pow) and isinstance(node.exp, Rational) and node.exp.q > 1

    return expression.replace(is_root, lambda root: factor(root.base) ** root.exp)


def _frozen(expression: Expr) -> Any:
    """Roots, and powers of sums, as plain letters inside exp, erf, …: there they are not algebra."""
    powers = {power for node in expression.atoms(Function) for power in node.atoms(Pow)}
    roots = sorted((power for power in powers if not (_is_plain_power(power) and power.base.is_Symbol)), key=str)
    names = {root: Dummy(f"r{i}", positive=root.is_positive) for i, root in enumerate(roots)}
    return expression.replace(lambda node: isinstance(node, Function), lambda node: node.xreplace(names))


def _innermost(expression: Expr) -> Pow | None:
    """A root whose base holds no further root; among equals the one of highest degree."""
    found = [p for p in expression.atoms(Pow) if isinstance(p.exp, Rational) and p.exp.q > 1]
    plain = [p for p in found if not any(q != p and p.base.has(q) for q in found)]
    return max(plain, key=lambda p: (p.exp.q, str(p)), default=None)


def _replaced(expression: Expr, base: Expr, degree: int, letter: Dummy) -> Any:
    """The expression with every power base^(k/degree) written in the new letter."""

    def is_power(node: object) -> bool:
        is_root = isinstance(node, Pow) and node.base == base and isinstance(node.exp, Rational)
        return is_root and degree % node.exp.q == 0

    return together(expression.replace(is_power, lambda p: letter ** int(p.exp * degree)))


def constants_hidden(expression: Expr, variables: Sequence[Symbol] = ()) -> tuple[Expr, dict[Dummy, Expr]]:
    """A numerator with roots, π and function values free of the variables replaced by letters.

    What is left can be factored; the dictionary puts the constants back.
    """
    numerator = together(expression).as_numer_denom()[0]
    names: dict[Dummy, Expr] = {}
    opaque = [n for n in numerator.atoms(Pow, Function, NumberSymbol) if not (_is_plain_power(n) or n.has(*variables))]
    for node in sorted(opaque, key=lambda n: (-n.count_ops(), str(n))):
        letter = Dummy(f"c{len(names)}")
        names[letter] = node
        numerator = numerator.subs(node, letter)
    return numerator, names


def _is_plain_power(node: Expr) -> bool:
    return isinstance(node, Pow) and bool(node.exp.is_Integer)
