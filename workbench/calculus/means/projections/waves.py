"""Waves: means of cosines and sines of affine forms, which are exponentials with an imaginary factor.

For an affine form u of Gaussian letters, `tilts` gives E[P(X) exp(εu)] = p(ε) exp(c + εm + ε²q), with a polynomial p.
At ε = i its real part is E[P(X) cos u], its imaginary part E[P(X) sin u]. Hence E cos(aᵀx) = exp(−aᵀΣa/2) for a centred
x: cosines along random directions add up to a Gaussian kernel (Rahimi & Recht, *Random features*, 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Add, Dummy, Expr, Mul, Poly, PolynomialError, S, cos, exp, sin

from workbench.calculus.algebra.terms import Words, gather, normal
from workbench.calculus.errors import NotGaussianCalculus
from workbench.calculus.means.projections.integrands import WAVES, Term

TURN = Dummy("ε", real=True)  # what is i in the end
Waves = dict[tuple[type, Expr], Expr]  # (cos or sin, argument) → coefficient


def wave_mean(term: Term, mean: Callable[[Term], Words]) -> Words:
    """E[polynomial × exponential × cosines and sines × open words]; `mean` averages a term without functions.

    Raises NotGaussianCalculus where another function stands beside them, or an argument is not affine.
    """
    others = [function for function in term.functions if not isinstance(function, WAVES)]
    if others:
        raise NotGaussianCalculus(f"no rule averages {others[0]} beside a cosine or a sine; average one of them first")
    total = []
    for (kind, argument), weight in single_waves(term.functions).items():
        turned = term._replace(exponent=normal(term.exponent + TURN * argument), functions=())
        total += [(weight * part_of(value, kind), word) for word, value in mean(turned).items()]
    return gather(total)


def single_waves(functions: Sequence[Expr]) -> Waves:
    """A product of cosines and sines as a sum of single ones."""
    found: Waves = {(cos, S.Zero): S.One}
    for function in functions:
        kind, argument = type(function), function.args[0]
        longer: Waves = {}
        for (one, other), weight in found.items():
            same, opposite = one is kind, -weight if (one, kind) == (cos, sin) else weight
            both = -weight if same and kind is sin else weight
            for angle, part in ((normal(other - argument), opposite), (normal(other + argument), both)):
                place = (cos if same else sin), angle
                longer[place] = longer.get(place, S.Zero) + part / 2
        found = longer
    return found


def part_of(value: Expr, kind: type) -> Expr:
    """The real part (for cos), or the imaginary part (for sin), of an expression at ε = i."""
    found = []
    for summand in Add.make_args(normal(value)):
        powers = dict(summand.as_powers_dict())
        calm, phase = halves(powers.pop(S.Exp1, S.Zero))
        even, odd = halves(Mul(*(base**power for base, power in powers.items())))
        parts = (even * cos(phase), -odd * sin(phase)) if kind is cos else (even * sin(phase), odd * cos(phase))
        found.append(exp(calm) * Add(*parts))
    return Add(*found)


def halves(polynomial: Expr) -> tuple[Expr, Expr]:
    """The real and the imaginary part of a polynomial in ε at ε = i."""
    try:
        terms = Poly(polynomial, TURN).terms()
    except PolynomialError:
        raise NotGaussianCalculus("cosines and sines are averaged of affine forms t + aᵀx only") from None
    parts = [Add(*(c * (-1) ** (k // 2) for (k,), c in terms if k % 2 == odd)) for odd in (0, 1)]
    return normal(parts[0]), normal(parts[1])
