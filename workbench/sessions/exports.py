"""Exports: a session as the files of a theorem that `workbench verify` accepts, its twin written out in torch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.core.relational import Relational

from workbench import laws
from workbench import letters as L
from workbench.errors import BadInput
from workbench.exact.instances import letters_of
from workbench.judging.mutants import mutants
from workbench.laws import MatrixMean, Random, ScalarMean
from workbench.lowering.sources import Code, Sources
from workbench.lowering.walks import Walk
from workbench.scaffolds import NAME
from workbench.showing import printing
from workbench.slopes import MatrixSlope, ScalarSlope

if TYPE_CHECKING:
    from workbench.sessions.lines import SessionLine
    from workbench.sessions.sessions import Session

MEANS, SLOPES = (ScalarMean, MatrixMean), (ScalarSlope, MatrixSlope)
KINDS = {"gradient": "gradient", "stationary_point": "fixed point", "expectation": "expectation"}
WORDS = {
    L.SPD: "spd", L.Symmetric: "symmetric", L.Orthogonal: "orthogonal", L.UnitVector: "unit_vector", L.Vector: "vector",
    L.Matrix: "matrix", L.Count: "count", L.Size: "size", L.Overlap: "overlap", L.Large: "large",
    L.Probability: "probability", L.Positive: "positive", L.Scalar: "scalar",
}  # fmt: skip


class PythonPrinter(printing.TextPrinter):
    """Expressions as a theorem file writes them."""

    def _print_ScalarMean(self, node: Any) -> str:
        return f"E({self._print(node.args[0])})"

    _print_MatrixMean = _print_ScalarMean

    def _print_Identity(self, node: Any) -> str:
        return f"Identity({self._print(node.shape[0])})"

    def _print_Inverse(self, node: Any) -> str:
        return f"Inverse({self._print(node.arg)})"

    def _print_Max(self, node: Any) -> str:
        return f"Max({', '.join(map(self._print, node.args))})"

    def _print_Rational(self, node: Any) -> str:
        return str(node.p) if node.q == 1 else f"Rational({node.p}, {node.q})"

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
        parts = [python(length) for length in letter.shape if length != 1]
        given = {"mean": letter.mean, "cov": letter.cov, "token_cov": letter.token_cov}
        parts += [f"{k}={python(v)}" for k, v in given.items() if not isinstance(v, sp.ZeroMatrix | sp.Identity)]
        return f'{letter.name} = gaussian("{letter.name}", {", ".join(parts)})'
    word = WORDS.get(type(letter))
    if word is None:
        raise BadInput(f"{letter} has a law that is not written into files yet; write the theorem file by hand")
    lengths = [] if not letter.is_Matrix else letter.shape if word == "matrix" else letter.shape[:1]
    return f"{letter.name} = {word}({', '.join([repr(letter.name).replace(chr(39), chr(34)), *map(python, lengths)])})"


def export(session: Session, name: str, root: str | Path = ".") -> list[Path]:
    """Write derivation and twin of a session as the theorem CHAPTER.THEOREM; every named line is a claim.

    Raises BadInput for a name that is none, for a session without a measured line, and when a file exists.
    """
    if not NAME.fullmatch(name):
        raise BadInput(f"{name!r} is no name for a theorem; write CHAPTER.THEOREM in lower case, e.g. pca.rank_one")
    chapter, theorem = name.split(".")
    claims = claims_of(session)
    texts = {"derivations": derivation_text(session, claims), "numerics": numerics_text(claims)}
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
    return found


def derivation_text(session: Session, claims: list[Any]) -> str:
    """The derivation file."""
    letters = letters_of(*(line.line.expression for line in session.lines), *session.alphabet.hypotheses)
    random = sorted({r for line in session.lines for r in line.formula.atoms(Random)}, key=lambda r: r.name)
    letters = letters_of(*letters, *random, *(line.formula for line in session.lines))
    fixed = sorted(letters, key=lambda a: (not isinstance(a, L.Size), a.is_Matrix, a.name))
    rules = sorted({line.line.step.rule.name for line in session.lines if line.line.step.rule})
    words = sorted({WORDS[type(letter)] for letter in fixed if type(letter) in WORDS})
    wanted = sorted({"E", "by", "claim", "gaussian", "given", "recall", "so", "tr", *words})
    head = [
        f'"""{session.name[:1].upper()}{session.name[1:]}: derived in a session, line by line.\n',
        f"Letters: {session.alphabet.in_words(session.alphabet.said)}.\n", 'Source: derived here\n"""\n',
        "from sympy import Identity, Inverse, Max, Rational, acos, asin, erf, exp, log, oo, pi, sqrt  # noqa: F401\n",
        f"from workbench import {', '.join(wanted)}  # noqa: F401",
        f"from workbench.calculus.rules import {', '.join(rules)}\n" if rules else "",
        *map(declaration, [*fixed, *random]),
    ]  # fmt: skip
    return "\n".join(
        [*head, *(claim_text(session, *claims[k], claims[k - 1][0] if k else "") for k in range(len(claims)))]
    )


def claim_text(session: Session, name: str, line: SessionLine, lines: list[SessionLine], before: str) -> str:
    """One claim: its rivals, and its lines."""
    step = line.line.step
    kind = KINDS.get(step.rule.name if step.rule else "", "identity")
    rivals = ",\n        ".join(f'"{why}": {python(formula)}' for why, formula in rivals_of(session, line).items())
    given = ", ".join(python(h) for h in session.alphabet.hypotheses)
    said = f"\n    hypotheses=({given},)," if given else ""
    body = [f"yield recall({before})"] if before else []
    for each in lines:
        how = each.line.step
        if how.rule:
            arguments = "".join(f", {k}={python(v)}" for k, v in how.arguments.items())
            body.append(f"yield by({how.rule.name}{arguments})")
        else:
            body.append(f'yield {"given" if how.how == "given" else "so"}("{how.why}", {python(how.expression)})')
    lines_text = "\n    ".join(body)
    return (
        f'\n\n@claim(\n    "{kind}",\n    "{name}",\n    rivals={{\n        {rivals},\n    }},{said}\n)\n'
        f'def {name}():\n    """{step.why}."""\n    {lines_text}\n'
    )


def rivals_of(session: Session, line: SessionLine) -> dict[str, Any]:
    """What the same evidence refuted: guesses of the session, and slips of the pen."""
    guesses = {f"a guess: {text}": guess for place, text, guess in session.guesses if place is line}
    slips = {f"slip: {each.slip}": each.formula for each in mutants(line.formula)[:2]}
    return guesses | slips


def numerics_text(claims: list[Any]) -> str:
    """The file of twins: the definition written out in torch."""
    parts = [program(name, line) for name, line, _ in claims]
    roots = any(line.root for _, line, _ in claims)
    head = '"""The measurements, from the definition alone."""\n\nimport torch\n'
    return head + ("\nfrom workbench.evidence import root\n" if roots else "") + "".join(parts)


def program(name: str, line: SessionLine) -> str:
    """One twin."""
    definition = line.definition
    inside, wrt = definition.args if isinstance(definition, SLOPES) else (definition, None)
    inside = inside.inside if isinstance(inside, MEANS) else inside
    if inside.has(*MEANS, *SLOPES):
        raise BadInput(f"{name} combines several means; write its twin by hand (function_of_means puts them together)")
    letters = letters_of(definition)
    sources = Sources()
    values = {each.name: Code(each.name, tensor=each.is_Matrix) for each in letters}
    if wrt is not None:
        values[wrt.name] = Code(wrt.name)
    value = Walk(sources, values).visit(inside)
    body = [*sources.lines, f"return {value}"]
    if wrt is not None:
        here = wrt.name if wrt.is_Matrix else f"torch.as_tensor({wrt.name})"
        inner = "\n        ".join(body)
        body = [f"def sample({wrt.name}):\n        {inner}\n", f"return torch.func.jacrev(sample)({here})"]
    lines = "\n    ".join(body)
    decorator = f'@root("{line.root}")\n' if line.root else ""
    takes = ", ".join(each.name for each in letters)
    return f'\n\n{decorator}def {name}({takes}, *, draw):\n    """{line.line.step.why}."""\n    {lines}\n'
