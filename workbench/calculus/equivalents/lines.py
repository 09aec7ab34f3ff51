"""Lines of a proof: every mean of a trace is replaced by what it tends to."""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, MatAdd, MatMul, S, Trace, sympify

from workbench.calculus.equivalents.dyson import dyson
from workbench.calculus.equivalents.families import Families
from workbench.calculus.equivalents.instances import instances
from workbench.calculus.equivalents.pencils import pencil
from workbench.calculus.equivalents.resolvents import resolved
from workbench.calculus.equivalents.solving import Solution
from workbench.calculus.errors import NotTranslatable
from workbench.language.laws import Random, ScalarMean, loose_letters, random_letters
from workbench.language.letters import Matrix, UnitVector


def limit_of(line: Any) -> Expr:
    """The leading order of a line in means of traces, as all sizes grow at fixed ratios.

    Scalar letters are meant to be positive. Re-check: `approached_by_samples`, which draws the matrices. Source of the
    theorem that is used: Haagerup & Thorbjørnsen 2005 (rational functions of independent Gaussian matrices converge
    to their free limit); with covariances Erdős 2019.
    Raises NotTranslatable when a mean is not one of traces, or a letter is random outside the means; NoClosedForm
    when the fixed point is not reached by iteration.
    """
    line = sympify(line)
    means = line.atoms(ScalarMean)
    if not means:
        raise NotTranslatable(f"{line} holds no mean of a trace; write E(tr(…))")
    if loose_letters(line):
        raise NotTranslatable(f"{line} is random outside its means; write E(tr(…)) of all of it")
    return line.xreplace({mean: limit_inside(mean.inside) for mean in means})


def limit_inside(inside: Expr) -> Expr:
    """The leading order of a sum of numbers times one trace each."""
    vectors = sorted(str(letter) for letter in random_letters(inside) if letter.shape[1] == 1)
    if vectors:
        raise NotTranslatable(
            f"{', '.join(vectors)} is one random vector, no large matrix; average over it first, with averaging(over=…)"
        )
    return Add(*(of_term(term) for term in Add.make_args(resolved(inside))))


def of_term(term: Expr) -> Expr:
    if not random_letters(term):  # what a resolvent identity leaves of an inverse
        return term
    number, rest = term.as_independent(Trace, as_Add=False)
    if not isinstance(rest, Trace) or random_letters(number):
        raise NotTranslatable(f"E({term}) is not the mean of one trace; write a sum of means E(tr(…))")
    parts = rest.arg.args if isinstance(rest.arg, MatAdd) else (rest.arg,)
    return number * Add(*(trace_limit(part) for part in parts))


def trace_limit(matrix: Any) -> Expr:
    """The leading order of one trace of a product."""
    if not random_letters(matrix):
        return Trace(matrix)
    number, factors = matrix.as_coeff_matrices() if isinstance(matrix, MatMul) else (S.One, [matrix])
    against, inside = turned(factors)
    families = Families()
    system = dyson(pencil(inside, families), families)
    solution = Solution(families, instances(system))
    value = families.at_spike(solution.solve(system), None if against is None else against.args[0])
    return number * solution.written(value, inside.shape[0], against)


def turned(factors: list[Any]) -> tuple[Any, Any]:
    """A product turned in its trace, so that what commutes with nothing stands first: that, and the rest.

    Raises NotTranslatable when such factors stand at several places.
    """
    inner = inside_letters(factors)
    foreign = [not random_letters(f) and not f.atoms(Matrix) <= inner for f in factors]
    if not any(foreign):
        return None, MatMul(*factors).doit(deep=False)
    starts = [place for place, here in enumerate(foreign) if here and not foreign[place - 1]]
    if len(starts) > 1:
        raise NotTranslatable("two fixed matrices that need not commute stand apart in a trace; one may be there")
    start = starts[0] if starts else 0
    order = [(place + start) % len(factors) for place in range(len(factors))]
    first, rest = ([factors[k] for k in order if foreign[k] is here] for here in (True, False))
    return MatMul(*first), MatMul(*rest)


def inside_letters(factors: list[Any]) -> set[Any]:
    """The fixed letters that stand in covariances and inverses, with which others may have to commute."""
    letters = {letter for factor in factors if random_letters(factor) for letter in factor.atoms(Matrix)}
    return {letter for letter in letters if not isinstance(letter, Random | UnitVector)}
