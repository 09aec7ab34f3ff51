"""Arithmetic of what is typed: numbers and matrices whose shapes fit, or a sentence that says why not."""

from __future__ import annotations

from typing import Any

import sympy as sp

from workbench.errors import BadInput, NotUnderstood
from workbench.language.complex_gaussians import complex_letters
from workbench.language.laws import random_letters
from workbench.language.matrix_roots import root_of

MAX_POWER = 64


def is_matrix(value: Any) -> bool:
    return getattr(value, "is_Matrix", False)


def square(value: Any) -> Any:
    """A square matrix, as traces, determinants and inverses need."""
    if is_matrix(value) and value.shape[0] != value.shape[1]:
        raise BadInput(f"{value} is a {value.shape[0]}×{value.shape[1]} matrix where a square one is needed")
    return value


def number(value: Any) -> Any:
    """A scalar, or the number that a 1×1 product holds."""
    if not is_matrix(value):
        return value
    if value.shape == (1, 1):
        return sp.Trace(value)
    rows, columns = value.shape
    what, entry = (f"a vector of length {rows}", "[0]") if columns == 1 else (f"a {rows}×{columns} matrix", "[0, 0]")
    instead = f"take an entry of it, {value}{entry}" if value.is_symbol else "take an entry of it"
    instead += f", or declare it as a number, {value}: real" if value.is_symbol and columns == 1 else ""
    instead += ", or tr(…)" if rows == columns else ""
    raise BadInput(f"{value} is {what} where a number is needed; {instead}")


def added(left: Any, right: Any) -> Any:
    """left + right; a number beside a square matrix stands for that multiple of the identity."""
    if is_matrix(left) != is_matrix(right):
        matrix = left if is_matrix(left) else right
        if matrix.shape == (1, 1):
            return number(left) + number(right)
        if matrix.shape[0] != matrix.shape[1]:
            raise BadInput(f"a number cannot be added to a {matrix.shape[0]}×{matrix.shape[1]} matrix")
        left, right = (v if is_matrix(v) else v * sp.Identity(matrix.shape[0]) for v in (left, right))
    if is_matrix(left) and tuple(left.shape) != tuple(right.shape):
        raise BadInput(
            f"a {left.shape[0]}×{left.shape[1]} and a {right.shape[0]}×{right.shape[1]} matrix cannot be added"
        )
    return left + right


def multiplied(left: Any, right: Any) -> Any:
    """left · right; a 1×1 product beside a matrix that does not fit is the number it holds."""
    if is_matrix(left) and is_matrix(right) and left.shape[1] != right.shape[0]:
        if (1, 1) not in (left.shape, right.shape):
            columns = left.shape[1] == right.shape[1] == 1
            instead = "; the scalar product of two columns is a.T*x, and their product entry by entry a ∘ x"
            shapes = f"a {left.shape[0]}×{left.shape[1]} and a {right.shape[0]}×{right.shape[1]} matrix"
            raise BadInput(f"{shapes} cannot be multiplied{instead if columns else ''}")
        left, right = (number(v) if v.shape == (1, 1) else v for v in (left, right))
    return left * right


def dotted(left: Any, right: Any) -> Any:
    """left · right: of two columns their scalar product, otherwise the product."""
    columns = is_matrix(left) and is_matrix(right) and left.shape[1] == right.shape[1] == 1
    if columns and tuple(left.shape) == tuple(right.shape):
        return sp.Trace(left.T * right)
    return multiplied(left, right)


def root(value: Any) -> Any:
    """The square root of a number; of the square of a real one, its absolute value, of which means are known."""
    square = isinstance(value, sp.Pow) and value.exp == 2 and not complex_letters(value)
    return sp.Abs(value.base) if square else sp.sqrt(value)


def raised(base: Any, exponent: Any) -> Any:
    """base ** exponent, with bounds that keep the result small."""
    exponent = number(exponent)
    if random_letters(exponent) and random_letters(base):
        raise NotUnderstood("a power with a random base and a random exponent is not read")
    if exponent.is_Rational and (abs(exponent.p) > MAX_POWER or exponent.q > MAX_POWER):
        raise BadInput(f"the exponent {exponent} is too large; at most {MAX_POWER} is read")
    if base.is_Number and exponent.is_Rational and len(str(base)) * abs(exponent.p) > 400:
        raise BadInput("a power of a number with that exponent is too large to be read")
    if base.is_negative and base.is_number and exponent.is_number and not exponent.is_integer:
        raise NotUnderstood(f"({base})**({exponent}) is a root of a negative number; it has no real value here")
    if not is_matrix(base) or base.shape == (1, 1):
        return root(number(base)) if exponent == sp.S.Half else number(base) ** exponent
    if base.shape[0] != base.shape[1]:
        raise BadInput(f"{base} is a {base.shape[0]}×{base.shape[1]} matrix and has no powers; write {base}.T*{base}, "
                       f"or had({base}, {base}) entry by entry")  # fmt: skip
    if not exponent.is_integer and (2 * exponent).is_integer and (half := root_of(base)):
        return raised(half, 2 * exponent)
    if not exponent.is_integer:
        instead = f"; declare {base}: spd d, and its root is read" if base.is_symbol and exponent.is_Rational else ""
        raise BadInput(f"a matrix can only be raised to a whole number, not to {exponent}{instead}")
    return sp.Inverse(base) ** -exponent if exponent.is_negative else base**exponent
