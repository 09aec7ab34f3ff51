"""Projections: means of smooth and broken functions of a few linear forms of Gaussian letters.

`expect_projections` averages polynomial × exp(quadratic) × products of erf, sign, Heaviside,
Max(0, ·) and |·| of affine forms u = t + tr(AᵀX), with an open matrix factor if wanted. Four exact
steps: the exponential reweights the law (`tilts`); Stein's identity absorbs the polynomial and the
open factor (`contractions`); Price's theorem turns its derivatives into conditional means; what is
left is a product of at most two correlated signs (`steps`). Cosines and sines are exponentials (`waves`).
Covariances come from the letters: cov(aᵀx, bᵀx) = aᵀΣb. `mehler` is the last resort: a series in the
correlation, order stated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import factorial
from typing import Any, NamedTuple

from sympy import (
    Add,
    Expr,
    MatrixSymbol,
    Mul,
    Order,
    Pow,
    Rational,
    S,
    Symbol,
    div,
    erf,
    fraction,
    sign,
    tanh,
    together,
)
from sympy.polys.polyerrors import PolynomialError

from workbench.calculus.algebra.sums import expand
from workbench.calculus.algebra.terms import (
    Words,
    gather,
    normal,
    product,
    trace_of,
    transposed_words,
    words,
)
from workbench.calculus.errors import NotGaussianCalculus
from workbench.calculus.means.projections.contractions import Contractions, Law, polynomial_terms
from workbench.calculus.means.projections.integrands import WAVES, Term, read_terms
from workbench.calculus.means.projections.reweighting import slope_of
from workbench.calculus.means.projections.sigmoids import Sigmoids, one_sigmoid
from workbench.calculus.means.projections.steps import Steps
from workbench.calculus.means.projections.tilts import Mean, assembled, averaged, laws_of, replace_means, reweighted
from workbench.calculus.means.projections.waves import wave_mean
from workbench.language.laws import E, gaussian
from workbench.language.letters import tr

Laws = Mapping[MatrixSymbol, Law]


class Projection(NamedTuple):
    """An affine form constant + Σ tr(AᵀX) of the Gaussian letters."""

    constant: Expr
    slopes: dict[MatrixSymbol, Words]


def expect_projections(expression: Any) -> Any:
    """An expression with every mean over Gaussian letters replaced by its closed form.

    Raises NotGaussianCalculus naming what has no rule, DivergentMean for an infinite mean.
    """
    return replace_means(expression, projected_mean)


def projected_mean(mean: Mean) -> Any:
    """One mean in closed form."""
    letters = averaged(mean)
    total: list[tuple[Expr, Any]] = []
    for term in read_terms(mean.inside, letters):
        waves = any(isinstance(function, WAVES) for function in term.functions)
        rule = partial(weighed_mean, laws=laws_of(letters))
        found = wave_mean(term, rule) if waves else rule(term)
        total += [(value, word) for word, value in found.items()]
    summed = {word: gathered_roots(value) for word, value in gather(total).items()}
    return assembled(summed, mean)


def weighed_mean(term: Term, laws: Laws) -> Words:
    """One term in closed form, its exponential made a change of the laws."""
    laws, moved, weight, _ = reweighted(term, dict(laws))
    return {word: weight * value for word, value in term_mean(moved, laws).items()}


def term_mean(term: Term, laws: Laws) -> Words:
    """E[polynomial × functions × open words] under independent laws with fixed means."""
    factor, kinds, forms = distinct_steps(term, laws)
    engine = Contractions(laws, [form.slopes for form in forms])
    steps: Steps | Sigmoids = sigmoids(forms, kinds, laws) if tanh in kinds else joint_law(forms, kinds, laws)
    known: dict[tuple[int, ...], Expr] = {}
    total = []
    for body, coefficient in term.body.items():
        for fixed, traces in polynomial_terms(term.polynomial * coefficient, laws):
            for (orders, word), value in engine.mean(body, traces).items():
                if value != 0:
                    if orders not in known:
                        known[orders] = steps.derivative(orders)
                    total.append((factor * fixed * value * known[orders], word))
    return gather(total)


def distinct_steps(term: Term, laws: Laws) -> tuple[Expr, list[type], list[Projection]]:
    """The functions as (factor, kinds, forms); two equal signs multiply to one."""
    factor, kept = S.One, []
    for function in term.functions:
        side, argument = S.One, normal(function.args[0])
        if argument.could_extract_minus_sign():
            side, argument = S.NegativeOne, normal(-argument)
        if isinstance(function, sign):
            argument = argument.primitive()[1]
        factor *= side
        if isinstance(function, sign) and (sign, argument) in kept:
            kept.remove((sign, argument))
        else:
            kept.append((type(function), argument))
    return factor, [kind for kind, _ in kept], [projection(argument, laws) for _, argument in kept]


def projection(argument: Expr, laws: Laws) -> Projection:
    """An argument read as an affine form of the letters."""
    constant: Expr = S.Zero
    slopes: dict[MatrixSymbol, list[tuple[Expr, Any]]] = {}
    for fixed, traces in polynomial_terms(argument, laws):
        found = [atom for word in traces for atom, _ in word if atom in laws]
        if len(found) > 1:
            raise NotGaussianCalculus(
                f"{argument} is not an affine form of the random letters; erf, sign, Heaviside and Max are "
                "averaged over affine forms t + aᵀx only"
            )
        if found:
            slopes.setdefault(found[0], []).append((fixed, slope_of(traces[0], found[0])))
        else:
            constant += fixed
    return Projection(constant, {letter: gather(parts) for letter, parts in slopes.items()})


def joint_law(forms: list[Projection], kinds: list[type], laws: Laws) -> Steps:
    """Means and doubled covariance of the forms; an erf adds the noise that makes it a sign."""
    smooth = tuple(kind is erf for kind in kinds)
    means = tuple(normal(form.constant + Add(*centre(form, laws))) for form in forms)

    def doubled(i: int, j: int) -> Expr:
        noise = int(i == j and smooth[i])
        return normal(2 * covariance(forms[i], forms[j], laws) + noise)

    places = range(len(forms))
    return Steps(means, tuple(tuple(doubled(i, j) for j in places) for i in places), smooth)


def sigmoids(forms: list[Projection], kinds: list[type], laws: Laws) -> Sigmoids:
    """The law of tanh of the forms. Raises NotGaussianCalculus where other functions stand beside it."""
    if any(kind is not tanh for kind in kinds):
        raise NotGaussianCalculus("tanh beside erf, sign, Heaviside or Max has no closed mean here")
    means = tuple(normal(form.constant + Add(*centre(form, laws))) for form in forms)
    return one_sigmoid(means, [[covariance(one, two, laws) for two in forms] for one in forms])


def centre(form: Projection, laws: Laws) -> list[Expr]:
    """The means of tr(AᵀX)."""
    return [
        trace_of(product([transposed_words(slope), words(laws[x].mean)]), x.shape[1])
        for x, slope in form.slopes.items()
    ]


def covariance(one: Projection, two: Projection, laws: Laws) -> Expr:
    """cov(tr AᵀX, tr BᵀX) = tr(AᵀΣBΩ), summed over independent letters."""
    parts = []
    for x, slope in one.slopes.items():
        if x in two.slopes:
            law = laws[x]
            inside = [transposed_words(slope), words(law.cov), two.slopes[x], words(law.token_cov)]
            parts.append(trace_of(product(inside), x.shape[1]))
    return Add(*parts)


def gathered_roots(value: Expr) -> Expr:
    """A sum where P·q/√q is written P·√q."""
    roots = {power.base for power in value.atoms(Pow) if is_inverse_root(power) and isinstance(power.base, Add)}
    for base in sorted(roots, key=str):
        value = divided(value, base)
    return value


def is_inverse_root(power: Pow) -> bool:
    """Whether a power is q^(−1/2), q^(−3/2), …"""
    return bool(power.exp.is_Rational and power.exp.q == 2 and power.exp < 0)


def divided(value: Expr, base: Expr) -> Expr:
    """A sum where the terms with the lowest power of a root are divided by it, as long as they can be."""
    while True:
        powers = [power.exp for power in value.atoms(Pow) if power.base == base and is_inverse_root(power)]
        if not powers:
            return value
        lowest = base ** min(powers)
        mine = [term for term in Add.make_args(value) if lowest in Mul.make_args(term)]
        top, bottom = fraction(together(Add(*(term / lowest for term in mine))))
        try:
            quotient, remainder = div(top, base)
        except PolynomialError:
            return value
        if not mine or remainder != 0:
            return value
        value = expand(value - Add(*mine)) + expand(quotient / bottom) * lowest * base


def mehler(f: Callable[[Expr], Expr], g: Callable[[Expr], Expr], correlation: Symbol, order: int) -> Expr:
    """E f(u) g(v) for standard normals of that correlation, as a series with its order of error.

    Mehler: E f(u) g(v) = Σ_k ρᵏ/k! E[f He_k] E[g He_k]; the sum stops after ρ^order.
    """
    z = gaussian("z", 1)
    total: Expr = Order(correlation ** (order + 1))
    for k in range(order + 1):
        left, right = (expect_projections(E(h(tr(z)) * hermite(k, tr(z)))) for h in (f, g))
        total += correlation**k * Rational(1, factorial(k)) * left * right
    return total


def hermite(order: int, x: Expr) -> Expr:
    """The polynomial He_k, orthogonal for the standard normal law."""
    before, now = S.Zero, S.One
    for k in range(order):
        before, now = now, expand(x * now - k * before)
    return now
