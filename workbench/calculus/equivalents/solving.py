"""Solving a Dyson system: equal traces are one, and the rest are found group by group, each from those before it.

A group that is affine in its own traces is a linear system (two-point functions are such groups). In any other,
traces that are explicit are put into the rest; what remains is the root of a quadratic polynomial, or is named by its
fixed-point equations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Add, Dummy, Expr, Matrix, Poly, S, eye, factor, factor_list, fraction, invert, rem, roots, together
from sympy.utilities.iterables import strongly_connected_components

from workbench.calculus.equivalents.dyson import Place, System, Trace
from workbench.calculus.equivalents.families import Families, rational
from workbench.calculus.equivalents.instances import Instances
from workbench.calculus.errors import NoClosedForm
from workbench.language.fixed_points import FixedPoint, Unknown

CLOSED = 2  # the degree up to which a root is a closed form
Images = Mapping[Dummy, Trace]


@dataclass
class Solution:
    """What the traces of a system are."""

    families: Families
    places: Instances
    found: dict[Dummy, Expr] = field(default_factory=dict)  # trace → rational function of others, of roots and of known
    known: dict[Dummy, Trace] = field(default_factory=dict)  # what stands for a trace of an inverse
    quadratics: dict[Dummy, Expr] = field(default_factory=dict)  # root → its polynomial
    meaning: dict[Any, Expr] = field(default_factory=dict)  # root, or what stands for a trace → its closed form

    def solve(self, system: System) -> Expr:
        """Find all traces of a system. The quantity that they determine."""
        images, quantity = self.merged(system)
        edges = [(one, other) for one, image in images.items() for other in images if image.value.has(other)]
        for group in strongly_connected_components((list(images), edges)):
            members = {one: Trace(images[one].size, self.put(images[one].value)) for one in sorted(group, key=str)}
            if not self.linear(members):
                self.nonlinear(members)
        return quantity

    def merged(self, system: System) -> tuple[Images, Expr]:
        """One trace in place of several that have the same equation, and none in place of those that are zero.

        What agrees at test points is taken to be one trace until its equations say otherwise.
        """
        classes = self.alike(system.places)
        while True:
            kept = {one: members[0] if members[0] else S.Zero for members in classes for one in members if one}
            images, quantity = system.solved_for_blocks(kept)
            finer = [part for members in classes for part in split(members, images)]
            if len(finer) == len(classes):
                break
            classes = finer
        self.found |= {one: other for one, other in kept.items() if one != other}
        return {one: images[one] for one, other in kept.items() if one == other}, quantity

    def alike(self, images: Mapping[Dummy, Place]) -> list[list[Any]]:
        """Traces of one size that agree at test points; those that vanish stand behind None."""
        classes: list[list[Any]] = [[None]]
        for one, image in images.items():
            if self.places.vanish(one):
                classes[0].append(one)
                continue
            for members in classes[1:]:
                if images[members[0]].size == image.size and self.places.alike(one, members[0]):
                    members.append(one)
                    break
            else:
                classes.append([one])
        return classes

    def put(self, value: Expr) -> Expr:
        """An expression with every trace that was found replaced by what it is."""
        while value.free_symbols & self.found.keys():
            value = rational(value.xreplace(self.found))
        return value

    def trace(self, size: Any, value: Expr, lowest: bool = False) -> Expr:
        """The trace of a function of a fixed letter: explicit, or a sum of letters that stand for traces."""
        parts = self.families.parts(value, size, lowest)
        return Add(*(number * self.standing(Trace(size, part)) for number, part in parts))

    def standing(self, trace: Trace) -> Expr:
        """The letter that stands for the trace of a function of a fixed letter."""
        if not trace.value.has(*self.families.eigenvalues.values()):
            return trace.size * trace.value
        known = next((one for one, other in self.known.items() if other == trace), None) or Dummy(f"T{len(self.known)}")
        self.known[known] = trace
        return known

    def spelled(self, value: Expr, letters: Mapping[Any, Expr]) -> Expr:
        """An expression with closed forms in place of roots, and traces in place of what stands for them."""
        traces = {one: self.families.trace(trace.value, trace.size) for one, trace in self.known.items()}
        meaning = {**traces, **self.meaning, **letters}
        while value.free_symbols & meaning.keys():
            value = value.xreplace(meaning)  # type: ignore[assignment]
        return value

    def linear(self, images: Images) -> bool:
        """Solve a group that is affine in its own traces; False when it is not."""
        parts = [affine(image.value, images) for image in images.values()]
        if not all(parts):
            return False
        sizes = [image.size for image in images.values()]
        rows = [{of: self.trace(size, value) for of, value in (part or {}).items()} for size, part in zip(sizes, parts)]
        slopes, rest = Matrix([[row[one] for one in images] for row in rows]), Matrix([row[S.One] for row in rows])
        solved = (eye(len(images)) - slopes).LUsolve(rest)
        self.found |= {one: rational(value) for one, value in zip(images, solved, strict=True)}
        return True

    def nonlinear(self, images: Images) -> None:
        """Put what is explicit into the rest, and name the rest."""
        images, polynomials = dict(images), {}
        while one := next((each for each in images if self.is_plain(images[each]) and each not in polynomials), None):
            size, value = images[one].size, images[one].value
            polynomials[one] = self.meant(one - size * value)
            if Poly(polynomials[one], one).degree() == 1 and len(images) > 1:
                slope, rest = Poly(polynomials[one], one).all_coeffs()
                self.found[one] = rational(-rest / slope)
                del images[one]
                images = {each: Trace(image.size, self.put(image.value)) for each, image in images.items()}
                polynomials = {}
        if len(images) == len(polynomials) == 1 and Poly(*polynomials.values(), *images).degree() <= CLOSED:
            self.settle(*polynomials.items())
        else:
            self.name(images)

    def settle(self, found: tuple[Dummy, Expr]) -> None:
        """Let a trace be the root of a polynomial, or be one that is known as its root."""
        unknown, equation = found
        for one, other in self.quadratics.items():
            if other.xreplace({one: unknown}) in (equation, -equation) and self.places.alike(one, unknown):
                self.found[unknown] = one
                return
        self.quadratics[unknown] = equation
        self.meaning[unknown] = self.root(equation, unknown)

    def is_plain(self, image: Trace) -> bool:
        return not image.value.has(*self.families.eigenvalues.values())

    def name(self, images: Images) -> None:
        """Let the traces be named by their equations, each with the sign that makes it positive."""
        if all(image.value.xreplace(dict.fromkeys(images, S.Zero)) == 0 for image in images.values()):
            self.name_inverse(images)
            return
        signs = {one: self.places.sign(one) for one in images}
        letters = {one: signs[one] * Unknown(place) for place, one in enumerate(images)}
        equations = []
        for one, image in images.items():
            traces = self.trace(image.size, image.value)
            equations.append(signs[one] * self.spelled(traces, letters))
            alone = traces.free_symbols & self.known.keys()
            if len(images) == len(alone) == 1:  # a trace that the equation gives is not written a second time
                slope, rest = Poly(traces, *alone).all_coeffs()
                self.found[alone.pop()] = rational((one - rest) / slope)
        self.meaning |= {one: signs[one] * FixedPoint(place, equations) for place, one in enumerate(images)}

    def name_inverse(self, images: Images) -> None:
        """Let the inverse of a trace be named by its equation, where zero solves that of the trace as well."""
        if len(images) > 1:
            raise NoClosedForm("zero solves the equations of the traces too; add a small ridge to what is inverted")
        ((one, image),) = images.items()
        letter, sign = Dummy("r", positive=True), self.places.sign(one)
        value = self.trace(image.size, rational(image.value.xreplace({one: sign / letter})), lowest=True)
        self.meaning[one] = sign / FixedPoint(0, [sign / factor(self.spelled(value, {letter: Unknown(0)}))])

    def meant(self, difference: Expr) -> Expr:
        """The factor of an equation that vanishes at the fixed point."""
        for one, _ in factor_list(fraction(rational(difference))[0])[1]:
            if self.places.meant(one):
                return one
        raise NoClosedForm("an equation of the traces could not be told from another that vanishes elsewhere")

    def root(self, equation: Expr, unknown: Dummy) -> Expr:
        """The root of an equation of one trace that is the fixed point."""
        for value in roots(Poly(equation, unknown), multiple=True):
            if self.places.meant(unknown - value):
                return together(value)  # type: ignore[return-value]
        raise NoClosedForm("no root of the equation of a trace is the fixed point at all test points")

    def written(self, value: Expr, size: Any, against: Any) -> Expr:
        """The trace of a function of a fixed letter times a matrix, in closed form."""
        value = self.put(value)
        for one, equation in self.quadratics.items():
            if value.has(one):
                value = in_lowest_powers(value, one, equation)
        parts = [(self.put(number), part) for number, part in self.families.parts(value, size)]
        traces = {Dummy("trace"): self.families.trace(part, size, against) for _, part in parts}
        total = Add(*(number * one for (number, _), one in zip(parts, traces, strict=True)))
        return self.spelled(factor(total), traces)


def split(members: list[Any], images: Images) -> list[list[Any]]:
    """The members of a class whose equations agree with that of the first, which is 0 = 0 for None, and the others."""
    first = images[members[0]].value if members[0] else S.Zero
    same = [one for one in members if one is None or images[one].value == first]
    others = [one for one in members if one not in same]
    return [same, others] if others else [same]


def affine(value: Expr, images: Images) -> dict[Any, Expr] | None:
    """The slopes of an expression along some traces, and what is left without them (at 1); None if it is not affine."""
    above, below = fraction(value)
    if below.has(*images):
        return None
    polynomial = Poly(above, *images)
    if polynomial.total_degree() > 1:
        return None
    return {one: rational(polynomial.coeff_monomial(one) / below) for one in (*images, S.One)}


def in_lowest_powers(value: Expr, root: Dummy, equation: Expr) -> Expr:
    """A rational function of the root of an equation as a polynomial in it, of a degree below the equation's."""
    modulus = Poly(equation, root)
    modulus = modulus.set_domain(modulus.get_domain().get_field())
    above, below = (rem(Poly(part, root), modulus) for part in fraction(value))
    found = rem(above * invert(below, modulus), modulus)
    return sum((factor(coefficient) * root**power for (power,), coefficient in found.terms()), S.Zero)
