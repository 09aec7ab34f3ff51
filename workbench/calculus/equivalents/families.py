"""Families: matrices that commute, written as rational functions of one number, an eigenvalue of all of them.

Of each size there is one positive definite letter, or one d×N letter that is seen along its singular vectors, or unit
vectors whose projections are of low rank; what does not commute with them has no place here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sympy import (
    QQ,
    Add,
    Dummy,
    Expr,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Poly,
    S,
    Trace,
    Transpose,
    ZeroMatrix,
    cancel,
    factor,
    factor_list,
    fraction,
    sympify,
)  # fmt: skip
from sympy.polys.polyerrors import CoercionFailed

from workbench.calculus.errors import NotTranslatable
from workbench.language.letters import Matrix, Symmetric, UnitVector


@dataclass
class Families:
    """The letters that stand for matrices of each size, and the eigenvalue that stands for each of them."""

    letters: dict[Any, Any] = field(default_factory=dict)  # size → its letter
    spikes: dict[Any, Dummy] = field(default_factory=dict)  # unit vector → eigenvalue of its projector
    eigenvalues: dict[Any, Dummy] = field(default_factory=dict)  # size → eigenvalue, or singular value, of its letter

    def read(self, matrix: Any) -> Expr:
        """A matrix of fixed letters as a function of the eigenvalue. Raises NotTranslatable where it is none."""
        match matrix:
            case Identity():
                return S.One
            case ZeroMatrix():
                return S.Zero
            case Symmetric():
                return self.eigenvalue(matrix)
            case Matrix() if matrix.shape[0] != matrix.shape[1] and 1 not in matrix.shape:
                return self.singular_value(matrix)
            case Transpose():
                return self.read(matrix.arg)
            case Inverse() | MatPow():
                return self.read(matrix.base) ** matrix.exp
            case MatAdd():
                return sum((self.read(part) for part in matrix.args), S.Zero)
            case MatMul():
                return self.product(matrix)
        raise NotTranslatable(
            f"{matrix} need not commute with the others; use one spd letter of each size, or unit vectors"
        )

    def product(self, matrix: MatMul) -> Expr:
        """A product; a unit vector followed by its transpose is a projector, by another's a map of rank one."""
        found, parts = matrix.as_coeff_matrices()
        while parts:
            first, *parts = parts
            after = parts[0].T if parts else None
            if isinstance(first, UnitVector) and isinstance(after, UnitVector):
                found, parts = found * self.between(first, after), parts[1:]
            else:
                found *= self.read(first)
        return found

    def eigenvalue(self, letter: MatrixSymbol) -> Dummy:
        length = letter.shape[0]
        self.alone(letter, length)
        return self.eigenvalues.setdefault(length, Dummy(f"σ_{letter}", positive=True))

    def singular_value(self, letter: MatrixSymbol) -> Dummy:
        """The eigenvalue of √(AAᵀ) on the rows of A and of √(AᵀA) on its columns, in bases in which A is diagonal."""
        for length in letter.shape:
            self.alone(letter, length)
        value = self.eigenvalues.get(letter.shape[0]) or Dummy(f"σ_{letter}", positive=True)
        self.eigenvalues |= dict.fromkeys(letter.shape, value)
        return value

    def alone(self, letter: MatrixSymbol, length: Any) -> None:
        """Let a letter be the one of a size. Raises NotTranslatable where another one is."""
        known = self.letters.setdefault(length, letter)
        if known != letter or any(vector.shape[0] == length for vector in self.spikes):
            raise NotTranslatable(f"{letter} and {known} need not commute; a line takes one fixed letter of each size")

    def between(self, left: UnitVector, right: UnitVector) -> Dummy:
        """uvᵀ where v is u, or of another size: then one eigenvalue stands for uuᵀ, uvᵀ and vvᵀ."""
        if left == right:
            return self.projector(left)
        if left.shape == right.shape:
            raise NotTranslatable(f"{left}*{right}.T need not commute with {right}*{left}.T; use {left}*{left}.T")
        known = {self.spikes[vector] for vector in (left, right) if vector in self.spikes}
        taken = [one for one in known if list(self.spikes.values()).count(one) > 1]
        if len(known) > 1 or (taken and not {left, right} <= self.spikes.keys()):
            raise NotTranslatable(
                f"{left} and {right} stand beside other vectors too; in a line a vector has one partner"
            )
        values = [self.projector(vector) for vector in (left, right)]
        self.spikes |= dict.fromkeys((left, right), next(iter(known), values[0]))
        return self.spikes[left]

    def projector(self, vector: UnitVector) -> Dummy:
        length = vector.shape[0]
        others = [other for other in self.spikes if other.shape[0] == length and other != vector]
        apart = all(vector in other.orthogonal_to or other in vector.orthogonal_to for other in others)
        if length in self.letters or not apart:
            raise NotTranslatable(f"the projector on {vector} need not commute with the other fixed letters")
        return self.spikes.setdefault(vector, Dummy(f"π_{vector}", nonnegative=True))

    def in_bulk(self, value: Expr) -> Expr:
        """What most eigenvectors see: those that lie across the spikes."""
        return value.xreplace(dict.fromkeys(self.spikes.values(), S.Zero))  # type: ignore[return-value]

    def at_spike(self, value: Expr, vector: UnitVector) -> Expr:
        """What one spike sees."""
        return self.in_bulk(value.xreplace({self.spikes[vector]: S.One}))

    def spiked(self, shape: Any) -> list[tuple[UnitVector, UnitVector]]:
        """The unit vectors along which a block of that shape differs from its bulk, on its left and on its right."""
        rows, columns = ([vector for vector in self.spikes if vector.shape[0] == length] for length in shape)
        return [(u, v) for u in rows for v in columns if self.spikes[u] == self.spikes[v]]

    def parts(self, value: Expr, size: Any, lowest: bool = False) -> list[tuple[Expr, Expr]]:
        """A function of an eigenvalue as a sum of numbers times a power of it over monic polynomials of it.

        lowest: the lowest coefficient of these polynomials is one, and not the highest.
        """
        eigenvalue = self.eigenvalues.get(size)
        if eigenvalue is None or not value.has(eigenvalue):
            return [(value, S.One)]
        above, below = fraction(value)
        found: Any = factor_list(below, eigenvalue)
        number, denominator = found
        monic = S.One
        for one, power in denominator:
            terms = Poly(one, eigenvalue).terms()
            leading = terms[-1 if lowest else 0][1]
            number *= leading**power
            monic *= Add(*(rational(c / leading) * eigenvalue**k for (k,), c in terms)) ** power
        return [(rational(c / number), eigenvalue**k / monic) for (k,), c in Poly(above, eigenvalue).terms()]

    def trace(self, value: Expr, size: Any, against: Any = None) -> Expr:
        """The trace of one such part, times another matrix if there is one."""
        if not value.has(*self.eigenvalues.values()):
            return value * (size if against is None else Trace(against))
        letter, matrices = self.letters[size], []
        for base, power in sorted(value.as_powers_dict().items(), key=lambda one: (not one[0].is_Symbol, str(one[0]))):
            terms = Poly(base, self.eigenvalues[size]).terms()
            powers = [(factor(c), self.power(letter, k, size)) for (k,), c in terms]
            matrix = MatAdd(*(c * one for c, one in powers)).doit(deep=False)
            matrices.append(MatPow(matrix, power).doit(deep=False))
        if isinstance(against, MatMul):  # wwᵀ is turned into a form, wᵀ…w
            first, *rest = against.args
            matrices = [*rest, *matrices, first]
        elif against is not None:
            matrices.append(against)
        return Trace(MatMul(*matrices).doit(deep=False))

    def power(self, letter: Any, order: int, size: Any) -> Any:
        """A power of an eigenvalue as a matrix of that size; of a singular value only even ones are."""
        if order == 0:
            return Identity(size)
        if isinstance(letter, Symmetric):
            return letter**order
        if order % 2:
            raise NotTranslatable(
                f"a root of {letter}*{letter}.T stands in the limit; ask for a square product of {letter}"
            )
        square = letter * letter.T if size == letter.shape[0] else letter.T * letter
        return square ** (order // 2)


def rational(value: Any) -> Expr:
    """A rational function of letters as one polynomial over another, in lowest terms."""
    value = sympify(value)
    letters = sorted(value.free_symbols, key=str)
    if value.is_Atom or not letters:
        return value
    try:
        return QQ.frac_field(*letters).from_sympy(value).as_expr()  # term by term, without multiplying out first
    except CoercionFailed:
        return cancel(value)  # roots of letters are letters of their own there
