"""Laws other than one Gaussian as they are written: in the words of a declaration, and in a theorem file."""

from __future__ import annotations

from typing import Any

import sympy as sp

from workbench import laws
from workbench.showing import printing


def said(letter: Any) -> str:
    """The law of a letter as it would be declared."""
    text = printing.text
    if isinstance(letter, laws.Mask):
        return f"Bernoulli({text(letter.rate)})"
    if isinstance(letter, laws.OneHot | laws.Haar):
        return type(letter).__name__
    parts = []
    for weight, mean, cov in zip(letter.weights, letter.means, letter.covs):
        where = "0" if isinstance(mean, sp.ZeroMatrix) else text(mean)
        width = "0" if isinstance(cov, sp.ZeroMatrix) else text(cov)
        parts.append(f"({text(weight)})*N({where}, {width})")
    return " + ".join(parts)


def written(letter: Any, python: Any) -> str:
    """The line that declares a letter in a theorem file; python: how an expression is written there."""
    name, (rows, columns) = letter.name, map(python, letter.shape)
    if isinstance(letter, laws.Mask):
        return f'{name} = mask("{name}", {rows}, {python(letter.rate)})'
    if isinstance(letter, laws.OneHot):
        return f'{name} = index("{name}", {rows})'
    if isinstance(letter, laws.Haar):
        return f'{name} = haar("{name}", {rows}, {columns})'
    zero = (sp.ZeroMatrix,)
    parts = [
        f"({python(weight)}, {'None' if isinstance(mean, zero) else python(mean)}, "
        f"{'None' if isinstance(cov, zero) else python(cov)})"
        for weight, mean, cov in zip(letter.weights, letter.means, letter.covs)
    ]
    return f'{name} = mixture("{name}", {rows}, [{", ".join(parts)}], {columns})'
