"""Rules that solve: each answer is substituted back, and lists are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from workbench.calculus.errors import NoClosedForm, NoCrossing
from workbench.calculus.rules.derivatives_compared import solves_the_flow, takes_the_time
from workbench.calculus.rules.making import collected, rule
from workbench.calculus.rules.solutions_compared import (
    all_solutions,
    coordinates_on_eigenvectors,
    eigen_equation,
    equations,
    one_crosses,
    power_sums,
)
from workbench.calculus.rules.values_compared import changes_sign_there, step_by_step, vanishes_there


@rule(vanishes_there)
def stationary_point(line: Any, *, wrt: Any) -> Any:
    """Solve the vanishing gradient for the letter, and substitute back."""
    from workbench.calculus.critical.stationary import stationary_point as compute
    from workbench.calculus.critical.trace_forms import has_traces
    from workbench.calculus.critical.trace_forms import solved as in_trace_form

    if getattr(wrt, "is_Matrix", False):
        return in_trace_form(line, wrt) if has_traces(line, wrt) else compute(line, wrt)
    values = fixed_points.compute(line, unknowns=[wrt])
    if values.cols > 1:
        raise NoClosedForm(f"the line vanishes at {values.cols} values of {wrt}; fixed_points lists them all")
    return values[0]


@rule(vanishes_there)
def solved_by(line: Any, *, wrt: Any, value: Any) -> Any:
    """The line vanishes at this value of the letter: substitute it back."""
    return value


@rule(all_solutions)
def fixed_points(line: Any, *, unknowns: Sequence[Any], hypotheses: Sequence[Any] = ()) -> Any:
    """All real solutions of an equation, or of a column of equations, one in each column."""
    from workbench.calculus.critical.critical_points import fixed_points as compute

    found = compute(equations(line), unknowns, hypotheses)
    if not found.complete or found.sometimes or not found.points:
        raise NoClosedForm(
            f"the solutions of {equations(line)} are not certified to be all and real ({found.how}); "
            "state the regime as `hypotheses`, or restrict the unknowns"
        )
    if any(unknown not in solution for solution in found.points for unknown in unknowns):
        raise NoClosedForm(f"the solutions of {equations(line)} form a family; fix one of the unknowns")
    return sp.ImmutableMatrix([[solution[unknown] for solution in found.points] for unknown in unknowns])


@rule(power_sums)
def spectrum(line: Any, *, unknowns: Sequence[Any], at: Mapping[Any, Any]) -> Any:
    """The eigenvalues of the Jacobian of a vector field at a point, as a column."""
    from workbench.calculus.critical.critical_points import jacobian_spectrum

    pairs = jacobian_spectrum(equations(line), list(unknowns), dict(at))
    return sp.ImmutableMatrix([value for value, multiplicity in pairs for _ in range(multiplicity)])


@rule(eigen_equation)
def along_eigenvectors(line: Any, *, direction: Any, eigenvalues: Mapping[Any, Any]) -> Any:
    """Apply a linear map to the outer product of two eigenvectors."""
    from workbench.calculus.critical.stationary import along_eigenvectors as compute

    return compute(line, direction, eigenvalues)


@rule(coordinates_on_eigenvectors)
def on_eigenvectors(line: Any, *, of: Any, vectors: Mapping[Any, Mapping[Any, Any]]) -> Any:
    """Put vectors on eigenvectors of a symmetric letter, and read off coordinates."""
    from workbench.calculus.critical.eigen_coordinates import on_eigenvectors as compute

    return compute(line, of, vectors)


@rule(changes_sign_there)
def crossing(
    line: Any, *, parameter: Any, positive: bool | None = None, hypotheses: Sequence[Any] = (), value: Any = None
) -> Any:
    """Where the line changes sign as the parameter grows."""
    if value is not None:  # typed by hand where no solver finds it; the check is the same
        return sp.sympify(value)
    from workbench.calculus.critical.critical_scales import crossing as compute

    among = (
        bool(parameter.is_positive) if positive is None else positive
    )  # a positive letter crosses at positive values
    return sp.factor(collected(compute(line, parameter, positive=among, hypotheses=hypotheses)))


@rule(one_crosses)
def critical_scale(line: Any, *, parameter: Any, of: str = "hessian") -> Any:
    """The one value of the parameter at which an eigenvalue of the spectrum crosses zero."""
    from workbench.calculus.critical.critical_scales import critical_scale as compute

    values = {found.value for found in compute(list(sp.ImmutableMatrix([line])), parameter, of=of)}
    if len(values) != 1:
        listed = ", ".join(sorted(map(str, values)))
        raise NoCrossing(f"eigenvalues cross zero at {listed}; give the ones whose scale is asked for")
    return values.pop()


@rule(step_by_step)
def iterated(line: Any, *, unknown: Any, times: Any, initial: Any) -> Any:
    """The state after so many steps of an affine map, in closed form."""
    from workbench.calculus.critical.iterations import iterate

    return collected(iterate(line, unknown, times, initial))


@rule(solves_the_flow)
def flow(line: Any, *, unknown: Any, time: Any, initial: Any) -> Any:
    """Solve the differential equation whose right-hand side is the line, and substitute back."""
    from workbench.calculus.critical.flows import flow as compute
    from workbench.calculus.critical.flows import riccati_flow

    if getattr(line, "is_Matrix", False):
        return riccati_flow(line, unknown, time, initial).solution
    found = compute(line, unknown, time, initial)
    if found.solution is None:
        raise NoClosedForm(
            f"{unknown}' = {line} has no closed {unknown}({time}), only a closed {time}({unknown}); "
            "derive that with passage_time"
        )
    return found.solution


@rule(takes_the_time)
def passage_time(line: Any, *, unknown: Any, initial: Any) -> Any:
    """Integrate one over the speed, the line, from the start to the unknown."""
    from workbench.calculus.critical.flows import passage_time as compute

    return compute(line, unknown, initial)
