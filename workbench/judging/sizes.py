"""Sizes: whether a re-checked line holds for every size that the hypotheses allow, or at the sizes tried only.

Ways that lead to every size: no size occurs. Or a mean of a Gaussian polynomial is made a sum over pairings, in which
a size is a letter like any other. Or the line is one between numbers, in which a size is a letter like
any other: then it is checked once more with a real number in place of each size, where two functions that are
analytic in the sizes can only agree if they are equal. Or matrices occur: then both sides have one normal form in the
algebra of traces, in which sizes are indeterminates; a formula in which traces stand under roots and exponentials is
read as one in numbers, a letter for every trace. Entrywise products, and means over masks, are compared as sums over
indices, networks of entries, which do not know how far an index runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import sympy as sp
from flint import arb

from workbench.calculus.agreement import Refuted, brief
from workbench.calculus.algebra.equality import same
from workbench.calculus.algebra.one_matrix import equal_as_functions
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.signs import never_negative_trace
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import CalculusError
from workbench.calculus.means.gaussian.wick import with_means_by_wick
from workbench.calculus.networks import equal_as_networks
from workbench.calculus.rules import Rule, check_line, rule, same_value
from workbench.calculus.rules.making import WATCHING
from workbench.exact.degrees import BITS
from workbench.exact.instances import Vacuous, draw, letters_of
from workbench.exact.values import enclosed
from workbench.judging.saturation import PATIENT, saturated
from workbench.language.laws import E, Random
from workbench.language.letters import Large, Matrix, Orthogonal, Positive, Scalar, Size

TAILS = (2**13, 2**15)  # bits: what tells 1 from the error function at 75 and at 150
QUICK = (sp.exp, sp.log, sp.erf, sp.erfc, sp.tanh, sp.cosh, sp.sinh)  # to so many bits: no integral is computed
LONG = 400  # operations in a difference that is written out
ATTEMPTS = 200  # draws of a point that satisfies the hypotheses
# Analytic on the real line, or wherever they have a value; what has a branch or a kink is not among them.
ANALYTIC = (
    sp.exp, sp.log, sp.erf, sp.erfc, sp.gamma, sp.loggamma, sp.digamma, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.tanh,
    sp.atan, sp.asinh, sp.LambertW,
)  # fmt: skip
STUCK = (CalculusError, Refuted, Vacuous, ArithmeticError, ValueError, TypeError, AttributeError, KeyError)
COUNTING = ("step_by_step", "sums_to", "mean_after_one_step_more")  # as many steps as a size says: a whole number
ORDERED = ("loses_stability",)  # which of several roots comes first may change with the sizes
Sides = tuple[Any, Any]


@rule(same_value)
def equality(line: Any) -> Any:
    """Two lines that have the same value."""
    return line


def for_every_size(by: Rule, before: Any, after: Any, arguments: Mapping[str, Any], hypotheses: tuple) -> bool:
    """Whether a line that was found to hold at some sizes holds at all of them.

    A mean of a polynomial in Gaussian letters is computed once more, pairing by pairing; what the rules of other
    means say is known only at the sizes at which they were multiplied out.
    """
    seen = [before, after, *expressions_in(arguments)]
    if by.check in WATCHING:
        return False
    if by.check.__name__ == "at_replaced_letters":  # where sizes are replaced by numbers, it is for these numbers
        seen = [before.xreplace(dict(arguments["letters"])), after]
    if not any(isinstance(letter, Size) for letter in letters_of(*seen)):
        return True
    if any(each.has(Random) for each in seen):
        return by_pairings(by, before, after, arguments)
    ways = by_normal_forms, by_numbers
    return any(way(by, before, after, arguments, hypotheses) for way in ways)


def by_pairings(by: Rule, before: Any, after: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether Wick's formula, in which sizes are indeterminates, leads from a line with means to this one.

    With masks and random places, or in entrywise products, it is applied to networks.
    """
    sides = AVERAGED.get(by.check.__name__)
    if sides is None or after.has(Random):
        return False
    return all(mean_is(mean, value) for mean, value in sides(before, after, **arguments))


def mean_is(mean: Any, value: Any) -> bool:
    """Whether pairings show a formula with means to be that value for every size."""
    with suppress(*STUCK):
        if same(by_wick(mean), polynomial(value)):
            return True
    return without_sizes(mean, value)


def without_sizes(left: Any, right: Any) -> bool:
    """Whether two formulas with matrices have a form in which sizes do not occur, and the same one."""
    if not left.has(sp.MatrixExpr) and not right.has(sp.MatrixExpr):
        return False
    for way in (equal_as_networks, equal_as_functions):
        with suppress(*STUCK):
            if way(left, right):
                return True
    return False


def by_wick(expression: Any) -> Any:
    """A formula with every mean in it by Wick's formula, in normal form."""
    return with_means_by_wick(expression) if expression.has(Random) else polynomial(expression)


def by_normal_forms(by: Rule, before: Any, after: Any, arguments: Mapping[str, Any], hypotheses: tuple) -> bool:
    """Whether what a check compares has one normal form in the algebra of traces."""
    equation = EQUATIONS.get(by.check.__name__)
    try:
        return equation is not None and all(equal(*sides) for sides in equation(before, after, **arguments))
    except STUCK:
        return False


def by_numbers(by: Rule, before: Any, after: Any, arguments: Mapping[str, Any], hypotheses: tuple) -> bool:
    """Whether a line passes its check with a letter for every trace and a real number for every size."""
    if by.check.__name__ in (*COUNTING, *ORDERED):
        return False
    known: dict[Any, Any] = {}
    try:
        before, after = in_letters(before, known), in_letters(after, known)
        arguments = {name: in_letters(value, known) for name, value in arguments.items()}
        hypotheses = tuple(said for said in hypotheses if not said.has(sp.MatrixExpr))
        return holds_among_numbers(by, before, after, arguments, hypotheses)
    except STUCK:
        return False


def expressions_in(arguments: Mapping[str, Any]) -> list[Any]:
    """The SymPy expressions inside the arguments of a rule."""
    found: list[Any] = []
    for argument in arguments.values():
        if isinstance(argument, Mapping):
            found += [each for pair in argument.items() for part in pair for each in parts(part)]
        else:
            found += parts(argument)
    return found


def parts(value: Any) -> list[Any]:
    """A value, or those in a list of values, as far as they are expressions."""
    values = value if isinstance(value, tuple | list) else [value]
    return [each for each in values if hasattr(each, "atoms")]


def holds_among_numbers(by: Rule, before: Any, after: Any, arguments: Mapping[str, Any], hypotheses: tuple) -> bool:
    """Whether the check of a line between numbers passes with real numbers in place of the sizes."""
    sizes = [letter for letter in letters_of(before, after, *expressions_in(arguments)) if isinstance(letter, Size)]
    if not all(analytic(each, sizes) for each in (before, after, *expressions_in(arguments))):
        return False
    real = {size: Large(size.name) for size in sizes}
    before, after = before.xreplace(real), after.xreplace(real)
    arguments = {name: everywhere(value, lambda each: each.xreplace(real)) for name, value in arguments.items()}
    conditions = tuple(said.xreplace(real) for said in hypotheses)
    letters = letters_of(before, after, *expressions_in(arguments), *conditions)
    point = draw(letters, f"every size/{after}", {}, conditions, ATTEMPTS, BITS)
    check_line(by, before, after, point, arguments)
    if by.check is same_value and (gap := written_out(before, after)) is not None:
        apart(gap, point)
    return True


def analytic(expression: Any, sizes: Iterable[Any]) -> bool:
    """Whether an expression is analytic in its sizes wherever they may be: no kink, no branch that they may cross."""
    sizes = set(sizes)
    for node in sp.preorder_traversal(expression):
        if not node.free_symbols & sizes:
            continue
        if isinstance(node, sp.Pow) and not node.exp.is_integer and node.base is not sp.E:
            if not node.base.is_positive:
                return False
        elif isinstance(node, sp.Function | sp.Max | sp.Min | sp.Piecewise) and not isinstance(node, ANALYTIC):
            return False
        elif isinstance(node, sp.Sum | sp.Product | sp.Determinant):
            return False
    return True


def smooth(*expressions: Any) -> bool:
    """Whether expressions are analytic in all of their letters: then equal at random points is equal everywhere."""
    orthogonal = any(isinstance(letter, Orthogonal) for letter in letters_of(*expressions))
    return not orthogonal and all(analytic(each, each.free_symbols) for each in expressions)


def equal(left: Any, right: Any) -> bool:
    """Whether two formulas are equal for every size."""
    if isinstance(left, sp.MatrixBase) or isinstance(right, sp.MatrixBase):
        return left.shape == right.shape and all(equal(*pair) for pair in zip(left, right))
    try:
        if same(polynomial(left), polynomial(right)):
            return True
    except STUCK:
        pass
    return by_numbers(equality, left, right, {}, ()) or without_sizes(left, right)


def written_out(before: Any, after: Any) -> Any:
    """The difference of two numbers with equal parts cancelled; None where it would be long, or is zero."""
    if before.is_Matrix or after.is_Matrix or sp.count_ops(before) + sp.count_ops(after) > LONG:
        return None
    return sp.expand(before - after) or None


def apart(gap: Any, point: Mapping[Any, Any]) -> None:
    """Raise Refuted where a difference is enclosed away from zero, however small it is beside its two sides."""
    quick = all(isinstance(function, QUICK) for function in gap.atoms(sp.Function))
    for bits in (PATIENT, *(TAILS if quick and saturated([point], gap) else ())):
        found = enclosed(gap, point, bits)
        if isinstance(found, arb) and not found.contains(0) and not found.is_nan():
            raise Refuted(f"the two sides differ by {brief(found)}")


def everywhere(value: Any, change: Callable[[Any], Any]) -> Any:
    """A rule's argument, changed in every expression that it holds."""
    if isinstance(value, Mapping):
        return {everywhere(key, change): everywhere(each, change) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(everywhere(each, change) for each in value)
    return change(value) if hasattr(value, "xreplace") else value


def is_trace(node: Any) -> bool:
    return isinstance(node, sp.Trace)


def is_entry(node: Any) -> bool:
    """Whether a trace is that of a written-out 1×1 matrix, which is the number in it."""
    return is_trace(node) and isinstance(node.arg, sp.MatrixBase) and node.arg.shape == (1, 1)


def in_letters(value: Any, known: dict[Any, Any]) -> Any:
    """A formula between numbers with a letter in place of every trace in it, the same for equal traces.

    A trace may have any sign unless it is one of squares: √(tr A)² is not tr A.
    Raises CalculusError where a matrix is left.
    """

    def letter(trace: Any) -> Any:
        sort = Positive if never_negative_trace(trace) else Scalar
        return known.setdefault(trace, sort(f"trace{len(known)}"))

    def numbers(expression: Any) -> Any:
        if isinstance(expression, sp.MatrixBase):
            return expression.applyfunc(numbers)
        if getattr(expression, "is_Matrix", False):
            raise CalculusError("a matrix is no number")
        written = expression.replace(is_entry, lambda node: node.arg[0, 0])
        written = written.replace(is_trace, lambda node: expression_of(polynomial(node))).replace(is_trace, letter)
        if written.has(sp.MatrixExpr):
            raise CalculusError("a matrix is left that stands in no trace")
        return written

    return everywhere(value, numbers)


def derivative_along(before: Any, after: Any, *, wrt: Any) -> list[Sides]:
    """The derivative of the line before along a direction, and the product of this line with the direction."""
    step, direction = sp.Symbol("step", real=True), matrix_like(wrt, "direction")
    if direction is None:
        return [(sp.diff(before, wrt), after)]
    return [(slope_of(before.xreplace({wrt: wrt + step * direction}), step), sp.Trace(after.T * direction))]


def second_derivative(before: Any, after: Any, *, wrt: Any, direction: Any) -> list[Sides]:
    """The mixed second derivative of the line before along two directions, and the product of this line with one."""
    one, two, second = sp.Symbol("one", real=True), sp.Symbol("two", real=True), matrix_like(wrt, "second")
    moved = before.xreplace({wrt: wrt + one * direction + two * second})
    return [(slope_of(slope_of(moved, one), two), sp.Trace(after.T * second))]


def matrix_like(letter: Any, name: str) -> Any:
    """A free matrix of a letter's shape; None for a number."""
    return Matrix(f"{name} of {letter.name}", *letter.shape) if letter.is_Matrix else None


def slope_of(number: Any, step: Any) -> Any:
    """The derivative of a number at step 0. Raises CalculusError where the step stays under an inverse."""
    written = expression_of(polynomial(number))
    if any(trace.has(step) for trace in written.atoms(sp.Trace)):
        raise CalculusError("the step stays inside a trace")
    return polynomial_slope(written, step)


def polynomial_slope(written: Any, step: Any) -> Any:
    """SymPy derives traces only as numbers: they are letters meanwhile."""
    traces = {trace: sp.Dummy() for trace in written.atoms(sp.Trace)}
    back = {letter: trace for trace, letter in traces.items()}
    return sp.diff(written.xreplace(traces), step).xreplace({step: sp.S.Zero}).xreplace(back)


def zero_like(line: Any) -> Any:
    return sp.ZeroMatrix(*line.shape) if getattr(line, "is_Matrix", False) else sp.S.Zero


def vanishing(before: Any, after: Any, letter: Any) -> list[Sides]:
    """The line before where a letter has the value of this line, and zero."""
    return [(before.xreplace({letter: after}), zero_like(before))]


def product_with(before: Any, after: Any, *, vector: Any) -> list[Sides]:
    """The scalar product of the line before with a vector, and this line."""
    if isinstance(before, sp.MatrixBase):
        return [(sp.Add(*(a * b for a, b in zip(before, vector))), after)]
    return [(sp.Trace(vector.T * before) if before.is_Matrix else vector * before, after)]


def next_step(before: Any, after: Any, *, unknown: Any, times: Any, initial: Any) -> list[Sides]:
    """This line after no step and the initial state; one step from it, and this line after one step more."""
    moved, no_step = before.xreplace({unknown: after}), after.xreplace({times: sp.S.Zero})
    return [(no_step, initial), (moved, after.xreplace({times: times + 1}))]


def next_means(before: Any, after: Any, *, update: Any, means: Any) -> list[Sides]:
    """The first functional and the line before; every mean after one step, and this line at the functionals."""
    rows, first = list(after) if isinstance(after, sp.MatrixBase) else [after], next(iter(means.values()))
    moved = [averaged(functional.xreplace(dict(update))) for functional in means.values()]
    return [(first, before), *((mean, row.xreplace(dict(means))) for mean, row in zip(moved, rows, strict=True))]


def one_step_more(before: Any, after: Any, *, update: Any, times: Any) -> list[Sides]:
    """This line after no step and the line before; its mean over one step, and this line a step later."""
    later = after.xreplace({times: times + 1})
    return [(after.xreplace({times: sp.S.Zero}), before), (averaged(after.xreplace(dict(update))), later)]


def averaged(expression: Any) -> Any:
    return E(expression) if expression.has(Random) else expression


AVERAGED: dict[str, Callable[..., list[Sides]]] = {
    "same_value": lambda before, after, **_: [(before, after)],
    "means_of_the_next_state": next_means,
    "mean_after_one_step_more": one_step_more,
}
EQUATIONS: dict[str, Callable[..., list[Sides]]] = {
    "same_value": lambda before, after, **_: [(before, after)],
    "at_replaced_letters": lambda before, after, letters, **_: [(before.xreplace(dict(letters)), after)],
    "difference": lambda before, after, what: [(before - what, after)],
    "quotient": lambda before, after, what: [(before, after * what)],
    "scalar_product": product_with,
    "vanishes_there": lambda before, after, wrt, **_: vanishing(before, after, wrt),
    "changes_sign_there": lambda before, after, parameter, **_: vanishing(before, after, parameter),
    "directional_derivative": derivative_along,
    "second_derivative": second_derivative,
    "step_by_step": next_step,
    "partial_derivatives": lambda before, after, wrt: list(zip((sp.diff(before, each) for each in wrt), after)),
}
