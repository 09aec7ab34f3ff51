"""Letters: SymPy symbols whose class is a hypothesis.

`Sigma = spd("Sigma", d)` reads "let Σ be a d×d symmetric positive definite matrix"; the class
also tells `workbench.exact.instances` how to draw one exactly, and the calculus what it may assume
(a symmetric letter is its own transpose).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

from sympy import Expr, Integer, MatrixExpr, MatrixSymbol, Symbol, Trace


class Scalar(Symbol):
    """A real number."""

    def __new__(cls, name: str, **assumptions: bool) -> Self:
        return super().__new__(cls, name, **({"real": True} | assumptions))


class Positive(Scalar):
    """A positive real number."""

    def __new__(cls, name: str, **assumptions: bool) -> Self:
        return super().__new__(cls, name, **({"positive": True} | assumptions))


class Probability(Positive):
    """A probability strictly between 0 and 1."""


class Large(Positive):
    """A positive number that the statement thinks of as large."""


class Overlap(Scalar):
    """The scalar product of two unit vectors, strictly between −1 and 1."""


class Size(Positive):
    """A dimension: how many coordinates a vector has."""

    def __new__(cls, name: str, **assumptions: bool) -> Self:
        return super().__new__(cls, name, **({"integer": True} | assumptions))


class Count(Size):
    """A number of tokens, samples or heads; drawn larger than a dimension."""


class Eigenvalue(Positive):
    """One eigenvalue of a positive definite letter; a claim that holds it holds for each of them."""

    of: MatrixExpr

    def __new__(cls, name: str, of: MatrixExpr, **assumptions: bool) -> Self:
        letter = Symbol.__xnew__(cls, name, **({"real": True, "positive": True} | assumptions))
        letter.of = of
        return letter

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.of)


class TopEigenvalue(Eigenvalue):
    """The largest eigenvalue of a positive definite letter."""


class Matrix(MatrixSymbol):
    """Any real matrix."""


class Vector(Matrix):
    """Any real vector, as a one-column matrix."""


class UnitVector(Vector):
    """A vector of length one, orthogonal to the unit vectors it names."""

    def __new__(cls, name: Any, rows: Any, columns: Any, *orthogonal_to: Any) -> Self:
        letter = super().__new__(cls, name, rows, columns)
        letter._args = (*letter._args[:3], *orthogonal_to)
        return letter

    @property
    def orthogonal_to(self) -> tuple[Any, ...]:
        return self._args[3:]


class Coordinate(UnitVector):
    """A column of the identity, orthogonal to those before it: an entry of a vector is its product with one."""

    @property
    def place(self) -> int:
        """Where it holds its 1, counted from 0."""
        return int(self._args[3])  # type: ignore[call-overload]

    @property
    def orthogonal_to(self) -> tuple[Any, ...]:
        return tuple(coordinate(other, self.rows) for other in range(self.place))


class Symmetric(Matrix):
    """A symmetric matrix, so its transpose is itself."""

    def _eval_transpose(self) -> Symmetric:
        return self


class SPD(Symmetric):
    """A symmetric positive definite matrix."""


class Orthogonal(Matrix):
    """A square matrix whose transpose is its inverse."""


def scalar(name: str) -> Scalar:
    """Let `name` be a real number."""
    return Scalar(name)


def positive(name: str) -> Positive:
    """Let `name` be a positive number."""
    return Positive(name)


def probability(name: str) -> Probability:
    """Let `name` lie strictly between 0 and 1."""
    return Probability(name)


def large(name: str) -> Large:
    """Let `name` be a large positive number."""
    return Large(name)


def overlap(name: str) -> Overlap:
    """Let `name` be the scalar product of two unit vectors that are not parallel."""
    return Overlap(name)


def size(name: str) -> Size:
    """Let `name` be a dimension."""
    return Size(name)


def count(name: str) -> Count:
    """Let `name` be a number of tokens, samples or heads."""
    return Count(name)


def eigenvalue(name: str, of: MatrixExpr) -> Eigenvalue:
    """Let `name` be an eigenvalue of the positive definite letter `of`."""
    return Eigenvalue(name, of)


def top_eigenvalue(name: str, of: MatrixExpr) -> TopEigenvalue:
    """Let `name` be the largest eigenvalue of the positive definite letter `of`."""
    return TopEigenvalue(name, of)


def matrix(name: str, rows: Any, columns: Any) -> Matrix:
    """Let `name` be a real rows×columns matrix."""
    return Matrix(name, rows, columns)


def vector(name: str, rows: Any) -> Vector:
    """Let `name` be a real vector with `rows` coordinates."""
    return Vector(name, rows, 1)


def unit_vector(name: str, rows: Any, *, orthogonal_to: Sequence[UnitVector] = ()) -> UnitVector:
    """Let `name` be a vector of length one, orthogonal to unit vectors that are orthogonal to each other.

    Raises ValueError when the others are not declared so.
    """
    for place, other in enumerate(orthogonal_to):
        if not isinstance(other, UnitVector) or any(
            one not in other.orthogonal_to and other not in one.orthogonal_to for one in orthogonal_to[:place]
        ):
            raise ValueError(
                f"unit_vector {name!r}: {other} is no unit vector, or not declared orthogonal to the others; "
                f"declare it with unit_vector({str(other)!r}, …, orthogonal_to=…) first"
            )
    return UnitVector(name, rows, 1, *orthogonal_to)


def coordinate(place: int, rows: Any) -> Coordinate:
    """The column of the identity of size `rows` that holds its 1 at a place, counted from 0."""
    of = re.sub(r"\W+", "_", str(rows))
    return Coordinate(f"coordinate_{place}_of_{of}", rows, 1, Integer(place))


def symmetric(name: str, rows: Any) -> Symmetric:
    """Let `name` be a symmetric rows×rows matrix."""
    return Symmetric(name, rows, rows)


def spd(name: str, rows: Any) -> SPD:
    """Let `name` be a symmetric positive definite rows×rows matrix."""
    return SPD(name, rows, rows)


def orthogonal(name: str, rows: Any) -> Orthogonal:
    """Let `name` be an orthogonal rows×rows matrix."""
    return Orthogonal(name, rows, rows)


def tr(expression: MatrixExpr) -> Expr:
    """The trace of a square expression; of a 1×1 expression, the number it holds."""
    return Trace(expression)


def dot(a: MatrixExpr, b: MatrixExpr) -> Expr:
    """The scalar product aᵀb of two vectors, as a number (not as a 1×1 matrix)."""
    return Trace(a.T * b)


def form(a: MatrixExpr, M: MatrixExpr, b: MatrixExpr) -> Expr:
    """The bilinear form aᵀMb, as a number."""
    return Trace(a.T * M * b)


def is_letter(value: object) -> bool:
    """Whether a value is a letter of this module (or a random letter of `workbench.language.laws`)."""
    return isinstance(value, Scalar | Matrix)


__all__ = [
    "SPD",
    "Coordinate",
    "Count",
    "Eigenvalue",
    "Large",
    "Matrix",
    "Orthogonal",
    "Overlap",
    "Positive",
    "Probability",
    "Scalar",
    "Size",
    "Symmetric",
    "TopEigenvalue",
    "UnitVector",
    "Vector",
    "coordinate",
    "count",
    "dot",
    "eigenvalue",
    "form",
    "is_letter",
    "large",
    "matrix",
    "orthogonal",
    "overlap",
    "positive",
    "probability",
    "scalar",
    "size",
    "spd",
    "symmetric",
    "top_eigenvalue",
    "tr",
    "unit_vector",
    "vector",
]  # fmt: skip
