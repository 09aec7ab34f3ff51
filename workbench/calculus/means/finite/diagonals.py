"""Diagonals: a 0/1 column o read as the diagonal matrix D = diag(o), so that only D remains.

o = D·1, DiagMatrix(o) = D, and in a Hadamard product D moves out: (D L D′)∘M = D (L∘M) D′.
"""

from __future__ import annotations

from functools import cached_property
from itertools import product as choices
from typing import Any

from sympy import (
    HadamardPower,
    HadamardProduct,
    Identity,
    MatAdd,
    MatMul,
    MatrixExpr,
    OneMatrix,
    S,
    Trace,
    Transpose,
)
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.calculus.algebra import terms
from workbench.calculus.algebra.terms import Word
from workbench.calculus.errors import NotPolynomial
from workbench.language.laws import Random
from workbench.language.letters import Symmetric, Vector


class Diagonal:
    """The letters that stand for diag(o) and for the column of ones while a mean is computed."""

    def __init__(self, letter: Random):
        self.letter = letter
        self.matrix = Symmetric(f"diag({letter.name})", letter.rows, letter.rows)
        self.one = Vector(f"1({letter.name})", letter.rows, 1)

    @cached_property
    def factor(self) -> terms.Factor:
        return (self.matrix, False)

    @cached_property
    def ones(self) -> Word:
        return ((self.one, False),)


def read_diagonal(expression: Any, reading: Diagonal) -> Any:
    """The expression with o, diag(o) and Hadamard products of them written by D and 1 alone."""
    d, one = reading.letter.rows, reading.one
    plain = expression.xreplace({
        DiagMatrix(reading.letter): reading.matrix,
        OneMatrix(d, 1): one,
        OneMatrix(1, d): one.T,
        OneMatrix(d, d): one * one.T,
    }).xreplace({reading.letter: MatMul(reading.matrix, one)})  # fmt: skip
    return _pulled_out(plain, reading)


def restored(expression: Any, reading: Diagonal) -> Any:
    """The column of ones written by SymPy's own symbol again."""
    d, one = reading.letter.rows, reading.one
    back = {
        Trace(one.T * one): d,
        DiagMatrix(one): Identity(d),
        Transpose(one): OneMatrix(1, d),
        MatMul(one, one.T): OneMatrix(d, d),
        one: OneMatrix(d, 1),
    }
    if d == 1:
        back[Trace(one)] = S.One
    return expression.xreplace(back)


def _pulled_out(expression: Any, reading: Diagonal) -> Any:
    """Every entrywise node that holds D rewritten with D outside, from the inside out."""
    if not expression.has(reading.matrix, reading.one) or not expression.args:
        return expression
    if isinstance(expression, type(reading.matrix) | Vector):
        return expression
    parts = [_pulled_out(part, reading) for part in expression.args]
    if isinstance(expression, HadamardPower):
        if not (parts[1].is_Integer and parts[1] > 0):
            raise NotPolynomial(f"the entrywise power {expression} is not a polynomial in {reading.letter}")
        return _hadamard([parts[0]] * int(parts[1]), reading)
    if isinstance(expression, HadamardProduct):
        return _hadamard(parts, reading)
    if isinstance(expression, DiagMatrix):
        return _sum(
            (
                c,
                _times(
                    reading,
                    left + right,
                    DiagMatrix(core) if core != reading.one else Identity(core.shape[0]),
                ),
            )
            for c, left, core, right in _cores(parts[0], reading)
        )
    if isinstance(expression, DiagonalOf):
        return _sum(
            (c, _times(reading, left + right, DiagonalOf(core))) for c, left, core, right in _cores(parts[0], reading)
        )
    return expression.func(*parts)


def _hadamard(parts: list[MatrixExpr], reading: Diagonal) -> Any:
    """The entrywise product of sums of D^a L D^b."""
    summands = []
    for choice in choices(*(_cores(part, reading) for part in parts)):
        coefficient, before, after, cores = S.One, 0, 0, []
        for c, left, core, right in choice:
            coefficient, before, after = coefficient * c, before + left, after + right
            if core not in (reading.one, MatMul(reading.one, reading.one.T)):
                cores.append(core)
        whole = MatMul(reading.one, reading.one.T) if choice[0][2].shape[1] != 1 else reading.one
        inner = whole if not cores else cores[0] if len(cores) == 1 else HadamardProduct(*cores)
        body = _times(reading, before, inner)
        summands.append((coefficient, MatMul(body, reading.matrix) if after else body))
    return _sum(summands)


def _cores(expression: MatrixExpr, reading: Diagonal) -> list[tuple[Any, int, MatrixExpr, int]]:
    """A sum of words as (coefficient, leading D's, core, trailing D's)."""
    found = []
    for word, coefficient in terms.words(expression).items():
        left = right = 0
        while word and word[0] == reading.factor:
            word, left = word[1:], 1
        while word and word[-1] == reading.factor:
            word, right = word[:-1], 1
        core = terms.matrix({word: S.One}, expression.shape)
        if core.has(reading.matrix):
            raise NotPolynomial(
                f"{reading.letter} stands inside an entrywise product as {core}, where it cannot be moved "
                f"out; write it with DiagMatrix({reading.letter}) on the outside"
            )
        found.append((coefficient, left, core, right))
    return found


def _times(reading: Diagonal, power: int, body: Any) -> Any:
    """D·body when D occurs at all (D² = D)."""
    return MatMul(reading.matrix, body) if power else body


def _sum(summands: Any) -> Any:
    parts = [MatMul(c, body) if c != 1 else body for c, body in summands]
    return parts[0] if len(parts) == 1 else MatAdd(*parts)
