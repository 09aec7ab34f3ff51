"""Randomness: named blocks of noise that a twin asks for and the ladder supplies.

The twin of one sample reads `draw.normal("tokens", n, d)`; asking twice for the same name gives
the same noise. Which numbers stand behind the names — cubature nodes, Sobol points, plain random
numbers — is the ladder's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod

import numpy as np
import torch
from torch import Tensor

# Hears of the thresholds (…, k) that a block of uniform numbers is compared with; of None where it is used itself.
Note = Callable[[str, tuple[int, ...], Tensor | None], None]


@dataclass
class Layout:
    """Where each named block lies in a row of noise: normals first, uniforms after them."""

    normals: dict[str, tuple[int, ...]] = field(default_factory=dict)
    uniforms: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def normal_count(self) -> int:
        return sum(prod(shape) for shape in self.normals.values())

    @property
    def width(self) -> int:
        return self.normal_count + sum(prod(shape) for shape in self.uniforms.values())

    def places(self) -> dict[str, slice]:
        start, found = 0, {}
        for name, shape in [*self.normals.items(), *self.uniforms.items()]:
            found[name] = slice(start, start + prod(shape))
            start += prod(shape)
        return found


class Draw:
    """The randomness of one sample, as blocks with names and shapes."""

    def __init__(self, block: Callable[[str, str, tuple[int, ...]], Tensor], note: Note = lambda *_: None):
        self._block, self._note = block, note

    def normal(self, name: str, *shape: int) -> Tensor:
        """Independent standard normals."""
        return self._block("normal", name, shape)

    def uniform(self, name: str, *shape: int) -> Tensor:
        """Independent uniforms on (0, 1)."""
        self._note(name, shape, None)
        return self._block("uniform", name, shape)

    def bernoulli(self, name: str, probability: float | Tensor, *shape: int) -> Tensor:
        """Independent 0/1 entries, each 1 with that probability."""
        self._note(name, shape, torch.as_tensor(probability)[..., None])
        return (self._block("uniform", name, shape) < probability).to(torch.float64)

    def poisson(self, name: str, rate: float | Tensor, *shape: int) -> Tensor:
        """Independent Poisson counts with that mean: how many values of their distribution lie below a uniform."""
        top = int(rate + 9 * (rate + 9) ** 0.5)  # what lies beyond has a chance below the spacing of the uniforms
        chances = torch.special.gammaincc(
            torch.arange(1, top + 1, dtype=torch.float64), torch.as_tensor(rate, dtype=torch.float64)
        )
        self._note(name, shape, chances)
        return (self._block("uniform", name, shape)[..., None] > chances).sum(-1).to(torch.float64)

    def index(self, name: str, choices: int, *shape: int) -> Tensor:
        """Independent integers, uniform on 0 … choices−1."""
        self._note(name, shape, torch.arange(1, choices, dtype=torch.float64) / choices)
        return (self._block("uniform", name, shape) * choices).floor().clamp(max=choices - 1).long()


def recording(layout: Layout, generator: np.random.Generator, note: Note = lambda *_: None) -> Draw:
    """A draw of plain random numbers that notes every block it is asked for; note: what hears of thresholds."""
    drawn: dict[str, Tensor] = {}

    def block(law: str, name: str, shape: tuple[int, ...]) -> Tensor:
        known = layout.normals if law == "normal" else layout.uniforms
        if name in drawn:
            check_same(name, tuple(drawn[name].shape), shape)
        else:
            known[name] = shape
            sample = generator.standard_normal if law == "normal" else generator.random
            drawn[name] = torch.from_numpy(np.asarray(sample(shape)))
        return drawn[name]

    return Draw(block, note)


def reading(layout: Layout, row: Tensor) -> Draw:
    """A draw that reads its blocks from one row of noise."""
    places = layout.places()

    def block(law: str, name: str, shape: tuple[int, ...]) -> Tensor:
        known = (layout.normals if law == "normal" else layout.uniforms).get(name)
        if known is None:
            raise LookupError(
                f"the twin asked for the block {name!r} now but not before: blocks may not depend on the noise"
            )
        check_same(name, known, shape)
        return row[places[name]].reshape(shape)

    return Draw(block)


def check_same(name: str, before: tuple[int, ...], now: tuple[int, ...]) -> None:
    """One name is one block: its shape may not change."""
    if before != now:
        raise ValueError(f"the block {name!r} was drawn with shape {before} and then with {now}: use two names")
