"""Prose: words with Greek, accents and arrows in them, as LaTeX of any engine sets them."""

from __future__ import annotations

import re
import unicodedata

SPECIAL = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
SIGNS = {
    "±": r"\pm", "·": r"\cdot", "×": r"\times", "‖": r"\|", "′": r"'", "″": r"''", "ℓ": r"\ell", "←": r"\leftarrow",
    "→": r"\to", "↦": r"\mapsto", "∂": r"\partial", "∇": r"\nabla", "∈": r"\in", "−": "-", "∘": r"\circ",
    "√": r"\surd", "∝": r"\propto", "∞": r"\infty", "≠": r"\neq", "≤": r"\le", "≥": r"\ge", "≫": r"\gg", "≪": r"\ll",
    "≻": r"\succ", "≈": r"\approx", "⊥": r"\perp", "⊤": r"\top", "⟨": r"\langle", "⟩": r"\rangle", "∑": r"\sum",
    "∏": r"\prod", "∫": r"\int", "⊗": r"\otimes", "⊙": r"\odot", "⇒": r"\Rightarrow", "ℝ": r"\mathbb{R}",
}  # fmt: skip
WORDS = {"–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'", "…": r"\dots{}", "⁄": "/", "✓": "yes",
         "Ł": r"\L{}", "ł": r"\l{}"}  # fmt: skip
HATS = {"\u0302": r"\hat", "\u0304": r"\bar", "\u0307": r"\dot", "\u0303": r"\tilde"}
ACCENTS = {
    "\u0301": r"\'", "\u0300": r"\`", "\u0308": r"\"", "\u030c": r"\v", "\u0327": r"\c", "\u030a": r"\r",
    "\u030b": r"\H",
}  # fmt: skip
GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (\w+)")
LIKE_LATIN = {"Alpha": "A", "Beta": "B", "Epsilon": "E", "Zeta": "Z", "Eta": "H", "Iota": "I", "Kappa": "K", "Mu": "M",
              "Nu": "N", "Omicron": "O", "Rho": "P", "Tau": "T", "Chi": "X", "omicron": "o"}  # fmt: skip


def escaped(text: str) -> str:
    """Prose with LaTeX's special characters made harmless, and what is not ASCII written in commands."""
    found: list[str] = []
    for character in text:
        if character in HATS and found:
            found[-1] = rf"\ensuremath{{{HATS[character]}{{{inner(found[-1])}}}}}"
        elif character in ACCENTS and found:
            found[-1] = f"{ACCENTS[character]}{{{found[-1]}}}"
        else:
            found.append(one(character))
    return "".join(found)


def paragraphs(text: str) -> str:
    """Prose in which `names` stand between backquotes, and formulas on indented lines of their own."""
    blocks = []
    for block in re.split(r"\n\s*\n", text):
        set_apart = all(line.startswith("    ") for line in block.splitlines())
        pieces = re.split(r"`([^`]*)`", block.strip())
        words = "".join(
            rf"\texttt{{{escaped(piece)}}}" if place % 2 else escaped(piece) for place, piece in enumerate(pieces)
        )
        blocks.append(rf"\begin{{quote}}{words}\end{{quote}}" if set_apart else words)
    return "\n\n".join(blocks)


def tagless(text: str) -> str:
    """Prose that Markdown shows as it is: no tags, and no links or pictures, which may lead anywhere."""
    return re.sub(r"(?<=\])(?=[(\[:])", r"\\", re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text))


def inner(word: str) -> str:
    """What stands in a formula when the word is a formula."""
    return word.removeprefix(r"\ensuremath{").removesuffix("}") if word.startswith(r"\ensuremath{") else word


def one(character: str) -> str:
    """One character."""
    if character.isascii():
        return SPECIAL.get(character, character)
    if character in SIGNS:
        return rf"\ensuremath{{{SIGNS[character]}}}"
    if character in WORDS:
        return WORDS[character]
    if letter := GREEK.fullmatch(unicodedata.name(character, "")):
        name = letter[2].capitalize() if letter[1] == "CAPITAL" else letter[2].lower()
        name = name.replace("amda", "ambda")
        return rf"\ensuremath{{{LIKE_LATIN.get(name, chr(92) + name)}}}"
    kind, _, rest = unicodedata.decomposition(character).rpartition(">")
    parts = "".join(chr(int(code, 16)) for code in rest.split())
    if kind in ("<super", "<sub"):
        return rf"\text{'super' if kind == '<super' else 'sub'}script{{{escaped(parts)}}}"
    return escaped(parts) if parts else rf"\texttt{{U+{ord(character):04X}}}"
