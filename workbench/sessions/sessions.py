"""Sessions: a derivation that grows line by line, each line re-checked exactly and measured at once.

    s = session("one layer")
    d, N, Sigma, W, X = s.let("d: size; N: count; Sigma: spd d; W: d×d; X: d×N ~ N(0, Sigma)")
    s.start("the risk", E(tr((W*X*X.T/N - Identity(d))*Sigma*(W*X*X.T/N - Identity(d)).T)))
    s.expect(); s.gradient(W); s.stationary_point(W)
    s.conjecture("inv(Sigma)")

A line carries two things: the formula, which a rule derived, and the definition, which torch measures; the rule
moves both. A line without a measurement of its own says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

import sympy as sp

from workbench.calculus import rules
from workbench.calculus.errors import CalculusError
from workbench.claims import Claim, Line, Step, by, given, so
from workbench.errors import BadInput
from workbench.evidence.protocols import Root, wearing
from workbench.judging import proofs
from workbench.judging.judge import STANDARDS
from workbench.laws import MatrixMean, Random, ScalarMean, loose_letters
from workbench.letters import is_letter
from workbench.lowering.twins import twin_of
from workbench.notation import fitted, is_matrix, meaning, parsed
from workbench.sessions.adoptions import adopt
from workbench.sessions.answers import TROUBLE, Answer, answer_to
from workbench.sessions.declarations import Alphabet, names_in
from workbench.sessions.derivations import averaging, plainly
from workbench.sessions.equations import OPERATIONS, Equation, as_number, needs_of
from workbench.sessions.journals import SCHEMA, journalled, replayed, save
from workbench.sessions.lines import SessionLine
from workbench.showing import printing
from workbench.slopes import grad


class Session:
    """A derivation in the making."""

    def __init__(self, name: str = "session", *, standard: str = "quick", seed: int = 0):
        if standard not in STANDARDS:
            raise BadInput(f"no standard is called {standard!r}; the standards are {', '.join(STANDARDS)}")
        self.name, self.standard, self.seed = name, STANDARDS[standard], seed
        self.alphabet, self.lines, self.names = Alphabet(), [], {}
        self.journal: list[dict[str, Any]] = []
        self.saved, self.noting = 0, True
        self.guesses: list[tuple[SessionLine, str, Any]] = []  # refuted ones: rivals of the line they stood for

    @journalled
    def let(self, declarations: str) -> Any:
        """Declare letters, with semicolons between; they are returned in the order in which they are named."""
        named: list[str] = []
        for part in filter(str.strip, declarations.split(";")):
            before = len(self.alphabet.hypotheses)
            self.alphabet.declare(part)
            if len(self.alphabet.hypotheses) == before:
                head = part.split("~")[0].split(":")[0]
                named += [name.strip() for name in head.strip().strip("()").split(",")]
        found = tuple(self.alphabet.meanings[name] for name in named)
        return found[0] if len(found) == 1 else found

    def read(self, formula: Any) -> Any:
        """A typed formula in the letters of the session; an expression stays what it is."""
        if not isinstance(formula, str):
            return as_number(sp.sympify(formula))
        tree = parsed(formula)
        for name in names_in(tree):
            if name != "I":
                self.alphabet[name]
        return as_number(meaning(tree, self.alphabet.meanings, self.last_formula, OPERATIONS))

    @property
    def last_formula(self) -> Any:
        return self.lines[-1].formula if self.lines else None

    @property
    def last(self) -> SessionLine:
        if not self.lines:
            raise BadInput("the session has no line yet; begin with start(why, expression)")
        return self.lines[-1]

    @journalled
    def start(self, why: str, expression: Any) -> SessionLine:
        """Begin with a definition; random letters stand under E(…), or are averaged if they do not."""
        expression = self.read(expression)
        if loose := sorted(letter.name for letter in loose_letters(expression)):
            raise BadInput(f"{loose[0]} is random and stands outside E(…); write E(…) around what is averaged")
        adopt(self, expression)
        self.lines = []
        return self.append(given(why, expression), expression)

    def note(self, deed: str, *arguments: str) -> None:
        """Write into the journal what was done."""
        self.journal.append({"schema": SCHEMA, "do": deed, "with": list(arguments), "named": {}})

    @journalled
    def expect(self) -> SessionLine:
        """Average every random letter by the rule of its law."""
        line = self.append(by(averaging(self.last.formula)), self.last.definition)
        plain = plainly(line.formula)
        return line if plain == line.formula else self.append(so("written plainly", plain), line.definition)

    @journalled
    def gradient(self, wrt: Any) -> SessionLine:
        """The gradient of the line in a letter; it is measured by autograd."""
        wrt, definition = self.letter(wrt), self.last.definition
        if is_matrix(self.last.formula):
            raise BadInput(
                "the gradient is taken of a number, and the line is a matrix; use the Hessian, or start anew"
            )
        return self.append(by(rules.gradient, wrt=wrt), None if definition is None else grad(definition, wrt))

    @journalled
    def hessian(self, wrt: Any, direction: Any) -> SessionLine:
        """The Hessian of the line, as a linear map of a direction."""
        return self.append(by(rules.hessian, wrt=self.letter(wrt), direction=self.letter(direction)), None)

    @journalled
    def stationary_point(self, wrt: Any) -> SessionLine:
        """Where the line, a gradient, vanishes; it is measured by Newton's method on the measured gradient."""
        wrt, definition = self.letter(wrt), self.last.definition
        return self.append(by(rules.stationary_point, wrt=wrt), definition, root=wrt.name)

    @journalled
    def fixed_points(self, *unknowns: Any, hypotheses: Sequence[Any] = ()) -> SessionLine:
        """All real solutions of the line, an equation or a column of equations, in the unknowns."""
        wanted = [self.letter(unknown) for unknown in unknowns]
        return self.append(by(rules.fixed_points, unknowns=wanted, hypotheses=self.relations(hypotheses)), None)

    @journalled
    def stability(self, unknowns: Sequence[Any], at: Mapping[Any, Any]) -> SessionLine:
        """The eigenvalues of the Jacobian of the line at a point."""
        wanted = [self.letter(unknown) for unknown in unknowns]
        return self.append(by(rules.spectrum, unknowns=wanted, at=self.mapping(at)), None)

    @journalled
    def critical_scale(self, parameter: Any, hypotheses: Sequence[Any] = ()) -> SessionLine:
        """Where the line, a number, changes sign as the parameter grows."""
        step = by(rules.crossing, parameter=self.letter(parameter), hypotheses=self.relations(hypotheses))
        return self.append(step, None)

    @journalled
    def expand_large(self, *large: Any, order: int = 1) -> SessionLine:
        """The leading orders of the line as letters grow together."""
        letters = {self.letter(letter): sp.oo for letter in large}
        return self.append(by(rules.expand_large, large=letters, order=order), None)

    @journalled
    def substitute(self, letters: Mapping[Any, Any]) -> SessionLine:
        """Replace letters by what they stand for, in the formula and in its definition."""
        replaced, definition = self.mapping(letters), self.last.definition
        moved = None if definition is None or self.last.root else definition.xreplace(replaced)
        return self.append(by(rules.substitute, letters=replaced), moved)

    @journalled
    def so(self, why: str, formula: Any) -> SessionLine:
        """The line written differently by hand; it is checked exactly, and measured."""
        written = fitted(self.read(formula), self.last.formula)
        return self.append(so(why, written), self.last.definition, root=self.last.root)

    def letter(self, name: Any) -> Any:
        found = self.alphabet[name] if isinstance(name, str) else name
        if not is_letter(found) or isinstance(found, Random):
            raise BadInput(f"{name} is no fixed letter of this session")
        return found

    def relations(self, hypotheses: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(self.alphabet.relation(h) if isinstance(h, str) else h for h in hypotheses)

    def mapping(self, letters: Mapping[Any, Any]) -> dict[Any, Any]:
        return {self.letter(letter): fitted(self.read(value), self.letter(letter)) for letter, value in letters.items()}

    def append(self, step: Step, definition: Any, root: str = "") -> SessionLine:
        """Derive the next line, re-check it exactly and measure it. Nothing is appended where that fails."""
        expression = self.derived(step)
        lines = [*(line.line for line in self.lines), Line(step, expression)]
        checked = proofs.one_checked(self.claim(), tuple(lines), len(lines) - 1, f"session {self.seed}")
        if checked.grade == "false":
            raise BadInput(f"the line {printing.text(expression)} is false: {checked.reason}")
        answer = None if definition is None else self.measured(definition, expression, checked, root)
        self.lines.append(SessionLine(checked, definition, root, answer))
        return self.last

    def derived(self, step: Step) -> Any:
        if step.rule is None:
            return step.expression
        try:
            return step.rule.compute(self.last.formula, **step.arguments)
        except (CalculusError, *TROUBLE, NotImplementedError, TypeError) as problem:
            raise BadInput(f"{step.rule.name} finds no next line: {problem}") from None

    def measured(self, definition: Any, expression: Any, checked: Any, root: str) -> Answer | None:
        """A line against its definition; the definition itself is measured only once there is a closed form."""
        if expression.has(ScalarMean, MatrixMean):
            return None
        claim = self.claim(expression)
        proof = proofs.Proof(claim, (*(line.checked for line in self.lines), checked))
        try:
            twin = self.twin(definition, root)
            return answer_to(
                self.equation(definition, expression), self.standard, self.seed, twin=twin, claim=claim, proof=proof
            )
        except TROUBLE as problem:
            raise BadInput(f"the line {printing.text(expression)} could not be measured: {problem}") from None

    def twin(self, definition: Any, root: str) -> Any:
        """What measures a definition, or where it vanishes as a letter moves."""
        twin = twin_of(definition, "left_side")
        return wearing(Root(root))(twin) if root else twin

    def equation(self, definition: Any, expression: Any) -> Equation:
        needed, spare = needs_of(definition, self.alphabet)
        conditions = tuple(dict.fromkeys((*self.alphabet.hypotheses, *needed)))
        names = tuple(name for name in self.alphabet.meanings if name != "I")
        return Equation(definition, expression, f"{self.name}: {printing.text(expression)}", self.alphabet, names,
                        conditions, tuple(spare))  # fmt: skip

    def claim(self, formula: Any = None) -> Claim:
        """The session as a claim: the lines so far, or one formula in their place."""
        steps = [line.line.step for line in self.lines] if formula is None else [given("derived", formula)]
        return Claim("identity", "", {}, tuple(self.alphabet.hypotheses), (), lambda: iter(steps))

    @journalled
    def conjecture(self, formula: Any) -> Answer:
        """Judge a guess in place of the last line; a wrong one is answered by a witness and a correction."""
        last = self.last
        if last.definition is None:
            raise BadInput("the last line has no measurement of its own, so a guess in its place cannot be judged")
        guess = fitted(self.read(formula), last.formula)
        proof = proofs.Proof(self.claim(last.formula), tuple(line.checked for line in self.lines))
        derived = None if last.formula.has(ScalarMean, MatrixMean) else self.claim(last.formula)
        answer = answer_to(
            self.equation(last.definition, guess), self.standard, self.seed,
            twin=self.twin(last.definition, last.root), claim=derived, proof=proof if derived else None,
        )  # fmt: skip
        if answer.status == "refuted":
            self.guesses.append((last, printing.text(guess), guess))
        return answer

    @journalled
    def undo(self, lines: int = 1) -> Session:
        """Take the last lines back."""
        if lines > len(self.lines):
            raise BadInput(f"the session has {len(self.lines)} lines; {lines} cannot be taken back")
        self.lines = self.lines[: len(self.lines) - lines]
        return self

    def branch(self, name: str) -> Session:
        """Another session that begins with the same lines."""
        other = copy(self)
        other.name, other.lines, other.names = name, list(self.lines), dict(self.names)
        other.journal, other.saved = list(self.journal), 0
        other.alphabet, other.guesses = self.alphabet.copy(), list(self.guesses)
        return other

    @journalled
    def call(self, name: str) -> SessionLine:
        """Give the last line a name, under which `session[name]` finds its formula."""
        self.names[name] = self.last
        return self.last

    def save(self, path: str | Path) -> Path:
        """Append what was done since the last save to a file of JSON lines; `load` replays it."""
        return save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Session:
        """The session that a file tells of, everything in it derived, checked and measured anew."""
        return replayed(path, cls)

    def export(self, name: str, root: str | Path = ".") -> list[Path]:
        """Write the session as the theorem CHAPTER.THEOREM under a folder: its derivation, and its twin in torch."""
        from workbench.sessions.exports import export

        return export(self, name, root)

    def __getitem__(self, name: str) -> Any:
        if name not in self.names:
            raise BadInput(f"no line is called {name!r}; named so far: {', '.join(self.names) or 'none'}")
        return self.names[name].formula

    def __repr__(self) -> str:
        return "\n".join([f"{self.name}: {self.alphabet.in_words(self.alphabet.said)}", *map(repr, self.lines)])

    def _repr_html_(self) -> str:
        from workbench.sessions.lines import session_html

        return session_html(self)


def session(name: str = "session", *, standard: str = "quick", seed: int = 0) -> Session:
    """A blank page: a derivation that grows line by line, each line checked and measured at once."""
    return Session(name, standard=standard, seed=seed)
