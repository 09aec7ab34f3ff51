"""Stating: all that a claim says, so that no form of it leaves out a letter, a condition or what is measured."""

from __future__ import annotations

import ast
from typing import Any

import sympy as sp

from workbench.catalogue import Entry
from workbench.claims import Claim
from workbench.exact.instances import letters_of
from workbench.language import laws
from workbench.language import letters as L
from workbench.language.printing import text

KINDS = {
    L.TopEigenvalue: "the largest eigenvalue of {of}", L.Eigenvalue: "an eigenvalue of {of}",
    L.Probability: "a probability, between 0 and 1", L.Large: "a large positive number",
    L.Overlap: "the scalar product of two unit vectors, between −1 and 1", L.Count: "a count, 1, 2, 3, …",
    L.Size: "a dimension, 1, 2, 3, …", L.Positive: "a positive number", L.Scalar: "a real number",
    L.SPD: "a symmetric positive definite {shape} matrix", L.Symmetric: "a symmetric {shape} matrix",
    L.Orthogonal: "an orthogonal {shape} matrix", L.Coordinate: "a column of the identity of size {rows}",
    L.UnitVector: "a unit vector of length {rows}",
    L.Vector: "a vector of length {rows}", L.Matrix: "a {shape} matrix",
}  # fmt: skip


def saying(entry: Entry | None, claim: Claim) -> dict[str, Any]:
    """What a claim says besides its formula: letters, conditions, the left-hand side, and what is measured.

    Everything is text, in the notation that is read back; the symbol is split where a condition stands behind a comma.
    """
    left, condition = split(claim.symbol)
    return {
        "left": left,
        "condition": condition,
        "letters": {letter.name: described(letter) for letter in letters_in(claim)},
        "hypotheses": [relation_text(relation) for relation in claim.hypotheses],
        "regime": [relation_text(relation) for relation in claim.regime],
        "measured": measurement(entry) if entry else {},
        "rivals": {name: text(sp.sympify(rival)) for name, rival in claim.rivals.items()},
    }


def split(symbol: str) -> tuple[str, str]:
    """A left-hand side, and the condition that stands behind a comma outside every bracket."""
    depth = 0
    for place, sign in enumerate(symbol):
        depth += (sign in "([{⟨") - (sign in ")]}⟩")
        if sign == "," and not depth:
            return symbol[:place].strip(), symbol[place + 1 :].strip()
    return symbol, ""


def letters_in(claim: Claim) -> list[Any]:
    """Every letter of a claim, random ones included: those of its lines, of its conditions, and of their laws."""
    said = [*(line.expression for line in claim.lines), *claim.hypotheses, *claim.regime]
    random = {letter for each in said for letter in each.atoms(laws.Random)}
    return sorted({*letters_of(*said), *random}, key=lambda letter: (not isinstance(letter, L.Size), letter.name))


def described(letter: Any) -> str:
    """What a letter is, in words."""
    if isinstance(letter, laws.Gaussian):
        return gaussian(letter)
    if isinstance(letter, laws.Random):
        sentence, *_ = (type(letter).__doc__ or "").strip().splitlines()
        return f"{times(letter)}, {sentence.rstrip('.')}"
    for kind, words in KINDS.items():
        if isinstance(letter, kind):
            rows = text(letter.shape[0]) if letter.is_Matrix else ""
            said = words.format(of=getattr(letter, "of", ""), shape=times(letter) if rows else "", rows=rows)
            others = getattr(letter, "orthogonal_to", ())
            return said + (f", orthogonal to {', '.join(map(str, others))}" if others else "")
    return "an index that is summed over"


def gaussian(letter: laws.Gaussian) -> str:
    """A Gaussian letter with its law."""
    mean = "0" if isinstance(letter.mean, sp.ZeroMatrix) else text(letter.mean)
    law = f"Gaussian with mean {mean} and covariance {text(letter.cov)}"
    if letter.shape == (1, 1):
        return f"a number, {law}"
    if letter.shape[1] == 1:
        return f"{times(letter)}, {law}"
    if isinstance(letter.token_cov, sp.Identity):
        return f"{times(letter)} with independent columns, each {law}"
    return f"{times(letter)}, {law}, across columns {text(letter.token_cov)}"


def times(letter: Any) -> str:
    return "×".join(map(text, letter.shape))


def relation_text(relation: Any) -> str:
    """A condition in the notation of formulas."""
    if isinstance(relation, sp.core.relational.Relational):
        return f"{text(relation.lhs)} {relation.rel_op} {text(relation.rhs)}"
    return str(relation)


def measurement(entry: Entry) -> dict[str, Any]:
    """What is measured, in the words of the twin, and where it is defined; read from the source, which is not run."""
    name, path = entry.parts[2], entry.twin
    if not path.is_file():
        return {}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = next((node for node in tree.body if defines(node, name)), None)
    words = ast.get_docstring(found) if isinstance(found, ast.FunctionDef) else ast.get_docstring(tree)
    return {
        "says": " ".join((words or "").split("\n\n")[0].split()),
        "file": path.relative_to(entry.root).as_posix(),
        "line": getattr(found, "lineno", 1),
    }


def defines(node: ast.stmt, name: str) -> bool:
    """Whether a statement of a file gives the name its meaning."""
    if isinstance(node, ast.FunctionDef):
        return node.name == name
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)
