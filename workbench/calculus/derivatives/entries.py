"""Differentials of entrywise products and functions under a trace.

Σ_ij K_ji P_ij Q_ij = tr((Kᵀ∘Q)ᵀ P): the cofactor K of P∘Q in a trace moves inside, and likewise
tr(K f.(P)) changes by tr((Kᵀ∘f′.(P))ᵀ dP).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import HadamardProduct, Lambda, hadamard_product
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import TracePolynomial, identity, summed
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.substitution import replaced
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.algebra.words import Word


def is_entrywise(token: int) -> bool:
    """Whether a letter is an entrywise product or an entrywise function."""
    return isinstance(ALPHABET.symbols[token // 2], HadamardProduct | ElementwiseApplyFunction)


def entrywise_change(
    token: int, cofactor: Word, differential: Callable[[Any], TracePolynomial | None]
) -> TracePolynomial | None:
    """A square matrix whose trace is the change of tr(letter · cofactor)."""
    symbol = ALPHABET.symbols[token // 2]
    rest = replaced(cofactor, {}) if cofactor else identity(ALPHABET.rows[token])
    outside = expression_of(rest if token % 2 else rest.T)
    if isinstance(symbol, HadamardProduct):
        others = [[arg for j, arg in enumerate(symbol.args) if j != i] for i in range(len(symbol.args))]
        pairs = list(zip(symbol.args, others, strict=True))
    else:
        pairs = [(symbol.args[1], [ElementwiseApplyFunction(_slope(symbol.function), symbol.args[1])])]
    parts = []
    for inside, factors in pairs:
        change = differential(inside)
        if change is not None:
            parts.append(polynomial(hadamard_product(outside, *factors)).T * change)
    return summed(parts, parts[0].shape) if parts else None


def _slope(function: Any) -> Any:
    """The derivative of a function of one number."""
    (variable,) = function.variables
    return Lambda(variable, function.expr.diff(variable))


__all__ = ["entrywise_change", "is_entrywise"]
