"""Counting real solutions exactly: Sturm for one unknown, Hermite's trace form for several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from itertools import product as cartesian
from typing import Any

from flint import arb, fmpq, fmpq_mat
from sympy import QQ, Expr, Poly, Rational, Symbol, cancel, groebner, reduced, together
from sympy.polys.orderings import grevlex

from workbench.exact.rings import Undefined
from workbench.exact.values import real_value

MAX_DIMENSION = 64


class NotZeroDimensional(Undefined):
    """A system with infinitely many complex solutions, or a quotient ring too large to count in."""


def real_solution_count(system: Sequence[Expr], unknowns: Sequence[Symbol], point: Mapping) -> int:
    """How many distinct real solutions the system has at one rational parameter point.

    Unknowns declared positive count only where they are positive; solutions at which a denominator
    vanishes do not count.
    """
    polynomials, poles = _rational_system(system, unknowns, point)
    if len(unknowns) == 1 and not any(u.is_positive for u in unknowns):
        return _sturm(polynomials, poles, unknowns[0])
    return _hermite(polynomials, poles, unknowns)


def _rational_system(
    system: Sequence[Expr], unknowns: Sequence[Symbol], point: Mapping
) -> tuple[list[Poly], list[Poly]]:
    """Numerators and denominators as polynomials over ℚ."""
    tops, bottoms = [], []
    for equation in system:
        above, below = cancel(together(equation)).as_numer_denom()
        tops.append(at_instance(above, unknowns, point))
        bottoms.append(at_instance(below, unknowns, point))
    return [p for p in tops if not p.is_zero], [p for p in bottoms if p.total_degree() > 0]


def at_instance(expression: Expr, unknowns: Sequence[Symbol], point: Mapping) -> Poly:
    """A polynomial over ℚ in the unknowns, the other letters at their rational values."""
    terms = {}
    for monomial, coefficient in Poly(expression, *unknowns).terms():
        number = real_value(coefficient, point)
        if number is None or isinstance(number, arb):
            raise NotZeroDimensional(f"the coefficient {coefficient} is irrational: no count over ℚ")
        terms[monomial] = Rational(int(number.p), int(number.q))
    return Poly.from_dict(terms, *unknowns, domain=QQ)


def _sturm(polynomials: list[Any], poles: list[Any], unknown: Symbol) -> int:
    """The number of distinct real roots of the common part of polynomials in one unknown."""
    if not polynomials:
        raise NotZeroDimensional(f"every value of {unknown} solves the system at this instance")
    common = polynomials[0]
    for polynomial in polynomials[1:]:
        common = common.gcd(polynomial)
    count = common.count_roots() if common.degree() > 0 else 0
    for pole in poles[:1]:
        bad = pole
        for other in poles[1:]:
            bad = bad * other
        shared = common.gcd(bad)
        count -= shared.count_roots() if shared.degree() > 0 else 0
    return int(count)


def _hermite(polynomials: list[Poly], poles: list[Poly], unknowns: Sequence[Symbol]) -> int:
    """The number of distinct real solutions, poles and non-positive coordinates left out.

    Each condition q ≠ 0 or q > 0 is counted by signatures of the trace form twisted by q and q²:
    #{q > 0} = (σ(q) + σ(q²))/2 (Tarski queries).
    """
    ring = QuotientRing(polynomials, unknowns)
    forms = [Poly(1, *unknowns, domain=QQ)]
    weights = [1]
    for pole in poles:
        forms = [f * pole**2 for f in forms]
    for unknown in (u for u in unknowns if u.is_positive):
        x = Poly(unknown, *unknowns, domain=QQ)
        forms, weights = [f * x**k for f in forms for k in (1, 2)], [w for w in weights for _ in (1, 2)]
    total = sum(w * ring.signature(f) for w, f in zip(weights, forms, strict=True))
    return total // len(forms)


class QuotientRing:
    """ℚ[unknowns]/(system) with its monomial basis and multiplication."""

    def __init__(self, polynomials: list[Poly], unknowns: Sequence[Symbol]):
        self.unknowns = tuple(unknowns)
        basis = groebner([p.as_expr() for p in polynomials], *unknowns, order="grevlex", domain=QQ)
        self.basis = [p.as_expr() for p in basis.polys]
        leading = [
            p.monoms(order=grevlex)[0] for p in basis.polys
        ]  # by object: in one unknown a name is not understood
        self.monomials = [] if self.basis == [1] else self._standard(leading)
        self.place = {m: i for i, m in enumerate(self.monomials)}
        self._columns: dict[tuple[int, ...], list[fmpq]] = {}
        self._times = [self._multiplication(i) for i in range(len(self.unknowns))]

    def _standard(self, leading: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """The monomials that no leading monomial divides; raises when there are infinitely many."""
        bounds = []
        for i, unknown in enumerate(self.unknowns):
            pure = [m[i] for m in leading if m[i] == sum(m)]
            if not pure:
                raise NotZeroDimensional(
                    f"the system has infinitely many complex solutions ({unknown} is not determined), "
                    "so the real ones cannot be counted by Hermite's theorem"
                )
            bounds.append(min(pure))
        inside = [
            m
            for m in cartesian(*(range(b) for b in bounds))
            if not any(all(a >= b for a, b in zip(m, lead, strict=True)) for lead in leading)
        ]
        if len(inside) > MAX_DIMENSION:
            raise NotZeroDimensional(f"the quotient ring has dimension {len(inside)} > {MAX_DIMENSION}")
        return inside

    def normal_form(self, expression: Expr) -> list[fmpq]:
        """The coordinates of a polynomial in the monomial basis."""
        _, rest = reduced(expression, self.basis, *self.unknowns, order="grevlex", domain=QQ)
        coordinates = [fmpq(0)] * len(self.monomials)
        for monomial, c in Poly(rest, *self.unknowns, domain=QQ).terms():
            if c:
                coordinates[self.place[monomial]] = fmpq(int(c.p), int(c.q))
        return coordinates

    def _multiplication(self, index: int) -> fmpq_mat:
        """The matrix of multiplication by one unknown (columns are images of basis monomials)."""
        size = len(self.monomials)
        matrix = fmpq_mat(size, size)
        for column, monomial in enumerate(self.monomials):
            raised = tuple(e + (i == index) for i, e in enumerate(monomial))
            if raised in self.place:
                matrix[self.place[raised], column] = fmpq(1)
                continue
            value = Poly.from_dict({raised: 1}, *self.unknowns, domain=QQ).as_expr()
            for row, entry in enumerate(self.normal_form(value)):
                matrix[row, column] = entry
        return matrix

    def matrix_of(self, polynomial: Poly) -> fmpq_mat:
        """The matrix of multiplication by a polynomial."""
        size = len(self.monomials)
        total = fmpq_mat(size, size)
        for exponents, c in polynomial.terms():
            term = _identity(size)
            for times, exponent in zip(self._times, exponents, strict=True):
                for _ in range(exponent):
                    term = times * term
            total = total + term * fmpq(int(c.p), int(c.q))
        return total

    def signature(self, weight: Poly) -> int:
        """The signature of (f, g) ↦ Tr(f·g·weight): Σ over distinct real solutions of sign(weight)."""
        size = len(self.monomials)
        if not size:
            return 0
        matrices = [self.matrix_of(Poly.from_dict({m: 1}, *self.unknowns, domain=QQ)) for m in self.monomials]
        twisted = [m * self.matrix_of(weight) for m in matrices]
        form = fmpq_mat(size, size)
        for i in range(size):
            for j in range(i, size):
                form[i, j] = form[j, i] = _trace_of_product(twisted[i], matrices[j])
        return symmetric_signature(form)


def _identity(size: int) -> fmpq_mat:
    return fmpq_mat(size, size, [fmpq(int(i == j)) for i in range(size) for j in range(size)])


def _trace_of_product(a: fmpq_mat, b: fmpq_mat) -> fmpq:
    size = a.nrows()
    return sum((a[i, k] * b[k, i] for i in range(size) for k in range(size)), fmpq(0))


def symmetric_signature(form: fmpq_mat) -> int:
    """Positive minus negative eigenvalues of a symmetric matrix (Descartes' rule, exact: all roots real)."""
    coefficients = [c for c in form.charpoly().coeffs()]
    return _sign_changes(coefficients) - _sign_changes([c * (-1) ** i for i, c in enumerate(coefficients)])


def _sign_changes(coefficients: list[fmpq]) -> int:
    signs = [c > 0 for c in coefficients if c != 0]
    return sum(a != b for a, b in pairwise(signs))
