"""Equations: one typed line with an equals sign in it, read by a whitelist and never evaluated."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from workbench.errors import BadInput
from workbench.laws import E, MatrixMean, Random, ScalarMean, loose_letters, random_letters
from workbench.letters import Count
from workbench.notation import FUNCTIONS, fitted, is_matrix, meaning, number, parsed, shortened
from workbench.sessions.declarations import Alphabet, declared, meanings_of, names_in
from workbench.slopes import MatrixSlope, ScalarSlope, grad

MEANS, UNFINISHED = (ScalarMean, MatrixMean), (ScalarMean, MatrixMean, ScalarSlope, MatrixSlope)
SPARE = 7  # how many columns more than rows a random matrix has, where its inverse is sampled: its tails are light then


def mean(value: Any) -> Any:
    """E[…] of a number or a matrix; a 1×1 product is the number it holds."""
    if not random_letters(value):
        raise BadInput(
            f"nothing under E[{shortened(str(value))}] is random; declare a letter with ~, e.g. X ~ N(0, Sigma)"
        )
    return E(as_number(value))


def as_number(value: Any) -> Any:
    return number(value) if is_matrix(value) and tuple(value.shape) == (1, 1) else value


OPERATIONS = {**FUNCTIONS, "E": mean, "grad": grad}


@dataclass(frozen=True)
class Equation:
    """Two sides in declared letters; the right one is a closed form, the left one a definition."""

    left: Any
    right: Any
    typed: str
    alphabet: Alphabet
    names: tuple[str, ...]
    hypotheses: tuple[Any, ...]
    regime: tuple[Any, ...]

    @property
    def where(self) -> str:
        """What the letters mean, in words."""
        return self.alphabet.in_words(self.names)

    @property
    def letters(self) -> dict[str, Any]:
        """The fixed letters that a formula in its place may use, by name."""
        values = self.alphabet.meanings.items()
        return {name: value for name, value in values if name != "I" and not value.atoms(Random)}


def read_equation(text: str, where: Iterable[str] = ()) -> Equation:
    """Read LEFT == RIGHT, its letters declared in `where` or meant by custom.

    Raises BadInput with one sentence for anything that is not understood.
    """
    tree = parsed(text)
    if not isinstance(tree, ast.Compare) or [type(op) for op in tree.ops] != [ast.Eq]:
        raise BadInput(f"{shortened(text)!r} is no statement; write LEFT == RIGHT, e.g. E[X*X.T] == N*Sigma")
    alphabet = declared(where)
    names = names_in(tree)
    problem: BadInput | None = None
    for candidate in meanings_of(alphabet, names):
        try:
            left, right = sides(tree, candidate)
        except BadInput as error:
            problem = problem or error
            continue
        return finished(left, right, text, candidate, names)
    assert problem is not None
    raise BadInput(f'{problem}; say what its letters are with --where, e.g. --where "C: N×N; X ~ N(0, Sigma)"')


def sides(tree: ast.Compare, alphabet: Alphabet) -> tuple[Any, Any]:
    """Both sides, of one shape; the one that still has to be computed on the left."""
    left, right = (as_number(meaning(side, alphabet.meanings, functions=OPERATIONS))
                   for side in (tree.left, tree.comparators[0]))  # fmt: skip
    if right.has(*UNFINISHED) and not left.has(*UNFINISHED):
        left, right = right, left
    if is_matrix(right) and not is_matrix(left):
        left = fitted(left, right)
    right = fitted(right, left) if is_matrix(left) else number(right)
    for side in (left, right):
        if loose := sorted(letter.name for letter in loose_letters(side)):
            raise BadInput(f"{loose[0]} is random and stands outside E[…]; average it, or declare it as a fixed letter")
    return left, right


def finished(left: Any, right: Any, text: str, alphabet: Alphabet, names: list[str]) -> Equation:
    """The equation with what its inverses need."""
    needed, spare = needs_of(left, alphabet)
    alphabet.hypotheses = list(dict.fromkeys((*alphabet.hypotheses, *needed)))
    named = tuple(name for name in names if name != "I")
    return Equation(left, right, text, alphabet, named, tuple(alphabet.hypotheses), tuple(spare))


def needs_of(left: Any, alphabet: Alphabet) -> tuple[list[Any], list[Any]]:
    """What random inverses need to have a mean, and to be sampled: XXᵀ needs more columns than X has rows, by two."""
    needed, spare = [], []
    for inverse in left.atoms(sp.Inverse, sp.MatPow):
        random = random_letters(inverse) if inverse.exp.is_negative and not inverse.has(sp.MatAdd) else ()
        for short, long in (sorted(letter.shape, key=lambda n: isinstance(n, Count)) for letter in random):
            needed.append(long > short + 1)
            spare.append(long > short + SPARE)
    return needed, spare
