"""Numbers: what a claim's closed form is worth at given letters, and what is measured there from the definition."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sympy import sympify

from workbench.catalogue import known_here
from workbench.errors import BadInput
from workbench.evidence import measure
from workbench.evidence.protocols import NotFound
from workbench.exact.instances import letters_of
from workbench.exact.rings import NotRational, Undefined, Unreadable
from workbench.exact.values import enclosed, floats
from workbench.judging.confrontation import as_tensor
from workbench.judging.statement import twins_of
from workbench.judging.well_formed import letters_asked
from workbench.language.laws import Random
from workbench.language.letters import is_letter
from workbench.sweeps.points import point_of

NO_VALUE = (NotRational, Undefined, Unreadable, ZeroDivisionError)


@dataclass(frozen=True)
class Measured:
    """A quantity measured from its definition.

    value: a float or an array of the quantity's shape; error: its standard error and bound together, of that shape;
    how: the rung of the ladder that averaged it.
    """

    value: Any
    error: Any
    how: str

    def __str__(self) -> str:
        if np.ndim(self.value):
            return f"{self.value} ± {self.error} ({self.how})"
        return f"{self.value:.6g} ± {self.error:.1g} ({self.how})"


def number(claim: Any, formula: Any = None, /, **given: ArrayLike) -> Any:
    """The value of a claim's closed form, or of another formula in its letters, as a float or an array.

    given: letter → number, vector or matrix, in the shapes declared; sizes may be left to the matrices. A number
    may be an array of numbers, combined with others as numpy does: their axes then come first in the result, which
    is nan where the claim does not hold or has no value.
    Raises BadInput when a letter has no value, or one that its class or a hypothesis excludes, or the formula has no
    value there (a pole).
    """
    formula = claim.formula if formula is None else formula
    letters = with_sizes({*needed(formula), *letters_given(claim, given)})

    def at(here: Mapping[str, Any]) -> Any:
        point = point_of(here, letters, claim.hypotheses, claim.id)
        try:
            found = floats(enclosed(formula, point))
        except NO_VALUE as problem:
            raise BadInput(f"{claim.id} has no value there: {problem}") from None
        return float(found) if found.ndim == 0 else found

    return over_grid(at, given, letters, np.nan)


def measured(claim: Any, /, seed: str = "0", samples: int = 2**14, **given: ArrayLike) -> Any:
    """A claim's quantity measured from its definition: a Measured, or an array of them over arrays of numbers.

    given: as for `number`, for every letter that the claim's torch function takes; samples: how many random samples
    may be used where there is no sharper way (a power of two). Raises BadInput as `number` does, and where what is
    searched for is not there.
    """
    return measured_by(twins_of(known_here().claim(claim.id))[0], claim, seed, samples, given)


def measured_by(twin: Callable[..., Any], claim: Any, seed: str, samples: int, given: Mapping[str, ArrayLike]) -> Any:
    """What a claim's torch function measures at these letters, as `measured` says it."""
    known = letters_known(claim)
    letters = with_sizes({*(known[name] for name in letters_asked(twin)), *letters_given(claim, given)})

    def at(here: Mapping[str, Any]) -> Measured:
        point = point_of(here, letters, claim.hypotheses, claim.id)
        tensors = {letter.name: as_tensor(letter, exact) for letter, exact in point.items()}
        try:
            found = measure(twin, tensors, seed=seed, samples=samples)
        except NotFound as problem:
            raise BadInput(f"{claim.id} cannot be measured there: {problem}") from None
        return Measured(shaped(found.value), shaped(np.hypot(found.error, found.bound)), found.rung)

    def shaped(flat: np.ndarray) -> Any:
        shape = getattr(claim.formula, "shape", ())
        whole = flat.size == np.prod([int(n) if n.is_number else 0 for n in map(sympify, shape)], dtype=int)
        return float(flat[0]) if flat.size == 1 and not shape else flat.reshape(shape) if whole else flat

    return over_grid(at, given, letters, None)


def over_grid(at: Callable[[Mapping[str, Any]], Any], given: Mapping[str, Any], letters: list[Any], gap: Any) -> Any:
    """A function of one point, at every point that arrays of numbers make; their axes come first.

    gap: what stands where there is no value. Raises BadInput where there is none anywhere.
    """
    swept = {
        letter.name: np.asarray(given[letter.name])
        for letter in letters
        if letter.name in given and not letter.is_Matrix and np.ndim(given[letter.name])
    }
    if not swept:
        return at(given)
    grid = np.broadcast_arrays(*swept.values())
    found: list[Any] = []
    trouble = None
    for row in zip(*(axis.reshape(-1).tolist() for axis in grid)):
        try:
            found.append(at({**given, **dict(zip(swept, row))}))
        except BadInput as problem:
            trouble = problem
            found.append(None)
    like = next((each for each in found if each is not None), None)
    if trouble is not None and like is None:
        raise trouble
    table = [np.full(np.shape(like), gap) if each is None else each for each in found]
    return np.array(table).reshape(grid[0].shape + np.shape(like))


def needed(formula: Any) -> list[Any]:
    """The letters that a formula needs a value for."""
    return list(formula.free_symbols & set(letters_of(formula)))


def with_sizes(letters: Any) -> list[Any]:
    """Letters and the sizes of those that are matrices, by name."""
    letters = list(letters)
    sizes = {n for letter in letters if letter.is_Matrix for side in letter.shape for n in sympify(side).free_symbols}
    return sorted({*letters, *sizes}, key=lambda letter: letter.name)


def letters_given(claim: Any, given: Mapping[str, Any]) -> list[Any]:
    """The letters that have a value. Raises BadInput when a name is no letter of the claim's theorem."""
    known = letters_known(claim)
    for name in given:
        if name not in known:
            raise BadInput(f"{claim.id} has no letter {name}; its theorem has {', '.join(sorted(known))}")
    return [known[name] for name in given]


def letters_known(claim: Any) -> dict[str, Any]:
    """The letters of a claim's theorem file that have a value, by name."""
    found = [each for each in vars(sys.modules[claim.module]).values() if is_letter(each)]
    return {each.name: each for each in with_sizes(each for each in found if not isinstance(each, Random))}
