"""Samples: measured values beside everything a formula could be made of, at the same instances.

Expressions are evaluated exactly, shared parts once; words of letters, of which thousands are tried,
in floats. A formula in eigenvalue letters is compared as a whole spectrum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import Term
from workbench.exact.instances import Instance, known_eigenvalues
from workbench.exact.rings import Balls, NotRational, Rationals
from workbench.exact.values import Walker, floats
from workbench.language.letters import Eigenvalue

ROUNDOFF = 1e-11  # relative; what float arithmetic on words may cost


class Remembering(Walker):
    """Evaluates at one point and keeps the value of every part."""

    def __init__(self, point: Instance, ring: Rationals):
        super().__init__(point, ring)
        self.kept: dict[sp.Basic, Any] = {}

    def visit(self, node: sp.Basic) -> Any:
        if node not in self.kept:
            self.kept[node] = super().visit(node)
        return self.kept[node]


class Point:
    """An instance (with one choice of eigenvalues) at which expressions and words have values."""

    def __init__(self, instance: Instance):
        self.rationals, self.balls = Remembering(instance, Rationals()), Remembering(instance, Balls())
        self.words: dict[Any, Any] = {}

    def value(self, expression: Any) -> np.ndarray:
        """An expression as floats: a 0-dimensional array for a number."""
        try:
            return floats(self.rationals.visit(expression))
        except NotRational:
            return floats(self.balls.visit(expression))

    def token(self, token: int) -> np.ndarray:
        if token not in self.words:
            matrix = self.value(ALPHABET.symbols[token // 2])
            self.words[token] = matrix.T if token % 2 else matrix
        return self.words[token]

    def word(self, word: tuple[int, ...]) -> np.ndarray:
        key = ("word", word)
        if key not in self.words:
            self.words[key] = self.token(word[0]) if len(word) == 1 else self.word(word[:-1]) @ self.token(word[-1])
        return self.words[key]

    def atom(self, atom: int) -> float:
        key = ("atom", atom)
        if key not in self.words:
            self.words[key] = float(self.value(ALPHABET.atoms[atom]))
        return self.words[key]

    def term(self, term: Term, shape: tuple[int, ...]) -> np.ndarray:
        """A scalar monomial × traces × one open word."""
        scalars, traces, word = term
        number = reduce(lambda a, b: a * b, (self.atom(a) ** float(e) for a, e in scalars), 1.0)
        number *= reduce(lambda a, b: a * b, (float(np.trace(self.word(t))) for t in traces), 1.0)
        if word:
            return number * self.word(word)
        return number * (np.eye(shape[0]) if len(shape) == 2 else np.ones(()))


@dataclass
class Sample:
    """What was measured at one instance, with a bar that holds chance and bound."""

    instance: Instance
    measured: np.ndarray  # flat
    bar: np.ndarray  # flat, like `measured`
    family: tuple[Eigenvalue, ...] = ()

    @cached_property
    def points(self) -> list[Point]:
        choices = [known_eigenvalues(self.instance[letter.of]) for letter in self.family]
        return [Point({**self.instance, **dict(zip(self.family, chosen))}) for chosen in product(*choices)]

    def agrees(self, formula: Any) -> bool:
        """Whether a formula's value lies within the bars; one without a value does not agree."""
        try:
            claimed = np.concatenate([point.value(formula).reshape(-1) for point in self.points])
        except (ArithmeticError, TypeError, ValueError, KeyError, OverflowError):
            return False
        claimed = np.sort(claimed) if self.family else claimed
        if claimed.shape != self.measured.shape:
            return False
        slack = self.bar + ROUNDOFF * np.abs(self.measured).max(initial=0)
        return bool((np.abs(claimed - self.measured) <= slack).all())


def shape_at(expression: Any, instance: Instance) -> tuple[int, ...]:
    """The shape of an expression's value at an instance; empty for a number."""
    if not getattr(expression, "is_Matrix", False):
        return ()
    walker = Walker(instance, Rationals())
    return tuple(walker.size(length) for length in expression.shape)


def agreeing(formula: Any, samples: list[Sample]) -> bool:
    """Whether a formula agrees with every sample; the first that does not ends the search."""
    return all(sample.agrees(formula) for sample in samples)
