"""Twins made by machine: what an expression is worth, measured from its definition.

The means in it become samples; gradients of a mean are gradients of its samples, by autograd; what surrounds
several means is put together after they are averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter, Signature
from typing import Any

import numpy as np
import sympy as sp
import torch
from torch import Tensor

from workbench.errors import BadInput
from workbench.evidence import Draw
from workbench.evidence.averages import ROUNDOFFS
from workbench.evidence.protocols import Average, wearing
from workbench.exact.instances import letters_of
from workbench.language.laws import MatrixMean, ScalarMean, loose_letters
from workbench.language.slopes import MatrixSlope, ScalarSlope
from workbench.lowering.tensors import Tensors
from workbench.lowering.walks import Walk

MEANS, SLOPES = (ScalarMean, MatrixMean), (ScalarSlope, MatrixSlope)
Letters = Mapping[str, Any]
PLAIN = Average()
SHAKES = 4  # how often letters are moved to see what roundoff does


def twin_of(
    expression: Any, name: str = "measured", at: Sequence[tuple[Any, Any]] = (), seek: Any = PLAIN
) -> Callable[..., Any]:
    """The twin of an expression: it takes the letters by name and `draw`, and says what one sample is worth.

    at: letters with what they stand for; seek: the protocol that looks for something in the expression.
    Raises BadInput when a random letter stands outside every mean, or where there is no measurement.
    """
    if loose := sorted(letter.name for letter in loose_letters(expression)):
        raise BadInput(f"{loose[0]} is random and stands outside E[…]; average it, or declare it as a fixed letter")
    if isinstance(expression, MEANS) and not at:
        measure = signed(lambda letters, draw: sample(expression.inside, letters, draw), (expression,), name)
        return wearing(seek)(measure)
    if isinstance(expression, SLOPES) and isinstance(expression.args[0], MEANS) and not at:
        inside, wrt = expression.args[0].inside, expression.args[1:]
        measure = signed(lambda letters, draw: slope_of_sample(inside, wrt, letters, draw), (expression,), name)
        return wearing(seek)(measure)
    parts = Parts(expression, tuple(plan(expression)), tuple(at))
    taken = (expression, *(value for _, value in at))
    set_to = [letter.name for letter, _ in at if not any(value.has(letter) for _, value in at)]
    return wearing(OfMeans(parts, seek))(signed(parts.samples, taken, name, set_to))


def signed(
    measure: Callable[[Letters, Draw], Any], taken: Sequence[Any], name: str, but: Sequence[str] = ()
) -> Callable[..., Any]:
    """A function of the letters of some expressions by name, as the ladder calls it."""
    names = [letter.name for letter in letters_of(*taken) if letter.name not in but]

    def twin(*, draw: Draw, **letters: Any) -> Any:
        return measure(letters, draw)

    fixed = [Parameter(letter, Parameter.POSITIONAL_OR_KEYWORD) for letter in names]
    twin.__signature__ = Signature([*fixed, Parameter("draw", Parameter.KEYWORD_ONLY)])  # type: ignore[attr-defined]
    twin.__name__ = name
    return twin


def sample(inside: Any, letters: Letters, draw: Draw) -> Tensor:
    """What stands under a mean, on one sample; of a complex number the real part, for its mean is real."""
    value = torch.as_tensor(Walk(Tensors(draw), letters).visit(inside))
    return (value.real if value.is_complex() else value).to(torch.float64)


def slope_of_sample(inside: Any, wrt: Sequence[Any], letters: Letters, draw: Draw) -> Tensor:
    """The derivative of one sample in a letter, in one more after that, and so on."""
    if not wrt:
        return sample(inside, letters, draw)
    *before, last = wrt
    here = torch.as_tensor(letters[last.name], dtype=torch.float64)
    return torch.func.jacrev(lambda there: slope_of_sample(inside, before, {**letters, last.name: there}, draw))(here)  # type: ignore


def together(mean: Any, numbers: Sequence[Any], letters: Letters, draw: Draw) -> Tensor:
    """The derivatives of one sample in several numbers, in one pass."""
    names = [letter.name for letter in numbers]
    here = torch.stack([torch.as_tensor(letters[name], dtype=torch.float64) for name in names])
    return torch.func.jacrev(lambda there: sample(mean.inside, {**letters, **dict(zip(names, there))}, draw))(here)  # type: ignore


def column(found: Tensor) -> Tensor:
    """A derivative in a vector as a column."""
    return found[:, None] if found.ndim == 1 else found


def chain(slope: Any) -> tuple[Any, tuple[Any, ...]]:
    """What is differentiated, and in which letters one after the other."""
    inside, last = slope.args
    if not isinstance(inside, SLOPES):
        return inside, (last,)
    innermost, before = chain(inside)
    return innermost, (*before, last)


def plan(expression: Any) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """The samples that an expression needs: (mean, letters in which it is differentiated)."""
    chains = [chain(slope) for slope in expression.atoms(*SLOPES)]
    hidden = {slope: sp.Dummy() for slope in expression.atoms(ScalarSlope) if isinstance(chain(slope)[0], MEANS)}
    for mean in sorted(expression.atoms(*MEANS), key=sp.default_sort_key):
        if mean.inside.has(*MEANS):
            raise BadInput("a mean inside a mean is not measured by one sample; average one after the other")
        wanted = {wrt for inside, wrt in chains if inside.has(mean)}
        if any(len(wrt) > 1 and inside != mean for inside, wrt in chains):
            raise BadInput("second derivatives are measured of one mean alone; bring everything under one E[…]")
        if not wanted or expression.xreplace(hidden).has(mean):
            yield mean, ()
        yield from ((mean, wrt) for wrt in sorted(wanted, key=sp.default_sort_key))


@dataclass(frozen=True)
class Parts:
    """An expression in several means, the samples that it needs, and the letters at which it is taken."""

    expression: Any
    plan: tuple[tuple[Any, tuple[Any, ...]], ...]
    at: tuple[tuple[Any, Any], ...] = ()

    @cached_property
    def slopes(self) -> tuple[tuple[Any, Any], ...]:
        """The slopes in the expression, with their chains; a search asks for them at every step."""
        return tuple((slope, chain(slope)) for slope in self.expression.atoms(*SLOPES))

    def placed(self, letters: Letters) -> Letters:
        """The letters, those that are set to something included."""
        values = {letter.name: Walk(Tensors(), letters).visit(value) for letter, value in self.at}
        return {**letters, **values}

    def samples(self, letters: Letters, draw: Draw) -> tuple[Tensor, ...]:
        if not self.plan:
            value = self.put_together((), letters)
            moved = [(self.put_together((), shaken(letters, place)) - value).abs() for place in range(SHAKES)]
            return value, torch.stack(moved).amax(0) / ROUNDOFFS  # the value, and the size of what was summed
        here, found = self.placed(letters), {}
        for mean in dict.fromkeys(mean for mean, _ in self.plan):
            numbers = [wrt[0] for each, wrt in self.plan if each == mean and len(wrt) == 1 and not wrt[0].is_Matrix]
            if len(numbers) > 1:
                found |= {(mean, (wrt,)): slope for wrt, slope in zip(numbers, together(mean, numbers, here, draw))}
        return tuple(
            found[mean, wrt] if (mean, wrt) in found else slope_of_sample(mean.inside, wrt, here, draw)
            for mean, wrt in self.plan
        )

    def put_together(self, means: tuple[Tensor, ...], letters: Letters) -> Tensor:
        """The expression, its means known; a gradient moves the letter in the means and around them."""
        here, values = self.placed(letters), dict(zip(self.plan, means))
        known = {mean: value for (mean, wrt), value in values.items() if not wrt}
        for slope, links in self.slopes:
            if links in values:
                known[slope] = column(values[links]) if slope.is_Matrix else values[links]
            else:
                known[slope] = self.slope(slope, values, here)
        return torch.as_tensor(Walk(Tensors(), here, known).visit(self.expression), dtype=torch.float64)

    def slope(self, slope: Any, values: Mapping[Any, Tensor], letters: Letters) -> Tensor:
        inside, wrt = slope.args
        here = torch.as_tensor(letters[wrt.name], dtype=torch.float64)
        means = {mean: value for (mean, letters_), value in values.items() if not letters_ and inside.has(mean)}

        def moved(there: Tensor) -> Tensor:
            step = there - here
            known = {m: v + torch.tensordot(values[m, (wrt,)], step, dims=step.ndim) for m, v in means.items()}
            return torch.as_tensor(Walk(Tensors(), {**letters, wrt.name: there}, known).visit(inside))

        found = torch.func.grad(moved)(here)
        return column(found) if slope.is_Matrix else found


@dataclass(frozen=True)
class OfMeans:
    """The protocol of an expression in several means: they are averaged, put together, and sought through."""

    parts: Parts
    seek: Any = PLAIN

    @property
    def rows(self) -> int:
        return getattr(self.seek, "rows", 0)

    def solve(self, means: Callable[..., list[Tensor]], letters: Letters) -> Tensor:
        def together(**moved: Any) -> list[Tensor]:
            found = means(**moved)
            return [self.parts.put_together(tuple(found), {**letters, **moved}) if self.parts.plan else found[0]]

        return self.seek.solve(together, letters)

    def doubt(self, means: Callable[..., list[Tensor]]) -> Tensor:
        """Where nothing is averaged: what the roundoff of the letters makes of the value, as in tr(Q*A*Q.T)."""
        return torch.zeros(()) if self.parts.plan or self.seek is not PLAIN else SHAKES * ROUNDOFFS * means()[1]


def shaken(letters: Letters, seed: int) -> Letters:
    """The letters moved by a few roundoffs."""
    generator = np.random.default_rng(seed)

    def moved(value: Any) -> Any:
        if isinstance(value, int):
            return value
        return value * (1 + ROUNDOFFS * torch.from_numpy(generator.choice([-1.0, 1.0], size=np.shape(value))))

    return {name: moved(value) for name, value in letters.items()}
