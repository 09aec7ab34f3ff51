"""Quantities: what a line is by definition, and how that moves when a rule takes the line further.

A quantity is an expression in means and gradients, the letters at which it is taken, and what is sought in
it: its value, where it vanishes, its eigenvalues, or where it changes sign. It shares no code with the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from workbench.evidence.listings import Roots, Spectrum, lowest
from workbench.evidence.protocols import Average, Crossing, Root
from workbench.language.laws import E, MatrixMean, ScalarMean
from workbench.language.letters import Count, Positive, Probability, Scalar, Size
from workbench.language.reading import is_matrix
from workbench.language.slopes import MatrixSlope, ScalarLimit, ScalarSlope, grad
from workbench.lowering.growing import twin_of_limit
from workbench.lowering.twins import twin_of

MEANS, SLOPES = (MatrixMean, ScalarMean), (MatrixSlope, ScalarSlope)
PLAIN = Average()
WIDE = 1e-3, 4096.0  # where a positive parameter is looked for
LONG = 1, 256  # a count
INSIDE = 1e-6, 1 - 1e-6  # and a probability


def under_one_mean(expression: Any) -> Any:
    """A number that is linear in its means as the mean of one sample; anything else as it is."""
    inside = []
    for term in sp.Add.make_args(expression):
        means = [part for part in sp.Mul.make_args(term) if isinstance(part, ScalarMean)]
        rest = sp.Mul(*(part for part in sp.Mul.make_args(term) if part not in means[:1]))
        if rest.has(*MEANS, *SLOPES) or any(mean != E(mean.inside) for mean in means):
            return expression
        inside.append(rest * means[0].inside if means else rest)
    together = sp.Add(*inside)
    return E(together) if expression.has(ScalarMean) else expression


def measure_of(definition: Any, name: str = "left_side") -> Callable[..., Any]:
    """What measures a definition; that of a limit, at growing sizes."""
    return twin_of_limit(definition.inside, name) if isinstance(definition, ScalarLimit) else twin_of(definition, name)


@dataclass(frozen=True)
class Quantity:
    """An expression by definition, where it is taken, and the protocol that seeks something in it."""

    expression: Any
    at: tuple[tuple[Any, Any], ...] = ()
    seek: Any = PLAIN

    def twin(self) -> Callable[..., Any]:
        """What measures it."""
        if self.plain:
            return measure_of(self.expression)
        return twin_of(self.expression, "left_side", self.at, self.seek)

    @property
    def plain(self) -> bool:
        """Whether it is sought for its own value, where its letters are free."""
        return self.seek == PLAIN and not self.at

    @property
    def regime(self) -> tuple[Any, ...]:
        """Where it is measured, if not everywhere."""
        return ()

    def gradient(self, wrt: Sequence[Any]) -> Quantity | None:
        """Its gradient in a letter, or the column of its derivatives in several numbers."""
        if not self.plain:
            return None
        if len(wrt) == 1:
            return Quantity(grad(self.expression, wrt[0]))
        return Quantity(sp.ImmutableMatrix([grad(self.expression, letter) for letter in wrt]))

    def hessian(self, wrt: Any, direction: Any) -> Quantity | None:
        """Its Hessian along a direction: the gradient of how fast it grows as the letter starts out along that."""
        if not self.plain or not isinstance(self.expression, ScalarMean):
            return None
        step = Scalar(f"step_{wrt.name}")
        moved = self.expression.xreplace({wrt: wrt + step * direction})
        return Quantity(grad(grad(moved, step), wrt), ((step, sp.S.Zero),))

    def limit(self) -> Quantity | None:
        """What it tends to as all sizes grow in fixed proportions."""
        return (
            Quantity(ScalarLimit(self.expression)) if self.plain and isinstance(self.expression, ScalarMean) else None
        )

    def root(self, wrt: Any) -> Quantity | None:
        """Where it vanishes, as a letter moves."""
        return replace(self, seek=Root(wrt.name)) if self.seek == PLAIN else None

    def roots(self, unknowns: Sequence[Any]) -> Quantity | None:
        """All places where it vanishes, as several numbers move."""
        if self.seek != PLAIN:
            return None
        positive = tuple(letter.name for letter in unknowns if isinstance(letter, Positive))
        return replace(self, seek=Roots(tuple(letter.name for letter in unknowns), positive))

    def spectrum(self, unknowns: Sequence[Any], at: Mapping[Any, Any]) -> Quantity | None:
        """The eigenvalues of its Jacobian at a point; a Hessian is read above its diagonal alone."""
        rows = list(self.expression) if is_matrix(self.expression) else [self.expression]
        if not self.plain or len(rows) != len(unknowns):
            return None
        hessian = all(
            isinstance(row, ScalarSlope) and row.args == (rows[0].args[0], unknown)
            for row, unknown in zip(rows, unknowns)
        )
        places = [[(min(i, j), max(i, j)) if hessian else (i, j) for j in range(len(rows))] for i in range(len(rows))]
        jacobian = sp.ImmutableMatrix([[grad(rows[i], unknowns[j]) for i, j in row] for row in places])
        return Quantity(jacobian, tuple(at.items()), Spectrum())

    def sign_change(self, parameter: Any) -> Quantity | None:
        """Where it, or the lowest of its eigenvalues, changes sign as a positive parameter grows."""
        if not isinstance(parameter, Positive) or (isinstance(parameter, Size) and not isinstance(parameter, Count)):
            return None
        whole = isinstance(parameter, Count)
        low, high = LONG if whole else INSIDE if isinstance(parameter, Probability) else WIDE
        if self.seek == PLAIN and not is_matrix(self.expression):
            return replace(self, seek=Crossing(parameter.name, low, high, whole))
        if isinstance(self.seek, Spectrum) and self.expression.is_symmetric():
            return replace(self, seek=Crossing(parameter.name, low, high, whole, lowest))
        return None

    def substituted(self, letters: Mapping[Any, Any]) -> Quantity | None:
        """With letters replaced; one in which a gradient is taken is replaced after that.

        What is sought in a quantity is still sought, unless the letters that a search moves are replaced or named.
        """
        named = {letter.name for value in letters.values() for letter in value.free_symbols}
        if self.sought & (named | {letter.name for letter in letters}):
            return None
        moving = {slope.args[1] for slope in self.expression.atoms(*SLOPES)}
        if not moving & set(letters):
            at = tuple((letter, value.xreplace(letters)) for letter, value in self.at)
            return replace(self, expression=self.expression.xreplace(dict(letters)), at=at)
        return None if self.at else replace(self, at=tuple(letters.items()))

    @property
    def sought(self) -> set[str]:
        """The names of the letters that a search moves."""
        if isinstance(self.seek, Roots):
            return set(self.seek.letters)
        return {self.seek.letter} if isinstance(self.seek, Root | Crossing) else set()
