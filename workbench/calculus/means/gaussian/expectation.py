"""Exact Gaussian expectation: `expect_gaussian(E(...))` with every size symbolic.

    expect_gaussian(E(tr((X * X.T) ** 2)))   →   N²·tr(Σ²) + N·tr(Σ²) + N·tr(Σ)²

The expression is a polynomial in its random letters (traces, matrix products, powers); what is
not random goes through untouched, whatever it is. The result is an ordinary SymPy expression.
"""

from __future__ import annotations

from typing import Any

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import TracePolynomial, summed
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.substitution import marked, unmarked
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import DegreeTooHigh, NotPolynomial, UnknownLaw
from workbench.calculus.means.gaussian.engines import mean_of
from workbench.calculus.means.gaussian.stein import Moments, laws_of
from workbench.language.complex_gaussians import Adjoint, ComplexGaussian
from workbench.language.laws import Gaussian, MatrixMean, Random, ScalarMean, random_letters

DEGREE = 64


def expect_gaussian(expression: Any, *letters: Random, degree: int = DEGREE) -> Any:
    """The mean of an expression over Gaussian letters, as a SymPy expression.

    Every `E(...)` inside is computed and put back in its place. Without one, the whole expression
    is averaged, over the letters named or else over all random letters in it.
    """
    return expression_of(moment(expression, *letters, degree=degree))


def moment(expression: Any, *letters: Random, degree: int = DEGREE, states: int | None = None) -> TracePolynomial:
    """The same mean as a trace polynomial, without the way back to SymPy.

    A moment beyond a degree, or with more distinct states than that (as many as fit into memory), is refused.
    """

    def mean(node: Any) -> TracePolynomial:
        return _mean(polynomial(node.inside, mean), node.args[1:], degree, states)

    base = polynomial(expression, mean)
    if letters or not expression.has(ScalarMean, MatrixMean):
        base = _mean(base, letters or tuple(random_letters(expression)), degree, states)
    return base


def _mean(base: TracePolynomial, letters: tuple[Any, ...], degree: int, states: int | None) -> TracePolynomial:
    """The mean over letters, those first that no other letter's law depends on."""
    remaining = set(letters)
    for letter in remaining:
        if not isinstance(letter, Gaussian | ComplexGaussian):
            raise UnknownLaw(
                f"{letter} has no Gaussian law; declare it with gaussian(...), or use the rule of its own law"
            )
    while remaining:
        used = {x for letter in remaining for x in random_letters(letter) if x != letter}
        stage = sorted(remaining - used, key=lambda letter: letter.name)
        base = _average(base, stage, degree, states)
        remaining -= set(stage)
    return base


def _average(base: TracePolynomial, letters: list[Any], degree: int, states: int | None) -> TracePolynomial:
    """The mean over independent letters, term by term."""
    check_polynomial(base, frozenset(letters))
    if base.shape is not None and not base.is_scalar:
        number, token = marked(base)
        return unmarked(_average(number, letters, degree, states), token)
    moments = Moments(laws_of(letters, polynomial), states)
    parts = []
    for (scalars, traces, _), value in base.terms.items():
        fixed = tuple(trace for trace in traces if not moments.is_random(trace))
        random = tuple(trace for trace in traces if moments.is_random(trace))
        check_degree(sum(token in moments.random for trace in random for token in trace), degree)
        parts.append(TracePolynomial({(scalars, fixed, ()): value}) * mean_of(random, moments))
    return summed(parts, None).with_shape(base.shape)


def check_degree(found: int, degree: int) -> None:
    if found > degree:
        raise DegreeTooHigh(
            f"a moment of degree {found} in the random letters, over the limit of {degree}; "
            f"call expect(..., degree={found}) if the wait is wanted"
        )


def check_polynomial(base: TracePolynomial, letters: frozenset[Random]) -> None:
    """Raise when a random letter hides inside an inverse, a function or a denominator."""
    for scalars, traces, word in base.terms:
        hidden = [ALPHABET.atoms[a] for a, _ in scalars if ALPHABET.atom_random[a] & letters]
        for token in {token for w in (*traces, word) for token in w}:
            symbol = ALPHABET.symbols[token // 2]
            if not isinstance(symbol, Random | Adjoint) and ALPHABET.random[token // 2] & letters:
                hidden.append(symbol)
        if hidden:
            raise NotPolynomial(
                f"{hidden[0]} is not a polynomial in the random letters, and only polynomials are averaged here: "
                "use `expect`, or for exp, erf, relu and sign of Gaussian projections `expect_projections`, "
                "for inverses of X*X.T `expect_inverse_wishart`, for entrywise products `expect_entrywise`"
            )


__all__ = ["expect_gaussian", "moment"]
