"""The door to all means: `expect(…)` reads the laws under each E(…) and takes the room of each law.

Letters are averaged in turn, those first on which no other law depends, in an order in which every step
has a rule; masks and mixtures are summed over their outcomes, Haar matrices by Weingarten functions, Gaussian
letters term by term: polynomials by Stein's identity, exponentials and steps as projections, inverses of X Xᵀ
as inverse Wishart matrices, lengths and determinants by χ² variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sympy import Abs, Function, Inverse, MatAdd, MatPow, Max, Min, S, Tuple, exp, expand, sign

from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.terms import tidy
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import CalculusError, NotPolynomial, UnknownLaw
from workbench.calculus.means.entries.entrywise import ENTRYWISE, expect_entrywise
from workbench.calculus.means.finite.counts import expect_counts
from workbench.calculus.means.finite.directions import expect_directions
from workbench.calculus.means.finite.finite_laws import expect_finite
from workbench.calculus.means.finite.mixtures import expect_mixture
from workbench.calculus.means.finite.simplices import expect_dirichlet
from workbench.calculus.means.gaussian.expectation import DEGREE, expect_gaussian
from workbench.calculus.means.known_moments import expect_by_moments
from workbench.calculus.means.lengths.determinants import determinant_mean, random_determinant
from workbench.calculus.means.lengths.lengths import direction_mean, length_in, length_mean
from workbench.calculus.means.lengths.students import expect_scaled
from workbench.calculus.means.orders import FACTS, Search, Stage
from workbench.calculus.means.pairings.complex_wishart import expect_complex
from workbench.calculus.means.pairings.haar import expect_haar, settled
from workbench.calculus.means.pairings.inverse_wishart import expect_inverse_wishart, upright
from workbench.calculus.means.projections.projections import expect_projections
from workbench.calculus.means.projections.sigmoids import has_pair
from workbench.calculus.means.projections.tilts import tilt
from workbench.language.complex_gaussians import ComplexGaussian
from workbench.language.counts import COUNTS
from workbench.language.laws import (
    Directions,
    E,
    Gaussian,
    Haar,
    Mask,
    MatrixMean,
    Mixture,
    OneHot,
    Random,
    ScalarMean,
    SecondMoments,
    random_letters,
)
from workbench.language.simplices import Dirichlet
from workbench.language.students import Elliptical, Student

Letters = tuple[Any, ...]
Rule = Callable[[Any, Letters, int], Any]
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
    """One mean, its letters averaged law by law, in an order that works."""
    inside, letters = mean.inside, mean.args[1:]
    search = Search(partial(_stages, degree=degree))
    try:
        return search.mean(inside, letters)
    except FACTS:
        raise
    except CalculusError:
        summands = _summands(inside)
        if len(summands) == 1 or len(search.refused) < 2:
            raise
    found = [search.anew().mean(part, [x for x in letters if part.has(x)]) for part in summands]
    return collected(_sum(inside, found))


def _stages(inside: Any, free: frozenset[Any], degree: int) -> Iterator[Stage]:
    """What may be averaged next: all letters of a law, in the usual order of laws; then letters one by one."""
    kinds = [(rule, sorted((x for x in free if isinstance(x, laws)), key=lambda x: x.name)) for laws, rule in STAGES]
    if not any(letters for _, letters in kinds):
        names = ", ".join(sorted(f"{x} ({type(x).__name__})" for x in free))
        raise UnknownLaw(f"no rule averages over {names}; declare it with gaussian, mask, index, mixture or haar")

    def stage(rule: Rule, *letters: Any) -> Stage:
        return Stage(letters, lambda inside: settled(rule(inside, letters, degree)))

    yield from (stage(rule, *letters) for rule, letters in kinds if letters)
    yield from (stage(rule, letter) for rule, letters in kinds if len(letters) > 1 for letter in letters)


def _finite(inside: Any, letters: Letters, degree: int) -> Any:
    for letter in letters:
        try:
            inside = expect_finite(inside, letter)
        except NotPolynomial:
            if not _in_entries(inside, letter):
                raise
            inside = expect_entrywise(inside, letter)
    return inside


def _mixtures(inside: Any, letters: Letters, degree: int) -> Any:
    return expect_mixture(inside, *letters, given_labels=expect)


def _haar(inside: Any, letters: Letters, degree: int) -> Any:
    for letter in letters:
        rule = expect_entrywise if _in_entries(inside, letter) else expect_haar
        try:
            inside = rule(inside, letter)
        except NotPolynomial as problem:
            inside = _direction(inside, letter, degree)
            if inside is None:
                raise problem
    return inside


def _directions(inside: Any, letters: Letters, degree: int) -> Any:
    return expect_directions(inside, *letters)


def _complex(inside: Any, letters: Letters, degree: int) -> Any:
    return expect_complex(inside, *letters, degree=degree)


def _counts(inside: Any, letters: Letters, degree: int) -> Any:
    for letter in letters:
        inside = expect_counts(inside, letter)
    return inside


def _simplices(inside: Any, letters: Letters, degree: int) -> Any:
    return expect_dirichlet(inside, *letters)


def _scaled(inside: Any, letters: Letters, degree: int) -> Any:
    for letter in letters:
        inside = expect_scaled(inside, letter, degree)
    return inside


def _moments(inside: Any, letters: Letters, degree: int) -> Any:
    for letter in letters:
        inside = expect_by_moments(inside, letter)
    return inside


def _direction(inside: Any, letter: Any, degree: int) -> Any:
    """The mean of a homogeneous function of a random direction; None where it is none."""
    try:
        return direction_mean(inside, letter, lambda part, x: _gaussian(part, (x,), degree))
    except NotPolynomial:
        return None


def _in_entries(inside: Any, letter: Any) -> bool:
    """Whether a letter stands in an entrywise product."""
    return any(node.has(letter) for node in inside.atoms(*ENTRYWISE))


def _gaussian(inside: Any, letters: Letters, degree: int) -> Any:
    """Gaussian letters: each part of a sum by the room that its kind of integrand needs."""
    if length_in(inside, letters):
        return _lengths(inside, letters, degree)
    if has_pair(inside):  # before its denominator is multiplied out
        return _projections(inside, letters, degree)
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
    if random_determinant(part, letters):
        return _determinants
    if length_in(part, letters):
        return _lengths
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


def _lengths(part: Any, letters: Letters, degree: int) -> Any:
    """Powers and logarithms of a squared length beside what has a rule of its own."""
    length = length_in(part, letters)
    assert length is not None
    return length_mean(part, length, lambda beside: _gaussian(beside, letters, degree))


def _determinants(part: Any, letters: Letters, degree: int) -> Any:
    """Powers and logarithms of a determinant, summand by summand."""

    def mean(summand: Any) -> Any:
        node = random_determinant(summand, letters)
        assert node is not None
        return determinant_mean(summand, node, lambda beside: _gaussian(beside, letters, degree))

    return _sum(part, [mean(summand) for summand in _summands(part)])


def _inverses(part: Any, letters: Letters, degree: int) -> Any:
    """The letters inside inverses last: given those, the others are averaged first."""
    inside = random_letters(Tuple(*(node for node in part.atoms(Inverse, MatPow) if node.exp.is_negative)))
    others = tuple(x for x in letters if x not in inside)
    if others:
        part = _gaussian(part, others, degree)
    for letter in (x for x in letters if x in inside):
        part = expect_inverse_wishart(*upright(part, letter))
    return part


STAGES = (
    ((Mask, OneHot), _finite),
    (Mixture, _mixtures),
    (Haar, _haar),
    (Directions, _directions),
    (COUNTS, _counts),
    (Dirichlet, _simplices),
    ((Student, Elliptical), _scaled),
    (ComplexGaussian, _complex),
    (Gaussian, _gaussian),
    (SecondMoments, _moments),
)

__all__ = ["collected", "expect", "is_polynomial"]
