r"""Roots of matrices: Σ^{1/2} of a positive definite letter.

Every positive definite Σ is the square of one positive definite root R, and R² is positive definite whatever R is:
what is said for every Σ with its root is said for every R, with R² in the place of Σ.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

import sympy as sp

from workbench.language.letters import SPD

HALF = r"(?:\d*[13579]\s*/\s*2(?!\d)|½|\d*\.50*(?!\d)|\\[dt]?frac\s*\{?\s*\d*[13579]\s*\}?\s*\{?\s*2\s*\}?)"
NAMED = r"(?:\\?[A-ZΑ-Ω][A-Za-z]*)"
ROOTED = re.compile(rf"({NAMED})\s*[)}}]*\s*(?:\^|\*\*)\s*[{{(]*\s*[-−]?\s*[{{(]*\s*{HALF}")


def rooted(texts: Iterable[str]) -> list[str]:
    """The names of which texts take a root, Σ of Σ^{1/2} and Σ^{-1/2}, as they are written there."""
    return list(dict.fromkeys(found[1] for text in texts for found in ROOTED.finditer(text)))


def with_roots(declarations: list[str], names: Collection[str], custom: Collection[str]) -> list[str]:
    """Declarations in which each of some positive definite letters is the square of a letter of its own.

    custom: names that are positive definite where nothing is said of them.
    """
    found = list(declarations)
    for name in names:
        said = [part for part in found if re.match(rf"\s*{name}\s*[:=~]", part)]
        kind = re.fullmatch(rf"\s*{name}\s*:\s*spd\b\s*(.*)", said[0]) if said else None
        if kind or (not said and name in custom):
            shape = (kind[1] if kind else "") or "d"
            found = [part for part in found if part not in said]
            found += [f"{name}_root: spd {shape}", f"{name} = {name}_root**2"]
    return found


def root_of(base: Any) -> Any:
    """The root R of a matrix R² with R positive definite; None of any other."""
    square = isinstance(base, sp.MatPow) and base.exp == 2 and isinstance(base.base, SPD)
    return base.base if square else None
