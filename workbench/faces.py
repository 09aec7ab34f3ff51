"""Faces: what a notebook asks of a claim and rooms above it answer; those register here."""

from __future__ import annotations

from functools import singledispatch
from typing import Any


class Shown:
    """Something that a notebook shows as a formula once the room that draws it is loaded, and as text before."""

    def __repr__(self) -> str:
        return text(self)

    def _repr_html_(self) -> str | None:
        return html(self)

    def _repr_latex_(self) -> str | None:
        return latex(self)


@singledispatch
def text(shown: Shown) -> str:
    """A few lines for a prompt."""
    return object.__repr__(shown)


@singledispatch
def html(shown: Shown) -> str | None:
    """A block of a page; None where nobody has registered one."""
    return None


@singledispatch
def latex(shown: Shown) -> str | None:
    """A displayed formula; None where nobody has registered one."""
    return None


class Quantity:
    """Something with a closed form and a definition, used as a function of its letters."""

    def __call__(self, **letters: Any) -> Any:
        """The value of the closed form at these letters; arrays of numbers give arrays.

        risk(N=[10, 20, 40], d=3, …). Raises BadInput where a letter is missing or cannot have that value.
        """
        return called(self).number(self, **letters)

    def measure(self, **letters: Any) -> Any:
        """The same quantity measured from its definition: value ± error (`seed` and `samples` may be given)."""
        return called(self).measured(self, **letters)

    def compiled(self) -> Any:
        """The closed form as a torch function of its letters by name: fast, differentiable, unchecked."""
        return called(self).compiled(self)

    def plot(self, **letters: Any) -> Any:
        """The curve over the letter that is given two ends, p=(0, 1), with what is measured; matplotlib's axes."""
        return called(self).plot(self, **letters)

    def explore(self, **letters: Any) -> Any:
        """The curve with a slider for every further letter that is given two ends."""
        return called(self).explore(self, **letters)


@singledispatch
def called(quantity: Quantity) -> Any:
    """What evaluates, measures and draws a quantity; the room above registers it."""
    raise LookupError(f"nothing evaluates {type(quantity).__name__}: import workbench first")
