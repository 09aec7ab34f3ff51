"""Noise: polynomials in independent standard noise, times exponentials, steps and waves of it.

The arithmetic in which the oracle multiplies out what stands under a mean.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, reduce
from math import prod
from typing import Any, NamedTuple

import numpy as np
import sympy as sp
from flint import fmpq, fmpq_mpoly

from workbench.exact.rings import Dual, NotRational, Rationals

MAX_TERMS = 2_000_000


class TooLarge(ArithmeticError):
    """The brute-force expansion has too many terms; draw a smaller instance."""


Exponent = tuple[tuple[tuple[int, ...], fmpq], ...]  # a polynomial as sorted (degrees, coefficient) pairs


def as_exponent(polynomial: fmpq_mpoly) -> Exponent:
    """A polynomial in a form that can key a dictionary."""
    return tuple(sorted((tuple(map(int, k)), c) for k, c in polynomial.to_dict().items()))


def add_exponents(q: Exponent, r: Exponent) -> Exponent:
    """The exponent of a product of exponentials."""
    if not (q and r):
        return q or r
    total = dict(q)
    for degrees, coefficient in r:
        total[degrees] = total.get(degrees, fmpq(0)) + coefficient
    return tuple(sorted((degrees, c) for degrees, c in total.items() if c != 0))


class Weight(NamedTuple):
    """What multiplies a polynomial under a mean: exp of an exponent, and steps of affine forms by name."""

    exponent: Exponent = ()
    steps: tuple[tuple[str, Exponent], ...] = ()

    def times(self, other: Weight) -> Weight:
        if PLAIN in (self, other):  # nearly always
            return other if self == PLAIN else self
        return Weight(add_exponents(self.exponent, other.exponent), tuple(sorted(self.steps + other.steps, key=repr)))


PLAIN = Weight()


class Noise:
    """A sum of weight × polynomial in independent standard noise."""

    __slots__ = ("terms",)

    def __init__(self, terms: dict[Weight, fmpq_mpoly]):
        self.terms = {q: p for q, p in terms.items() if p}

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, Noise):
            if not self.terms:
                return other  # zero has no noise to be a constant of
            other = self.constant(other)
        if not (self.terms and other.terms):
            return self if self.terms else other
        terms = dict(self.terms)
        for q, p in other.terms.items():
            terms[q] = terms[q] + p if q in terms else p
        return Noise(terms)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Dual):
            return NotImplemented
        if not isinstance(other, Noise):
            if isinstance(other, fmpq) and other in (0, 1):  # the entries of masks, indices and identities
                return self if other else Noise({})
            return Noise({q: p * other for q, p in self.terms.items()})
        terms: dict[Weight, fmpq_mpoly] = {}
        for q, p in self.terms.items():
            for r, s in other.terms.items():
                key, both = q.times(r), p * s
                if len(both) > MAX_TERMS:
                    raise TooLarge(f"more than {MAX_TERMS} monomials under a mean")
                terms[key] = terms[key] + both if key in terms else both
        return Noise(terms)

    def constant(self, number: Any) -> Noise:
        return Noise({PLAIN: next(iter(self.terms.values())).context().constant(number)})

    def __neg__(self) -> Noise:
        return self * fmpq(-1)

    def __sub__(self, other: Any) -> Noise:
        return self + (-other)

    def __rsub__(self, other: Any) -> Noise:
        return -self + other

    def __truediv__(self, other: Any) -> Noise:
        if isinstance(other, Noise):
            raise NotRational("a random denominator under a mean")
        return self * (1 / other)

    def __rtruediv__(self, other: Any) -> Any:
        raise NotRational("a random denominator under a mean")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int) and other == 0 and not self.terms

    __radd__, __rmul__, __hash__ = __add__, __mul__, None  # type: ignore[assignment]

    def exp(self) -> Noise:
        """exp of a polynomial in the noise."""
        return self.weighted(lambda argument: Weight(exponent=argument))

    def step(self, kind: str) -> Noise:
        """A step, by name, of an affine form of the noise."""
        return self.weighted(lambda argument: Weight(steps=((kind, argument),)))

    def weighted(self, weight: Callable[[Exponent], Weight]) -> Noise:
        """A weight made of this polynomial."""
        if list(self.terms) not in ([], [PLAIN]):
            raise NotRational("a function of an exponential or of a step under a mean")
        if not self.terms:
            raise NotRational("a function of a random number that is 0 under a mean")
        polynomial = self.terms[PLAIN]
        return Noise({weight(as_exponent(polynomial)): polynomial.context().constant(1)})


class NoiseRing(Rationals):
    """Arithmetic of what stands under a mean: polynomials and exponentials of the noise."""

    def __init__(self, outer: Rationals):
        self.outer = outer

    def function(self, node: sp.Function, argument: Any) -> Any:
        name = type(node).__name__
        if isinstance(argument, list) and name == "Max":  # max(a, b) = a + max(0, b − a)
            return reduce(lambda a, b: a + (b - a).step("Max") if isinstance(b - a, Noise) else max(a, b), argument)
        if isinstance(argument, list) and name == "Heaviside":  # its value at 0 does not matter under a mean
            argument = argument[0]
        if isinstance(argument, list) and name == "RootedErf" and isinstance(argument[0], Noise):
            form, square = argument
            return form.step(f"erf {square.p}/{square.q}")
        if isinstance(argument, Noise) and isinstance(node, sp.exp):
            return argument.exp()
        if isinstance(argument, Noise) and name in ("erf", "sign", "Heaviside", "Abs", "cos", "sin"):
            return argument.step(name)
        if isinstance(argument, Noise):
            raise NotRational(f"{type(node).__name__} of a random number under a mean")
        return super().function(node, argument)


def affine(exponent: Exponent, size: int) -> tuple[fmpq, np.ndarray]:
    """Constant and slopes of an affine form of the noise; raises NotRational for any other polynomial."""
    constant, slopes = fmpq(0), np.array([fmpq(0)] * size)
    for degrees, coefficient in exponent:
        if sum(degrees) > 1:
            raise NotRational("a step of something that is not affine in the noise")
        if sum(degrees) == 0:
            constant = coefficient
        else:
            slopes[degrees.index(1)] = coefficient
    return constant, slopes


@lru_cache
def double_factorial(odd: int) -> int:
    return prod(range(odd, 0, -2))
