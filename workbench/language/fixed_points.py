"""Fixed points as closed forms: a number that is named by the equations it solves, and can be evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import AtomicExpr, Expr, Tuple, sympify


class Unknown(AtomicExpr):
    """What is bound in the equations of a fixed point: no letter, so that nothing draws a value for it."""

    is_commutative = True
    is_real = True
    is_positive = True

    def __new__(cls, place: Any) -> Unknown:
        unknown = super().__new__(cls)
        unknown.place = int(place)
        return unknown

    def _hashable_content(self) -> tuple[int]:
        return (self.place,)

    def __getnewargs__(self) -> tuple[int]:
        return (self.place,)

    def _sympystr(self, printer: Any) -> str:
        return f"t{self.place}" if self.place else "t"

    def _latex(self, printer: Any) -> str:
        return f"t_{{{self.place}}}" if self.place else "t"


class FixedPoint(Expr):
    """One of the positive numbers with t = image(t): the one at `place` among the unknowns.

    There is one solution where every image is positive, increases, and grows by less than the unknowns do (Yates
    1995); the images that Dyson's equation gives for a positive definite inverse are such.
    """

    is_commutative = True
    is_real = True
    is_positive = True

    def __new__(cls, place: Any, images: Iterable[Any]) -> FixedPoint:
        return super().__new__(cls, sympify(place), Tuple(*images))

    @property
    def place(self) -> int:
        return int(self.args[0])

    @property
    def images(self) -> tuple[Any, ...]:
        return tuple(self.args[1])

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        return tuple(map(Unknown, range(len(self.images))))

    def _sympystr(self, printer: Any) -> str:
        equations = ", ".join(f"{t} = {printer._print(i)}" for t, i in zip(self.unknowns, self.images, strict=True))
        return f"({Unknown(self.place)}: {equations})"

    def _latex(self, printer: Any, exp: Any = None) -> str:
        equations = r",\ ".join(
            f"{printer._print(t)} = {printer._print(i)}" for t, i in zip(self.unknowns, self.images, strict=True)
        )
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\left\langle {printer._print(Unknown(self.place))} : {equations} \right\rangle{power}"


def fixed_point(image: Callable[[Any], Any]) -> FixedPoint:
    """The positive number t = image(t)."""
    return FixedPoint(0, [image(Unknown(0))])
