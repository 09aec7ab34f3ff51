"""The alphabet of the calculus: every letter met so far, as small integers.

A matrix letter is a pair of tokens, itself and its transpose (one token when it is symmetric);
a scalar letter is an atom. Words are tuples of tokens, so that comparing and hashing them is
cheap. What a letter's class promises (symmetric, orthogonal, unit length) is recorded here once.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, MatrixExpr, OneMatrix, S, expand

from workbench.language.laws import Random
from workbench.language.letters import Orthogonal, Symmetric, UnitVector

NONE = -1  # no inverse, no known length
ONE = 0  # the dimension 1
ZERO = 1  # the dimension 0: what aᵀb is for orthogonal vectors


class Alphabet:
    """Tokens for matrices, dimensions for sizes, atoms for numbers."""

    def __init__(self) -> None:
        self.symbols: list[MatrixExpr] = []  # by token // 2
        self.random: list[frozenset[Random]] = []  # by token // 2: the random letters inside
        self.flip: list[int] = []  # by token, like all lists below: its transpose
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.inverse: list[int] = []
        self.length: list[int] = []  # the dimension that aᵀa equals, for a vector of known length
        self.orthogonal: set[tuple[int, int]] = set()  # pairs of vectors with aᵀb = 0
        self.dimensions: list[Expr] = []
        self.atoms: list[Expr] = []
        self.meanings: dict[int, Any] = {}  # atoms that stand for trace polynomials
        self.atom_random: list[frozenset[Random]] = []
        self._tokens: dict[Any, int] = {}
        self._dimension_ids: dict[Expr, int] = {}
        self._atom_ids: dict[Expr, int] = {}
        self.dimension(S.One)
        self.dimension(S.Zero)

    def dimension(self, size: Any) -> int:
        """The number of a dimension; equal sizes have equal numbers."""
        known = self._dimension_ids.get(size)
        if known is not None:
            return known
        plain = expand(size)
        if plain not in self._dimension_ids:
            self._dimension_ids[plain] = len(self.dimensions)
            self.dimensions.append(plain)
        self._dimension_ids[size] = self._dimension_ids[plain]
        return self._dimension_ids[plain]

    def atom(self, expression: Expr) -> int:
        """The number of a scalar atom."""
        if expression not in self._atom_ids:
            self._atom_ids[expression] = len(self.atoms)
            self.atoms.append(expression)
            self.atom_random.append(frozenset(expression.atoms(Random)))
        return self._atom_ids[expression]

    def token(self, symbol: MatrixExpr, symmetric: bool | None = None) -> int:
        """The token of a matrix letter, or of an expression taken as one letter."""
        if symbol not in self._tokens:
            self._tokens[symbol] = self._add(symbol, symmetric)
        return self._tokens[symbol]

    def known(self, symbol: MatrixExpr) -> bool:
        """Whether this expression is already a letter."""
        return symbol in self._tokens

    def inverse_token(self, token: int, symbol: MatrixExpr) -> int:
        """The token of the inverse of a square letter, made (as `symbol`) when it is new."""
        if self.inverse[token] == NONE:
            inverse = self.token(symbol, self.flip[token] == token)
            self._pair(token, inverse)
            self._pair(self.flip[token], self.flip[inverse])
        return self.inverse[token]

    def _pair(self, token: int, inverse: int) -> None:
        self.inverse[token], self.inverse[inverse] = inverse, token

    def _add(self, symbol: MatrixExpr, symmetric: bool | None) -> int:
        """Record a new letter and what its class promises."""
        token = 2 * len(self.symbols)
        rows, columns = (self.dimension(size) for size in symbol.shape)
        if symmetric is None:
            symmetric = isinstance(symbol, Symmetric)
        symmetric = symmetric or rows == columns == ONE
        self.symbols.append(symbol)
        self.random.append(frozenset({symbol} if isinstance(symbol, Random) else symbol.atoms(Random)))
        self.flip += [token if symmetric else token + 1, token]
        self.rows += [rows, columns]
        self.columns += [columns, rows]
        self.inverse += [NONE, NONE]
        self.length += [self._length(symbol), NONE]
        if isinstance(symbol, Orthogonal):
            self._pair(token, token + 1)
        for other in symbol.orthogonal_to if isinstance(symbol, UnitVector) else ():
            self.orthogonal |= {(token, self.token(other)), (self.token(other), token)}
        return token

    def _length(self, symbol: MatrixExpr) -> int:
        if isinstance(symbol, UnitVector):
            return ONE
        if isinstance(symbol, OneMatrix) and symbol.shape[1] == Integer(1):
            return self.dimension(symbol.shape[0])
        return NONE


ALPHABET = Alphabet()
