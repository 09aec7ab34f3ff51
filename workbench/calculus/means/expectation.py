"""The door to all means: `expect(…)` reads the laws under each E(…) and takes the room of each law.

Letters are averaged in turn, those first on which no other law depends; masks and mixtures are summed
over their outcomes, Haar matrices by Weingarten functions, Gaussian letters term by term: polynomials
by Stein's identity, exponentials and steps as projections, inverses of X Xᵀ as inverse Wishart matrices.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Abs, Function, Inverse, MatAdd, MatPow, Max, Min, S, Tuple, exp, expand, sign

from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.terms import tidy
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import CalculusError, UnknownLaw
from workbench.calculus.means.entries.entrywise import ENTRYWISE, expect_entrywise
from workbench.calculus.means.finite.finite_laws import expect_finite
from workbench.calculus.means.finite.mixtures import expect_mixture
from workbench.calculus.means.gaussian.expectation import DEGREE, expect_gaussian
from workbench.calculus.means.pairings.haar import expect_haar
from workbench.calculus.means.pairings.inverse_wishart import expect_inverse_wishart
from workbench.calculus.means.projections.projections import expect_projections
from workbench.calculus.means.projections.tilts import tilt
from workbench.laws import E, Gaussian, Haar, Mask, MatrixMean, Mixture, OneHot, Random, ScalarMean, random_letters

Letters = tuple[Any, ...]
STEPS = (Function, Max, Min, Abs, sign)


def expect(expression: Any, *letters: Random, degree: int = DEGREE) -> Any:
    """An expression with every mean E(…) in it computed, whatever laws its letters have.

    Without an E, the expression is averaged over the letters named, or over all random letters in it.
    Raises a CalculusError that names what has no rule: UnknownLaw, NotPolynomial, NotGaussianCalculus,
    NoSuchMoment, DivergentMean, DegreeTooHigh (a moment beyond `degree` in the Gaussian letters).
    """
    if letters or not expression.has(ScalarMean, MatrixMean):
        over = letters or tuple(sorted(random_letters(expression), key=lambda letter: letter.name))
        expression = E(expression, *over) if over else expression
    means = expression.atoms(ScalarMean, MatrixMean)
    if all(is_polynomial(mean.inside, mean.args[1:]) for mean in means):
        return expect_gaussian(expression, degree=degree)
    if isinstance(expression, ScalarMean | MatrixMean) and not expression.inside.has(ScalarMean, MatrixMean):
        return _mean(expression, degree)
    while innermost := {mean for mean in means if not mean.inside.has(ScalarMean, MatrixMean)}:
        expression = expression.xreplace({mean: _mean(mean, degree) for mean in innermost})
        means = expression.atoms(ScalarMean, MatrixMean)
    return collected(expression)


def is_polynomial(inside: Any, letters: Letters) -> bool:
    """Whether an integrand is a plain polynomial of Gaussian letters."""
    return all(isinstance(letter, Gaussian) for letter in letters) and _engine(inside, letters) is _polynomials


def collected(expression: Any) -> Any:
    """An expression in normal form: by the algebra of traces, or else by that of terms."""
    try:
        return expression_of(polynomial(expression))
    except CalculusError:
        return tidy(expression)


def _mean(mean: Any, degree: int) -> Any:
    """One mean, its letters averaged law by law."""
    inside, remaining = mean.inside, set(mean.args[1:])
    while remaining:
        used = {x for letter in remaining for x in random_letters(Tuple(*letter.args[3:])) if x != letter}
        rule, stage = _next_stage(remaining - used or remaining)
        inside = rule(inside, stage, degree)
        remaining -= set(stage)
    return inside


def _next_stage(free: set[Random]) -> tuple[Callable[..., Any], Letters]:
    """The law whose turn it is, among letters on which no other law depends, and its letters."""
    for laws, rule in STAGES:
        if stage := tuple(sorted((x for x in free if isinstance(x, laws)), key=lambda x: x.name)):
            return rule, stage
    names = ", ".join(sorted(f"{x} ({type(x).__name__})" for x in free))
    raise UnknownLaw(f"no rule averages over {names}; declare it with gaussian, mask, index, mixture or haar")


def _finite(inside: Any, letters: Letters, degree: int) -> Any:
    return expect_finite(inside, *letters)


def _mixtures(inside: Any, letters: Letters, degree: int) -> Any:
    return expect_mixture(inside, *letters, given_labels=expect)


def _haar(inside: Any, letters: Letters, degree: int) -> Any:
    for letter in letters:
        inside = expect_haar(inside, letter)
    return inside


def _gaussian(inside: Any, letters: Letters, degree: int) -> Any:
    """Gaussian letters: each part of a sum by the room that its kind of integrand needs."""
    parts: dict[Callable[..., Any], list[Any]] = {}
    for part in _summands(inside):
        parts.setdefault(_engine(part, letters), []).append(part)
    if len(parts) == 1:
        return next(iter(parts))(inside, letters, degree)
    values = [engine(_sum(inside, summands), letters, degree) for engine, summands in parts.items()]
    return collected(_sum(inside, values))


def _summands(inside: Any) -> tuple[Any, ...]:
    if getattr(inside, "is_Matrix", False):
        return inside.args if isinstance(inside, MatAdd) else (inside,)
    inside = inside if inside.is_Add else expand(inside)
    return inside.args if inside.is_Add else (inside,)


def _sum(inside: Any, parts: list[Any]) -> Any:
    return MatAdd(*parts).doit(deep=False) if getattr(inside, "is_Matrix", False) else sum(parts, S.Zero)


def _engine(part: Any, letters: Letters) -> Callable[..., Any]:
    """The room for one kind of integrand."""

    def holds(*kinds: type, when: Callable[[Any], bool] = lambda node: True) -> bool:
        return any(when(node) and node.has(*letters) for node in part.atoms(*kinds))

    if not letters:
        return _polynomials
    if holds(*STEPS, exp):
        return _projections if holds(*STEPS, when=lambda node: not isinstance(node, exp)) else _exponentials
    if holds(Inverse, MatPow, when=lambda node: bool(node.exp.is_negative)):
        return _inverses
    return _entries if holds(*ENTRYWISE) else _polynomials


def _polynomials(part: Any, letters: Letters, degree: int) -> Any:
    return expect_gaussian(part, *letters, degree=degree)


def _entries(part: Any, letters: Letters, degree: int) -> Any:
    return expect_entrywise(part, *letters)


def _exponentials(part: Any, letters: Letters, degree: int) -> Any:
    return tilt(E(part, *letters))


def _projections(part: Any, letters: Letters, degree: int) -> Any:
    return expect_projections(E(part, *letters))


def _inverses(part: Any, letters: Letters, degree: int) -> Any:
    """The letters inside inverses last: given those, the others are averaged first."""
    inside = random_letters(Tuple(*(node for node in part.atoms(Inverse, MatPow) if node.exp.is_negative)))
    others = tuple(x for x in letters if x not in inside)
    if others:
        part = _gaussian(part, others, degree)
    for letter in (x for x in letters if x in inside):
        part = expect_inverse_wishart(part, letter)
    return part


STAGES = (((Mask, OneHot), _finite), (Mixture, _mixtures), (Haar, _haar), (Gaussian, _gaussian))

__all__ = ["collected", "expect", "is_polynomial"]
