"""Adoptions: letters that were declared elsewhere become letters of a session."""

from __future__ import annotations

from typing import Any

import sympy as sp

from workbench.errors import BadInput
from workbench.language import letters as L
from workbench.language import printing, written_laws
from workbench.language.laws import Gaussian, Random
from workbench.language.letters import is_letter
from workbench.sessions.declarations import Alphabet

WORDS = {
    L.SPD: "spd", L.Symmetric: "symmetric", L.Orthogonal: "orthogonal", L.UnitVector: "unit", L.Count: "count",
    L.Size: "size", L.Overlap: "overlap", L.Large: "large", L.Probability: "probability", L.Positive: "positive",
    L.Scalar: "real",
}  # fmt: skip


def adopted(alphabet: Alphabet, expression: Any) -> dict[str, str]:
    """Take in the letters of an expression, and how each would be declared.

    Raises BadInput where two different ones have one name.
    """
    meanings, said = dict(alphabet.meanings), dict[str, str]()
    for letter in sorted(filter(is_letter, expression.atoms(sp.Symbol, sp.MatrixSymbol)), key=order):
        if isinstance(letter, Random) and any(meaning.has(letter) for meaning in meanings.values()):
            continue
        if meanings.setdefault(letter.name, letter) != letter:
            raise BadInput(f"two different letters are called {letter.name}; give one of them another name")
        if letter.name not in alphabet.said and not isinstance(letter, L.Coordinate):
            said[letter.name] = said_of(letter)
    alphabet.meanings.update(meanings)
    alphabet.said.update(said)
    return said


def order(letter: Any) -> tuple[int, str]:
    """Letters by name, those that are orthogonal to others after them."""
    return len(getattr(letter, "orthogonal_to", ())), letter.name


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
    if others := getattr(letter, "orthogonal_to", ()):
        return f"{word} {shape} orthogonal to {', '.join(other.name for other in others)}"
    return f"{word} {shape.split('×')[0]}".strip() if word else shape
