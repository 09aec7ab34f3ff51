"""Points: the values that a reader gives to letters, checked against what the letters promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike

from workbench.errors import BadInput
from workbench.exact.instances import Instance, as_rational, holds, letters_of
from workbench.language import letters as kinds

ROUNDING = 1e-9  # how far a typed matrix may be from what its class promises exactly


def point_of(given: Mapping[str, ArrayLike], letters: Iterable[Any], hypotheses: Iterable[Any], who: str) -> Instance:
    """The point at which letters have the values that are given by name; sizes may be left to the matrices.

    Raises BadInput when a letter has no value, a value is not what its letter promises, or a hypothesis fails.
    """
    known = {letter.name: letter for letter in letters}
    values = {name: array_of(known[name], value) for name, value in given.items() if name in known}
    values = sizes_of(known, values) | values
    if missing := sorted(known.keys() - values.keys()):
        raise BadInput(f"{who} needs a value of {', '.join(missing)}, given by name: {missing[0]}=…")
    for name, value in values.items():
        if wrong := broken(known[name], value, values):
            raise BadInput(f"{who}: {name} = {brief(given.get(name, value))} {wrong}")
    point = {known[name]: exactly(value) for name, value in values.items()}
    for said in hypotheses:
        if set(letters_of(said)) <= point.keys() and not holds(said, point):
            raise BadInput(f"{who} supposes {said}, which does not hold there")
    return point


def array_of(letter: Any, value: ArrayLike) -> np.ndarray:
    """A value as an array of its letter's shape; a vector is a column. Raises BadInput for what is no array."""
    try:
        array = np.asarray(value.tolist() if hasattr(value, "tolist") else value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise BadInput(f"{letter.name} = {ascii(value)[:60]} is no number, nor rows of numbers of one length") from None
    column = getattr(letter, "is_Matrix", False) and array.ndim == 1
    return array[:, None] if column else array


def sizes_of(known: Mapping[str, Any], values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The sizes that the shapes of the given matrices say."""
    found = {}
    for name, array in values.items():
        for length, side in zip(getattr(known[name], "shape", ()), array.shape):
            if isinstance(length, kinds.Size):
                found[length.name] = np.asarray(float(side))
    return {name: size for name, size in found.items() if name in known}


def exactly(value: np.ndarray) -> Any:
    """The rationals that floats are."""
    return as_rational(value) if value.ndim else as_rational(float(value))


def brief(value: Any) -> str:
    return np.array2string(np.asarray(value), precision=4, separator=", ", threshold=9).replace("\n", "")


def broken(letter: Any, value: np.ndarray, values: Mapping[str, np.ndarray]) -> str:
    """What a value lacks to be what its letter promises; empty where it lacks nothing. Borders are allowed."""
    if not np.isfinite(value).all():
        return "is not finite"
    if not getattr(letter, "is_Matrix", False):
        return "is no number" if value.ndim else lacks(letter, value)
    if value.ndim != 2:
        return f"has {value.ndim} axes; {letter.name} is a matrix"
    for length, side in zip(map(sp.sympify, letter.shape), value.shape):
        here = length.subs({n: int(values[n.name]) for n in length.free_symbols if n.name in values})
        if here.is_number and int(here) != side:
            return f"is {' × '.join(map(str, value.shape))}, which does not fit {length} = {here}"
    return lacks(letter, value)


def near(one: np.ndarray | float, other: np.ndarray | float) -> bool:
    """Whether what was typed in decimals is what its class promises exactly."""
    return bool(np.abs(one - other).max() <= ROUNDING)


@singledispatch
def lacks(letter: Any, value: np.ndarray) -> str:
    """What a number or matrix lacks to be a letter of this class."""
    return ""


@lacks.register
def _(letter: kinds.Positive, value: np.ndarray) -> str:
    return "" if value >= 0 else "is not positive"


@lacks.register
def _(letter: kinds.Probability, value: np.ndarray) -> str:
    return "" if 0 <= value <= 1 else "is no probability"


@lacks.register
def _(letter: kinds.Overlap, value: np.ndarray) -> str:
    return "" if -1 <= value <= 1 else "does not lie between −1 and 1"


@lacks.register
def _(letter: kinds.Size, value: np.ndarray) -> str:
    return "" if value >= 1 and value == int(value) else "is no whole number from 1 upwards"


@lacks.register
def _(letter: kinds.UnitVector, value: np.ndarray) -> str:
    return "" if near(np.linalg.norm(value), 1) else "is not of length one"


@lacks.register
def _(letter: kinds.Symmetric, value: np.ndarray) -> str:
    return "" if near(value, value.T) else "is not symmetric"


@lacks.register
def _(letter: kinds.SPD, value: np.ndarray) -> str:
    if wrong := lacks.dispatch(kinds.Symmetric)(letter, value):
        return wrong
    return "" if np.linalg.eigvalsh(value).min() > 0 else "is not positive definite"


@lacks.register
def _(letter: kinds.Orthogonal, value: np.ndarray) -> str:
    return "" if near(value @ value.T, np.eye(len(value))) else "is not orthogonal"
