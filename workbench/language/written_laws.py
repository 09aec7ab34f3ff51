"""Laws other than one Gaussian as they are written: in the words of a declaration, and in a theorem file."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

import sympy as sp

from workbench.errors import BadInput
from workbench.language import laws
from workbench.language.complex_gaussians import ComplexGaussian
from workbench.language.law_rows import row_of
from workbench.language.printing import text
from workbench.language.students import Elliptical, Student


@singledispatch
def said(letter: Any) -> str:
    """The law of a letter as it would be declared. Raises BadInput for a law that has no such words.

    Where a law has no function of its own here, its row says how: its name and the parameters of the letter.
    """
    if row := row_of(type(letter)):
        parameters = ", ".join(map(text, letter.args[3:]))
        return f"{row.name}({parameters})" if parameters else row.name
    raise BadInput(f"the law of {letter} has no words yet; write the theorem file by hand")


@singledispatch
def written(letter: Any, python: Callable[[Any], str]) -> str:
    """The line that declares a letter in a theorem file; python: how an expression is written there.

    Where a law has no function of its own here, its row says how: its maker takes name, shape and parameters.
    """
    if (row := row_of(type(letter))) and row.maker:
        shape = letter.shape if letter.shape[1] != 1 else letter.shape[:1]
        parts = ", ".join(map(python, (*shape, *letter.args[3:])))
        return f'{letter.name} = {row.maker.__name__}("{letter.name}", {parts})'
    raise BadInput(f"the law of {letter} is not written into files yet; write the theorem file by hand")


@said.register
def _(letter: ComplexGaussian) -> str:
    columns = "" if isinstance(letter.token_cov, sp.Identity) else f", {text(letter.token_cov)}"
    return f"CN(0, {text(letter.cov)}{columns})"


@written.register
def _(letter: ComplexGaussian, python: Callable[[Any], str]) -> str:
    given = {"cov": letter.cov, "token_cov": letter.token_cov}
    parts = [f"{name}={python(value)}" for name, value in given.items() if not isinstance(value, sp.Identity)]
    shape = [python(length) for length in letter.shape]
    return f'{letter.name} = complex_gaussian("{letter.name}", {", ".join([*shape, *parts])})'


@said.register
def _(letter: Student | Elliptical) -> str:
    mean = "" if isinstance(letter.mean, sp.ZeroMatrix) else f"{text(letter.mean)}, "
    return f"{type(letter).__name__}({text(letter.parameter)}, {mean}{text(letter.scale)})"


@written.register
def _(letter: Student | Elliptical, python: Callable[[Any], str]) -> str:
    parts = [f'"{letter.name}"', python(letter.shape[0]), python(letter.parameter)]
    parts += [] if letter.shape[1] == 1 else [f"columns={python(letter.shape[1])}"]
    parts += [] if isinstance(letter.mean, sp.ZeroMatrix) else [f"mean={python(letter.mean)}"]
    parts += [] if isinstance(letter.scale, sp.Identity) else [f"scale={python(letter.scale)}"]
    return f"{letter.name} = {type(letter).__name__.lower()}({', '.join(parts)})"


@said.register
def _(letter: laws.Haar) -> str:
    return "Sphere" if letter.shape[1] == 1 else "Haar"


@written.register
def _(letter: laws.Haar, python: Callable[[Any], str]) -> str:
    name, (rows, columns) = letter.name, map(python, letter.shape)
    return f'{name} = sphere("{name}", {rows})' if columns == "1" else f'{name} = haar("{name}", {rows}, {columns})'


@said.register
def _(letter: laws.Mixture) -> str:
    parts = []
    for weight, mean, cov in zip(letter.weights, letter.means, letter.covs):
        where = "0" if isinstance(mean, sp.ZeroMatrix) else text(mean)
        width = "0" if isinstance(cov, sp.ZeroMatrix) else text(cov)
        parts.append(f"({text(weight)})*N({where}, {width})")
    return " + ".join(parts)


@written.register
def _(letter: laws.Mixture, python: Callable[[Any], str]) -> str:
    name, (rows, columns), zero = letter.name, map(python, letter.shape), sp.ZeroMatrix
    parts = [
        f"({python(weight)}, {'None' if isinstance(mean, zero) else python(mean)}, "
        f"{'None' if isinstance(cov, zero) else python(cov)})"
        for weight, mean, cov in zip(letter.weights, letter.means, letter.covs)
    ]
    return f'{name} = mixture("{name}", {rows}, [{", ".join(parts)}], {columns})'
