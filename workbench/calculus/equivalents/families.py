"""Families: matrices that commute, written as rational functions of one number, an eigenvalue of all of them.

Of each size there is one positive definite letter, or unit vectors whose projections are of low rank; what does not
commute with them has no place here.
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
from workbench.language.letters import Symmetric, UnitVector


@dataclass
class Families:
    """The letters that stand for matrices of each size, and the eigenvalue that stands for each of them."""

    letters: dict[Any, Any] = field(default_factory=dict)  # size → its letter
    spikes: dict[Any, Dummy] = field(default_factory=dict)  # unit vector → eigenvalue of its projector
    eigenvalues: dict[Any, Dummy] = field(default_factory=dict)  # size → eigenvalue of its letter

    def read(self, matrix: Any) -> Expr:
        """A matrix of fixed letters as a function of the eigenvalue. Raises NotTranslatable where it is none."""
        match matrix:
            case Identity():
                return S.One
            case ZeroMatrix():
                return S.Zero
            case Symmetric():
                return self.eigenvalue(matrix)
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
        """A product; a unit vector followed by its transpose is a projector."""
        found, parts = matrix.as_coeff_matrices()
        while parts:
            first, *parts = parts
            if isinstance(first, UnitVector) and parts and parts[0] == first.T:
                found, parts = found * self.projector(first), parts[1:]
            else:
                found *= self.read(first)
        return found

    def eigenvalue(self, letter: MatrixSymbol) -> Dummy:
        length = letter.shape[0]
        known = self.letters.setdefault(length, letter)
        if known != letter or any(vector.shape[0] == length for vector in self.spikes):
            raise NotTranslatable(f"{letter} and {known} need not commute; a line takes one fixed letter of each size")
        return self.eigenvalues.setdefault(length, Dummy(f"σ_{letter}", positive=True))

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

    def at_spike(self, value: Expr, vector: Any) -> Expr:
        """What one spike sees."""
        here = self.spikes.get(vector)
        return self.in_bulk(value if here is None else value.xreplace({here: S.One}))

    def parts(self, value: Expr, size: Any) -> list[tuple[Expr, Expr]]:
        """A function of an eigenvalue as a sum of numbers times a power of it over monic polynomials of it."""
        eigenvalue = self.eigenvalues.get(size)
        if eigenvalue is None or not value.has(eigenvalue):
            return [(value, S.One)]
        above, below = fraction(value)
        found: Any = factor_list(below, eigenvalue)
        number, denominator = found
        monic = S.One
        for one, power in denominator:
            leading, *rest = Poly(one, eigenvalue).all_coeffs()
            number *= leading**power
            degree = len(rest)
            terms = [rational(c / leading) * eigenvalue ** (degree - 1 - k) for k, c in enumerate(rest)]
            monic *= Add(eigenvalue**degree, *terms) ** power
        return [(rational(c / number), eigenvalue**k / monic) for (k,), c in Poly(above, eigenvalue).terms()]

    def trace(self, value: Expr, size: Any, against: Any = None) -> Expr:
        """The trace of one such part, times another matrix if there is one."""
        if not value.has(*self.eigenvalues.values()):
            return value * (size if against is None else Trace(against))
        letter, matrices = self.letters[size], []
        for base, power in sorted(value.as_powers_dict().items(), key=lambda one: (not one[0].is_Symbol, str(one[0]))):
            terms = Poly(base, self.eigenvalues[size]).terms()
            matrix = MatAdd(*(factor(c) * (letter**k if k else Identity(size)) for (k,), c in terms)).doit(deep=False)
            matrices.append(MatPow(matrix, power).doit(deep=False))
        if isinstance(against, MatMul):  # wwᵀ is turned into a form, wᵀ…w
            first, *rest = against.args
            matrices = [*rest, *matrices, first]
        elif against is not None:
            matrices.append(against)
        return Trace(MatMul(*matrices).doit(deep=False))


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
