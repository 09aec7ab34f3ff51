"""Functions: what a typed formula may call, and what each makes of numbers and matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench.arithmetic import MAX_POWER, is_matrix, number, square
from workbench.errors import BadInput
from workbench.laws import E


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
    return sp.Inverse(square(value)) if is_matrix(value) else 1 / value


def trace(value: Any) -> Any:
    return sp.Trace(square(value)) if is_matrix(value) else value


def identity(size: Any) -> Any:
    return sp.Identity(size)


def ones(rows: Any, columns: Any = sp.S.One) -> Any:
    return sp.OneMatrix(rows, columns)


def norm(value: Any) -> Any:
    return sp.sqrt(sp.Trace(value.T * value)) if is_matrix(value) else sp.Abs(value)


def transposed(value: Any) -> Any:
    return value.T if is_matrix(value) else value


SCALAR_FUNCTIONS = ("exp log sqrt erf sin cos tan asin acos atan sinh cosh tanh").split()


def of_number(name: str) -> Callable[..., Any]:
    """A function of one number, as SymPy calls it."""
    return lambda value: getattr(sp, name)(number(value))


def gamma(value: Any) -> Any:
    """Euler's Γ; of a large number it would be computed digit by digit."""
    value = number(value)
    if value.is_number and abs(value) > MAX_POWER:
        raise BadInput(f"gamma({value}) is too large; it is taken of numbers up to {MAX_POWER}")
    return sp.gamma(value)


def of_numbers(name: str) -> Callable[..., Any]:
    """A function of two numbers that the calculus brings along: Owen's T, the variance of an erf."""

    def called(first: Any, second: Any) -> Any:
        from workbench.calculus.means.projections import special

        return getattr(special, name)(number(first), number(second))

    return called


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "tr": trace,
    "inv": inverted,
    "transpose": transposed,
    "det": lambda value: sp.Determinant(square(value)),
    "had": hadamard,
    "diag": diagonal,
    "norm": norm,
    "I": identity,
    "ones": ones,
    "E": lambda value: E(value),
    **{name: of_number(name) for name in SCALAR_FUNCTIONS},
    "abs": lambda x: sp.Abs(number(x)),
    "relu": lambda x: sp.Max(0, number(x)),
    "max": lambda *parts: sp.Max(*map(number, parts)),
    "min": lambda *parts: sp.Min(*map(number, parts)),
    "sign": of_number("sign"),
    "step": lambda x: sp.Heaviside(number(x)),
    "gamma": gamma,
    **{name: of_numbers(name) for name in ("owens_t", "zeta_erf")},
}  # fmt: skip
SYNONYMS = {
    "trace": "tr", "Tr": "tr", "inverse": "inv", "ln": "log", "sgn": "sign", "ReLU": "relu", "heaviside": "step",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "e": "E", "var": "Var", "cov": "Cov",
}  # fmt: skip
MEANS = ("E", "Var", "Cov")  # what square brackets may follow
CALLED = {*FUNCTIONS, *SYNONYMS, *MEANS, "grad"} - {"e", "gamma"}
CONSTANTS = {"pi": sp.pi}
