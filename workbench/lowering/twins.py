"""Twins made by machine: what an expression is worth, measured from its definition.

The means in it become samples; gradients of a mean are gradients of its samples, by autograd; what surrounds
several means is put together after they are averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import Any

import sympy as sp
import torch
from torch import Tensor

from workbench.errors import BadInput
from workbench.evidence import Draw
from workbench.evidence.protocols import wearing
from workbench.exact.instances import letters_of
from workbench.laws import MatrixMean, ScalarMean, loose_letters
from workbench.lowering.tensors import Tensors
from workbench.lowering.walks import Walk
from workbench.slopes import MatrixSlope, ScalarSlope

MEANS, SLOPES = (ScalarMean, MatrixMean), (ScalarSlope, MatrixSlope)
Letters = Mapping[str, Any]


def twin_of(expression: Any, name: str = "measured") -> Callable[..., Any]:
    """The twin of an expression: it takes the letters by name and `draw`, and says what one sample is worth.

    Raises BadInput when a random letter stands outside every mean, or where there is no measurement.
    """
    if loose := sorted(letter.name for letter in loose_letters(expression)):
        raise BadInput(f"{loose[0]} is random and stands outside E[…]; average it, or declare it as a fixed letter")
    if isinstance(expression, MEANS):
        return signed(lambda letters, draw: sample(expression.inside, letters, draw), expression, name)
    if isinstance(expression, SLOPES) and isinstance(expression.args[0], MEANS):
        inside, wrt = expression.args[0].inside, expression.args[1]
        return signed(lambda letters, draw: slope_of_sample(inside, wrt, letters, draw), expression, name)
    parts = Parts(expression, tuple(plan(expression)))
    return wearing(OfMeans(parts))(signed(parts.samples, expression, name))


def signed(measure: Callable[[Letters, Draw], Any], expression: Any, name: str) -> Callable[..., Any]:
    """A function of the letters by name, as the ladder calls it."""
    names = [letter.name for letter in letters_of(expression)]

    def twin(*, draw: Draw, **letters: Any) -> Any:
        return measure(letters, draw)

    fixed = [Parameter(letter, Parameter.POSITIONAL_OR_KEYWORD) for letter in names]
    twin.__signature__ = Signature([*fixed, Parameter("draw", Parameter.KEYWORD_ONLY)])  # type: ignore[attr-defined]
    twin.__name__ = name
    return twin


def sample(inside: Any, letters: Letters, draw: Draw) -> Tensor:
    """What stands under a mean, on one sample."""
    return torch.as_tensor(Walk(Tensors(draw), letters).visit(inside), dtype=torch.float64)


def slope_of_sample(inside: Any, wrt: Any, letters: Letters, draw: Draw) -> Tensor:
    """The Jacobian of one sample in a letter."""
    here = torch.as_tensor(letters[wrt.name], dtype=torch.float64)
    return torch.func.jacrev(lambda there: sample(inside, {**letters, wrt.name: there}, draw))(here)  # type: ignore


def plan(expression: Any) -> Iterator[tuple[Any, Any]]:
    """The samples that an expression needs: (mean, None) for itself, (mean, letter) for its slope."""
    for mean in sorted(expression.atoms(*MEANS), key=sp.default_sort_key):
        if mean.inside.has(*MEANS):
            raise BadInput("a mean inside a mean is not measured by one sample; average one after the other")
        yield mean, None
        wanted = {slope.args[1] for slope in expression.atoms(*SLOPES) if slope.args[0].has(mean)}
        yield from ((mean, wrt) for wrt in sorted(wanted, key=sp.default_sort_key))


@dataclass(frozen=True)
class Parts:
    """An expression in several means, and the samples that it needs."""

    expression: Any
    plan: tuple[tuple[Any, Any], ...]

    def samples(self, letters: Letters, draw: Draw) -> tuple[Tensor, ...]:
        found = [
            sample(mean.inside, letters, draw) if wrt is None else slope_of_sample(mean.inside, wrt, letters, draw)
            for mean, wrt in self.plan
        ]
        return tuple(found) if found else (self.put_together((), letters),)

    def put_together(self, means: tuple[Tensor, ...], letters: Letters) -> Tensor:
        """The expression, its means known; a gradient moves the letter in the means and around them."""
        values = dict(zip(self.plan, means))
        known = {mean: value for (mean, wrt), value in values.items() if wrt is None}
        for slope in self.expression.atoms(*SLOPES):
            known[slope] = self.slope(slope, values, letters)
        return torch.as_tensor(Walk(Tensors(), letters, known).visit(self.expression), dtype=torch.float64)

    def slope(self, slope: Any, values: Mapping[Any, Tensor], letters: Letters) -> Tensor:
        inside, wrt = slope.args
        here = torch.as_tensor(letters[wrt.name], dtype=torch.float64)
        means = {mean: value for (mean, letter), value in values.items() if letter is None and inside.has(mean)}

        def moved(there: Tensor) -> Tensor:
            step = there - here
            known = {m: v + torch.tensordot(values[m, wrt], step, dims=step.ndim) for m, v in means.items()}
            return torch.as_tensor(Walk(Tensors(), {**letters, wrt.name: there}, known).visit(inside))

        found = torch.func.grad(moved)(here)
        return found[:, None] if found.ndim == 1 else found


@dataclass(frozen=True)
class OfMeans:
    """The protocol of an expression in several means: they are averaged first, and then put together."""

    parts: Parts

    def solve(self, means: Callable[..., list[Tensor]], letters: Letters) -> Tensor:
        found = means()
        return self.parts.put_together(tuple(found), letters) if self.parts.plan else found[0]
