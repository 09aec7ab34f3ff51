"""Scale mixtures: Gaussian columns, each times an independent random length, of which some moments are known.

Student columns divide by the root of an independent χ²_ν/ν. Of an elliptical column the covariance and a kurtosis are
given, and nothing else.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, MatrixExpr, sympify
from sympy.core.symbol import Str

from workbench.language.laws import Random, gaussian, random_letters


class ScaleMixture(Random):
    """Independent columns mean + r z, z ~ N(0, scale), with an independent random length r each."""

    @property
    def parameter(self) -> Expr:
        return self._args[3]  # type: ignore[return-value]

    @property
    def mean(self) -> MatrixExpr:
        return self._args[4]  # type: ignore[return-value]

    @property
    def scale(self) -> MatrixExpr:
        return self._args[5]  # type: ignore[return-value]


class Student(ScaleMixture):
    """Columns with Student's t distribution; moments of order k exist for more than k degrees of freedom."""

    @property
    def freedom(self) -> Expr:
        return self.parameter


class Elliptical(ScaleMixture):
    """Columns of which E r² = 1 and the kurtosis E r⁴ are known, and nothing else of r."""

    @property
    def kurtosis(self) -> Expr:
        return self.parameter


def student(
    name: str,
    rows: Any,
    freedom: Any,
    *,
    columns: Any = 1,
    mean: MatrixExpr | None = None,
    scale: MatrixExpr | None = None,
) -> Student:
    """Let `name` have independent columns mean + z/√(s/ν), z ~ N(0, scale), s a χ² with ν = freedom degrees each.

    The covariance of a column is ν/(ν − 2)·scale, for ν > 2. The default is one column of mean 0 and scale I.
    Raises ValueError when a shape does not fit, or for degrees of freedom that are a number not above 0.
    """
    like, freedom = gaussian(name, rows, columns, mean=mean, cov=scale), sympify(freedom)
    if freedom.is_nonpositive:
        raise ValueError(f"student {name!r}: {freedom} degrees of freedom; there must be more than 0")
    return Student(Str(name), like.rows, like.cols, freedom, like.mean, like.cov)


def elliptical(
    name: str,
    rows: Any,
    kurtosis: Any,
    *,
    columns: Any = 1,
    mean: MatrixExpr | None = None,
    scale: MatrixExpr | None = None,
) -> Elliptical:
    """Let `name` have independent elliptical columns with that covariance (I).

    Their fourth moments are `kurtosis` times those of Gaussian columns. What the two do not determine is not averaged:
    a polynomial above degree four, or any other function.
    Raises ValueError when a shape does not fit, or for a kurtosis that is a number below 1.
    """
    like, kurtosis = gaussian(name, rows, columns, mean=mean, cov=scale), sympify(kurtosis)
    if (kurtosis - 1).is_negative:
        raise ValueError(f"elliptical {name!r}: the kurtosis {kurtosis} is below 1, that of a Gaussian column")
    return Elliptical(Str(name), like.rows, like.cols, kurtosis, like.mean, like.cov)


def scale_mixtures(expression: Any) -> list[Any]:
    """The Student and elliptical letters in an expression, by name."""
    found = (letter for letter in random_letters(expression) if isinstance(letter, ScaleMixture))
    return sorted(found, key=lambda letter: letter.name)
