"""Adoptions: letters that were declared elsewhere become letters of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from workbench import letters as L
from workbench.errors import BadInput
from workbench.laws import Gaussian, Random
from workbench.letters import is_letter
from workbench.sessions import written_laws
from workbench.showing import printing

if TYPE_CHECKING:
    from workbench.sessions.sessions import Session

WORDS = {
    L.SPD: "spd", L.Symmetric: "symmetric", L.Orthogonal: "orthogonal", L.UnitVector: "unit", L.Count: "count",
    L.Size: "size", L.Overlap: "overlap", L.Large: "large", L.Probability: "probability", L.Positive: "positive",
    L.Scalar: "real",
}  # fmt: skip


def adopt(session: Session, expression: Any) -> None:
    """Take in the letters of an expression. Raises BadInput where two different ones have one name."""
    meanings = session.alphabet.meanings
    for letter in sorted(filter(is_letter, expression.atoms(sp.Symbol, sp.MatrixSymbol)), key=lambda each: each.name):
        if isinstance(letter, Random) and any(meaning.has(letter) for meaning in meanings.values()):
            continue
        if meanings.setdefault(letter.name, letter) != letter:
            raise BadInput(f"two different letters are called {letter.name}; give one of them another name")
        if letter.name not in session.alphabet.said:
            session.alphabet.said[letter.name] = said_of(letter)
            session.note("let", f"{letter.name}: {said_of(letter)}")


def said_of(letter: Any) -> str:
    """How a letter would be declared."""
    shape = (
        "×".join(map(printing.text, letter.shape if letter.shape[1] != 1 else letter.shape[:1]))
        if letter.is_Matrix
        else ""
    )
    if isinstance(letter, Gaussian):
        mean = "0" if isinstance(letter.mean, sp.ZeroMatrix) else printing.text(letter.mean)
        columns = "" if isinstance(letter.token_cov, sp.Identity) else f", {printing.text(letter.token_cov)}"
        return f"{shape} ~ N({mean}, {printing.text(letter.cov)}{columns})"
    if isinstance(letter, Random):
        return f"{shape} ~ {written_laws.said(letter)}"
    word = WORDS.get(type(letter), "")
    return f"{word} {shape.split('×')[0]}".strip() if word else shape
