"""Critical points: solve a system in order parameters, and say how completely it was solved.

The system is split into cases (a product vanishes when a factor does), every answer is substituted
back exactly, and the list is certified: by Sturm's theorem for one unknown and by Hermite's for
several, where the number of distinct real solutions of a polynomial system is the signature of the
trace form of its quotient ring. Overlaps that solve no polynomial are counted by boxes of balls. With
symbolic parameters the count is taken at random rational parameter points, and the certificate says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flint import arb
from sympy import (
    Dummy,
    Expr,
    Matrix,
    Poly,
    Symbol,
    Trace,
    cancel,
    diff,
    factor,
    factor_list,
    roots,
    sympify,
    together,
)

from workbench.calculus.critical.case_splits import Case, split
from workbench.calculus.critical.radicals import constants_hidden, vanishes
from workbench.calculus.errors import NoClosedForm, NotASolution
from workbench.calculus.points import is_null, points
from workbench.exact.enclosed_roots import is_polynomial, solution_count
from workbench.exact.real_roots import NotZeroDimensional
from workbench.exact.values import enclosed, real_value
from workbench.language.laws import MatrixMean, ScalarMean

INSTANCES = 3


@dataclass(frozen=True)
class FixedPoints:
    """The real solutions of a system, and how it is known that they are all.

    `points` are real at every instance, `sometimes` only at some values of the parameters; a point
    that leaves an unknown out is a whole family. `grades` say how each residual was found to be 0
    ("proved" or "enclosed"), for `points` and then `sometimes`. `complete` is True only when an independent
    count (`how`) agrees; the split into cases by itself is exhaustive for generic parameters.
    """

    points: tuple[dict[Symbol, Expr], ...]
    sometimes: tuple[dict[Symbol, Expr], ...]
    grades: tuple[str, ...]
    complete: bool
    how: str
    counts: tuple[int, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.points)


def fixed_points(equations: Sequence[Expr], unknowns: Sequence[Symbol], hypotheses: Sequence[Any] = ()) -> FixedPoints:
    """Every real solution of equations = 0, with a certificate.

    `hypotheses` are inequalities between the parameters: the regime in which the points are real.
    Re-check: `check_fixed_points` substitutes each point over ℚ (or balls) and recounts the real
    solutions at fresh parameter points. Raises NoClosedForm when a case cannot be solved and
    NotASolution when an answer fails on substitution.
    """
    system = [sympify(equation) for equation in equations]
    unknowns = tuple(unknowns)
    _refuse_hostile(system, unknowns)
    cases = split(system, unknowns)
    instances = list(points(system, "fixed points", INSTANCES, hypotheses))
    finite = [case for case in cases if not _denominator_vanishes(system, case)]
    always, sometimes = [], []
    for case in _distinct(finite, instances[0]):
        where = [p for p in instances if _real_at(case, p)]
        if not where:
            continue
        grade = _grade(system, case, where)
        (always if len(where) == len(instances) else sometimes).append((_ordered(case, unknowns), grade))
    complete, how, counts = certificate(system, unknowns, [a for a, _ in always + sometimes], instances)
    grades = tuple(grade for _, grade in always + sometimes)
    return FixedPoints(tuple(a for a, _ in always), tuple(a for a, _ in sometimes), grades, complete, how, counts)


def check_fixed_points(
    equations: Sequence[Expr],
    unknowns: Sequence[Symbol],
    found: FixedPoints,
    hypotheses: Sequence[Any] = (),
) -> bool:
    """Whether every point solves the system and the list is as long as the count, at fresh instances."""
    system = [sympify(equation) for equation in equations]
    for point in points(system, "check fixed points", INSTANCES, hypotheses):
        listed = [Case(dict(p)) for p in (*found.points, *found.sometimes)]
        real = [case for case in listed if _real_at(case, point)]
        residuals = [real_value(e.subs(case.assignment), point) for e in system for case in real]
        if len(real) < len(found.points) or any(r is None or not is_null(r) for r in residuals):
            return False
        if found.counts and len(real) != _count(system, unknowns, point):
            return False
    return True


def jacobian_spectrum(
    equations: Sequence[Expr], unknowns: Sequence[Symbol], point: dict[Symbol, Expr]
) -> tuple[tuple[Expr, int], ...]:
    """The eigenvalues of ∂equations/∂unknowns at a point, with multiplicities.

    Re-check: `check_jacobian_spectrum`, the characteristic polynomial at rational instances.
    Raises NoClosedForm when an irreducible factor of degree above 2 is left.
    """
    if diagonal := _triangular(*_jacobian(equations, unknowns, point)):
        return diagonal
    x = Dummy("eigenvalue")
    characteristic, names = constants_hidden(_characteristic(equations, unknowns, point, x))
    spectrum: list[tuple[Expr, int]] = []
    for hidden_factor, multiplicity in factor_list(characteristic, x)[1]:
        factor = hidden_factor.subs(names)
        exact = roots(Poly(factor, x), cubics=False, quartics=False)
        if sum(exact.values()) != Poly(factor, x).degree():
            raise NoClosedForm(
                f"the characteristic polynomial has the irreducible factor {factor}; its roots have no short "
                "closed form — reduce to invariant directions first"
            )
        spectrum += [(cancel(root), count * multiplicity) for root, count in exact.items()]
    return tuple(spectrum)


def check_jacobian_spectrum(
    equations: Sequence[Expr],
    unknowns: Sequence[Symbol],
    point: dict[Symbol, Expr],
    spectrum: Sequence[tuple[Expr, int]],
) -> bool:
    """Whether ∏(x − eigenvalue) is the characteristic polynomial, at rational x and instances."""
    x = Symbol("x", positive=True)
    claimed = sympify(1)
    for value, multiplicity in spectrum:
        claimed *= (x - value) ** multiplicity
    difference = claimed - _characteristic(equations, unknowns, point, x)
    values = [real_value(difference, p) for p in points([difference, x], "spectrum", INSTANCES)]
    return all(v is not None and is_null(v) for v in values)


def _characteristic(
    equations: Sequence[Expr], unknowns: Sequence[Symbol], point: dict[Symbol, Expr], x: Symbol
) -> Expr:
    """det(x − J) at the point."""
    jacobian, nodes = _jacobian(equations, unknowns, point)
    return jacobian.charpoly(x).as_expr(x).subs(nodes)


def _jacobian(
    equations: Sequence[Expr], unknowns: Sequence[Symbol], point: dict[Symbol, Expr]
) -> tuple[Matrix, dict[Dummy, Any]]:
    """The derivatives at the point, with traces (constants for the unknowns) as dummies, and what these stand for."""
    system, names = hidden(equations)
    slopes = Matrix([[diff(e, u).subs(point) for u in unknowns] for e in system])
    return slopes, {dummy: node for node, dummy in names.items()}


def _triangular(jacobian: Matrix, nodes: dict[Dummy, Any]) -> tuple[tuple[Expr, int], ...]:
    """The eigenvalues that a triangular matrix shows on its diagonal, with multiplicities; nothing for others."""
    if not (jacobian.is_upper or jacobian.is_lower):
        return ()
    diagonal = [cancel(jacobian[place, place]).subs(nodes) for place in range(jacobian.rows)]
    return tuple((value, diagonal.count(value)) for value in dict.fromkeys(diagonal))


def hidden(expressions: Sequence[Expr]) -> tuple[list[Any], dict[Any, Dummy]]:
    """Expressions with traces and means replaced by letters, so that scalar calculus is safe on them."""
    nodes = {node for e in expressions for node in sympify(e).atoms(Trace, ScalarMean, MatrixMean)}
    names: dict[Any, Dummy] = {n: Dummy(f"t{i}", real=True) for i, n in enumerate(sorted(nodes, key=str))}
    return [sympify(e).xreplace(names) for e in expressions], names


def _refuse_hostile(system: list[Expr], unknowns: tuple[Symbol, ...]) -> None:
    if not system or not unknowns:
        raise NoClosedForm("give at least one equation and one unknown")
    for equation in system:
        if getattr(equation, "is_Matrix", False):
            raise NoClosedForm(f"{equation} is a matrix; write the system in scalar order parameters first")
    absent = [u for u in unknowns if not any(e.has(u) for e in system)]
    if absent:
        raise NoClosedForm(f"the unknown {absent[0]} occurs in no equation, so it is free")


def _distinct(cases: list[Case], point: dict) -> list[Case]:
    """The cases without repetitions: apart at one instance means different, else exactly compared."""
    kept: list[tuple[Case, dict[Symbol, Any]]] = []
    for case in cases:
        here = {unknown: real_value(value, point) for unknown, value in case.assignment.items()}
        if not any(not _apart(here, there) and _same(case.assignment, other.assignment) for other, there in kept):
            kept.append((case, here))
    return [case for case, _ in kept]


def _apart(one: dict[Symbol, Any], other: dict[Symbol, Any]) -> bool:
    """Whether two points are visibly different: a coordinate is missing or its balls are disjoint."""
    if one.keys() != other.keys():
        return True
    pairs = [(one[u], other[u]) for u in one if one[u] is not None and other[u] is not None]
    return any(not arb(a).overlaps(arb(b)) for a, b in pairs)


def _ordered(case: Case, unknowns: tuple[Symbol, ...]) -> dict[Symbol, Expr]:
    """The coordinates in the order of the unknowns, each in the shorter of its forms."""
    return {u: shorter(case.assignment[u]) for u in unknowns if u in case.assignment}


def shorter(value: Expr) -> Expr:
    """A quotient of polynomials in letters and traces without common factors, where that is shorter."""
    (plain,), names = hidden([value])
    if not plain.is_rational_function():
        return value
    factored = factor(plain).xreplace({dummy: node for node, dummy in names.items()})
    return min(factored, value, key=lambda form: len(str(form)))


def _same(one: dict[Symbol, Expr], other: dict[Symbol, Expr]) -> bool:
    return one.keys() == other.keys() and all(vanishes(one[u] - other[u]) for u in one)


def _denominator_vanishes(system: list[Expr], case: Case) -> bool:
    """Whether an equation has a pole at the point (clearing denominators invents solutions there)."""
    return any(vanishes(together(e).as_numer_denom()[1].subs(case.assignment)) for e in system)


def _real_at(case: Case, point: dict) -> bool:
    """Whether every coordinate is a real number of the declared sign at the instance."""
    for unknown, value in case.assignment.items():
        number = real_value(value, point)
        if number is None or (unknown.is_positive and not bool(number > 0)):
            return False
    return True


def _grade(system: list[Expr], case: Case, instances: list[dict]) -> str:
    """How it is known that the point solves the system; raises NotASolution when it does not."""
    residuals = [equation.subs(case.assignment) for equation in system]
    if all(map(vanishes, residuals)):
        return "proved"
    for residual in residuals:
        if not all(is_null(enclosed(residual, point)) for point in instances):
            raise NotASolution(f"{case.assignment} leaves the residual {residual}; please report this system")
    return "enclosed"


def certificate(
    system: list[Expr], unknowns: tuple[Symbol, ...], found: list[dict], instances: list[dict]
) -> tuple[bool, str, tuple[int, ...]]:
    """Whether the list is complete, and how that is known."""
    try:
        counts = tuple(_count(system, unknowns, point) for point in instances)
    except NotZeroDimensional as reason:
        return False, f"not certified: {reason}", ()
    listed = tuple(sum(_real_at(Case(p), point) for p in found) for point in instances)
    if counts != listed:
        return False, f"not complete: {counts} real solutions at the instances, {listed} listed", counts
    theorem = ("Sturm" if len(unknowns) == 1 else "Hermite") if is_polynomial(system, unknowns) else "Krawczyk"
    parameters = set().union(*(e.free_symbols for e in system)) - set(unknowns)
    if not parameters:
        return True, f"{theorem} count: {counts[0]} distinct real solutions", counts
    return True, f"{theorem} count at {len(counts)} random rational parameter points", counts


def _count(system: list[Expr], unknowns: tuple[Symbol, ...], point: dict) -> int:
    return solution_count(system, unknowns, point)
