"""Pages: the letters and lines of a session, and how a line gets onto them: derived, re-checked exactly, measured."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from numbers import Number
from typing import Any

import sympy as sp

from workbench.calculus.errors import CalculusError
from workbench.claims import Claim, Line, Step, given
from workbench.errors import BadInput
from workbench.judging import proofs
from workbench.judging.judge import STANDARDS
from workbench.judging.refutations import TROUBLE
from workbench.language import printing
from workbench.language.laws import MatrixMean, Random, ScalarMean
from workbench.language.letters import Size, is_letter
from workbench.language.names import names_in
from workbench.language.reading import fitted, is_matrix, meaning, parsed
from workbench.sessions.answers import Answer, answer_to
from workbench.sessions.declarations import Alphabet
from workbench.sessions.equations import OPERATIONS, Equation, as_number
from workbench.sessions.existence import needs_of
from workbench.sessions.lines import SessionLine
from workbench.sessions.quantities import Quantity


def expression_of(value: Any) -> Any:
    """A value as an expression. A list, a mapping or a text is none: SymPy would evaluate the texts in it."""
    if not isinstance(value, sp.Basic | sp.MatrixBase | Number) or isinstance(value, bool):
        raise BadInput(f"{type(value).__name__} is no formula; type it as text, or build it of letters")
    return sp.sympify(value)


SCHEMA = 1  # of the journal


class Page:
    """Letters, and lines under one another, with the journal of how they came there."""

    def __init__(self, name: str, standard: str, seed: int):
        if str(standard) not in STANDARDS:
            raise BadInput(f"no standard is called {standard!r}; the standards are {', '.join(STANDARDS)}")
        if not isinstance(seed, int):
            raise BadInput(f"the seed of a session is a whole number, not {str(seed)[:40]!r}")
        self.name, self.standard, self.seed = str(name), STANDARDS[standard], int(seed)
        self.alphabet = Alphabet()
        self.lines: list[SessionLine] = []
        self.names: dict[str, SessionLine] = {}
        self.sentences: dict[str, str] = {}  # what a named line says
        self.guesses: list[tuple[SessionLine, str, Any]] = []  # refuted ones: rivals of the line they stood for
        self.journal: list[dict[str, Any]] = []
        self.saved, self.noting = 0, True

    def note(self, deed: str, *arguments: Any, **named: Any) -> None:
        """Write into the journal what was done."""
        self.journal.append({"schema": SCHEMA, "do": deed, "with": list(arguments), "named": named})

    def says(self, name: str) -> str:
        """What a named line says, in a sentence."""
        return self.sentences.get(name) or self.last.line.step.why

    @property
    def last(self) -> SessionLine:
        if not self.lines:
            raise BadInput("the session has no line yet; begin with start(why, expression)")
        return self.lines[-1]

    def named(self, name: str) -> SessionLine:
        if name not in self.names:
            raise BadInput(f"no line is called {name!r}; named so far: {', '.join(self.names) or 'none'}")
        return self.names[name]

    def read(self, formula: Any, like: Any = None) -> Any:
        """A typed formula in the letters of the page; an expression stays what it is."""
        if not isinstance(formula, str):
            return as_number(expression_of(formula))
        tree = parsed(formula, self.alphabet.known())
        for name in names_in(tree):
            if name != "I":
                self.alphabet[name]
        if like is None and self.lines:
            like = self.last.formula
        return as_number(self.meant(tree, like))

    def meant(self, tree: ast.expr, like: Any) -> Any:
        """What a syntax tree means; a bare I has the size of the line, or the only one that fits."""
        letters = self.alphabet.meanings
        if "I" not in names_in(tree) or is_matrix(like):
            return meaning(tree, letters, like, OPERATIONS)
        readings, problem = dict[Any, Size](), BadInput("I has no size yet; declare one, e.g. let('d: size')")
        for size in (letter for letter in letters.values() if isinstance(letter, Size)):
            try:
                readings.setdefault(meaning(tree, {**letters, "I": sp.Identity(size)}, like, OPERATIONS), size)
            except BadInput as error:
                problem = error
        if len(readings) > 1:
            ways = " or ".join(f"I({size.name})" for size in readings.values())
            raise BadInput(f"I could have several sizes here; write {ways}")
        if not readings:
            raise problem
        return next(iter(readings))

    def letter(self, name: Any) -> Any:
        """A fixed letter of the page, by name or as it is."""
        found = self.alphabet[name] if isinstance(name, str) else name
        if not is_letter(found) or isinstance(found, Random):
            raise BadInput(f"{name} is no fixed letter of this session")
        return found

    def relations(self, hypotheses: Sequence[Any]) -> tuple[Any, ...]:
        found = (self.alphabet.relations(h) if isinstance(h, str) else [expression_of(h)] for h in hypotheses)
        return tuple(said for each in found for said in each)

    def all_relations(self, supposed: Sequence[Any]) -> tuple[Any, ...]:
        """Those of a step, and those of the page and of earlier lines that speak of letters of the last line."""
        earlier = (*self.alphabet.hypotheses, *self.last.hypotheses)
        about = [each for each in earlier if each.free_symbols <= self.last.formula.free_symbols]
        return tuple(dict.fromkeys((*about, *supposed)))

    def mapping(self, letters: Mapping[Any, Any]) -> dict[Any, Any]:
        found = {self.letter(letter): value for letter, value in letters.items()}
        return {letter: fitted(self.read(value, letter), letter) for letter, value in found.items()}

    def append(
        self, step: Step, quantity: Quantity | None, hypotheses: Sequence[Any] = (), *,
        stands: Mapping[Any, Any] | None = None,
    ) -> SessionLine:  # fmt: skip
        """Derive the next line, re-check it exactly and measure it. Nothing is appended where that fails.

        hypotheses: what this line, and those after it, suppose besides what all lines of the page do;
        stands: the letters in it that stand for means, at whose values it is measured.
        """
        stands = dict(stands or {})
        expression = self.derived(step)
        goes_on = self.lines and step.how not in ("recalled", "given")
        supposed = (*(self.last.hypotheses if goes_on else ()), *hypotheses)
        lines = [*(line.line for line in self.lines), Line(step, expression)]
        claim = self.claim(supposed=supposed)
        checked = proofs.one_checked(claim, tuple(lines), len(lines) - 1, f"session {self.seed}")
        if checked.grade == "false":
            raise BadInput(f"the line {printing.text(expression)} is false: {checked.reason}")
        there = expression.xreplace(stands)
        found = self.measured(quantity, there, checked, supposed) if step.how != "recalled" else ""
        answer, why = (None, found) if isinstance(found, str) else (found, "")
        self.lines.append(SessionLine(checked, quantity, supposed, answer, why, stands))
        return self.last

    def derived(self, step: Step) -> Any:
        if step.rule is None:
            return step.expression if step.source is None else step.source.formula
        try:
            return step.rule.compute(self.last.formula, **step.arguments)
        except (CalculusError, *TROUBLE, NotImplementedError, TypeError) as problem:
            said = str(problem).replace("Trace(", "tr(")
            raise BadInput(f"{step.rule.name} finds no next line: {said}") from None

    def measured(
        self, quantity: Quantity | None, expression: Any, checked: Any, supposed: Sequence[Any] = ()
    ) -> Answer | str:
        """A line against its definition, or why not; the definition itself waits until there is a closed form."""
        if quantity is None:
            limit = checked.grade == "measured"
            return "a limit, which no sample reaches" if limit else "this step has no measurement from the line before"
        if expression.has(ScalarMean, MatrixMean):
            return "it still holds a mean"
        claim = self.claim(expression, supposed)
        proof = proofs.Proof(claim, (*(line.checked for line in self.lines), checked))
        try:
            equation = self.equation(quantity, expression, supposed)
            return answer_to(equation, self.standard, self.seed, twin=quantity.twin(), claim=claim, proof=proof)
        except TROUBLE as problem:
            if not quantity.plain:
                return str(problem)  # what is sought in a definition may be nowhere that a search looks
            raise BadInput(f"the line {printing.text(expression)} could not be measured: {problem}") from None

    def equation(self, quantity: Quantity, expression: Any, supposed: Sequence[Any] = ()) -> Equation:
        needed, spare = needs_of(quantity.expression)
        conditions = tuple(dict.fromkeys((*self.alphabet.hypotheses, *supposed, *needed)))
        names = tuple(name for name in self.alphabet.meanings if name != "I")
        return Equation(quantity.expression, expression, f"{self.name}: {printing.text(expression)}", self.alphabet,
                        names, conditions, (*spare, *quantity.regime))  # fmt: skip

    def claim(self, formula: Any = None, supposed: Sequence[Any] = ()) -> Claim:
        """The page as a claim: the lines so far, or one formula in their place."""
        steps = [line.line.step for line in self.lines] if formula is None else [given("derived", formula)]
        return Claim("identity", "", {}, (*self.alphabet.hypotheses, *supposed), (), lambda: iter(steps))
