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
from html import escape
from pathlib import Path
from typing import Any

import sympy as sp

from workbench.calculus import rules
from workbench.calculus.errors import CalculusError
from workbench.claims import by, given, recall, so
from workbench.errors import BadInput
from workbench.judging import proofs
from workbench.judging.refutations import TROUBLE
from workbench.language import printing
from workbench.language.laws import MatrixMean, ScalarMean, loose_letters
from workbench.language.reading import fitted, is_matrix
from workbench.language.spelling import with_letters
from workbench.sessions.adoptions import adopted
from workbench.sessions.answers import Answer, answer_to
from workbench.sessions.declarations import named_in
from workbench.sessions.derivations import averaging, columns_in, plainly
from workbench.sessions.equations import as_number
from workbench.sessions.journals import journalled, replayed, save
from workbench.sessions.lines import SessionLine, line_html
from workbench.sessions.neatness import neat
from workbench.sessions.pages import Page
from workbench.sessions.quantities import Quantity, under_one_mean
from workbench.sessions.updates import followed, growth, one_step, run_of
from workbench.showing import display

PLAINLY = "written plainly"


class Session(Page):
    """A derivation in the making."""

    def __init__(self, name: str = "session", *, standard: str = "quick", seed: int = 0):
        super().__init__(name, standard, seed)

    @journalled
    def let(self, declarations: str) -> Any:
        """Declare letters, with semicolons between; they are returned in the order in which they are named."""
        named: list[str] = []
        for part in filter(str.strip, declarations.split(";")):
            self.alphabet.declare(part)
            named += named_in(with_letters(part).strip())
        found = tuple(self.alphabet.meanings[name] for name in named)
        return found[0] if len(found) == 1 else found

    @journalled
    def start(self, why: str, expression: Any) -> SessionLine:
        """Begin with a definition; random letters stand under E(…), or are averaged if they do not."""
        expression = self.read(expression)
        if loose := sorted(letter.name for letter in loose_letters(expression)):
            raise BadInput(f"{loose[0]} is random and stands outside E(…); write E(…) around what is averaged")
        for name, said in adopted(self.alphabet, expression).items():
            self.note("let", f"{name}: {said}")
        self.lines = self.kept()
        return self.append(given(why, expression), Quantity(under_one_mean(expression)))

    def kept(self) -> list[SessionLine]:
        """The lines down to the last one with a name: what a new beginning leaves on the page."""
        named = {id(line) for line in self.names.values()}
        places = [place for place, line in enumerate(self.lines) if id(line) in named]
        return self.lines[: places[-1] + 1] if places else []

    @journalled
    def expect(self) -> SessionLine:
        """Average every random letter by the rule of its law."""
        step = by(averaging(self.last.formula))
        return self.neatly(self.append(step, self.last.quantity, stands=self.last.stands))

    def neatly(self, line: SessionLine) -> SessionLine:
        """The line, or one more under it that says the same and is shorter."""
        plain = neat(plainly(line.formula))
        return line if plain == line.formula else self.append(so(PLAINLY, plain), line.quantity, stands=line.stands)

    @journalled
    def gradient(self, *letters: Any, wrt: Any = None) -> SessionLine:
        """The gradient of the line in a letter (`wrt`), or its derivatives in several numbers; measured by autograd."""
        wanted = [self.letter(each) for each in (*letters, wrt) if each is not None]
        if is_matrix(self.last.formula):
            raise BadInput(
                "the gradient is taken of a number, and the line is a matrix; use the Hessian, or start anew"
            )
        self.averaged("gradient")
        if not wanted or (len(wanted) > 1 and any(map(is_matrix, wanted))):
            raise BadInput("the gradient is taken in one letter, or in several numbers: gradient(W), gradient(a, b)")
        step = by(rules.partials, wrt=wanted) if len(wanted) > 1 else by(rules.gradient, wrt=wanted[0])
        return self.neatly(self.append(step, self.moved("gradient", wanted)))

    def averaged(self, what: str) -> None:
        """Raises BadInput while the line still holds a mean."""
        if self.last.formula.has(ScalarMean, MatrixMean):
            raise BadInput(f"the line still holds a mean E[...]; average it first with expect(), then take the {what}")

    def moved(self, how: str, *arguments: Any) -> Quantity | None:
        """What the definition of the line becomes, where it has one."""
        if self.last.quantity is None or self.last.stands:
            return None
        return getattr(self.last.quantity, how)(*arguments)

    @journalled
    def hessian(self, wrt: Any, direction: Any) -> SessionLine:
        """The Hessian of the line, as a linear map of a direction; measured by autograd twice."""
        wrt, direction = self.letter(wrt), self.letter(direction)
        if wrt == direction:
            raise BadInput(f"the direction is a letter of its own, as {wrt} stays where it is; declare one like {wrt}")
        self.averaged("Hessian")
        return self.append(by(rules.hessian, wrt=wrt, direction=direction), self.moved("hessian", wrt, direction))

    @journalled
    def stationary_point(self, wrt: Any) -> SessionLine:
        """Where the line, a gradient, vanishes; it is measured by Newton's method on the measured gradient."""
        wrt = self.letter(wrt)
        return self.append(by(rules.stationary_point, wrt=wrt), self.moved("root", wrt))

    @journalled
    def fixed_points(self, *unknowns: Any, hypotheses: Sequence[Any] = ()) -> SessionLine:
        """All real solutions of the line, one column each; measured by Newton's method from many starts."""
        wanted, supposed = [self.letter(unknown) for unknown in unknowns], self.relations(hypotheses)
        step = by(rules.fixed_points, unknowns=wanted, hypotheses=self.all_relations(supposed))
        return self.append(step, self.moved("roots", wanted), supposed)

    @journalled
    def stability(self, unknowns: Sequence[Any], at: Mapping[Any, Any]) -> SessionLine:
        """The eigenvalues of the Jacobian of the line at a point; measured by autograd, twice for a gradient."""
        wanted, place = [self.letter(unknown) for unknown in unknowns], self.mapping(at)
        return self.append(by(rules.spectrum, unknowns=wanted, at=place), self.moved("spectrum", wanted, place))

    @journalled
    def critical_scale(self, parameter: Any, hypotheses: Sequence[Any] = ()) -> SessionLine:
        """Where the line, or the one of its eigenvalues that does, changes sign as the parameter grows."""
        parameter, supposed = self.letter(parameter), self.relations(hypotheses)
        if is_matrix(self.last.formula):
            step = by(rules.critical_scale, parameter=parameter)
        else:
            step = by(rules.crossing, parameter=parameter, hypotheses=self.all_relations(supposed))
        return self.append(step, self.moved("sign_change", parameter), supposed)

    def update(self, letters: Mapping[Any, Any]) -> dict[Any, Any]:
        """A typed update of the state, its random letters adopted."""
        found = self.mapping(letters)
        for after in found.values():
            for name, said in adopted(self.alphabet, after).items():
                self.note("let", f"{name}: {said}")
        return found

    @journalled
    def recursion(self, update: Mapping[Any, Any], means: Mapping[Any, Any] | None = None) -> SessionLine:
        """The mean of the line after one step of a random update of its state, by the means before it.

        update: {"e": "e - eta*x*x.T*e"}, every letter of the state with what becomes of it; means: the letters that
        stand for means, with what they are the means of; without them the page names what it has to follow.
        """
        step, line = self.update(update), self.last.formula
        if means is None:
            named = self.followed(line, step)
        else:
            named = {self.letter(letter): as_number(self.read(value)) for letter, value in means.items()}
        said = ", ".join(f"{letter} for {printing.text(value)}" for letter, value in named.items())
        how = by(rules.recursion, f"after one step, by the means before: {said}", update=step, means=named)
        return self.append(how, one_step(line, step, named), stands=named)

    def followed(self, line: Any, update: Mapping[Any, Any]) -> dict[Any, Any]:
        """Letters for the means that the line needs, declared on the page."""
        try:
            named = followed(line, update, {*self.alphabet.meanings})
        except CalculusError as problem:
            raise BadInput(f"recursion finds no next line: {problem}") from None
        for letter in named:  # not noted: done again, the recursion names them again
            adopted(self.alphabet, letter)
        return named

    @journalled
    def after_steps(self, update: Mapping[Any, Any], times: Any) -> SessionLine:
        """The mean of the line after so many steps of a random update, from the state at the start; really run."""
        step, times = self.update(update), self.letter(times)
        run = run_of(self.last.formula, step, times)
        why = f"after {times} steps, each with fresh letters; run for {run.regime[0]}"
        return self.append(by(rules.after_steps, why, update=step, times=times), run)

    @journalled
    def critical_rate(self, parameter: Any, hypotheses: Sequence[Any] = ()) -> SessionLine:
        """The value of a parameter up to which the line, a recursion of means, forgets where they started."""
        parameter, supposed = self.letter(parameter), self.relations(hypotheses)
        if not self.last.stands:
            raise BadInput("a critical rate is that of a recursion of means; take recursion(update) first")
        step = by(
            rules.critical_rate,
            unknowns=[*self.last.stands],
            parameter=parameter,
            hypotheses=self.all_relations(supposed),
        )
        return self.append(step, self.stretch(parameter), supposed)

    def stretch(self, parameter: Any) -> Quantity | None:
        """Where one mean that nothing is added to neither grows nor shrinks in a step, as it is measured."""
        (letter, *others), how = self.last.stands, self.last.line.step.arguments
        if others or self.last.line.step.rule is not rules.recursion:
            return None
        if self.last.formula.xreplace({letter: sp.S.Zero}) != 0:
            return None
        return Quantity(growth(self.last.stands[letter], how["update"])).sign_change(parameter)

    @journalled
    def expand_large(self, *large: Any, order: int = 1) -> SessionLine:
        """The leading orders of the line as letters grow together."""
        letters = {self.letter(letter): sp.oo for letter in large}
        return self.append(by(rules.expand_large, large=letters, order=order), None)

    @journalled
    def limit(self) -> SessionLine:
        """What the line tends to as all sizes grow in fixed proportions; measured at growing sizes."""
        if vectors := columns_in(self.last.formula):
            self.append(by(rules.averaging, over=vectors), self.last.quantity)
        return self.neatly(self.append(by(rules.equivalent), self.moved("limit")))

    @journalled
    def substitute(self, letters: Mapping[Any, Any]) -> SessionLine:
        """Replace letters by what they stand for, in the formula and in its definition."""
        replaced = self.mapping(letters)
        return self.append(by(rules.substitute, letters=replaced), self.moved("substituted", replaced))

    @journalled
    def so(self, why: str, formula: Any) -> SessionLine:
        """The line written differently by hand; it is checked exactly, and measured."""
        step = so(why, fitted(self.read(formula), self.last.formula))
        return self.append(step, self.last.quantity, stands=self.last.stands)

    @journalled
    def recall(self, name: str) -> SessionLine:
        """Go on from a line that has a name."""
        line = self.named(name)
        step = recall(self.claim(line.formula, line.hypotheses), f"by {name}")
        return self.append(step, line.quantity, line.hypotheses, stands=line.stands)

    @journalled
    def conjecture(self, formula: Any) -> Answer:
        """Judge a guess in place of the last line; a wrong one is answered by a witness and a correction."""
        last = self.last
        if last.quantity is None:
            raise BadInput("the last line has no measurement of its own, so a guess in its place cannot be judged")
        guess = fitted(self.read(formula), last.formula).xreplace(dict(last.stands))
        closed = self.claim(last.formula.xreplace(dict(last.stands)), last.hypotheses)
        proof = proofs.Proof(closed, tuple(line.checked for line in self.lines))
        derived = None if last.formula.has(ScalarMean, MatrixMean) else closed
        try:
            answer = answer_to(
                self.equation(last.quantity, guess, last.hypotheses), self.standard, self.seed,
                twin=last.quantity.twin(), claim=derived, proof=proof if derived else None,
            )  # fmt: skip
        except TROUBLE as problem:
            raise BadInput(f"the guess {printing.text(guess)} could not be measured: {problem}") from None
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
        other.sentences = dict(self.sentences)
        other.journal, other.saved = list(self.journal), 0
        other.alphabet, other.guesses = self.alphabet.copy(), list(self.guesses)
        return other

    @journalled
    def call(self, name: str, says: str = "") -> SessionLine:
        """Give the last line a name for `session[name]` and `recall`, and say in a sentence what it says."""
        self.names[name] = self.last
        self.sentences[name] = (says or self.reason()).strip().rstrip(".")
        return self.last

    def reason(self) -> str:
        """Why the last line stands; one that was only written plainly stands for the reason of the one before."""
        return next(why for line in reversed(self.lines) if (why := line.line.step.why) != PLAINLY)

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

    def write(self, path: str | Path) -> Path:
        """Write the page as an article (.tex), as Markdown (.md), or as a notebook that does it all again (.ipynb)."""
        from workbench.sessions.writings import write

        return write(self, Path(path))

    def __getitem__(self, name: str) -> Any:
        return self.named(name).formula

    def __repr__(self) -> str:
        return "\n".join([f"{self.name}: {self.alphabet.in_words(self.alphabet.said)}", *map(repr, self.lines)])

    def _repr_html_(self) -> str:
        items = "".join(display.item(line_html(line)) for line in self.lines)
        words = escape(self.alphabet.in_words(self.alphabet.said))
        return display.framed(f"<b>{escape(self.name)}</b><br>{words}<ol>{items}</ol>")


def session(name: str = "session", *, standard: str = "quick", seed: int = 0) -> Session:
    """A blank page: a derivation that grows line by line, each line checked and measured at once."""
    return Session(name, standard=standard, seed=seed)
