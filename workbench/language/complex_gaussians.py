"""Complex Gaussian matrices: Z = (A + iB)/√2 with A and B real, independent and of one Gaussian law.

Z and e^{iθ}Z have one law, so E[Z Zᵀ] = 0, and a letter goes with its conjugate alone:
E[Z_ia conj(Z_jb)] = cov_ij · token_cov_ab.
Both covariances are real, so that conj(Z) has the law of Z, and every mean of a polynomial in Z, `Z.H` and real letters
is a real number.
"""

from __future__ import annotations

from typing import Any

from sympy import Identity, Inverse, MatAdd, MatMul, MatPow, MatrixExpr, Trace, Transpose
from sympy.core.symbol import Str

from workbench.errors import BadInput
from workbench.language.laws import MatrixMean, Random, gaussian, random_letters


class ComplexGaussian(Random):
    """A complex Gaussian matrix of mean 0, whose phases are uniformly random."""

    @property
    def cov(self) -> MatrixExpr:
        return self._args[3]  # type: ignore[return-value]

    @property
    def token_cov(self) -> MatrixExpr:
        return self._args[4]  # type: ignore[return-value]

    @property
    def H(self) -> Adjoint:
        """The conjugate transpose."""
        return Adjoint(self)


class Adjoint(MatrixExpr):
    """The conjugate transpose of a complex letter."""

    def __new__(cls, letter: Any) -> Any:
        return super().__new__(cls, letter) if isinstance(letter, ComplexGaussian) else adjoint(letter)

    @property
    def arg(self) -> ComplexGaussian:
        return self.args[0]  # type: ignore[return-value]

    @property
    def shape(self) -> tuple[Any, Any]:
        rows, columns = self.arg.shape
        return columns, rows


def complex_gaussian(
    name: str, rows: Any, columns: Any = 1, *, cov: MatrixExpr | None = None, token_cov: MatrixExpr | None = None
) -> ComplexGaussian:
    """Let `name` be a complex Gaussian rows×columns matrix Z with E[Z Z.H] = tr(token_cov)·cov.

    The default is standard, E|Z_ia|² = 1. The covariances are real and symmetric; Z*Z.H is a complex Wishart matrix.
    Raises ValueError when a shape does not fit.
    """
    like = gaussian(name, rows, columns, cov=cov, token_cov=token_cov)
    return ComplexGaussian(Str(name), like.rows, like.cols, like.cov, like.token_cov)


def complex_letters(expression: Any) -> set[ComplexGaussian]:
    """The complex letters in an expression."""
    return {letter for letter in random_letters(expression) if isinstance(letter, ComplexGaussian)}


def adjoint(value: Any) -> Any:
    """The conjugate transpose of a matrix, the conjugate of a number; of what is real, the transpose.

    Raises BadInput where complex letters stand in anything but sums, products, powers, traces and inverses.
    """
    is_matrix = getattr(value, "is_Matrix", False)
    if isinstance(value, MatrixMean) or not complex_letters(value):
        return value.T if is_matrix else value
    if isinstance(value, ComplexGaussian):
        return Adjoint(value)
    if isinstance(value, Adjoint):
        return value.arg
    if isinstance(value, MatMul):
        return MatMul(*(adjoint(part) for part in reversed(value.args))).doit(deep=False)
    if isinstance(value, Transpose | Inverse | Trace | MatAdd):
        return value.func(*(adjoint(part) for part in value.args))
    if isinstance(value, MatPow) or value.is_Add or value.is_Mul or (value.is_Pow and value.exp.is_Integer):
        return value.func(*(adjoint(part) for part in value.args))
    raise BadInput(f"the conjugate of {value} is not known; write .H after letters, products and inverses of them")


def is_standard(letter: ComplexGaussian) -> bool:
    """Whether the columns of a complex letter are independent."""
    return letter.token_cov == Identity(letter.cols)
