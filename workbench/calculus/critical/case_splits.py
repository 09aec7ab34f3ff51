"""Case splits: a system in order parameters solved factor by factor.

A product vanishes when one of its factors does; a factor in one unknown is solved by its roots, a
factor linear in an unknown by division. Where no equation splits, a Gröbner basis is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sympy import (
    Expr,
    GroebnerBasis,
    Poly,
    Pow,
    S,
    Symbol,
    asin,
    asinh,
    atan,
    cancel,
    cosh,
    erf,
    exp,
    factor_list,
    groebner,
    roots,
    sinh,
    tanh,
    together,
)

from workbench.calculus.critical.radicals import constants_hidden, vanishes
from workbench.calculus.errors import NoClosedForm

MAX_CASES = 512
ZERO_ONLY_AT_ZERO = (erf, tanh, sinh, atan, asin, asinh)  # odd and strictly increasing on the reals
BOUNDED_BY_ONE = (erf, tanh)
NEVER_ZERO = (exp, cosh)


@dataclass
class Case:
    """One branch: the unknowns found so far."""

    assignment: dict[Symbol, Expr] = field(default_factory=dict)


def split(system: Sequence[Expr], unknowns: Sequence[Symbol]) -> list[Case]:
    """Every solution of a system for generic parameters, by cases.

    Raises NoClosedForm naming the equation that does not split.
    """
    found: list[Case] = []
    pending: list[tuple[list[Expr], Case, bool]] = [(list(system), Case(), False)]
    while pending:
        equations, case, based = pending.pop()
        equations = _remaining(equations, unknowns)
        if equations is None:
            continue
        if not equations:
            found.append(case)
        else:
            pending += _branches(equations, case, unknowns, based)
        if len(found) + len(pending) > MAX_CASES:
            raise NoClosedForm(f"more than {MAX_CASES} cases; use symmetry to reduce the unknowns first")
    return found


def _remaining(equations: list[Expr], unknowns: Sequence[Symbol]) -> list[Expr] | None:
    """Numerators that are not identically 0; None when one of them can never be 0."""
    kept = []
    for equation in equations:
        numerator = _pruned(_numerator(equation), unknowns)
        if vanishes(numerator):
            continue
        if not numerator.has(*unknowns):
            return None
        kept.append(numerator)
    return kept


def _numerator(equation: Expr) -> Expr:
    if equation.is_rational_function():
        return cancel(together(equation)).as_numer_denom()[0]
    return together(equation).as_numer_denom()[0]


def _pruned(numerator: Expr, unknowns: Sequence[Symbol]) -> Expr:
    """A polynomial without the monomials whose coefficient (roots included) is 0."""
    if not numerator.is_polynomial(*unknowns):
        return numerator
    terms = Poly(numerator, *unknowns).terms()
    kept = {monomial: c for monomial, c in terms if not vanishes(c)}
    return Poly.from_dict(kept or {(0,) * len(unknowns): S.Zero}, *unknowns).as_expr()


def _branches(
    equations: list[Expr], case: Case, unknowns: Sequence[Symbol], based: bool
) -> list[tuple[list[Expr], Case, bool]]:
    """The branches of the equation that splits most cheaply."""
    options = [(solutions, e) for e in equations if (solutions := _solutions(e, unknowns)) is not None]
    if not options:
        if based:
            raise NoClosedForm(_unsplit(equations, unknowns))
        return [(_basis(equations, unknowns), case, True)]
    solutions, _ = min(options, key=lambda option: len(option[0]))
    branches = []
    for unknown, value in solutions:
        if value.is_real is False:
            continue
        assignment = {u: _tidy(v.subs(unknown, value)) for u, v in case.assignment.items()} | {unknown: value}
        branches.append(([e.subs(unknown, value) for e in equations], Case(assignment), False))
    return branches


def _tidy(value: Expr) -> Expr:
    return cancel(value) if value.is_rational_function() else value


def _basis(equations: list[Expr], unknowns: Sequence[Symbol]) -> list[Expr]:
    """A lexicographic Gröbner basis over the field of the parameters."""
    present = [u for u in unknowns if any(e.has(u) for e in equations)]
    if not all(e.is_polynomial(*present) and not _rooted(e) for e in equations):
        raise NoClosedForm(
            f"{equations[0]} = 0 does not split and the system is not polynomial with rational coefficients; "
            "factor it by hand, or state the points yourself with so(…), which is checked exactly"
        )
    basis: GroebnerBasis = groebner(equations, *present, order="lex")
    return list(basis.exprs)


def _unsplit(equations: list[Expr], unknowns: Sequence[Symbol]) -> str:
    """Why a basis has no list of solutions: they form a family, or they are no closed forms."""
    present = [u for u in unknowns if any(e.has(u) for e in equations)]
    if groebner(equations, *present, order="lex").is_zero_dimensional:
        return f"{equations[0]} = 0 does not split into factors with closed-form zeros"
    names = ", ".join(map(str, present))
    return (
        f"the solutions form a family in {names}: {equations[0]} = 0 is a curve and not a list of points; "
        "fix one of the unknowns, or break the symmetry (a small price on each makes them isolated)"
    )


def _rooted(expression: Expr) -> bool:
    return any(p.exp.is_Rational and not p.exp.is_Integer for p in expression.atoms(Pow))


def _solutions(equation: Expr, unknowns: Sequence[Symbol]) -> list[tuple[Symbol, Expr]] | None:
    """Every way in which the equation can hold, as unknown = value; None when a factor resists."""
    found: list[tuple[Symbol, Expr]] = []
    for factor in _factors(equation, unknowns):
        if not factor.has(*unknowns) or _never_zero(factor):
            continue
        solved = _zeros_of_factor(factor, unknowns)
        if solved is None:
            return None
        found += solved
    return found


def _factors(equation: Expr, unknowns: Sequence[Symbol]) -> list[Expr]:
    """The distinct irreducible factors that hold an unknown."""
    plain, constants = constants_hidden(equation, unknowns)
    return [factor.subs(constants) for factor, _ in factor_list(plain)[1] if factor.has(*unknowns)]


def _never_zero(factor: Expr) -> bool:
    """exp(…), cosh(…) and c − erf(…) with |c| ≥ 1 have no real zero."""
    if isinstance(factor, NEVER_ZERO) or (isinstance(factor, Pow) and isinstance(factor.base, NEVER_ZERO)):
        return True
    bounded = [f for f in factor.atoms(*BOUNDED_BY_ONE)]
    if len(bounded) != 1 or not factor.is_polynomial(bounded[0]):
        return False
    polynomial = Poly(factor, bounded[0])
    if polynomial.degree() != 1 or polynomial.LC().has(*bounded):
        return False
    value = cancel(-polynomial.nth(0) / polynomial.LC())
    return bool(value.is_Rational and abs(value) >= 1)


def _zeros_of_factor(factor: Expr, unknowns: Sequence[Symbol]) -> list[tuple[Symbol, Expr]] | None:
    """The zeros of one irreducible factor, in one of its unknowns."""
    if isinstance(factor, ZERO_ONLY_AT_ZERO):
        return _solutions(_numerator(factor.args[0]), unknowns)  # type: ignore[arg-type]
    present = [u for u in unknowns if factor.has(u)]
    for unknown in present:
        if factor.is_polynomial(unknown) and (len(present) == 1 or Poly(factor, unknown).degree() == 1):
            polynomial = Poly(factor, unknown)
            if polynomial.degree() == 1 and not polynomial.LC().has(*unknowns):
                return [(unknown, cancel(-polynomial.nth(0) / polynomial.LC()))]
            if len(present) == 1:
                exact = roots(polynomial, cubics=False, quartics=True)
                if sum(exact.values()) == polynomial.degree():
                    return [(unknown, root) for root in exact]
    return None
