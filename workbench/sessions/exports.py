"""Exports: a session as the files of a theorem that `workbench verify` accepts, its twin written out in torch."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from workbench import laws
from workbench import letters as L
from workbench.claims import Step
from workbench.errors import BadInput
from workbench.evidence.listings import in_order
from workbench.exact.instances import letters_of
from workbench.judging.confrontation import values_of
from workbench.judging.mutants import Mutant, mutants, overall
from workbench.laws import Random
from workbench.scaffolds import NAME
from workbench.sessions import written_laws
from workbench.sessions.answers import TROUBLE, Case
from workbench.sessions.programs import numerics_text
from workbench.showing import printing

if TYPE_CHECKING:
    from workbench.sessions.lines import SessionLine
    from workbench.sessions.sessions import Session

KINDS = {
    "gradient": "gradient", "partials": "gradient", "stationary_point": "fixed point", "fixed_points": "fixed point",
    "spectrum": "spectrum", "critical_scale": "critical scale", "crossing": "critical scale",
    "expectation": "expectation",
}  # fmt: skip
SYMPY = (
    "Determinant", "DiagMatrix", "HadamardProduct", "Identity", "Inverse", "Matrix", "Max", "OneMatrix", "Rational",
    "acos", "asin", "atan", "cos", "cosh", "erf", "exp", "log", "oo", "pi", "sign", "sin", "sinh", "sqrt", "tan",
    "tanh",
)  # fmt: skip
LAWS = ("haar", "index", "mask", "mixture")
RIVALS, TRIED = 2, 6  # slips of the pen that a claim takes as rivals, and the points at which they must have a value
WORDS = {
    L.SPD: "spd", L.Symmetric: "symmetric", L.Orthogonal: "orthogonal", L.UnitVector: "unit_vector", L.Vector: "vector",
    L.Matrix: "matrix", L.Count: "count", L.Size: "size", L.Overlap: "overlap", L.Large: "large",
    L.Probability: "probability", L.Positive: "positive", L.Scalar: "scalar",
}  # fmt: skip
OURS = ("E", "by", "claim", "gaussian", "given", "recall", "so", "tr",
        *WORDS.values())  # fmt: skip


class PythonPrinter(printing.TextPrinter):
    """Expressions as a theorem file writes them."""

    def _print_ScalarMean(self, node: Any) -> str:
        return f"E({self._print(node.args[0])})"

    _print_MatrixMean = _print_ScalarMean

    def _print_Identity(self, node: Any) -> str:
        return f"Identity({self._print(node.shape[0])})"

    def _print_Inverse(self, node: Any) -> str:
        return f"Inverse({self._print(node.arg)})"

    def _print_DiagMatrix(self, node: Any) -> str:
        return f"{type(node).__name__}({', '.join(map(self._print, node.args))})"

    _print_HadamardProduct = _print_Determinant = _print_DiagMatrix
    _print_OneMatrix = _print_DiagMatrix  # type: ignore[assignment]

    def _print_HadamardPower(self, node: Any) -> str:
        return f"HadamardProduct({', '.join([self._print(node.base)] * int(node.exp))})"

    def _print_Max(self, node: Any) -> str:
        return f"Max({', '.join(map(self._print, node.args))})"

    def _print_Rational(self, node: Any) -> str:
        return str(node.p) if node.q == 1 else f"Rational({node.p}, {node.q})"

    def _print_MatrixBase(self, node: Any) -> str:
        rows = (", ".join(map(self._print, node.row(i))) for i in range(node.shape[0]))
        return f"Matrix([{', '.join(f'[{row}]' for row in rows)}])"

    _print_ImmutableDenseMatrix = _print_MatrixBase

    def _print_Infinity(self, node: Any) -> str:
        return "oo"


def python(value: Any) -> str:
    """A value as a theorem file writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{python(k)}: {python(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(python, value))}]"
    if isinstance(value, Relational):
        return f"{python(value.lhs)} {value.rel_op} {python(value.rhs)}"
    return (
        PythonPrinter({"order": "none", "sympy_integers": False}).doprint(sp.sympify(value)).replace("1/2*", "S.Half*")
    )


def declaration(letter: Any) -> str:
    """The line that declares a letter."""
    if isinstance(letter, laws.Gaussian):
        rows, columns = letter.shape
        parts = [python(length) for length in (rows, columns)[: 1 + (columns != 1)]]
        given = {"mean": letter.mean, "cov": letter.cov, "token_cov": letter.token_cov}
        parts += [f"{k}={python(v)}" for k, v in given.items() if not isinstance(v, sp.ZeroMatrix | sp.Identity)]
        return f'{letter.name} = gaussian("{letter.name}", {", ".join(parts)})'
    if isinstance(letter, laws.Random):
        return written_laws.written(letter, python)
    word = WORDS.get(type(letter))
    if word is None:
        raise BadInput(f"{letter} has a law that is not written into files yet; write the theorem file by hand")
    lengths = [] if not letter.is_Matrix else letter.shape if word == "matrix" else letter.shape[:1]
    parts = [f'"{letter.name}"', *map(python, lengths)]
    if others := getattr(letter, "orthogonal_to", ()):
        parts.append(f"orthogonal_to=({', '.join(map(python, others))},)")
    return f"{letter.name} = {word}({', '.join(parts)})"


def export(session: Session, name: str, root: str | Path = ".") -> list[Path]:
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
    if taken := [path for path in paths.values() if path.exists()]:
        raise BadInput(f"{taken[0]} exists already; choose another name or edit that file")
    for wing, path in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[wing], encoding="utf-8")
    return list(paths.values())


def claims_of(session: Session) -> list[tuple[str, SessionLine, list[SessionLine]]]:
    """Name, line and the lines since the claim before, for every named line (or the last one)."""
    named = {id(line): name for name, line in session.names.items()}
    if not any(id(line) in named for line in session.lines):
        named[id(session.last)] = "result"
    found, since = [], []
    for line in session.lines:
        since.append(line)
        if id(line) in named:
            if line.answer is None or not named[id(line)].isidentifier():
                raise BadInput(f"the line called {named[id(line)]!r} was not measured (or its name is no plain word)")
            found.append((named[id(line)], line, since))
            since = []
    meant = {*SYMPY, *OURS, "rules", *(letter.name for letter in letters_written(session))}
    if hiding := sorted(meant & {name for name, _, _ in found}):
        raise BadInput(f"a line is called {hiding[0]!r}, which means something else in a theorem file; rename it")
    recalled = {each.line.step.why.removeprefix("by ") for each in session.lines if each.line.step.how == "recalled"}
    if missing := sorted(recalled - {name for name, _, _ in found}):
        raise BadInput(f"the line called {missing[0]!r} is recalled and no longer on the page; start from it instead")
    return found


def derivation_text(session: Session, claims: list[Any]) -> str:
    """The derivation file, with the imports that it needs."""
    body = [claim_text(session, *claims[k], claims[k - 1][0] if k else "") for k in range(len(claims))]
    letters = "\n".join(map(declaration, letters_written(session)))
    text = letters + "".join(body)
    imports = {
        "sympy": used(SYMPY, text), "workbench": used(OURS, text), "workbench.calculus": used(["rules"], text),
        "workbench.laws": sorted(name for name in LAWS if f" = {name}(" in text),
    }  # fmt: skip
    head = [
        f'"""{session.name[:1].upper()}{session.name[1:]}: derived in a session, line by line.\n',
        f"Letters: {session.alphabet.in_words(session.alphabet.said)}.\n", 'Source: derived here\n"""\n',
        *(f"from {module} import {', '.join(names)}" for module, names in imports.items() if names),
    ]  # fmt: skip
    return "\n".join(head) + "\n\n" + text


def used(names: Iterable[str], text: str) -> list[str]:
    """The names that a program calls or names, sorted."""
    return sorted(name for name in set(names) if re.search(rf"(?<![\w.\"]){name}(?![\w\"])", text))


def letters_written(session: Session) -> list[Any]:
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


def claim_text(session: Session, name: str, line: SessionLine, lines: list[SessionLine], before: str) -> str:
    """One claim: its rivals, and its lines."""
    step = line.line.step
    kind = KINDS.get(step.rule.name if step.rule else "", "identity")
    rivals = "\n".join(f'        "{why}": {python(formula)},' for why, formula in rivals_of(session, line).items())
    given = ", ".join(python(h) for h in (*session.alphabet.hypotheses, *line.hypotheses))
    said = f"    hypotheses=({given},),\n" if given else ""
    body = [f"yield recall({before})"] if before and lines[0].line.step.how not in ("given", "recalled") else []
    body += map(yielded, (each.line.step for each in lines))
    lines_text = "\n    ".join(body)
    return (
        f'\n\n@claim(\n    "{kind}",\n    "{name}",\n    rivals={{\n{rivals}\n    }},\n{said})\n'
        f'def {name}():\n    """{session.says(name)}."""\n    {lines_text}\n'
    )


def yielded(how: Step) -> str:
    """A line of a proof as a theorem file writes it."""
    if how.how == "recalled":
        return f"yield recall({how.why.removeprefix('by ')})"
    if how.rule is None:
        return f'yield {"given" if how.how == "given" else "so"}("{how.why}", {python(how.expression)})'
    arguments = "".join(f", {name}={python(value)}" for name, value in how.arguments.items() if value != ())
    return f"yield by(rules.{how.rule.name}{arguments})"


def rivals_of(session: Session, line: SessionLine) -> dict[str, Any]:
    """What the same evidence refuted: guesses of the session, and slips of the pen, in a single term if they can be."""
    guesses = {f"a guess: {text}": guess for place, text, guess in session.guesses if place is line}
    slips = (each for each in local_first(line.formula) if differs(session, line, each.formula))
    return guesses | {f"slip: {each.slip}": each.formula for each in islice(slips, RIVALS)}


def local_first(formula: Any) -> list[Mutant]:
    """The slips of a formula, one of every kind, those that change all of it last."""
    whole = [slip for slip, _ in overall(formula)]
    kinds = {each.slip: each for each in reversed(mutants(formula))}
    return sorted(kinds.values(), key=lambda each: each.slip in whole)


def differs(session: Session, line: SessionLine, formula: Any) -> bool:
    """Whether a formula has a real value wherever it may be judged, and not everywhere that of the line."""
    assert line.quantity is not None
    equation = session.equation(line.quantity, formula, line.hypotheses)
    case, rows = Case(equation, line.quantity.twin(), session.standard, 0), getattr(line.quantity.seek, "rows", 0)
    pairs = []
    try:
        for place in range(TRIED):
            instance = case.instance(line.formula, "rivals", place)
            pairs.append([in_order(values_of(each, instance, ()), rows) for each in (formula, line.formula)])
    except TROUBLE:
        return False
    return any(not np.array_equal(*pair) for pair in pairs)
