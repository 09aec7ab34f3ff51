"""Lines of a proof: every mean of a trace is replaced by what it tends to."""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, MatAdd, MatMul, S, Trace, Transpose, sympify
from sympy.polys.polyerrors import CoercionFailed

from workbench.calculus.equivalents.dyson import dyson
from workbench.calculus.equivalents.families import Families, rational
from workbench.calculus.equivalents.instances import instances
from workbench.calculus.equivalents.pencils import pencil
from workbench.calculus.equivalents.resolvents import resolved
from workbench.calculus.equivalents.solving import Solution
from workbench.calculus.equivalents.squares import squared
from workbench.calculus.errors import NotTranslatable
from workbench.language.laws import Random, ScalarMean, loose_letters, random_letters
from workbench.language.letters import Matrix, UnitVector, dot


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
    try:
        return line.xreplace({mean: limit_inside(mean.inside) for mean in means})
    except NotTranslatable:
        raise
    except (CoercionFailed, ValueError):  # of SymPy, whose fields hold rational functions only
        raise NotTranslatable(
            "a root stays in the equations of the traces; divide a random letter by it, X/sqrt(N), and nothing else"
        ) from None


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
    system = dyson(pencil(squared(inside), families), families)
    solution = Solution(families, instances(system))
    return number * seen_along(solution, solution.solve(system), inside.shape, against)


def seen_along(solution: Solution, value: Expr, shape: Any, against: Any) -> Expr:
    """The trace of a block times another matrix: in bulk, and along the spikes where that matrix is of rank one."""
    families, (rows, columns) = solution.families, shape
    bulk = families.in_bulk(value)
    ends = None if against is None else ends_of(list(against.args))
    if ends and rows == columns and (own := families.spikes.keys() & {*ends}):
        return solution.written(families.at_spike(value, own.pop()), rows, None) / rows * product_of(*ends)
    found = solution.written(bulk, rows, against) if rows == columns or bulk else S.Zero
    if ends is None:
        return found
    for left, right in families.spiked(shape):
        more = solution.written(rational(families.at_spike(value, left) - bulk), rows, None) / rows
        found += more * product_of(ends[1], left) * product_of(right, ends[0])
    return found


def ends_of(factors: list[Any]) -> tuple[Any, Any] | None:
    """A product of rank one as a column times the transpose of another; None for other products."""
    place = next((place for place, factor in enumerate(factors) if factor.shape[1] == 1), None)
    if place is None:
        return None
    return MatMul(*factors[: place + 1]).doit(), Transpose(MatMul(*factors[place + 1 :])).doit()


def product_of(one: Any, other: Any) -> Expr:
    """The scalar product of two columns, a unit vector's with itself and with those across it as known."""
    if isinstance(one, UnitVector) and one == other:
        return S.One
    across = [v.orthogonal_to for v in (one, other) if isinstance(v, UnitVector)]
    return S.Zero if any({one, other} & {*those} for those in across) else dot(one, other)


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
