"""Flows: ordinary differential equations of training and of depth, solved where a closed form exists.

One unknown number: linear, logistic and Bernoulli equations in closed form, pure powers with their
blow-up time, and v̇ = a v^p − b v^q as an implicit relation t = I(v) − I(v₀). One unknown matrix:
Σ̇ = Σ Q Σ. Where u(t) has no closed form, `passage_time` still gives t(u). Every solution is substituted
into its equation before it is returned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import fmpq
from sympy import (
    Dummy,
    Expr,
    Inverse,
    MatrixExpr,
    MatrixSymbol,
    Poly,
    Rational,
    S,
    Symbol,
    cancel,
    diff,
    exp,
    expand_log,
    integrate,
    log,
    sympify,
    together,
)

from workbench.calculus.critical.linear_maps import Polynomial, add_word, expression_of, words
from workbench.calculus.critical.quadratures import primitive
from workbench.calculus.critical.radicals import vanishes
from workbench.calculus.errors import UNSOLVED, NoClosedForm, NotASolution
from workbench.calculus.points import is_null, points
from workbench.exact.rings import Dual, as_dual
from workbench.exact.values import evaluate, real_value


@dataclass(frozen=True)
class Flow:
    """The solution of u̇ = rhs(u), u(0) = initial.

    Explicit: `solution` is u as a function of `time`. Implicit: `solution` is None and
    `clock` is a function of u with time = clock(u) − clock(initial) while u moves without
    crossing a zero of the right-hand side. `blow_up` is the time at which u leaves to infinity, or None
    when the closed form does not show one.
    """

    kind: str
    rhs: Expr
    unknown: Symbol
    time: Symbol
    initial: Expr
    solution: Expr | None = None
    clock: Expr | None = None
    blow_up: Expr | None = None

    def time_to(self, value: Expr) -> Expr:
        """How long an implicit flow takes from its start to a value."""
        if self.clock is None:
            raise NoClosedForm("this flow is explicit: solve solution = value for the time instead")
        return self.clock.subs(self.unknown, value) - self.clock.subs(self.unknown, self.initial)


@dataclass(frozen=True)
class RiccatiFlow:
    """The solution of Σ̇ = Σ Q Σ: Σ(t) = (Σ₀⁻¹ − tQ)⁻¹."""

    solution: MatrixExpr
    quadratic: MatrixExpr
    initial: MatrixExpr
    time: Symbol

    def blow_up(self, start: Expr, rate: Expr) -> Expr:
        """The time at which a direction blows up, from the eigenvalues of commuting Σ₀ and Q on it.

        Without commutation the time is 1/λ_max(Σ₀^½ Q Σ₀^½): give λ_max of that as start·rate.
        """
        return 1 / (start * rate)


def flow(rhs: Expr, unknown: Symbol, time: Symbol, initial: Expr) -> Flow:
    """Solve u̇ = rhs(u) with u(0) = initial, for a polynomial right-hand side with one or two powers.

    Constants and the initial value are meant positive where a power of them is taken.
    Re-check: `check_flow` differentiates the answer and compares with the right-hand side over ℚ.
    Raises NoClosedForm for anything else, NotASolution when the answer fails its own equation.
    """
    rhs, initial = sympify(rhs), sympify(initial)
    powers = _powers(rhs, unknown, time)
    degrees = sorted(powers) or None
    if degrees is None:
        found = _quadrature(rhs, unknown, time, initial)
    elif degrees in ([0], [1], [0, 1]):
        found = _linear(rhs, powers, unknown, time, initial)
    elif len(degrees) == 1:
        found = _pure_power(rhs, powers, unknown, time, initial)
    elif len(degrees) == 2 and degrees[0] == 1:
        found = _bernoulli(rhs, powers, unknown, time, initial)
    elif len(degrees) == 2 and degrees[0] >= 2:
        found = _implicit(rhs, powers, unknown, time, initial)
    else:
        found = _quadrature(rhs, unknown, time, initial)
    if not check_flow(found):
        raise NotASolution(f"the {found.kind} solution found for {unknown}' = {rhs} does not solve it; {UNSOLVED}")
    return found


def passage_time(rhs: Expr, unknown: Symbol, initial: Expr) -> Expr:
    """The time that u̇ = rhs(u) takes from u = initial to u, as long as it meets no zero of rhs: ∫ du/rhs(u).

    Raises NoClosedForm when the equation is not rational in u or the integral is not elementary.
    """
    rhs, initial = sympify(rhs), sympify(initial)
    if initial.has(unknown):
        raise NoClosedForm(f"the start {initial} holds {unknown} itself; give it a letter of its own")
    powers = _powers(rhs, unknown, time := Dummy("t", real=True))
    try:
        clock = primitive(1 / rhs, unknown)
    except NoClosedForm:
        if len(powers) != 2 or min(powers) < 2:
            raise
        clock = _implicit(rhs, powers, unknown, time, initial).clock
    if not _is_zero(diff(clock, unknown) - 1 / rhs):
        raise NotASolution(f"the time found for {unknown}' = {rhs} does not solve it; {UNSOLVED}")
    return clock - clock.subs(unknown, initial)


def check_flow(found: Flow) -> bool:
    """Whether u̇ = rhs(u) and u(0) = initial hold exactly (or in balls around 0 at rational instances)."""
    if found.clock is not None:
        return _is_zero(diff(found.clock, found.unknown) - 1 / found.rhs)
    if found.solution is None:
        return False
    if found.blow_up is not None and not _is_zero((1 / found.solution).subs(found.time, found.blow_up)):
        return False
    slope = diff(found.solution, found.time) - found.rhs.subs(found.unknown, found.solution)
    return _is_zero(slope) and _is_zero(found.solution.subs(found.time, 0) - found.initial)


def riccati_flow(rhs: MatrixExpr, unknown: MatrixSymbol, time: Symbol, initial: MatrixExpr) -> RiccatiFlow:
    """Solve Σ̇ = Σ Q Σ, whatever Q: (Σ⁻¹)˙ = −Q, so Σ(t) = (Σ₀⁻¹ − tQ)⁻¹ until that matrix is singular.

    Re-check: `check_riccati_flow` differentiates the inverse by dual numbers over ℚ.
    Raises NoClosedForm when some word is not Σ…Σ with nothing outside.
    """
    middle: Polynomial = {}
    for word, coefficient in words(rhs).items():
        inner = word[1:-1]
        ends = len(word) >= 2 and word[0] == unknown == word[-1]
        if not ends or any(f.has(unknown) for f in inner) or sympify(coefficient).has(unknown, time):
            raise NoClosedForm(
                f"{unknown}' = {rhs} has a part that is not {unknown}·Q·{unknown}; only the pure Riccati "
                "equation has this closed form (V = I, no drift)"
            )
        add_word(middle, inner, coefficient)
    rows = unknown.shape[0]
    quadratic = expression_of(middle, rows, rows)
    start = initial.I if isinstance(initial, MatrixSymbol) else Inverse(initial)
    found = RiccatiFlow(Inverse(start - time * quadratic), quadratic, initial, time)
    if not check_riccati_flow(rhs, unknown, found):
        raise NotASolution(f"(Σ₀⁻¹ − tQ)⁻¹ fails {unknown}' = {rhs}; please report this equation")
    return found


def check_riccati_flow(rhs: MatrixExpr, unknown: MatrixSymbol, found: RiccatiFlow, seeds: int = 2) -> bool:
    """Whether the time derivative, taken by dual numbers, is the right-hand side at rational instances."""
    for point in points([found.solution, rhs.subs(unknown, found.initial)], "riccati", seeds):
        instant = fmpq(1, 512)
        value = evaluate(found.solution, {**point, found.time: instant})
        moving = evaluate(found.solution, {**point, found.time: Dual(instant, fmpq(1))})
        speed = evaluate(rhs, {**point, found.time: instant, unknown: value})
        slopes = [as_dual(m).slope - s for m, s in zip(moving.reshape(-1), speed.reshape(-1), strict=True)]
        start = evaluate(found.solution, {**point, found.time: fmpq(0)}) - evaluate(found.initial, point)
        if any(s != 0 for s in slopes) or not is_null(start):
            return False
    return True


def _powers(rhs: Expr, unknown: Symbol, time: Symbol) -> dict[int, Expr]:
    """The coefficient of each power of the unknown (none for a fraction); refuses anything else."""
    if getattr(rhs, "is_Matrix", False):
        raise NoClosedForm("the right-hand side is a matrix; use riccati_flow or along_eigenvectors")
    if rhs.has(time) or not rhs.is_rational_function(unknown):
        raise NoClosedForm(
            f"{unknown}' = {rhs} is not an autonomous rational equation in {unknown}; change the variable first"
        )
    if not rhs.is_polynomial(unknown):
        return {}
    terms = {degree: c for (degree,), c in Poly(rhs, unknown).terms() if not vanishes(c)}
    if not terms:
        raise NoClosedForm(f"the right-hand side is 0: {unknown} stays where it starts")
    return terms


def _linear(rhs: Expr, powers: dict[int, Expr], unknown: Symbol, time: Symbol, initial: Expr) -> Flow:
    """u̇ = c + k u."""
    k, c = powers.get(1, S.Zero), powers.get(0, S.Zero)
    solution = initial + c * time if k == 0 else (initial + c / k) * exp(k * time) - c / k
    return Flow("linear", rhs, unknown, time, initial, solution)


def _pure_power(rhs: Expr, powers: dict[int, Expr], unknown: Symbol, time: Symbol, initial: Expr) -> Flow:
    """u̇ = a u^p, p ≥ 2: u^(1−p) decreases linearly, so a > 0 blows up in finite time."""
    ((p, a),) = powers.items()
    solution = (initial ** (1 - p) - (p - 1) * a * time) ** Rational(-1, p - 1)
    blow_up = initial ** (1 - p) / ((p - 1) * a) if a.is_positive else None
    return Flow("power", rhs, unknown, time, initial, solution, blow_up=blow_up)


def _bernoulli(rhs: Expr, powers: dict[int, Expr], unknown: Symbol, time: Symbol, initial: Expr) -> Flow:
    """u̇ = a u − b u^q: u^(1−q) obeys a linear equation (q = 2 is the logistic)."""
    q = max(powers)
    a, b = powers[1], -powers[q]
    growth = exp((q - 1) * a * time)
    base = growth / (b / a * (growth - 1) + initial ** (1 - q))
    solution = base if q == 2 else base ** Rational(1, q - 1)
    kind = "logistic" if q == 2 else "Bernoulli"
    blow_up = None
    if b.is_negative and a.is_positive:
        blow_up = log(1 - a * initial ** (1 - q) / b) / ((q - 1) * a)
    return Flow(kind, rhs, unknown, time, initial, solution, blow_up=blow_up)


def _implicit(rhs: Expr, powers: dict[int, Expr], unknown: Symbol, time: Symbol, initial: Expr) -> Flow:
    """u̇ = a u^p − b u^q with b/a > 0, between 0 and the fixed point: ∫ du/rhs in elementary functions.

    1/(a u^p (1 − c u^m)) = (u^−p + c u^(m−p) + … )/a + c^k u^s/(a (1 − c u^m)), m = q − p, and the last
    term is an integral without parameters in x = c^(1/m) u.
    """
    p, q = sorted(powers)
    a, c, m = powers[p], -powers[q] / powers[p], q - p
    clock, power, weight = S.Zero, -p, S.One
    while power < 0:
        clock += weight * (log(unknown) if power == -1 else unknown ** (power + 1) / (power + 1))
        power, weight = power + m, weight * c
    root = c ** Rational(1, m)
    x = root * unknown
    tail = weight * root ** (-power - 1) * unit_integral(power, m)(x)
    return Flow("implicit", rhs, unknown, time, initial, clock=(clock + tail) / a)


def _quadrature(rhs: Expr, unknown: Symbol, time: Symbol, initial: Expr) -> Flow:
    """Any other rational right-hand side: t = ∫ du/rhs, with log|w| written ½ log w²."""
    try:
        return Flow("implicit", rhs, unknown, time, initial, clock=primitive(1 / rhs, unknown))
    except NoClosedForm as reason:
        raise NoClosedForm(
            f"{unknown}' = {rhs} is none of: linear, a·{unknown}^p + b·{unknown}^q, or a fraction whose "
            f"reciprocal integrates to logarithms; {reason}"
        ) from None


def unit_integral(s: int, m: int) -> Callable[[Expr], Expr]:
    """x ↦ ∫ x^s/(1 − x^m) dx for 0 < x < 1, by SymPy's rational integration, with real logarithms."""
    y = Dummy("y", positive=True)
    found = expand_log(integrate(y**s / (1 - y**m), y))
    found = found.subs(log(y - 1), log(1 - y))
    if not vanishes(cancel(together(diff(found, y) - y**s / (1 - y**m)))):
        raise NoClosedForm(f"the integral of x^{s}/(1 − x^{m}) is not elementary in the form needed here")
    return lambda x: found.subs(y, x)


def _is_zero(difference: Expr) -> bool:
    """Whether a difference is provably 0, or a ball around 0 at rational instances."""
    if vanishes(together(difference)):
        return True
    values = [real_value(difference, point) for point in points([difference], "flow", 4)]
    seen = [v for v in values if v is not None]
    return bool(seen) and all(map(is_null, seen))
