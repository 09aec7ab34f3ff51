"""Combinations: the twin of a line that puts several means together, a ratio of them or a logarithm, say.

The twin returns a sample of every mean, and their slopes where a gradient is asked for; what the means make is a
function beside it. The letters that it needs are returned too: the mean of a letter is the letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from workbench.errors import BadInput
from workbench.exact.instances import letters_of
from workbench.language.laws import MatrixMean, ScalarMean
from workbench.language.slopes import MatrixSlope, ScalarSlope
from workbench.lowering.sources import Code, Sources, real
from workbench.lowering.walks import Walk

MEANS, SLOPES = (ScalarMean, MatrixMean), (ScalarSlope, MatrixSlope)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Combination:
    """A formula in letters that stand for means and for their slopes in one letter."""

    formula: Any
    means: Mapping[Any, Any]  # mean → the letter that stands for it
    slopes: Mapping[Any, Any]  # mean → the letter that stands for its slope
    wrt: Any

    @property
    def stand_ins(self) -> list[Any]:
        return [*self.means.values(), *self.slopes.values()]

    @cached_property
    def text(self) -> str:
        """The formula as a program."""
        known = {letter: Code(letter.name) for letter in self.stand_ins}
        if self.wrt is not None and self.wrt.is_Matrix and self.wrt.shape[1] == 1:
            known |= {letter: Code(f"{letter.name}[:, None]") for letter in self.slopes.values()}
        values = {letter.name: Code(letter.name) for letter in letters_of(self.formula)}
        return str(Walk(Sources(), values, known).visit(self.formula))

    @property
    def others(self) -> list[Any]:
        """The letters of the theorem that the formula needs besides."""
        fixed = (letter for letter in letters_of(self.formula) if letter not in self.stand_ins)
        return [letter for letter in fixed if re.search(rf"\b{letter.name}\b", self.text)]


def combination(name: str, expression: Any) -> Combination:
    """An expression in several means as a formula. Raises BadInput where it has no short program."""
    means = sorted(expression.atoms(*MEANS), key=sp.default_sort_key)
    moving = {slope.args[1] for slope in expression.atoms(*SLOPES)}
    nested = any(slope.args[0].has(*SLOPES) for slope in expression.atoms(*SLOPES))
    if not 0 < len(means) <= len(ORDINALS) or len(moving) > 1 or nested or any(m.inside.has(*MEANS) for m in means):
        raise BadInput(f"{name} combines means in a way that has no short program; write its twin by hand")
    wrt = next(iter(moving), None)
    values = {mean: like(mean, word, getattr(mean, "shape", ())) for mean, word in zip(means, ORDINALS)}
    slopes = {} if wrt is None else {mean: like(mean, f"slope_{values[mean].name}", shape_of(wrt)) for mean in means}
    found = {slope: chained(name, slope, values, slopes) for slope in expression.atoms(*SLOPES)}
    return Combination(expression.xreplace(found).xreplace(values), values, slopes, wrt)


def shape_of(letter: Any) -> tuple[Any, ...]:
    return tuple(letter.shape) if letter.is_Matrix else ()


def like(mean: Any, name: str, shape: tuple[Any, ...]) -> Any:
    """A letter of that name and shape."""
    return sp.MatrixSymbol(name, *shape) if shape else sp.Symbol(name, real=True)


def chained(name: str, slope: Any, values: Mapping[Any, Any], slopes: Mapping[Any, Any]) -> Any:
    """The gradient of a function of means by the chain rule, the slopes of the means known."""
    inside, wrt = slope.args
    around = inside.xreplace(dict(values))
    numbers = all(isinstance(mean, ScalarMean) for mean in inside.atoms(*MEANS))
    if not numbers or (wrt.is_Matrix and around.has(wrt)):
        raise BadInput(f"{name} differentiates what has no short program; write its twin by hand")
    parts = [sp.diff(around, values[mean]) * slopes[mean] for mean in values if inside.has(mean)]
    if wrt.is_Matrix:
        return sp.MatAdd(*parts)
    return sp.Add(*parts, sp.diff(around, wrt))


def together(name: str, found: Combination) -> str:
    """The function that puts the means together, as a program."""
    takes = ", ".join(letter.name for letter in (*found.stand_ins, *found.others))
    return f'\n\ndef _{name}({takes}):\n    """What the means make."""\n    return {found.text}\n'


def samples(found: Combination, values: Mapping[str, Code], here: str) -> list[str]:
    """The lines that return a sample of every mean, their slopes at a point, and the letters that are needed."""
    sources = Sources()
    walk = Walk(sources, values)
    each = [real(walk.visit(mean.inside)) for mean in found.means]
    others = [letter.name for letter in found.others]
    if found.wrt is None:
        return [*sources.lines, f"return {', '.join([*each, *others])}"]
    inner = "\n        ".join([*sources.lines, f"return {', '.join(each)},"])
    slopes = f"*torch.func.jacrev(samples)({here})"
    return [
        f"def samples({found.wrt.name}):\n        {inner}\n",
        f"return {', '.join([f'*samples({found.wrt.name})', slopes, *others])}",
    ]
