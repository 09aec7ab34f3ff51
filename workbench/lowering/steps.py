"""Steps: a random update of a state that is really run, as the measurement of a mean after so many of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from workbench.evidence import Draw
from workbench.lowering.tensors import Tensors
from workbench.lowering.twins import Letters, signed
from workbench.lowering.walks import Walk


class OneStep(Tensors):
    """The algebra of tensors, with noise of its own for every step."""

    def __init__(self, draw: Draw, step: int):
        super().__init__(draw)
        self.step = step

    def noise(self, law: str, name: str, *parameters: Any) -> Any:
        return super().noise(law, f"{name} {self.step}", *parameters)


def twin_of_steps(line: Any, update: Mapping[Any, Any], times: Any, name: str) -> Callable[..., Any]:
    """The twin that takes a state so many steps on, each with fresh letters, and says what the line is worth there."""

    def run(letters: Letters, draw: Draw) -> Tensor:
        state = dict(letters)
        for step in range(int(letters[times.name])):
            walk = Walk(OneStep(draw, step), dict(state))
            state |= {letter.name: shaped(walk.visit(after), letter) for letter, after in update.items()}
        return torch.as_tensor(Walk(Tensors(draw), state).visit(line), dtype=torch.float64)

    return signed(run, (line, times, *update.values()), name)


def shaped(value: Any, letter: Any) -> Any:
    """A value as letters are given: columns without their second index."""
    value = torch.as_tensor(value, dtype=torch.float64)
    return value[:, 0] if letter.is_Matrix and letter.shape[1] == 1 else value
