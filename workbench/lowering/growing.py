"""Growing: the twin of a limit, which samples what tends to it at growing sizes.

A fixed matrix is repeated along the diagonal as the sizes grow, and keeps its spectrum; a fixed vector is filled up
with zeros, and keeps its length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
import torch

from workbench.errors import BadInput
from workbench.evidence import Draw
from workbench.evidence.protocols import the_mean, wearing
from workbench.evidence.scales import Limit
from workbench.exact.instances import letters_of
from workbench.language.laws import Random, ScalarMean
from workbench.language.letters import Size
from workbench.lowering.tensors import Tensors
from workbench.lowering.twins import Letters, signed
from workbench.lowering.walks import Walk

TIMES = (2, 4, 8)  # by which the sizes are multiplied; what falls like one over the size is eliminated
TURNS = 16  # of vectors beside the same matrices: large matrices hardly vary, and forms of vectors do


def twin_of_limit(tending: Any, name: str) -> Callable[..., Any]:
    """The twin of what the mean of a number tends to. Raises BadInput where that is no such mean, or has no sizes."""
    if not isinstance(tending, ScalarMean):
        raise BadInput("a limit is measured of numbers times means, added up; write lim(E[…])")
    check_sizes(tending)

    def measure(values: Letters, draw: Draw) -> Any:
        return torch.stack([at_size(tending.inside, values, draw, times) for times in TIMES])

    return wearing(Limit(the_mean, 1))(signed(measure, (tending,), name))


def check_sizes(tending: Any) -> None:
    """Raises BadInput where a matrix has a size that is a number."""
    for letter in sorted(tending.atoms(sp.MatrixSymbol), key=str):
        if not all(map(grows, sides(letter))):
            shape = "×".join(map(str, letter.shape))
            raise BadInput(f"lim(…) lets all sizes grow, and {letter} is {shape}; leave its sizes letters, d×N")


def at_size(inside: Any, values: Letters, draw: Draw, times: int) -> Any:
    """One sample where all sizes are this many times as large: the same matrices, vectors in several turns.

    A fixed vector points along another copy of its direction at every turn, which changes no mean.
    """
    letters, columns = letters_of(inside), {x for x in inside.atoms(sp.MatrixSymbol) if x.shape[1] == 1}
    alone = [part for part in inside.atoms(sp.Inverse, sp.MatPow, Random) if not part.atoms(sp.MatrixSymbol) & columns]
    matrices = Walk(Tensors(apart(draw, f"×{times}")), grown(letters, values, times))
    matrices.many(alone)

    def at_turn(turn: int) -> Any:
        here = grown(letters, values, times, turn % times)
        return Walk(Tensors(apart(draw, f"×{times}, {turn}")), here, matrices.known).visit(inside)

    return torch.stack([torch.as_tensor(at_turn(turn)) for turn in range(TURNS if columns else 1)]).mean()


def sides(letter: Any) -> Sequence[Any]:
    """The sizes of a letter; the width of a column is none."""
    return letter.shape if letter.shape[1] != 1 else letter.shape[:1]


def grows(length: Any) -> bool:
    return bool(sp.sympify(length).atoms(Size))


def grown(letters: Sequence[Any], values: Letters, times: int, along: int = 0) -> dict[str, Any]:
    """The letters where all sizes are this many times as large, vectors along one of the copies of their directions."""
    copy = torch.eye(times, dtype=torch.float64)

    def enlarged(letter: Any, value: Any) -> Any:
        if isinstance(letter, Size):
            return times * int(value)
        if not letter.is_Matrix:
            return value
        return torch.kron(value, copy[along] if value.ndim == 1 else copy)

    return {letter.name: enlarged(letter, values[letter.name]) for letter in letters}


def apart(draw: Draw, mark: str) -> Draw:
    """The same source of noise, with blocks of its own."""
    return Draw(lambda law, name, shape: draw._block(law, f"{name} {mark}", shape))
