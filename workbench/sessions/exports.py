"""Exports: a session as the files of a theorem that `workbench verify` accepts, its twin written out in torch."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from workbench.claims import Step
from workbench.diagnosis.mutants import Mutant, mutants, overall
from workbench.errors import BadInput
from workbench.evidence.listings import in_order
from workbench.exact.instances import letters_of
from workbench.files import write_new
from workbench.judging.confrontation import values_of
from workbench.judging.refutations import TROUBLE
from workbench.language import laws, printing, written_laws
from workbench.language import letters as L
from workbench.language.function_rows import ROWS
from workbench.language.law_rows import makers
from workbench.language.laws import Random
from workbench.scaffolds import NAME
from workbench.sessions.answers import statement_of
from workbench.sessions.lines import SessionLine
from workbench.sessions.literals import docstring, identifier, literal, read_back
from workbench.sessions.pages import Page, expression_of
from workbench.sessions.programs import numerics_text
from workbench.sessions.updates import Run

KINDS = {
    "gradient": "gradient", "partials": "gradient", "stationary_point": "fixed point", "fixed_points": "fixed point",
    "spectrum": "spectrum", "critical_scale": "critical scale", "crossing": "critical scale",
    "expectation": "expectation",
}  # fmt: skip
SYMPY = (
    "Determinant", "DiagMatrix", "HadamardProduct", "Identity", "Inverse", "KroneckerProduct", "Matrix",
    "OneMatrix", "Rational", "oo", "pi", "sqrt",
)  # fmt: skip
ENDING = "\n\nSource: derived here\n"
RIVALS, TRIED = 2, 6  # slips of the pen that a claim takes as rivals, and the points at which they must have a value
WORDS = {
    L.SPD: "spd", L.Symmetric: "symmetric", L.Orthogonal: "orthogonal", L.UnitVector: "unit_vector", L.Vector: "vector",
    L.Matrix: "matrix", L.Count: "count", L.Size: "size", L.Overlap: "overlap", L.Large: "large",
    L.Probability: "probability", L.Positive: "positive", L.Scalar: "scalar",
}  # fmt: skip
MODULES = {
    "derivations": ("sympy", "workbench", "workbench.calculus"),
    "numerics": ("torch", "workbench.evidence"),
}
OURS = ("E", "by", "claim", "coordinate", "given", "recall", "so", "tr", *WORDS.values())


class PythonPrinter(printing.TextPrinter):
    """Expressions as a theorem file writes them."""

    is_bare = staticmethod(lambda node: False)  # aᵀb is a matrix there, and its trace the number
    entry_of = staticmethod(lambda product: None)  # and an entry is a product with a column of the identity

    def _print_Coordinate(self, node: Any) -> str:
        return node.name

    def _print_Symbol(self, node: Any) -> str:
        return identifier(node.name)

    _print_MatrixSymbol = _print_Symbol

    def _print_ScalarMean(self, node: Any) -> str:
        return f"E({self._print(node.args[0])})"

    _print_MatrixMean = _print_ScalarMean

    def _print_Identity(self, node: Any) -> str:
        return f"Identity({self._print(node.shape[0])})"

    def _print_Inverse(self, node: Any) -> str:
        return f"Inverse({self._print(node.arg)})"

    def _print_DiagMatrix(self, node: Any) -> str:
        return f"{type(node).__name__}({', '.join(map(self._print, node.args))})"

    _print_HadamardProduct = _print_Determinant = _print_KroneckerProduct = _print_DiagMatrix
    _print_OneMatrix = _print_DiagMatrix  # type: ignore[assignment]

    def _print_HadamardPower(self, node: Any) -> str:
        return f"HadamardProduct({', '.join([self._print(node.base)] * int(node.exp))})"

    def _print_Function(self, expr: Any) -> str:
        return f"{type(expr).__name__}({', '.join(map(self._print, expr.args))})"

    _print_Max = _print_Min = _print_Heaviside = _print_Abs = _print_polygamma = _print_Function

    def _print_Rational(self, node: Any) -> str:
        return str(node.p) if node.q == 1 else f"Rational({node.p}, {node.q})"

    def _print_MatrixBase(self, node: Any) -> str:
        rows = (", ".join(map(self._print, node.row(i))) for i in range(node.shape[0]))
        return f"Matrix([{', '.join(f'[{row}]' for row in rows)}])"

    _print_ImmutableDenseMatrix = _print_MatrixBase

    def _print_Infinity(self, node: Any) -> str:
        return "oo"


def offered() -> tuple[str, ...]:
    """What theorem files import from `workbench`: its verbs, its letters and the makers of laws."""
    return (*OURS, *(name for name, house in makers().items() if house == "workbench"))


def makers_elsewhere() -> dict[str, list[str]]:
    """The packages that offer laws of their own, each with the functions that make their letters."""
    houses = {house for house in makers().values() if house != "workbench"}
    return {house: [name for name, at in makers().items() if at == house] for house in sorted(houses)}


def functions_of(house: str, text: str = "") -> list[str]:
    """The classes of functions that SymPy (or the workbench) brings along, by name; text: those that it calls."""
    kinds = [row.kind for row in ROWS.values() if isinstance(row.kind, type)]
    names = [kind.__name__ for kind in kinds if kind.__module__.partition(".")[0] == house]
    return [name for name in names if not text or re.search(rf"(?<![\w.\"]){name}\(", text)]


def python(value: Any) -> str:
    """A value as a theorem file writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{python(k)}: {python(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str):
        return literal(value)  # never an expression: reading one would run it
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(python, value))}]"
    if isinstance(value, Relational):
        return f"{python(value.lhs)} {value.rel_op} {python(value.rhs)}"
    printer = PythonPrinter({"order": "none", "sympy_integers": False})
    return printer.doprint(expression_of(value)).replace("1/2*", "Rational(1, 2)*")


def declaration(letter: Any) -> str:
    """The line that declares a letter."""
    identifier(letter.name)
    if isinstance(letter, laws.Gaussian):
        rows, columns = letter.shape
        parts = [python(length) for length in (rows, columns)[: 1 + (columns != 1)]]
        given = {"mean": letter.mean, "cov": letter.cov, "token_cov": letter.token_cov}
        parts += [f"{k}={python(v)}" for k, v in given.items() if not isinstance(v, sp.ZeroMatrix | sp.Identity)]
        return f'{letter.name} = gaussian("{letter.name}", {", ".join(parts)})'
    if isinstance(letter, laws.Random):
        return written_laws.written(letter, python)
    if isinstance(letter, L.Coordinate):
        return f"{letter.name} = coordinate({letter.place}, {python(letter.rows)})"
    word = WORDS.get(type(letter))
    if word is None:
        raise BadInput(f"{letter} has a law that is not written into files yet; write the theorem file by hand")
    lengths = [] if not letter.is_Matrix else letter.shape if word == "matrix" else letter.shape[:1]
    parts = [f'"{letter.name}"', *map(python, lengths)]
    if others := getattr(letter, "orthogonal_to", ()):
        parts.append(f"orthogonal_to=({', '.join(map(python, others))},)")
    return f"{letter.name} = {word}({', '.join(parts)})"


def export(session: Page, name: str, root: str | Path = ".") -> list[Path]:
    """Write derivation and twin of a session as the theorem CHAPTER.THEOREM; every named line is a claim.

    Raises BadInput for a name that is none, for a session without a measured line, and when a file exists.
    """
    if not NAME.fullmatch(name):
        raise BadInput(f"{name!r} is no name for a theorem; write CHAPTER.THEOREM in lower case, e.g. pca.rank_one")
    chapter, theorem = name.split(".")
    claims = claims_of(session)
    texts = {
        "derivations": derivation_text(session, claims),
        "numerics": numerics_text([(each, session.says(each), line.quantity) for each, line, _ in claims]),
    }
    paths = {wing: Path(root) / wing / chapter / f"{theorem}.py" for wing in texts}
    for wing, text in texts.items():
        read_back(text, (*MODULES[wing], *makers_elsewhere()))
    return write_new({path: texts[wing] for wing, path in paths.items()})


def claims_of(session: Page) -> list[tuple[str, SessionLine, list[SessionLine]]]:
    """Name, line and the lines since the claim before, for every named line (or the last one)."""
    named = {id(line): name for name, line in session.names.items()}
    if not any(id(line) in named for line in session.lines):
        named[id(session.last)] = "result"
    found, since = [], []
    for line in session.lines:
        since.append(line)
        if id(line) in named:
            if line.answer is None:
                raise BadInput(f"the line called {named[id(line)]!r} was not measured")
            if line.stands or isinstance(line.quantity, Run):
                raise BadInput(
                    f"the line called {named[id(line)]!r} is measured by steps, which are not written into files yet; "
                    "write its twin by hand"
                )
            found.append((identifier(str(named[id(line)])), line, since))
            since = []
    own = (*functions_of("sympy"), *functions_of("workbench"))
    meant = {*SYMPY, *offered(), *makers(), *own, "rules", *(letter.name for letter in letters_written(session))}
    if hiding := sorted(meant & {name for name, _, _ in found}):
        raise BadInput(f"a line is called {hiding[0]!r}, which means something else in a theorem file; rename it")
    recalled = {each.line.step.why.removeprefix("by ") for each in session.lines if each.line.step.how == "recalled"}
    if missing := sorted(recalled - {name for name, _, _ in found}):
        raise BadInput(f"the line called {missing[0]!r} is recalled and no longer on the page; start from it instead")
    return found


def derivation_text(session: Page, claims: list[Any]) -> str:
    """The derivation file, with the imports that it needs."""
    body = [claim_text(session, *claims[k], claims[k - 1][0] if k else "") for k in range(len(claims))]
    letters = "\n".join(map(declaration, letters_written(session)))
    text = letters + "".join(body)
    imports = {
        "sympy": sorted([*used(SYMPY, text), *functions_of("sympy", text)]),
        "workbench": sorted([*used(offered(), text), *functions_of("workbench", text)]),
        "workbench.calculus": used(["rules"], text),
        **{house: used(names, text) for house, names in makers_elsewhere().items()},
    }  # fmt: skip
    told = session.alphabet.in_words(session.alphabet.said)
    says = f"{session.name[:1].upper()}{session.name[1:]}: derived in a session, line by line.\n\nLetters: {told}."
    head = [
        f"{docstring(f'{says}{ENDING}')}\n",
        *(f"from {module} import {', '.join(names)}" for module, names in imports.items() if names),
    ]  # fmt: skip
    return "\n".join(head) + "\n\n" + text


def used(names: Iterable[str], text: str) -> list[str]:
    """The names that a program calls or names, sorted."""
    return sorted(name for name in set(names) if re.search(rf"(?<![\w.\"]){name}(?![\w\"])", text))


def letters_written(session: Page) -> list[Any]:
    """The letters of a session in an order in which they can be declared."""
    seen = [part for line in session.lines for part in (line.formula, *parts_of(line.line.step.arguments))]
    random = sorted({r for part in seen for r in part.atoms(Random)}, key=lambda r: r.name)
    fixed = letters_of(*random, *seen, *(h for line in session.lines for h in line.hypotheses),
                       *session.alphabet.hypotheses)  # fmt: skip
    across = [bool(getattr(letter, "orthogonal_to", ())) for letter in fixed]
    order = sorted(zip(across, fixed), key=lambda p: (not isinstance(p[1], L.Size), p[0], p[1].is_Matrix, p[1].name))
    return [*(letter for _, letter in order), *random]


def parts_of(value: Any) -> list[Any]:
    """The expressions in the arguments of a rule."""
    if isinstance(value, dict):
        return [part for pair in value.items() for each in pair for part in parts_of(each)]
    if isinstance(value, list | tuple):
        return [part for each in value for part in parts_of(each)]
    return [value] if isinstance(value, sp.Basic) else []


def claim_text(session: Page, name: str, line: SessionLine, lines: list[SessionLine], before: str) -> str:
    """One claim: its rivals, and its lines."""
    step = line.line.step
    kind = KINDS.get(step.rule.name if step.rule else "", "identity")
    rivals = "\n".join(
        f"        {literal(why)}: {python(formula)}," for why, formula in rivals_of(session, line).items()
    )
    given = ", ".join(python(h) for h in (*session.alphabet.hypotheses, *line.hypotheses))
    said = f"    hypotheses=({given},),\n" if given else ""
    body = [f"yield recall({before})"] if before and lines[0].line.step.how not in ("given", "recalled") else []
    body += map(yielded, (each.line.step for each in lines))
    lines_text = "\n    ".join(body)
    return (
        f'\n\n@claim(\n    "{kind}",\n    "{name}",\n    rivals={{\n{rivals}\n    }},\n{said})\n'
        f"def {name}():\n    {docstring(f'{session.says(name)}.')}\n    {lines_text}\n"
    )


def yielded(how: Step) -> str:
    """A line of a proof as a theorem file writes it."""
    if how.how == "recalled":
        return f"yield recall({identifier(how.why.removeprefix('by '))})"
    if how.rule is None:
        return f"yield {'given' if how.how == 'given' else 'so'}({literal(how.why)}, {python(how.expression)})"
    arguments = "".join(f", {name}={python(value)}" for name, value in how.arguments.items() if value != ())
    return f"yield by(rules.{how.rule.name}{arguments})"


def rivals_of(session: Page, line: SessionLine) -> dict[str, Any]:
    """What the same evidence refuted: guesses of the session, and slips of the pen, in a single term if they can be."""
    guesses = {f"a guess: {text}": guess for place, text, guess in session.guesses if place is line}
    slips = (each for each in local_first(line.formula) if differs(session, line, each.formula))
    return guesses | {f"slip: {each.slip}": each.formula for each in islice(slips, RIVALS)}


def local_first(formula: Any) -> list[Mutant]:
    """The slips of a formula, one of every kind, those that change all of it last."""
    whole = [slip for slip, _ in overall(formula)]
    kinds = {each.slip: each for each in reversed(mutants(formula))}
    return sorted(kinds.values(), key=lambda each: each.slip in whole)


def differs(session: Page, line: SessionLine, formula: Any) -> bool:
    """Whether a formula has a real value wherever it may be judged, and not everywhere that of the line."""
    assert line.quantity is not None
    equation = session.equation(line.quantity, formula, line.hypotheses)
    statement, rows = statement_of(equation, line.quantity.twin()), getattr(line.quantity.seek, "rows", 0)
    pairs = []
    try:
        for place in range(TRIED):
            instance = statement.saying(line.formula).instance("rivals", place)
            pairs.append([in_order(values_of(each, instance, ()), rows) for each in (formula, line.formula)])
    except TROUBLE:
        return False
    return any(not np.array_equal(*pair) for pair in pairs)
