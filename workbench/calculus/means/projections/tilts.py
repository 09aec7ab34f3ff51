"""Tilts: a Gaussian law reweighted by the exponential of a linear or quadratic form is Gaussian.

Completing the square: for X ~ N(μ, Σ),

    E[exp(aᵀX) P(X)] = exp(aᵀμ + aᵀΣa/2) E[P(X + Σa)],
    E[exp(−XᵀAX/2) P(X)] = det(I + ΣA)^(−1/2) exp(½ μᵀΣ⁻¹CΣ⁻¹μ − ½ μᵀΣ⁻¹μ) E[P(Y)],  Y ~ N(CΣ⁻¹μ, C),

with C = (Σ⁻¹ + A)⁻¹, for symmetric A with Σ⁻¹ + A positive definite (`existence` states that
condition). Hence the softmax average E[X exp(aᵀX)]/E[exp(aᵀX)] = μ + Σa.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Basic, Expr, MatrixExpr, MatrixSymbol, S, exp

from workbench.calculus.algebra.terms import Words, gather, matrix, normal, tidy, words
from workbench.calculus.errors import NotGaussianCalculus
from workbench.calculus.means.projections.contractions import Contractions, Law, polynomial_terms
from workbench.calculus.means.projections.integrands import Term, read_terms
from workbench.calculus.means.projections.reweighting import linear_tilt, quadratic_tilt, split_exponent
from workbench.language.laws import Gaussian, MatrixMean, ScalarMean

Mean = ScalarMean | MatrixMean


def tilt(expression: Any) -> Any:
    """An expression with every mean E[P(X) exp(quadratic in X)] replaced by its closed form.

    P is a polynomial in the Gaussian letters (matrix-valued allowed). Equal exponentials cancel
    exactly, as canonical expressions. Means without an exponential are left as they are.
    Raises NotGaussianCalculus when an exponent is not at most quadratic or a letter is not
    Gaussian, DivergentMean when the exponent certainly outgrows the law.
    """
    return replace_means(expression, exponential_mean, lambda mean: mean.inside.has(exp))


def existence(expression: Any) -> tuple[Basic, ...]:
    """The conditions under which the exponential means of an expression are finite."""
    found: list[Basic] = []
    for mean in sorted(expression.atoms(ScalarMean, MatrixMean), key=str):
        if mean.inside.has(exp):
            for term in read_terms(mean.inside, averaged(mean)):
                found += [c for c in reweighted(term, laws_of(averaged(mean)))[3] if c not in found]
    return tuple(found)


def replace_means(
    expression: Any, rule: Callable[[Mean], Any], wanted: Callable[[Mean], bool] = lambda mean: True
) -> Any:
    """An expression in normal form after a rule has computed the means that it wants, innermost first."""
    means = {mean for mean in expression.atoms(ScalarMean, MatrixMean) if wanted(mean)}
    inner = [m for m in means if not any(m is not n and m.has(n) for n in means)]
    if not inner:
        return expression
    result = expression.xreplace({mean: rule(mean) for mean in inner})
    return replace_means(tidy(result), rule, wanted)


def averaged(mean: Mean) -> tuple[Gaussian, ...]:
    """The letters that a mean averages over, all Gaussian."""
    for letter in mean.args[1:]:
        if not isinstance(letter, Gaussian):
            raise NotGaussianCalculus(
                f"{letter} in {mean} has the law {type(letter).__name__}; the rules for projections need "
                "letters made by `gaussian(...)`"
            )
    return mean.args[1:]  # type: ignore[return-value]


def laws_of(letters: tuple[Gaussian, ...]) -> dict[MatrixSymbol, Law]:
    """The laws of the letters, as they were declared."""
    return {x: Law(x.mean, x.cov, x.token_cov) for x in letters}


def exponential_mean(mean: Mean) -> Any:
    """E[polynomial × exp(quadratic)] in closed form."""
    letters = averaged(mean)
    total: list[tuple[Expr, Any]] = []
    for term in read_terms(mean.inside, letters):
        if term.functions:
            raise NotGaussianCalculus(
                f"{term.functions[0]} under the mean {mean} is neither polynomial nor exponential; "
                "use `expect_projections`"
            )
        laws, moved, weight, _ = reweighted(term, laws_of(letters))
        for word, value in polynomial_mean(moved, laws).items():
            total.append((weight * value, word))
    return assembled(gather(total), mean)


def assembled(total: Words, mean: Mean) -> Any:
    """A sum of words as the number or the matrix that a mean stands for."""
    value = normal(total.get((), S.Zero)) if isinstance(mean, ScalarMean) else matrix(total, mean.shape)
    if value.has(*mean.args[1:]):
        raise NotGaussianCalculus(f"the rules left a random letter in the mean {mean}; nothing is returned")
    return value


def polynomial_mean(term: Term, laws: Mapping[MatrixSymbol, Law]) -> Words:
    """E[P(X) × open word] for independent Gaussian letters."""
    engine = Contractions(laws)
    total = []
    for body, coefficient in term.body.items():
        for fixed, traces in polynomial_terms(term.polynomial * coefficient, laws):
            total += [(fixed * value, word) for (_, word), value in engine.mean(body, traces).items()]
    return gather(total)


def reweighted(term: Term, laws: dict[MatrixSymbol, Law]) -> tuple[dict[MatrixSymbol, Law], Term, Expr, list[Basic]]:
    """A term without its exponential: new laws, moved integrand, weight, and conditions of existence.

    Letters are treated one after the other. Where the new mean of X depends on another letter Y,
    X is written as that part plus an independent letter of the same name.
    """
    weight, conditions = S.One, []
    for letter in nested_first(laws):
        laws, term = recentred(letter, laws, term)
        rest, slope, curvature = split_exponent(term.exponent, letter, laws)
        law, exponent = laws[letter], rest
        if curvature:
            law, gain, factor, needed = quadratic_tilt(letter, law, curvature)
            weight, exponent, conditions = weight * factor, exponent + gain, conditions + needed
        if slope:
            law, gain = linear_tilt(law, slope)
            exponent += gain
        laws, term = recentred(letter, laws | {letter: law}, term._replace(exponent=normal(exponent)))
    return laws, term._replace(exponent=S.Zero), weight * exp(term.exponent), conditions


def nested_first(laws: Mapping[MatrixSymbol, Law]) -> list[MatrixSymbol]:
    """The letters, those whose law depends on another letter before that letter."""
    waiting, order = list(laws), []
    while waiting:
        free = [x for x in waiting if not any(y is not x and depends(laws[y], x) for y in waiting)]
        order += free
        waiting = [x for x in waiting if x not in free]
    return order


def depends(law: Law, letter: MatrixSymbol) -> bool:
    """Whether a law is written with a random letter."""
    return any(part.has(letter) for part in (law.mean, law.cov, law.token_cov))


def recentred(letter: MatrixSymbol, laws: dict[MatrixSymbol, Law], term: Term) -> tuple[dict[MatrixSymbol, Law], Term]:
    """The letter with a fixed mean: what is random in its mean is moved into the integrand."""
    law = laws[letter]
    others = [x for x in laws if x != letter]
    if not others or not depends_on_any(law, others):
        return laws, term
    if law.cov.has(*others) or law.token_cov.has(*others):
        raise NotGaussianCalculus(
            f"the covariance of {letter} depends on another random letter; average over {letter} alone first"
        )
    parts = words(law.mean)
    random = {w: c for w, c in parts.items() if c.has(*others) or any(atom in others for atom, _ in w)}
    fixed = {w: c for w, c in parts.items() if w not in random}
    move: MatrixExpr = matrix(random, law.mean.shape)
    calm = Law(matrix(fixed, law.mean.shape), law.cov, law.token_cov)
    return laws | {letter: calm}, term.shifted(letter, move)


def depends_on_any(law: Law, letters: list[MatrixSymbol]) -> bool:
    """Whether a law is written with one of the letters."""
    return any(depends(law, letter) for letter in letters)


__all__ = ["averaged", "existence", "replace_means", "tilt"]
