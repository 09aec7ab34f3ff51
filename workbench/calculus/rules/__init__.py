"""Rules: what may derive a line of a proof, each with its independent re-check.

A rule computes the next line; its check never trusts that computation. Most rules preserve the
value of an expression and are checked by evaluating both lines exactly (means by brute force) at
random rational points; rules that change the quantity say how they are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import getdoc
from random import Random as Generator
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq

from workbench.calculus.agreement import Refuted, agree
from workbench.calculus.rules.coin_tokens import approached_as
from workbench.instances import dyadic, entries
from workbench.letters import tr
from workbench.values import Balls, Dual, NotRational, Rationals, evaluate

Check = Callable[..., None]


@dataclass(frozen=True)
class Rule:
    """A named step of the calculus: `compute` derives, `check` re-checks at a point."""

    name: str
    statement: str
    compute: Callable[..., Any]
    check: Check

    def __call__(self, expression: Any, **arguments: Any) -> Any:
        return self.compute(expression, **arguments)


def rule(check: Check) -> Callable[[Callable[..., Any]], Rule]:
    """Make a function a rule, re-checked by `check(before, after, point, ring, **arguments)`."""

    def make(compute: Callable[..., Any]) -> Rule:
        statement = (getdoc(compute) or "").split("\n")[0].rstrip(".")
        return Rule(compute.__name__, statement, compute, check)

    return make


def same_value(before: Any, after: Any, point: Mapping, ring: Rationals, **_: Any) -> None:
    """Both lines have the same value."""
    agree(evaluate(before, point, ring), evaluate(after, point, ring), "the line before and this one differ")


def at_replaced_letters(before: Any, after: Any, point: Mapping, ring: Rationals, **to: Any) -> None:
    """The line before, at the values of the replacements, is this line."""
    replaced = {old: evaluate(new, point, ring) for old, new in to["letters"].items()}
    agree(evaluate(before, {**point, **replaced}, ring), evaluate(after, point, ring), "after substitution")


def moved(point: Mapping, wrt: Any, seed: str = "direction") -> tuple[dict, Any]:
    """The point with `wrt` on a line through it, as dual numbers, and the line's direction."""
    value, generator = point[wrt], Generator(seed)
    if not isinstance(value, np.ndarray):
        step = dyadic(generator)
        return {**point, wrt: Dual(value, step)}, step
    step = entries(*value.shape, generator)
    dual = np.vectorize(Dual, otypes=[object])(value, step)
    return {**point, wrt: dual}, step


def slopes(value: Any) -> Any:
    """The derivative parts of dual values."""
    take = np.vectorize(lambda entry: entry.slope if isinstance(entry, Dual) else fmpq(0), otypes=[object])
    return take(value) if isinstance(value, np.ndarray) else take(np.array([[value]]))[0, 0]


def directional_derivative(before: Any, after: Any, point: Mapping, ring: Rationals, *, wrt: Any) -> None:
    """The derivative of the line before in a random direction H is the scalar product of this line with H."""
    line, direction = moved(point, wrt)
    slope = slopes(evaluate(before, line, ring))
    found = evaluate(after, point, ring)
    agree(slope, np.sum(found * direction), "the directional derivative")


def second_derivative(before: Any, after: Any, point: Mapping, ring: Rationals, *, wrt: Any, direction: Any) -> None:
    """This line, paired with H', is the mixed second derivative of the line before in H and H'."""
    value, first = point[wrt], point[direction]
    second = entries(*value.shape, Generator("second"))
    outer = np.vectorize(lambda u, h, k: Dual(Dual(u, h), Dual(k, fmpq(0))), otypes=[object])
    mixed = slopes(slopes(evaluate(before, {**point, wrt: outer(value, first, second)}, ring)))
    agree(mixed, np.sum(evaluate(after, point, ring) * second), "the second derivative")


def vanishes_there(before: Any, after: Any, point: Mapping, ring: Rationals, *, wrt: Any) -> None:
    """The line before is zero where `wrt` has the value of this line."""
    there = {**point, wrt: evaluate(after, point, ring)}
    values = np.asarray(evaluate(before, there, ring), dtype=object).reshape(-1)
    agree(values, np.array([fmpq(0)] * len(values)), "the equation at the solution")


def changes_sign_there(before: Any, after: Any, point: Mapping, ring: Rationals, *, parameter: Any) -> None:
    """The line before vanishes at this line's value and has opposite signs a little below and above it."""
    vanishes_there(before, after, point, ring, wrt=parameter)
    scale = evaluate(after, point, ring)
    below, above = (evaluate(before, {**point, parameter: scale * fmpq(k, 16)}, ring) for k in (15, 17))
    if not (below * above < 0):
        raise Refuted(f"no sign change: {below} below and {above} above {scale}")


def eigen_equation(
    before: Any, after: Any, point: Mapping, ring: Rationals, *, direction: Any, eigenvalues: Mapping
) -> None:
    """The action of the line before on e_α e_βᵀ is this line times e_α e_βᵀ, in the eigenbasis."""
    size = len(point[direction])
    diagonal = {}
    for letter in eigenvalues:
        values = [fmpq(2 * k + 3, 7) for k in range(size)]
        grid = np.array([[values[i] if i == j else fmpq(0) for j in range(size)] for i in range(size)])
        diagonal[letter] = grid
    for i in range(size):
        for j in range(size):
            unit = np.array([[fmpq(int((a, b) == (i, j))) for b in range(size)] for a in range(size)])
            pairs = {}
            for letter, (left, right) in eigenvalues.items():
                pairs[left], pairs[right] = diagonal[letter][i, i], diagonal[letter][j, j]
            there = {**point, **diagonal, **pairs, direction: unit}
            agree(evaluate(before, there, ring), unit * evaluate(after, there, ring), "the eigenvalue equation")


def scalar_product(before: Any, after: Any, point: Mapping, ring: Rationals, *, vector: Any) -> None:
    """This line is the scalar product of the line before with the vector."""
    product = np.sum(evaluate(vector, point, ring) * evaluate(before, point, ring))
    agree(product, evaluate(after, point, ring), "the scalar product")


def difference(before: Any, after: Any, point: Mapping, ring: Rationals, *, what: Any) -> None:
    """This line is the line before minus what is named."""
    agree(
        evaluate(before, point, ring) - evaluate(what, point, ring),
        evaluate(after, point, ring),
        "the difference",
    )


def check_line(rule_: Rule, before: Any, after: Any, point: Mapping, arguments: Mapping[str, Any]) -> str:
    """Re-check one application of a rule at a point: 'proved' over ℚ, else 'enclosed' by balls.

    Raises Refuted when the line is false.
    """
    try:
        rule_.check(before, after, point, Rationals(), **arguments)
        return "proved"
    except NotRational:
        rule_.check(before, after, point, Balls(), **arguments)
        return "enclosed"


PASSES = 2  # an inverse is collected inside first, and may then turn out to be a multiple of the identity


def collected(line: Any) -> Any:
    """A line with equal terms collected, where the algebra of traces can read it."""
    from workbench.calculus.algebra.printing import expression_of
    from workbench.calculus.algebra.translation import polynomial
    from workbench.calculus.errors import CalculusError

    try:
        for _ in range(PASSES):
            line = expression_of(polynomial(line))
    except CalculusError:
        pass
    return line


@rule(same_value)
def expectation(line: Any) -> Any:
    """Average polynomials of Gaussian letters by Stein's lemma."""
    from workbench.calculus import expect

    return expect(line)


@rule(same_value)
def tilting(line: Any) -> Any:
    """A Gaussian tilted by exp(aᵀx) is a Gaussian shifted by Σa."""
    from workbench.calculus.means.projections.tilts import tilt

    return tilt(line)


@rule(at_replaced_letters)
def substitute(line: Any, *, letters: Mapping[Any, Any]) -> Any:
    """Replace letters by what they stand for."""
    return collected(line.xreplace(dict(letters)))


@rule(directional_derivative)
def gradient(line: Any, *, wrt: Any) -> Any:
    """The gradient: cut each trace at the letter."""
    from workbench.calculus.derivatives.gradients import gradient as compute

    return compute(line, wrt)


@rule(second_derivative)
def hessian(line: Any, *, wrt: Any, direction: Any) -> Any:
    """The Hessian as a linear map of the direction."""
    from workbench.calculus.derivatives.gradients import hessian_action

    return hessian_action(line, wrt, direction)


@rule(vanishes_there)
def stationary_point(line: Any, *, wrt: Any) -> Any:
    """Solve the vanishing gradient for the letter, and substitute back."""
    from workbench.calculus.critical.stationary import stationary_point as compute

    return compute(line, wrt)


@rule(eigen_equation)
def along_eigenvectors(line: Any, *, direction: Any, eigenvalues: Mapping[Any, Any]) -> Any:
    """Apply a linear map to the outer product of two eigenvectors."""
    from workbench.calculus.critical.stationary import along_eigenvectors as compute

    return compute(line, direction, eigenvalues)


@rule(changes_sign_there)
def crossing(line: Any, *, parameter: Any) -> Any:
    """Where the line changes sign as the parameter grows."""
    from workbench.calculus.critical.critical_scales import crossing as compute

    return sp.factor(collected(compute(line, parameter, positive=False)))


@rule(scalar_product)
def paired(line: Any, *, vector: Any) -> Any:
    """Take the scalar product with a vector."""
    return tr(vector.T * line)


@rule(difference)
def minus(line: Any, *, what: Any) -> Any:
    """Subtract."""
    return collected(line - what)


@rule(approached_as("bias"))
def finite_context_bias(line: Any, *, value: Any, weight: Any, tokens: Any) -> Any:
    """By the delta method, n times the mean error of a ratio of two means over n tokens."""
    from workbench.calculus.asymptotics.delta_methods import delta_method

    return delta_method(value, weight, tokens).bias


@rule(approached_as("covariance"))
def finite_context_covariance(line: Any, *, value: Any, weight: Any, tokens: Any) -> Any:
    """By the delta method, n times the covariance of a ratio of two means over n tokens."""
    from workbench.calculus.asymptotics.delta_methods import delta_method

    return delta_method(value, weight, tokens).spread
