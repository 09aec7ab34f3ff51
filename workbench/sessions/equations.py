"""Equations: one typed line with an equals sign in it, read by a whitelist and never evaluated."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from workbench.arithmetic import added, multiplied
from workbench.errors import BadInput, NotUnderstood
from workbench.functions import FUNCTIONS, transposed
from workbench.laws import E, MatrixMean, Random, ScalarMean, loose_letters, random_letters
from workbench.notation import fitted, is_matrix, meaning, number, parsed, shortened
from workbench.sessions.declarations import Alphabet, declared, meanings_of
from workbench.sessions.derivations import derivation_of
from workbench.sessions.distributions import names_in
from workbench.sessions.existence import HIGHEST, degree_of, needs_of
from workbench.slopes import MatrixSlope, ScalarSlope, grad
from workbench.spelling import stated

MEANS, UNFINISHED = (ScalarMean, MatrixMean), (ScalarMean, MatrixMean, ScalarSlope, MatrixSlope)


def mean(value: Any) -> Any:
    """E[…] of a number or a matrix; a 1×1 product is the number it holds."""
    if not random_letters(value):
        raise NotUnderstood(
            f"nothing under E[{shortened(str(value))}] is random; declare a letter with ~, e.g. X ~ N(0, Sigma), "
            f"and write products with *, e.g. X*X.T"
        )
    if (degree := degree_of(value)) > HIGHEST:
        raise NotUnderstood(f"a product of {degree} random letters stands under a mean; at most {HIGHEST} are judged")
    return E(as_number(value))


def as_number(value: Any) -> Any:
    return number(value) if is_matrix(value) and tuple(value.shape) == (1, 1) else value


def covariance(one: Any, other: Any) -> Any:
    """Cov[x, y] = E[x yᵀ] − E[x] E[y]ᵀ; of numbers, a number."""
    one, other = as_number(one), as_number(other)
    return added(mean(multiplied(one, transposed(other))), -multiplied(mean(one), transposed(mean(other))))


def variance(value: Any) -> Any:
    return covariance(value, value)


OPERATIONS = {**FUNCTIONS, "E": mean, "Var": variance, "Cov": covariance, "grad": grad}


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
    statement, said = stated(text)
    alphabet = declared((*where, said))
    tree = parsed(statement, alphabet.meanings)
    if not isinstance(tree, ast.Compare) or [type(op) for op in tree.ops] != [ast.Eq]:
        raise BadInput(f"{shortened(text)!r} is no statement; write LEFT == RIGHT, e.g. E[X*X.T] == N*Sigma")
    names = names_in(tree)
    problem: BadInput | None = None
    for candidate in meanings_of(alphabet, names):
        try:
            left, right = sides(tree, candidate)
        except NotUnderstood:
            raise
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
            raise NotUnderstood(
                f"{loose[0]} is random and stands outside E[…]; average it, or declare it as a fixed letter"
            )
    return left, right


def finished(left: Any, right: Any, text: str, alphabet: Alphabet, names: list[str]) -> Equation:
    """The equation with what its inverses need."""
    if right.has(*UNFINISHED) and derivation_of(right, tuple(alphabet.hypotheses)) is None:
        left, right = added(left, -right), fitted(sp.S.Zero, left)  # what has no closed form is measured as well
    needed, spare = needs_of(left)
    alphabet.hypotheses = list(dict.fromkeys((*alphabet.hypotheses, *needed)))
    named = tuple(name for name in names if name != "I")
    return Equation(left, right, text, alphabet, named, tuple(alphabet.hypotheses), tuple(spare))
