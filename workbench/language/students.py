"""Student vectors: a Gaussian vector over the root of an independent χ²_ν/ν, so a radius times a uniform direction."""

from __future__ import annotations

from typing import Any

from sympy import Expr, MatrixExpr, sympify
from sympy.core.symbol import Str

from workbench.language.laws import Random, gaussian, random_letters


class Student(Random):
    """A vector with Student's t distribution; moments of order k exist for more than k degrees of freedom."""

    @property
    def freedom(self) -> Expr:
        return self._args[3]  # type: ignore[return-value]

    @property
    def mean(self) -> MatrixExpr:
        return self._args[4]  # type: ignore[return-value]

    @property
    def scale(self) -> MatrixExpr:
        return self._args[5]  # type: ignore[return-value]


def student(
    name: str, rows: Any, freedom: Any, *, mean: MatrixExpr | None = None, scale: MatrixExpr | None = None
) -> Student:
    """Let `name` be the rows×1 vector mean + z/√(s/ν), z ~ N(0, scale), s an independent χ² with ν = freedom degrees.

    Its covariance is ν/(ν − 2)·scale, for ν > 2. The default is mean 0 and scale I.
    Raises ValueError when a shape does not fit, or for degrees of freedom that are a number not above 0.
    """
    like, freedom = gaussian(name, rows, mean=mean, cov=scale), sympify(freedom)
    if freedom.is_nonpositive:
        raise ValueError(f"student {name!r}: {freedom} degrees of freedom; there must be more than 0")
    return Student(Str(name), like.rows, like.cols, freedom, like.mean, like.cov)


def student_letters(expression: Any) -> list[Student]:
    """The Student letters in an expression, by name."""
    found = (letter for letter in random_letters(expression) if isinstance(letter, Student))
    return sorted(found, key=lambda letter: letter.name)
