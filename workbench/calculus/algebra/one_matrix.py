"""Formulas in one symmetric matrix: sums, products and inverses of them commute, as rational functions do.

With a number a in place of the matrix A a formula becomes a rational function f(a). A trace tr f(A), or a form
uᵀf(A)v, is linear in f: by partial fractions it is a sum of traces of A^k and of A^j over a denominator, each a letter.
Two formulas that are the same function of a and of these letters are equal for every size.
"""

from __future__ import annotations

from functools import singledispatchmethod
from typing import Any

import sympy as sp

from workbench.calculus.errors import NotPolynomial
from workbench.language.letters import Symmetric

LONG = 300  # operations in a function that is written as partial fractions


def equal_as_functions(left: Any, right: Any) -> bool:
    """Whether two formulas in one symmetric matrix (and columns in its forms) are the same function of it.

    Raises NotPolynomial where other matrices occur.
    """
    square = {x for side in (left, right) for x in side.atoms(sp.MatrixSymbol) if 1 not in x.shape}
    if len(square) != 1 or not isinstance(letter := square.pop(), Symmetric):
        raise NotPolynomial("not in one symmetric matrix")
    reader = Functions(letter)
    return vanishes(reader.read(left) - reader.read(right))


def vanishes(function: Any) -> bool:
    """Whether a rational function is zero; step by step in its field, since written out it has millions of terms."""
    field = sp.QQ.frac_field(*sorted(function.free_symbols, key=str)) if function.free_symbols else sp.QQ
    try:
        return not field.from_sympy(function)
    except (ValueError, ZeroDivisionError, sp.CoercionFailed):  # roots and the like
        return sp.cancel(function) == 0


class Functions:
    """Reads a formula in one matrix as a function of a number."""

    def __init__(self, letter: Any):
        self.letter, self.number = letter, sp.Dummy("a")
        self.letters: dict[Any, Any] = {}

    @singledispatchmethod
    def read(self, node: Any) -> Any:
        """A formula with a number in place of the matrix and a letter for every trace."""
        if getattr(node, "is_Matrix", False):
            raise NotPolynomial(f"{node} is no function of {self.letter}")
        return node.func(*map(self.read, node.args)) if node.has(sp.MatrixExpr) else node

    @read.register
    def _(self, node: sp.MatrixSymbol) -> Any:
        if node != self.letter:
            raise NotPolynomial(f"{node} is no function of {self.letter}")
        return self.number

    @read.register
    def _(self, node: sp.Identity) -> Any:
        return sp.S.One

    @read.register
    def _(self, node: sp.ZeroMatrix) -> Any:
        return sp.S.Zero

    @read.register
    def _(self, node: sp.Transpose) -> Any:
        return self.read(node.arg)

    @read.register
    def _(self, node: sp.MatAdd) -> Any:
        return sp.Add(*map(self.read, node.args))

    @read.register
    def _(self, node: sp.MatMul) -> Any:
        return sp.Mul(*map(self.read, node.args))

    @read.register
    def _(self, node: sp.Inverse) -> Any:
        return 1 / self.read(node.arg)

    @read.register
    def _(self, node: sp.MatPow) -> Any:
        if not node.exp.is_Integer:
            raise NotPolynomial(f"{node} is no whole power")
        return self.read(node.base) ** node.exp

    @read.register
    def _(self, node: sp.Trace) -> Any:
        """The trace of a function, or a form uᵀf(A)v."""
        if node.arg.shape != (1, 1):
            return self.linear(("tr",), self.read(node.arg), node.arg.shape[0])
        scale, product = node.arg.as_coeff_mmul()
        row, *between, column = product.args if isinstance(product, sp.MatMul) else (product, product)
        if not isinstance(product, sp.MatMul) or not isinstance(row, sp.Transpose) or not is_column(row.arg, column):
            raise NotPolynomial(f"{node.arg} is no form")
        ends = tuple(sorted((row.arg.name, column.name)))
        return self.read(scale) * self.linear(ends, sp.Mul(*map(self.read, between)), None)

    def linear(self, name: tuple[str, ...], function: Any, of_one: Any) -> Any:
        """A linear functional of a function of a, by partial fractions; of_one: its value at the constant 1."""
        if sp.count_ops(function) > LONG:
            raise NotPolynomial("a function that is too long")
        total = sp.S.Zero
        for part in sp.Add.make_args(sp.apart(sp.together(function), self.number)):
            above, below = sp.fraction(sp.together(part))
            lead = sp.Poly(below, self.number).LC()
            kept = sp.cancel(below / lead)
            for (power,), value in sp.Poly(above, self.number).terms():
                known = of_one is not None and power == 0 and kept == 1
                total += value / lead * (of_one if known else self.letter_of((*name, power, kept)))
        return total

    def letter_of(self, meaning: Any) -> Any:
        return self.letters.setdefault(meaning, sp.Dummy(f"f{len(self.letters)}"))


def is_column(*letters: Any) -> bool:
    return all(isinstance(x, sp.MatrixSymbol) and x.shape[1] == 1 for x in letters)
