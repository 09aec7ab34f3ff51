"""Compiled: a closed form as a function of torch tensors, for speed and for derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from workbench.errors import BadInput
from workbench.language.letters import Size
from workbench.lowering.tensors import Tensors
from workbench.lowering.walks import Walk
from workbench.sweeps.numbers import letters_given, needed, with_sizes
from workbench.sweeps.points import sizes_of


def compiled(claim: Any, /) -> Callable[..., Tensor]:
    """A claim's closed form as a function of its letters by name, in float64: fast, and differentiated by autograd.

    The function takes numbers, arrays or tensors in the shapes declared, and sizes may be left to the matrices. Arrays
    of numbers broadcast where the closed form holds no matrix; `torch.func.vmap` does the rest. Neither the letters
    nor the rounding are checked, as they are where the claim is called.
    Raises BadInput where a part of the closed form has no torch function or a letter has no value.
    """
    formula = claim.formula
    letters = with_sizes(needed(formula))

    def closed_form(**given: ArrayLike | Tensor) -> Tensor:
        letters_given(claim, given)  # unknown names
        values = {letter.name: tensor_of(letter, given[letter.name]) for letter in letters if letter.name in given}
        matrices = {letter.name: letter for letter in letters if letter.is_Matrix and letter.name in values}
        known = matrices | {letter.name: letter for letter in letters if isinstance(letter, Size)}
        found = sizes_of(known, {name: values[name] for name in matrices})
        values = {name: int(size) for name, size in found.items()} | values
        if missing := [letter.name for letter in letters if letter.name not in values]:
            raise BadInput(f"{claim.id} needs a value of {', '.join(missing)}, given by name: {missing[0]}=…")
        return torch.as_tensor(Walk(Tensors(), values).visit(formula), dtype=torch.float64)

    closed_form.__name__, closed_form.__doc__ = claim.name, claim.statement
    return closed_form


def tensor_of(letter: Any, value: Any) -> Any:
    """A value as the walk takes it: a vector has one axis, a single size is a whole number."""
    if isinstance(letter, Size) and not getattr(value, "ndim", 0) and not isinstance(value, list):
        return int(value)
    tensor = torch.as_tensor(value, dtype=torch.float64)
    is_vector = letter.is_Matrix and letter.shape[1] == 1
    return tensor.reshape(-1) if is_vector else tensor
