"""Claims and the lines of their proofs: what a theorem file is written in.

    @claim("gradient", "∇R(U)", rivals={"factor forgotten": M * U * Lambda - Lambda * C * Lambda})
    def risk_gradient():
        '''How the risk changes with the merged weights.'''
        yield recall(risk)
        yield by(gradient, "cut the trace at U", wrt=U)

A proof is a generator of lines. A line is *given* (a definition), *derived* by a rule (the rule
computes it), *asserted* (typed, equal to the line before, checked exactly) or *assumed* (an axiom
with its reference; counted).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from inspect import cleandoc
from typing import Any, Literal

import sympy as sp

from workbench import accounts
from workbench.calculus.rules import Rule
from workbench.faces import Quantity, Shown
from workbench.theorem_files import KINDS


class ProofError(ValueError):
    """A proof is not written as a proof; the message says which line and what to write instead."""


@dataclass(frozen=True)
class Step:
    """A line as its author writes it, before the rule has been applied."""

    how: Literal["given", "recalled", "derived", "asserted", "assumed"]
    why: str
    expression: Any = None
    rule: Rule | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    source: Any = None


@dataclass(frozen=True)
class Line:
    """A line of a proof with its expression; `step` says where it comes from."""

    step: Step
    expression: sp.Basic


def given(why: str, expression: Any) -> Step:
    """A definition or hypothesis: where the proof starts."""
    return Step("given", why, sp.sympify(expression))


def recall(earlier: Claim, why: str = "") -> Step:
    """The closed form of another claim, which this one builds on."""
    return Step("recalled", why or f"by {earlier.name}", source=earlier)


def by(rule: Rule, why: str = "", **arguments: Any) -> Step:
    """The line that a rule derives from the line before."""
    return Step("derived", why or rule.statement, rule=rule, arguments=arguments)


def so(why: str, expression: Any) -> Step:
    """The line before, written differently by hand; it is checked exactly."""
    return Step("asserted", why, sp.sympify(expression))


def assumed(why: str, expression: Any, *, reference: str) -> Step:
    """An axiom: anything that no rule derives. It is counted and shown with its reference."""
    return Step("assumed", why, sp.sympify(expression), source=reference)


@dataclass(repr=False)
class Claim(Shown, Quantity):
    """One statement: a proof whose last line is the closed form, and the rivals that it must beat."""

    kind: str
    symbol: str
    rivals: Mapping[str, Any]
    hypotheses: tuple[Any, ...]
    regime: tuple[Any, ...]
    author: Callable[[], Iterator[Step]]
    writing: bool = field(default=False, repr=False, compare=False)  # while its lines are being computed
    used: list[Claim] = field(default_factory=list, repr=False, compare=False)  # whose formulas it asked for meanwhile

    def __post_init__(self) -> None:
        accounts.enter(self)

    @property
    def name(self) -> str:
        return self.author.__name__

    @property
    def id(self) -> str:
        """chapter.theorem.claim, as the catalogue calls it."""
        return ".".join([*self.module.split(".")[-2:], self.name])

    @property
    def module(self) -> str:
        return self.author.__module__

    @property
    def statement(self) -> str:
        return cleandoc(self.author.__doc__ or "")

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The proof, every rule applied. Raises ProofError when a line cannot stand where it is."""
        if self.writing:
            raise ProofError(
                f"{self.name} recalls itself, directly or through others: such a proof goes round in circles"
            )
        lines: list[Line] = []
        self.writing, outer = True, WRITER.set(self)
        try:
            for step in self.author():
                lines.append(Line(step, self._expression(step, lines)))
        finally:
            self.writing = False
            WRITER.reset(outer)
        if not lines:
            raise ProofError(f"{self.name} has no line: yield given(…) first, then by(rule, …)")
        return tuple(lines)

    def _expression(self, step: Step, before: list[Line]) -> sp.Basic:
        if not isinstance(step, Step):
            raise ProofError(f"{self.name} yields {step!r}; yield given(…), recall(…), by(…), so(…) or assumed(…)")
        if step.how == "recalled":
            return step.source.formula
        if step.rule is None:
            return step.expression
        if not before:
            raise ProofError(f"{self.name} begins with the rule {step.rule.name}: begin with given(…) or recall(…)")
        return step.rule.compute(before[-1].expression, **step.arguments)

    @property
    def formula(self) -> Any:
        """The closed form: the last line of the proof."""
        closed_form, writer = self.lines[-1].expression, WRITER.get()
        if writer is not None and not any(earlier is self for earlier in writer.used):
            writer.used.append(self)
        return closed_form

    @property
    def builds_on(self) -> list[Claim]:
        """The claims whose closed form this proof uses: recalled, substituted, or within a definition."""
        return self.used if self.lines else []


WRITER: ContextVar[Claim | None] = ContextVar("the claim whose lines are being computed", default=None)


def claim(
    kind: str,
    symbol: str = "",
    *,
    rivals: Mapping[str, Any],
    hypotheses: tuple[Any, ...] = (),
    regime: tuple[Any, ...] = (),
) -> Callable[[Callable[[], Iterator[Step]]], Claim]:
    """Make a generator of lines a claim.

    kind: one of KINDS; symbol: the left-hand side as the paper writes it; rivals: name → what a
    careless reader would write; hypotheses: SymPy relations under which the claim holds; regime:
    relations under which it is measured (where sampling is affordable), no part of the statement.
    """
    if kind not in KINDS:
        raise ProofError(f"{kind!r} is no kind of claim; the kinds are {', '.join(KINDS)}")
    return lambda author: Claim(kind, symbol, rivals, tuple(hypotheses), tuple(regime), author)
