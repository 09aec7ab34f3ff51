"""Functions: what a typed formula may call, and what each makes of numbers and matrices."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench.errors import BadInput, NotUnderstood
from workbench.language import digamma_sums, gaussian_functions, tanh_means
from workbench.language.arithmetic import is_matrix, number, square
from workbench.language.complex_gaussians import adjoint, complex_letters
from workbench.language.function_rows import OTHER_NAMES, ROWS, Row, Rows
from workbench.language.kronecker import factors_of, kron, vec
from workbench.language.laws import E

LARGEST = 128  # rows or columns of a matrix whose entries are drawn


def hadamard(first: Any, *others: Any) -> Any:
    if numbers := [each for each in (first, *others) if not is_matrix(each)]:
        raise BadInput(f"had(...) multiplies matrices entry by entry, and {numbers[0]} is a number")
    if any(tuple(other.shape) != tuple(first.shape) for other in others):
        raise BadInput("the factors of had(…) have different shapes; it multiplies entry by entry")
    return sp.HadamardProduct(first, *others)


def diagonal(value: Any) -> Any:
    if not is_matrix(value):
        raise BadInput(f"diag(…) is taken of a vector or a square matrix, and {value} is a number")
    return DiagMatrix(value) if value.shape[1] == 1 else sp.HadamardProduct(square(value), sp.Identity(value.shape[0]))


def inverted(value: Any) -> Any:
    if isinstance(value, sp.MatrixBase) and square(value).det() == 0:
        raise NotUnderstood(f"{value.tolist()} is singular: it has no inverse")
    return sp.Inverse(square(value)) if is_matrix(value) else 1 / value


def trace(value: Any) -> Any:
    if factors := factors_of(value):
        return sp.Mul(*map(trace, factors))
    return sp.Trace(square(value)) if is_matrix(value) else value


def identity(size: Any) -> Any:
    return sp.Identity(measurable(size))


def ones(rows: Any, columns: Any = sp.S.One) -> Any:
    return sp.OneMatrix(measurable(rows), measurable(columns))


def measurable(size: Any) -> Any:
    """A number of rows or columns, which may not be known to be none, negative or beyond measuring."""
    if getattr(size, "is_nonpositive", None):
        raise BadInput(f"{size} is no size: there is at least one row and one column")
    if getattr(size, "is_Integer", False) and size > LARGEST:
        raise NotUnderstood(
            f"a matrix with {shortest(size)} rows or columns is not measured (at most {LARGEST}); leave the size a "
            f"letter, then the statement is judged for every size"
        )
    return size


def shortest(number: Any) -> str:
    """A whole number for a sentence."""
    text = str(number)
    return text if len(text) <= 12 else f"{text[0]}.{text[1:3]}e{len(text) - 1}"


def norm(value: Any) -> Any:
    return sp.sqrt(sp.Trace(adjoint(value) * value)) if is_matrix(value) else modulus(value)


def norm_of_vector(value: Any) -> Any:
    """‖x‖₂; of a matrix it is another number than ‖A‖_F."""
    if is_matrix(value) and 1 not in value.shape:
        raise NotUnderstood("the norm ‖…‖₂ of a matrix, its largest singular value, is not read; ‖A‖_F is norm(A)")
    return norm(value)


def modulus(value: Any) -> Any:
    """|z|; of a complex number, the root of z times its conjugate."""
    if is_matrix(value) and value.shape != (1, 1):
        raise BadInput(f"|{value}| of a matrix or a vector has several readings; write det(…) or norm(…)")
    if not complex_letters(value):
        return ROWS["abs"].read()(value)
    return sp.sqrt(number(value) * adjoint(number(value)))


def transposed(value: Any) -> Any:
    return value.T if is_matrix(value) else value


def inner(left: Any, right: Any) -> Any:
    """⟨a, b⟩ = aᵀb; of matrices, tr(AᵀB)."""
    if is_matrix(left) != is_matrix(right) or (is_matrix(left) and tuple(left.shape) != tuple(right.shape)):
        raise BadInput(f"⟨{left}, {right}⟩ is taken of two vectors, or two matrices, of one shape")
    return sp.Trace(adjoint(left) * right) if is_matrix(left) else adjoint(left) * right


def summed(term: Any, *over: Any) -> Any:
    """Σ of a term over a whole-numbered index; of a matrix alone, of its entries."""
    if not over:
        rows, columns = term.shape if is_matrix(term) else (sp.S.One, sp.S.One)
        return number(ones(rows).T * term * ones(columns)) if is_matrix(term) else term
    if len(over) != 3:
        raise BadInput("sum(…) is taken of the entries of a matrix, sum(A), or over a letter, sum(term, k, 1, oo)")
    index, first, last = over
    if not index.is_Symbol:
        raise BadInput(f"sum(…) runs over a letter, sum(term, k, 1, oo), and {index} is none")
    return sp.Sum(number(term), (index, number(first), number(last)))


def choices(n: Any, k: Any) -> Any:
    """The number of ways to choose k of n, by factorials."""
    factorial = ROWS["factorial"].read()
    return factorial(n) / (factorial(k) * factorial(number(n) - number(k)))


OF_MATRICES: dict[str, Callable[..., Any]] = {
    "tr": trace,
    "inv": inverted,
    "transpose": transposed,
    "det": lambda value: sp.Determinant(square(value)),
    "had": hadamard,
    "kron": kron,
    "vec": vec,
    "diag": diagonal,
    "abs": modulus,
    "norm": norm,
    "norm2": norm_of_vector,
    "inner": inner,
    "I": identity,
    "ones": ones,
    "E": lambda value: E(value),
    "sum": summed,
    "binomial": choices,
}  # fmt: skip
FUNCTIONS: Mapping[str, Callable[..., Any]] = ChainMap(OF_MATRICES, Rows(Row.read))  # type: ignore[arg-type]
OF_WORDS = {
    "trace": "tr", "Tr": "tr", "inverse": "inv", "e": "E", "var": "Var", "cov": "Cov", "corr": "Corr",
    "binom": "binomial",
}  # fmt: skip
SYNONYMS: Mapping[str, str] = ChainMap(OF_WORDS, OTHER_NAMES)  # type: ignore[arg-type]
ALSO_LETTERS = ("gamma", "Phi")  # what is a letter where it is not called
MEANS = ("E", "Var", "Cov", "Corr")  # what square brackets may follow
CONSTANTS = {"pi": sp.pi, "EulerGamma": sp.EulerGamma, "oo": sp.oo}
ROWS_ADDED_BY = (gaussian_functions, digamma_sums, tanh_means)  # which add rows of their own


def manual() -> list[str]:
    """What `--help` says of the functions of numbers: the familiar ones by name, a line for each of the others."""
    known = [row.name for row in ROWS.values() if not row.says]
    return [f"{' '.join(known)}   of numbers;  pi", *(row.says for row in ROWS.values() if row.says)]


def called() -> set[str]:
    """Every name that is called, and so is no letter."""
    return {*FUNCTIONS, *SYNONYMS, *MEANS, "grad", "lim"} - {"e", *ALSO_LETTERS}
